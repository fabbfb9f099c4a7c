"""Campaigns: what headquarters-driven and leader-driven drives would achieve, how surely, where to start."""
