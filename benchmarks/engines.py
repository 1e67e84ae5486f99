"""CPU time of a call over a local socket, with one caller and with many at once.

python -m benchmarks.engines
"""

from __future__ import annotations

from benchmarks.measure import median, program, rounds, table
from benchmarks.peers import OURS, python
from benchmarks.upstream import running

PLAIN = "plain httpx.AsyncClient, get + json"
LANES = {
    PLAIN: ("use_httpx_json",),
    "plain httpx2.AsyncClient, get + json": ("use_httpx_json", "httpx2"),
    "plain httpx on aiohttp, get + json": ("use_httpx_json", "aiohttp"),
    "this SDK, as it is": ("use_ours",),
    "this SDK on httpx2.AsyncClient": ("use_ours", "httpx2"),
    "this SDK on httpx-aiohttp": ("use_ours", "aiohttp"),
    "this SDK on a plain httpx.AsyncClient": ("use_ours", "httpx"),
}
CROWDS = {1: 2000, 50: 3000, 300: 3000}


def main(count: int = 3) -> None:
    """Measure and print."""
    with running() as url:
        lanes = {
            (name, callers): lambda name=program_name, task=f"crowd:{callers}:{calls}", lane=lane: (
                program(python(OURS), name, task, url, *lane)
            )
            for name, (program_name, *lane) in LANES.items()
            for callers, calls in CROWDS.items()
        }
        found = rounds(lanes, count)
    cpu = {key: median(runs, lambda run: run.told["cpu"]) for key, runs in found.items()}
    rows = []
    for name in LANES:
        row: list[object] = [name]
        for callers in CROWDS:
            row += [cpu[name, callers], f"{cpu[PLAIN, callers] / cpu[name, callers]:.1f}x less"]
        rows.append(row)
    header = [cell for callers in CROWDS for cell in (f"{callers} callers, µs", "")]
    table("CPU time a call over a local socket", ["", *header], rows)


if __name__ == "__main__":
    main()
