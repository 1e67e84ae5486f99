"""Fixtures of the tests of ``fastapi_integration``."""

import logging

import pytest

from tests.fastapi_integration.support import Upstream


@pytest.fixture
async def upstream():
    """The upstream API on a free port."""
    async with Upstream() as upstream:
        yield upstream


@pytest.fixture
def lifecycle(caplog):
    """Return a function that lists what was opened and closed: ``["Opened", "Closed"]``."""
    caplog.set_level(logging.INFO, "sdk")

    def events():
        return [
            record.message.split()[0]
            for record in caplog.records
            if record.message.startswith(("Opened HTTP client", "Closed HTTP client"))
        ]

    return events
