"""A Redis for each test: one server for all that leave it alone, or one of their own."""

from contextlib import AsyncExitStack

import pytest

from sdk.stores import RedisShared
from sdk.stores.redis import connection
from sdk.stores.redis.guard import Guard
from tests.stores.redis_server import RedisServer


@pytest.fixture(autouse=True)
def patience(monkeypatch):
    """Wait for Redis longer than a call does: a loaded machine is no outage."""
    monkeypatch.setattr(Guard, "call_seconds", 3.0)
    # How many times longer than a command it may take to connect.
    monkeypatch.setattr(connection, "_ALLOWANCE", 50)


@pytest.fixture(scope="session")
def _redis_of_the_session(tmp_path_factory):
    server = RedisServer(tmp_path_factory.mktemp("redis"))
    yield server
    server.stop()


@pytest.fixture
def redis(_redis_of_the_session):
    """A running server without keys."""
    _redis_of_the_session.command("FLUSHALL")
    return _redis_of_the_session


@pytest.fixture
def own_redis(tmp_path):
    """A server that the test may stop, pause and fill."""
    server = RedisServer(tmp_path)
    yield server
    server.stop()


@pytest.fixture
async def open_shared():
    """Return a function that opens shared state on a server, as one process has it."""
    async with AsyncExitStack() as stack:

        async def open_one(server, **options):
            return await stack.enter_async_context(
                RedisShared.from_url(server.url, **{"timeout": 3.0, **options})
            )

        yield open_one
