"""Connections to Redis that are used again without their pool."""

import asyncio

import pytest

from sdk.stores.redis.connection import Connection
from sdk.stores.redis.guard import Guard
from sdk.transport import Clock


@pytest.fixture
async def connect():
    """Return a function that opens connections; they are closed at the end."""
    made = []

    def open_one(url):
        made.append(Connection.from_url(url, 3.0))
        return made[-1]

    yield open_one
    for connection in made:
        await connection.aclose()


@pytest.mark.parametrize(
    "sent", ["é", b"\r\n\xff", b"", 12, 1.5, b"x" * 1_000_000], ids=lambda sent: repr(sent)[:9]
)
async def test_an_argument_arrives_as_it_is(connect, redis, sent):
    wanted = sent if isinstance(sent, bytes) else str(sent).encode()
    for _ in range(2):
        reply = await connect(redis.url).command("ECHO", sent)
        assert reply == wanted


async def test_a_connection_that_the_server_has_closed_is_replaced(connect, own_redis):
    connection = connect(own_redis.url)
    await connection.command("PING")
    own_redis.stop()
    own_redis.start()
    # The event loop learns that the connection is closed.
    for _ in range(3):
        await asyncio.sleep(0)

    assert await connection.command("ECHO", "again") == b"again"


async def test_no_command_reads_the_reply_of_a_cancelled_one(connect, redis):
    connection = connect(redis.url)
    assert await connection.command("ECHO", "first") == b"first"
    waits = asyncio.create_task(connection.command("BLPOP", "nothing", 0))
    for _ in range(3):
        await asyncio.sleep(0)
    waits.cancel()
    await asyncio.gather(waits, return_exceptions=True)

    assert await connection.command("ECHO", "second") == b"second"


async def test_an_error_reply_leaves_the_connection_open(connect, own_redis):
    connection = connect(own_redis.url)
    numbers = [await connection.command("CLIENT", "ID")]
    with pytest.raises(Exception, match="unknown command"):
        await connection.command("NONSENSE")
    numbers.append(await connection.command("CLIENT", "ID"))
    assert numbers[0] == numbers[1]


@pytest.mark.parametrize("most", [1, 2, 40])
async def test_commands_at_once_need_no_more_connections_than_allowed(connect, redis, most):
    connection = connect(f"{redis.url}?max_connections={most}")
    for _ in range(2):
        replies = await asyncio.gather(
            *(connection.command("ECHO", number) for number in range(100)),
            *(connection.commands(("ECHO", number), ("ECHO", "x")) for number in range(20)),
        )
        assert replies[:100] == [b"%d" % number for number in range(100)]
        assert replies[100:] == [[b"%d" % number, b"x"] for number in range(20)]


async def test_a_caller_is_cancelled_although_its_command_loses_that(connect, redis):
    guard, started = Guard(connect(redis.url), Clock()), asyncio.Event()

    async def loses_it():
        started.set()
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            return "a result"

    call = asyncio.create_task(guard.run(loses_it(), seconds=30, writes=False))
    await started.wait()
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    # It was no failure of Redis.
    command = guard.connection.command("ECHO", "x")
    assert await guard.run(command, seconds=3, writes=False) == b"x"
