# pyright: basic, reportAttributeAccessIssue=false, reportOptionalMemberAccess=false
# pyright: reportArgumentType=false
"""What others write under the keys of an inbox stops no delivery."""

import asyncio
from datetime import UTC, datetime

import pytest

from sdk.webhooks.inbox import Message
from tests.stores.support import until

MESSAGE = "sdk:inbox:message:abc"
TAKEN = ("ZADD", "sdk:inbox:taken", "1", "abc")


@pytest.mark.parametrize(
    "commands",
    [
        [
            ("LPUSH", "sdk:inbox:queue", b"\xff"),
            ("HSET", b"sdk:inbox:message:\xff", "message", "x", "runs", "0"),
        ],
        [TAKEN, ("HSET", MESSAGE, "message", "x", "runs", "many")],
        [TAKEN, ("RPUSH", MESSAGE, "x")],
        [("SET", "sdk:inbox:taken", "x")],
    ],
    ids=["an id in bytes", "no number of runs", "a list for a message", "a text for a set"],
)
async def test_a_foreign_value_does_not_stop_deliveries(redis, open_shared, commands):
    inbox = (await open_shared(redis)).inbox(secret="a secret of 16 characters")
    for command in commands:
        redis.command(*command)
    assert await inbox.add(Message("mine", {}, b"{}", datetime.now(UTC))) == "accepted"
    async with asyncio.timeout(5):
        message = await inbox.next()
    assert message.key == "mine"
    await inbox.done(message)
    assert await inbox.add(message) == "duplicate"
    await until(lambda: not inbox._held)
    await inbox.abandon()
