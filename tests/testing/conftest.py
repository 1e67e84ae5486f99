"""The plugin's fixtures, whether or not the package is installed, and clients of a fake server."""

import httpx
import pytest

from sdk import Sdk
from sdk.testing import FakeGitHub
from sdk.testing.plugin import github, sdk

__all__ = ["github", "sdk"]


@pytest.fixture
async def fake_github():
    headers = {"authorization": "Bearer x"}
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(FakeGitHub()), base_url="http://s", headers=headers
    ) as client:
        yield client


@pytest.fixture
def strict_sdk(fake_github):
    return Sdk(
        base_url="http://s",
        http_client=fake_github,
        token="x",
        strict=True,
        retry=None,
        pacing=None,
    )
