"""State on Redis. Its names are imported from ``sdk.stores``."""
