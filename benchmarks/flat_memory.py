"""Resident memory over 100,000 calls of one client.

python -m benchmarks.flat_memory
"""

from __future__ import annotations

from benchmarks.measure import program, table
from benchmarks.peers import OURS, python
from benchmarks.upstream import running

_CALLS = 100_000


def main() -> None:
    """Measure and print."""
    with running() as url:
        reported = program(python(OURS), "steady", url, str(_CALLS)).reported
    held = {
        int(name.removeprefix("after_")): mb for name, mb in reported.items() if "after_" in name
    }
    table("Memory of one client", ["calls", "MB"], [[n, f"{mb:.1f}"] for n, mb in held.items()])


if __name__ == "__main__":
    main()
