"""Samples: an invented province of plainly invented firms, with its hidden truth."""
