"""The connection to the HTTP client: session, sending, reading, redirects."""
