"""The pytest plugin: the fixtures ``github`` and ``sdk``, and the marker that configures them.

pytest loads it in every project of an environment, also in those that do not use it. So it is not
in the package ``sdk``, because a project may have another package of that name. It imports nothing
of the SDK until a test requests ``github``, a project's own fixture of that name replaces it, and
it removes the SDK from the packages whose assertions pytest rewrites.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from sdk import Sdk
    from sdk.testing.mocking import GitHubMock


_REPORTED = pytest.StashKey[int]()


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker, and keep assertion rewriting away from the SDK."""
    # pytest marks every package of a distribution that has a plugin; none of ours has assertions
    # for tests, and rewriting them would slow down each first import.
    hook = config.pluginmanager.rewrite_hook
    marked: set[str] = getattr(hook, "_must_rewrite", set())
    marked -= {"sdk", "fastapi_integration"}
    config.addinivalue_line(
        "markers",
        "github(base_url=..., allow_hosts=[...], assert_all_called=True): "
        "options of the github fixture, see sdk.testing.GitHubMock",
    )


@pytest.fixture
def github(request: pytest.FixtureRequest) -> Iterator[GitHubMock]:
    """Return a mock of GitHub with the routes that the test adds; see ``sdk.testing.GitHubMock``.

    The test fails if a call was made that no route responds to, or if a route was never called.
    """
    node: pytest.Item = request.node
    marker = node.get_closest_marker("github")
    with _mock_class()(**(marker.kwargs if marker else {})) as mock:
        yield mock
        # The calls of the test itself were reported already; these are those of fixtures after it.
        late = mock.unexpected[node.stash.get(_REPORTED, 0) :]
    if late:
        pytest.fail("\n".join(map(str, late)), pytrace=False)


@pytest.fixture
def sdk(github: GitHubMock) -> Sdk:
    """Return a client that talks to ``github``; it needs no opening."""
    return github.sdk


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Check the calls right after a test, while a failure still counts as the test's own."""
    try:
        result = yield
    except BaseException:
        # An unexpected call is often why a test fails, but its error does not mention it.
        mock = _mock_of(item)
        if mock is not None and mock.unexpected:
            item.stash[_REPORTED] = len(mock.unexpected)
            item.add_report_section("call", "github", "\n".join(map(str, mock.unexpected)))
        raise
    mock = _mock_of(item)
    if mock is not None:
        item.stash[_REPORTED] = len(mock.unexpected)
    if mock is not None and (message := mock.failure_message()):
        # The message is sufficient; the traceback would only show the plugin.
        pytest.fail(message, pytrace=False)
    return result


def _mock_class() -> type[GitHubMock]:
    try:
        from sdk.testing import GitHubMock
    except ImportError as error:
        import sys

        found = getattr(sys.modules.get("sdk"), "__file__", None)
        pytest.fail(
            f"The fixture github of github-sdk cannot import sdk.testing ({error}). The package "
            f"sdk that was imported is {found}. If it is another package, see Troubleshooting "
            "(two packages named sdk); if no test uses the fixture, run pytest -p no:github_sdk.",
            pytrace=False,
        )
    return GitHubMock


def _mock_of(item: pytest.Item) -> GitHubMock | None:
    used: Any = getattr(item, "funcargs", {}).get("github")
    # A project may have a fixture of its own by this name, which replaces ours.
    if used is None or not type(used).__module__.startswith("sdk.testing.mocking"):
        return None
    from sdk.testing.mocking import GitHubMock

    return used if isinstance(used, GitHubMock) else None
