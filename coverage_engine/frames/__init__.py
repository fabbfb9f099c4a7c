"""Frames: the table dialect that every deciding room speaks, on the frames of any engine."""
