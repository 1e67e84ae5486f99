"""400 callers at once over 100 connections to a slow upstream; one caller beside idle connections.

    python -m benchmarks.pool_pressure

The upstream takes a second for each call, so there are four waves of 100: the best time is 4
seconds, and no call has to fail.
"""

from __future__ import annotations

from benchmarks.measure import Run, median, program, rounds, table
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
    beside_idle_connections()


IDLE = (1, 100, 1000)


def beside_idle_connections(count: int = 3) -> None:
    """Measure what a call costs when a burst of calls has left idle connections."""
    with running() as url:
        found = rounds(
            {
                number: lambda n=number: program(python(OURS), "idle", url, str(n))
                for number in IDLE
            },
            count,
        )
    cpu = {number: median(runs, lambda run: run.reported["cpu"]) for number, runs in found.items()}
    table(
        "CPU time of a call of one caller",
        ["idle connections", "sockets", "µs", "x one connection"],
        [
            [
                number,
                median(found[number], lambda run: run.reported["sockets"]),
                cpu[number],
                f"{cpu[number] / cpu[1]:.2f}x",
            ]
            for number in IDLE
        ],
    )


if __name__ == "__main__":
    main()
