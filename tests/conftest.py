"""Fixtures of all tests."""

import gc
import os

import pytest

# If it is set, each process that a test starts compiles every module again.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

_PROXY_VARIABLES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")


def pytest_collection_finish():
    """Leave what all tests share out of garbage collections, of which there are thousands."""
    # Imported now, because it looks for references to the random generator of trio.
    import hypothesis  # noqa: F401

    gc.collect()
    gc.freeze()
    # Tests make much garbage, and little that refers to itself.
    gc.set_threshold(10_000)


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch):
    """Keep a developer's own token and proxies out of the tests."""
    monkeypatch.delenv("GITHUB_TOKEN", raising=False)
    for name in _PROXY_VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
