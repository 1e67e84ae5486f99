"""A page of 100 issues, 400 KB, from a local upstream: CPU time of one call.

python -m benchmarks.decoding
"""

from __future__ import annotations

from benchmarks.cold_start import LANES
from benchmarks.measure import median, program, rounds, table
from benchmarks.peers import python
from benchmarks.upstream import running

_REPEATS = "page:60"


def main(count: int = 5) -> None:
    """Measure and print."""
    with running() as url:
        lanes = {
            name: lambda environment=environment, name=program_name: program(
                python(environment), name, _REPEATS, url
            )
            for name, (environment, program_name) in LANES.items()
        }
        found = rounds(lanes, count)
    cpu = {
        name: median(runs, lambda run: run.reported["cpu"]) / 1000 for name, runs in found.items()
    }
    table(
        "100 issues over a local socket",
        ["", "CPU, ms a call", "x httpx + json"],
        [[name, cpu[name], cpu[name] / cpu["httpx + json"]] for name in LANES],
    )


if __name__ == "__main__":
    main()
