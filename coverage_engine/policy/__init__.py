"""Policy: dated thresholds and duties, each with its clause, read from content."""
