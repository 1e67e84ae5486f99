"""One logical call: its settings, its attempts, its retries and its errors."""
