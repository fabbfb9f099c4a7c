"""Identity: which rows, names and League bodies mean which firm."""
