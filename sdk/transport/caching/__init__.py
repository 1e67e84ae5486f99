"""When a stored response may be used, and what is stored."""
