"""Ledgers: what planners hand in, read, checked and turned into one Snapshot."""
