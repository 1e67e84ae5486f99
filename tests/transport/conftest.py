"""Fixtures of the transport's tests."""

from contextlib import AsyncExitStack

import pytest
import trustme

from tests.transport.lanes import LANES, Lane
from tests.transport.uploads import DATA


@pytest.fixture(params=LANES)
async def lane(request):
    """Yield each of the five HTTP clients in turn."""
    async with AsyncExitStack() as stack:
        yield Lane(request.param, stack)


@pytest.fixture(scope="session")
def authority(tmp_path_factory):
    """Return a certificate authority, with its certificate in a file at ``.path``."""
    authority = trustme.CA()
    authority.path = str(tmp_path_factory.mktemp("authority") / "ca.pem")
    authority.cert_pem.write_to_path(authority.path)
    return authority


@pytest.fixture
def trusted(authority, monkeypatch):
    """Return the certificate authority, trusted by every client of this test."""
    monkeypatch.setenv("SSL_CERT_FILE", authority.path)
    return authority


@pytest.fixture
def upload_path(tmp_path):
    """Return the path of a file with ``DATA``."""
    path = tmp_path / "data.bin"
    path.write_bytes(DATA)
    return path


@pytest.fixture
def upload_file(upload_path):
    """Yield the file, open for reading."""
    with upload_path.open("rb") as file:
        yield file
