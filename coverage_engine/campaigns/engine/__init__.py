"""Engine: months and cascades played on a network, compiled or in NumPy."""
