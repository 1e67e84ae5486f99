"""Counts the blocks that ran, so that none is left out unseen, and restores the logger."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def same_filters() -> Iterator[None]:
    logger = logging.getLogger("sdk")
    filters = logger.filters[:]
    yield
    logger.filters[:] = filters


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    counts = [
        count
        for outcome in ("passed", "failed")
        for report in terminalreporter.getreports(outcome)
        for name, count in report.user_properties
        if name == "python_blocks" and report.when == "call"
    ]
    if counts:
        line = f"{sum(counts)} Python blocks on {len(counts)} pages of documentation ran"
        terminalreporter.write_line(line)


@pytest.fixture(autouse=True)
def unchanged_logging():
    """Undo what a page does to the loggers, for the tests after it."""
    root = logging.getLogger()
    handlers = list(root.handlers)
    levels = {name: logging.getLogger(name).level for name in logging.root.manager.loggerDict}
    level = root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    for name in list(logging.root.manager.loggerDict):
        logging.getLogger(name).setLevel(levels.get(name, logging.NOTSET))
