"""Keeping calls within the API's rate limits."""
