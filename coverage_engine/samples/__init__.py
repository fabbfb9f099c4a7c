"""Samples: an invented province, real divisions with invented enterprises, and the truth behind it."""

from coverage_engine.samples.sample import write_sample

__all__ = ["write_sample"]
