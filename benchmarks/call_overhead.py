"""The overhead of a call over the bare HTTP library's ``get`` and ``.json()``, in memory.

    python -m benchmarks.call_overhead

Each client is compared with the library that it uses, in alternation in one process: CPU time,
the best of many chunks of 100 calls.
"""

from __future__ import annotations

from benchmarks.measure import median, program, rounds, table
from benchmarks.payloads import written
from benchmarks.peers import OURS, python

LANES = {
    "this SDK, decoded": (OURS, "overhead_ours", "own"),
    "this SDK on an injected httpx client, decoded": (OURS, "overhead_ours"),
    "githubkit, cache off, .json()": ("githubkit", "overhead_githubkit"),
    "githubkit, cache off, decoded": ("githubkit", "overhead_githubkit", "parsed"),
    "gidgethub (httpx2)": ("gidgethub", "overhead_gidgethub"),
}
_CALLS = "3000"


def main(count: int = 5) -> None:
    """Measure and print."""
    written()
    lanes = {
        name: lambda environment=environment, name=program_name, extra=extra: program(
            python(environment), name, _CALLS, *extra
        )
        for name, (environment, program_name, *extra) in LANES.items()
    }
    found = rounds(lanes, count)
    rows = []
    for name in LANES:
        plain = median(found[name], lambda run: run.reported["plain"])
        dressed = median(found[name], lambda run: run.reported["dressed"])
        rows.append([name, plain, dressed, dressed - plain])
    table("A call in memory", ["", "bare, µs", "client, µs", "above, µs"], rows)


if __name__ == "__main__":
    main()
