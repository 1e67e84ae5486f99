"""What the conformance tests share: the description, the SDK's methods, and a report at the end."""

from __future__ import annotations

import logging
import os
import warnings
from pathlib import Path

import pytest

from codegen import source
from tests.conformance import npm, operations

_ROOT = Path(__file__).resolve().parents[2]
_LISTINGS = _ROOT / ".cache" / "conformance"
_report: list[str] = []


@pytest.fixture(scope="session")
def report():
    """Print lines after the run, whatever its outcome."""
    return _report.append


@pytest.fixture(scope="session")
def listing():
    """Keep lines in a file of .cache, for who wants to know which."""

    def write(name, lines):
        path = _LISTINGS / f"{name}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(f"{line}\n" for line in lines))
        return path.relative_to(_ROOT)

    return write


def pytest_terminal_summary(terminalreporter):
    if _report:
        terminalreporter.section("conformance")
        for line in _report:
            terminalreporter.write_line(line)


def unavailable(reason: str):
    """Without its yardstick a test shows nothing: that is a failure where it must run."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def package():
    """Fetch a pinned npm package: `package("unpacked", NAME)` or `package("installed", NAME)`."""

    def fetch(kind, name):
        try:
            return getattr(npm, kind)(name)
        except npm.NotAvailable as error:
            unavailable(f"{name}: {error}")

    return fetch


@pytest.fixture(scope="session")
def document():
    """GitHub's description, at the version that the SDK is generated from."""
    try:
        return source.load()
    except source.SourceError as error:
        unavailable(str(error))


@pytest.fixture(scope="session")
def described(document):
    return operations.described(document)


@pytest.fixture(scope="session")
def methods():
    return operations.Methods()


@pytest.fixture(autouse=True)
def _quiet():
    """Deprecated operations are operations too, and drift is counted rather than logged."""
    logger = logging.getLogger("sdk")
    logger.setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        yield
    logger.setLevel(logging.NOTSET)
