"""Scenarios: what a campaign assumes, as read from scenario files."""
