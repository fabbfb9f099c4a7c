"""coverage-engine: plans the coverage of non-public enterprises by League organisations (非公企业团组织覆盖)."""
