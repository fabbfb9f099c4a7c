"""Network: the typed graph that a campaign is played on, and the coins of its edges."""
