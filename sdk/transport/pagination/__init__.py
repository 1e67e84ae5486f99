"""Lists over several pages."""
