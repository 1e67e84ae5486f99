"""What the tests of this folder share."""

import socket

import pytest


@pytest.fixture
def refused():
    """Give the address of a port that nobody listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        # Bound and not listening: nobody else can take the port while the test runs.
        yield f"http://127.0.0.1:{taken.getsockname()[1]}"
