"""What the tests of the transport share."""

from contextlib import AsyncExitStack

import pytest

from tests.transport.lanes import LANES, Lane


@pytest.fixture(params=LANES)
async def lane(request):
    """Give each of the four HTTP clients in turn."""
    async with AsyncExitStack() as stack:
        yield Lane(request.param, stack)
