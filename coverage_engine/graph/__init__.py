"""Graph: the typed relations of a snapshot, and the neighbourhood of one enterprise."""
