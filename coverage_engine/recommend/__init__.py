"""Recommend: the eleven paths evaluated for every target, with reasons and actions."""
