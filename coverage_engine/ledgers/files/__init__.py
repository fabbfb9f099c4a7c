"""Files: every form in which a ledger is handed in becomes raw sheets of texts."""
