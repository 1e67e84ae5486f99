"""The fixtures of ``sdk.testing``, whether or not the package is installed, and HTTP clients of the
fake server."""

import httpx
import pytest

from sdk import Sdk
from sdk.testing import StandIn
from sdk.testing.plugin import github, sdk

__all__ = ["github", "sdk"]


class FakeTime:
    """The clock of a fake server, in seconds since the epoch."""

    def __init__(self):
        self.now = 1_800_000_000.0

    def __call__(self):
        return self.now


@pytest.fixture
def time():
    return FakeTime()


@pytest.fixture
def server():
    """A fake server; modules with other needs define their own."""
    return StandIn()


@pytest.fixture
async def http(server):
    """An HTTP client of the fake server, without credentials."""
    transport = httpx.ASGITransport(server)
    async with httpx.AsyncClient(transport=transport, base_url="http://github.test") as client:
        yield client


@pytest.fixture
def stand_in(http):
    """The HTTP client, with a token."""
    http.headers["authorization"] = "Bearer x"
    return http


@pytest.fixture
def strict_sdk(stand_in):
    """An Sdk on the fake server that raises if a response differs from its description."""
    return Sdk(
        base_url="http://github.test",
        http_client=stand_in,
        token="x",
        strict=True,
        retry=None,
        pacing=None,
    )
