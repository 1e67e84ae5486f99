"""The fixtures of the kit, whether or not the package is installed, and clients of a stand-in."""

import httpx
import pytest

from sdk import Sdk
from sdk.testing import StandIn
from sdk.testing.plugin import github, sdk

__all__ = ["github", "sdk"]


@pytest.fixture
async def stand_in():
    headers = {"authorization": "Bearer x"}
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(StandIn()), base_url="http://s", headers=headers
    ) as client:
        yield client


@pytest.fixture
def strict_sdk(stand_in):
    return Sdk(
        base_url="http://s", http_client=stand_in, token="x", strict=True, retry=None, pacing=None
    )
