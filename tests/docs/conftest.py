"""Counts the blocks that ran, so that none is left out unseen."""

from collections import Counter

import pytest

_ran = pytest.StashKey[Counter]()


@pytest.fixture
def record_block(request):
    counter = request.config.stash.setdefault(_ran, Counter())
    return lambda page: counter.update([page])


def pytest_terminal_summary(terminalreporter, config):
    ran = config.stash.get(_ran, None)
    if ran:
        line = f"{ran.total()} Python blocks on {len(ran)} pages of documentation ran"
        terminalreporter.write_line(line)
