"""400 concurrent callers over 100 connections to an upstream that takes a second.

    python -m benchmarks.pool_pressure

Four waves of 100: the best time is 4 seconds, and no call has to fail.
"""

from __future__ import annotations

from benchmarks.measure import Run, program, rounds, table
from benchmarks.peers import OURS, python
from benchmarks.upstream import running


def _failures(run: Run) -> str:
    failures = {name: n for name, n in run.reported.items() if name not in ("rss", "seconds")}
    return ", ".join(f"{n:g} {name}" for name, n in failures.items()) or "none"


def main() -> None:
    """Measure and print."""
    with running(delay=1.0) as url:
        found = rounds(
            {
                "this SDK": lambda: program(python(OURS), "pressure", url, "ours"),
                "plain httpx.AsyncClient": lambda: program(python(OURS), "pressure", url, "plain"),
            },
            1,
        )
    table(
        "400 callers, a second each, 100 connections",
        ["", "seconds", "failed calls"],
        [[name, run.reported["seconds"], _failures(run)] for name, (run,) in found.items()],
    )


if __name__ == "__main__":
    main()
