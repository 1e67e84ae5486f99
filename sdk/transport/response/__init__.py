"""Responses: body, metadata, and rate limits."""
