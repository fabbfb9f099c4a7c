"""coverage-engine: plans the coverage of non-public enterprises by League organisations (团组织)."""
