"""Starts: where to begin, chosen from reverse-reachable sets with a certificate."""
