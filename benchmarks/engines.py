"""CPU time of a call over a local socket, with one caller and with many at once.

python -m benchmarks.engines

The last column is the CPU time of the upstream for each call of the 50 callers: it is not what the
clients wait for.
"""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.measure import Run, median, program, rounds, table
from benchmarks.peers import OURS, python
from benchmarks.upstream import cpu_seconds, running, running_over_tls

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

    def run(name: str, callers: int) -> Run:
        (environment, program_name, *arguments), calls = LANES[name], CROWDS[callers]
        task, before = f"crowd:{callers}:{calls}", cpu_seconds(url)
        made = program(python(environment), program_name, task, url, *arguments)
        made.reported["upstream"] = 1e6 * (cpu_seconds(url) - before) / calls
        return made

    lanes = {
        (name, callers): lambda name=name, callers=callers: run(name, callers)
        for name in names
        for callers in CROWDS
    }
    found = rounds(lanes, count)
    cpu = {key: median(runs, lambda run: run.reported["cpu"]) for key, runs in found.items()}
    rows: list[list[object]] = []
    for name in names:
        row: list[object] = [name]
        for callers in CROWDS:
            row += [cpu[name, callers], f"{cpu[name, callers] / cpu[AIOHTTP, callers]:.2f}x"]
        row.append(median(found[name, 50], lambda run: run.reported["upstream"]))
        rows.append(row)
    header = [cell for callers in CROWDS for cell in (f"{callers} callers, µs", "x aiohttp")]
    table(title, ["", *header, "upstream, µs"], rows)


if __name__ == "__main__":
    main()
