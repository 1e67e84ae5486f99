"""Clients that are used before they work, or where they cannot, say why."""

import pytest

from sdk import InvalidInput, Sdk, WrongEventLoop


def test_the_repr_of_a_client_whose_constructor_refused():
    refused = Sdk.__new__(Sdk)
    with pytest.raises(InvalidInput):
        refused.__init__(max_response_bytes=0)
    assert repr(refused) == "<Sdk, not initialized>"


def test_another_event_loop_than_asyncio():
    # What trio does: it steps the coroutine, and no asyncio loop is running.
    with pytest.raises(WrongEventLoop, match="running asyncio event loop"):
        Sdk(token=None).open().send(None)
