"""Mapping: offline coverage maps, one self-contained page each."""
