"""The pytest plugin: the fixtures ``github`` and ``sdk``, and the marker that configures them.

Importing it loads neither respx nor the SDK's models: pytest does so in every run.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from sdk import Sdk

    from .mocking import GitHubMock


_TOLD = pytest.StashKey[int]()


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line(
        "markers",
        "github(base_url=..., allow_hosts=[...], assert_all_called=True): "
        "options of the github fixture, see sdk.testing.GitHubMock",
    )


@pytest.fixture
def github(request: pytest.FixtureRequest) -> Iterator[GitHubMock]:
    """Answer in GitHub's place, as the test says; see ``sdk.testing.GitHubMock``.

    The test fails if a call had no prepared response, or a route was never called.
    """
    from sdk.testing import GitHubMock

    node: pytest.Item = request.node
    marker = node.get_closest_marker("github")
    with GitHubMock(**(marker.kwargs if marker else {})) as mock:
        yield mock
        # Of the test itself it is told already; this is what other fixtures did after it.
        late = mock.unexpected[node.stash.get(_TOLD, 0) :]
    if late:
        pytest.fail("\n".join(map(str, late)), pytrace=False)


@pytest.fixture
def sdk(github: GitHubMock) -> Sdk:
    """Return a client that talks to ``github``; it needs no opening."""
    return github.sdk


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Look, right after a test, at what was called; here it still counts as the test's failure."""
    try:
        result = yield
    except BaseException:
        # What was not expected is often why a test fails, but not how it fails.
        mock = _mock_of(item)
        if mock is not None and mock.unexpected:
            item.stash[_TOLD] = len(mock.unexpected)
            item.add_report_section("call", "github", "\n".join(map(str, mock.unexpected)))
        raise
    mock = _mock_of(item)
    if mock is not None:
        item.stash[_TOLD] = len(mock.unexpected)
    if mock is not None and (complaint := mock.failure_message()):
        # The text says all; where the router raised it says nothing.
        pytest.fail(complaint, pytrace=False)
    return result


def _mock_of(item: pytest.Item) -> GitHubMock | None:
    used = getattr(item, "funcargs", {}).get("github")
    if used is None:
        return None
    from .mocking import GitHubMock

    # A project may have a fixture of its own by this name, which then stands in place of ours.
    return used if isinstance(used, GitHubMock) else None
