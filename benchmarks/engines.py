"""CPU time of a call over a local socket, with one caller and with many at once.

python -m benchmarks.engines
"""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.measure import median, program, rounds, table
from benchmarks.peers import OURS, python
from benchmarks.upstream import running, running_over_tls

AIOHTTP = "aiohttp, get + json"
LANES = {
    "bare asyncio protocol + json (the floor)": (OURS, "use_protocol"),
    AIOHTTP: (OURS, "use_aiohttp"),
    "aiohttp, models by hand": (OURS, "use_aiohttp", "model"),
    "gidgethub on aiohttp": ("gidgethub", "use_gidgethub", "aiohttp"),
    "aiogithubapi": ("aiogithubapi", "use_aiogithubapi"),
    "this SDK, as it is": (OURS, "use_ours"),
    "this SDK on httpx-aiohttp": (OURS, "use_ours", "aiohttp"),
    "this SDK on httpx2.AsyncClient": (OURS, "use_ours", "httpx2"),
    "this SDK on a plain httpx.AsyncClient": (OURS, "use_ours", "httpx"),
    "httpx2, get + json": (OURS, "use_httpx_json", "httpx2"),
    "httpx, get + json": (OURS, "use_httpx_json"),
    "gidgethub on httpx2": ("gidgethub", "use_gidgethub"),
    "githubkit, cache off": ("githubkit", "use_githubkit"),
}
CROWDS = {1: 2000, 50: 3000, 300: 3000}


OVER_TLS = ("bare asyncio protocol + json (the floor)", AIOHTTP, "this SDK, as it is")


def main(count: int = 3) -> None:
    """Measure and print."""
    with running() as url:
        measure("CPU time a call over a local socket", url, list(LANES), count)
    with running_over_tls() as url:
        measure("CPU time a call over TLS", url, OVER_TLS, count)


def measure(title: str, url: str, names: Sequence[str], count: int) -> None:
    """Measure some lanes and print a table."""
    lanes = {
        (name, callers): lambda lane=LANES[name], task=f"crowd:{callers}:{calls}": program(
            python(lane[0]), lane[1], task, url, *lane[2:]
        )
        for name in names
        for callers, calls in CROWDS.items()
    }
    found = rounds(lanes, count)
    cpu = {key: median(runs, lambda run: run.reported["cpu"]) for key, runs in found.items()}
    rows: list[list[object]] = []
    for name in names:
        row: list[object] = [name]
        for callers in CROWDS:
            row += [cpu[name, callers], f"{cpu[name, callers] / cpu[AIOHTTP, callers]:.2f}x"]
        rows.append(row)
    header = [cell for callers in CROWDS for cell in (f"{callers} callers, µs", "x aiohttp")]
    table(title, ["", *header], rows)


if __name__ == "__main__":
    main()
