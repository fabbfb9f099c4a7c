"""Reporting: overview page, annexes, action lists and tables of a plan."""
