"""The HTTP clients that the transport runs on."""

from tests.transport.conftest import lane

__all__ = ["lane"]
