"""Coverage: states, duties, targets and figures, three-valued."""
