"""Response caches: CPU time of a call with a 304, and the number of requests.

Run it with ``python -m benchmarks.caching``. The upstream, a separate process, sends ETags as
GitHub does, and gzip. Each library is a process; its lanes are interleaved, and the figures are
medians of 35 short rounds in a random order. githubkit is measured with its default cache and
without a cache. A second table is of this SDK with an upstream that does not compress: a page
without a cache costs less there.
"""

from __future__ import annotations

import sys
from typing import Any

from benchmarks import etag_upstream, peers
from benchmarks.measure import program, table

# In a round; a tenth of that of a page.
CALLS = 100
KINDS = ("small", "page, undecoded", "page")


def rows_of(who: str, lanes: Any) -> list[list[object]]:
    """Return the rows of one library: each figure, and its ratio to that without a cache."""
    rows: list[list[object]] = []
    for cache, found in lanes.items():
        row: list[object] = [who, cache]
        for kind in KINDS:
            row += [found[kind], f"{found[kind] / lanes['none'][kind]:.2f}"]
        rows.append(row)
    return rows


def main() -> None:
    """Measure all lanes and print the tables."""
    programs = {
        "this SDK": (sys.executable, "caching_ours"),
        "githubkit": (peers.python("githubkit"), "caching_githubkit"),
    }
    rows: list[list[object]] = []
    scenes: list[list[object]] = []
    for who, (interpreter, name) in programs.items():
        with etag_upstream.running() as base_url:
            lanes = program(interpreter, name, base_url, "CPU", str(CALLS)).reported
            seen = program(interpreter, name, base_url, "COUNTS", "0").reported
        rows += rows_of(who, lanes)
        statuses = [
            ", ".join(f"{seen[scene].get(status, 0)} x {status}" for status in ("200", "304"))
            for scene in ("rotated", "by turns")
        ]
        scenes.append([who, *statuses, seen["behind a full page"]])
    header = ["", "cache"]
    for title in ("small call", "100 issues, not decoded", "100 issues"):
        header += [title, "ratio"]
    table("CPU of a call whose response has not changed, microseconds", header, rows)
    who, (interpreter, name) = next(iter(programs.items()))
    with etag_upstream.running("--identity") as base_url:
        lanes = program(interpreter, name, base_url, "CPU", str(CALLS)).reported
    table("The same without compression, microseconds", header, rows_of(who, lanes))
    header = ["", "tokens t1 t1 t2 t2 t3", "two tokens, ten turns each", "30 items, one is added"]
    table("Requests", header, scenes)


if __name__ == "__main__":
    main()
