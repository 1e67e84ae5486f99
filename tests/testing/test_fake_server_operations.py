"""Every operation, called through the Sdk, returns a response of the fake server without drift."""

import warnings

import httpx
import pytest

from sdk import Sdk
from sdk.operations import OPERATIONS
from sdk.testing import StandIn
from tests.testing.operation_calls import call


async def failures(operations, app, sdk, answered):
    failed = []
    for info in operations:
        if info.method == "DELETE":
            app.reset()
            put = [
                other
                for other in OPERATIONS.values()
                if (other.method, other.path) == ("PUT", info.path)
            ]
            for other in put:
                # Only an existing object can be deleted.
                await call(sdk, other)
        try:
            await call(sdk, info)
        except Exception as error:  # noqa: BLE001  every failure of any kind is listed
            failed.append((info.id, repr(error)))
        if answered[-1] not in info.statuses and not (answered[-1] == 404 and is_check(info)):
            failed.append((info.id, answered[-1]))
    return failed


def is_check(info):
    """Return whether a 404 means false."""
    return info.returns() is bool


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
async def test_every_operation_is_answered_as_declared():
    warnings.simplefilter("ignore", DeprecationWarning)
    app = StandIn(rate_limit=10_000)
    transport = httpx.ASGITransport(app)
    answered = []

    async def note(response):
        answered.append(response.status_code)

    async with httpx.AsyncClient(transport=transport, event_hooks={"response": [note]}) as client:
        sdk = Sdk(
            base_url="http://stand-in",
            http_client=client,
            token="any",
            strict=True,
            retry=None,
            pacing=None,
        )
        assert len(OPERATIONS) > 1200
        await sdk.repos.create_or_update_file_contents(
            "octocat", "hello-world", "docs/README.md", message="m", content="MQ=="
        )
        # Deletions come last, since other operations need the objects.
        operations = sorted(OPERATIONS.values(), key=lambda info: info.method == "DELETE")
        assert await failures(operations, app, sdk, answered) == []
