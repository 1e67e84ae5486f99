"""Events, observers and tracing."""
