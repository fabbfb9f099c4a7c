"""Divisions: official division codes by edition, their points and shapes, and the resolver of place names."""
