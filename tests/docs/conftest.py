"""Counts the blocks that ran, so that none is left out unseen."""


def pytest_terminal_summary(terminalreporter):
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
