"""Tables: raw sheets become typed rows of a known kind of ledger."""
