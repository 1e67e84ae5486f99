"""The tasks of the async programs: they repeat the calls of a client and report.

What only some tasks need is imported there: the import of this module is part of a measured start.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from time import perf_counter
from time import process_time as cpu

from report import report

Call = Callable[[], Awaitable[object]]

WARM_UP = 20


async def first(call: Call) -> None:
    """Make one call."""
    await call()
    report()


async def ten(calls: Sequence[Call]) -> None:
    """Make one call of each of ten resources."""
    for call in calls:
        await call()
    report()


async def repeat(call: Call, count: int) -> None:
    """Make calls one after the other; report the CPU time of one, in microseconds."""
    for _ in range(WARM_UP):
        await call()
    begun = cpu()
    for _ in range(count):
        await call()
    report(cpu=1e6 * (cpu() - begun) / count)


async def crowd(call: Call, callers: int, count: int) -> None:
    """Make concurrent calls; report the CPU time of one in microseconds, and calls/s."""

    async def caller(repeats: int) -> None:
        for _ in range(repeats):
            await call()

    async def all_call(repeats: int) -> None:
        async with asyncio.TaskGroup() as group:
            for _ in range(callers):
                group.create_task(caller(repeats))

    await all_call(2)
    repeats = max(1, count // callers)
    begun, begun_wall = cpu(), perf_counter()
    await all_call(repeats)
    total = repeats * callers
    report(
        cpu=1e6 * (cpu() - begun) / total,
        rate=total / (perf_counter() - begun_wall),
    )


async def compare(plain: Call, dressed: Call, count: int, chunk: int = 100) -> None:
    """Alternate two calls; report the CPU time of each in microseconds, the best of all chunks."""
    best = {plain: float("inf"), dressed: float("inf")}
    for _ in range(max(2, count // chunk)):
        for call in (plain, dressed):
            begun = cpu()
            for _ in range(chunk):
                await call()
            best[call] = min(best[call], (cpu() - begun) / chunk)
    report(plain=1e6 * best[plain], dressed=1e6 * best[dressed])


def user_payload() -> bytes:
    """Return the body of a user, from the upstream's file of responses."""
    files = (Path(__file__).parents[2] / ".cache" / "benchmarks").glob("payloads-*.json")
    responses: dict[str, object] = json.loads(max(files).read_bytes())
    return json.dumps(responses["/users/octocat"]).encode()


async def run(task: str, first_call: Call, ten_calls: Sequence[Call], page: Call) -> None:
    """Run the requested task."""
    match task.split(":"):
        case ["first"]:
            await first(first_call)
        case ["ten"]:
            await ten(ten_calls)
        case ["page", count]:
            await repeat(page, int(count))
        case ["crowd", callers, count]:
            await crowd(first_call, int(callers), int(count))
        case _:
            sys.exit(f"no such task: {task}")


# The calls of each lane by name, such as {"cached": {"small": call}}.
Calls = dict[str, dict[str, Call]]


async def measured(calls: Calls, count: int, rounds: int = 35) -> dict[str, dict[str, float]]:
    """Return the CPU time of each call in microseconds: the median of rounds in a random order.

    A round is short, so that what else the machine does falls on all lanes alike.
    """
    import random
    import statistics

    found: dict[tuple[str, str], list[float]] = {}
    pairs = [(lane, name) for lane, named in calls.items() for name in named]
    for number in range(rounds + 1):
        random.shuffle(pairs)
        for lane, name in pairs:
            call = calls[lane][name]
            times = count if name == "small" else count // 10
            begun = cpu()
            for _ in range(times):
                await call()
            if number:
                found.setdefault((lane, name), []).append(1e6 * (cpu() - begun) / times)
    return {
        lane: {name: statistics.median(found[lane, name]) for name in named}
        for lane, named in calls.items()
    }


def counted(base_url: str) -> dict[str, int]:
    """Return how often the upstream with ETags has responded with each status since the last."""
    import urllib.request

    with urllib.request.urlopen(f"{base_url}/_count") as response:  # noqa: S310  loopback
        seen: dict[str, int] = json.load(response)
    return seen


async def print_measured(
    cpu_times: Callable[[str, int], Awaitable[object]], counts: Callable[[str], Awaitable[object]]
) -> None:
    """Print the CPU times or the counts of a program ``BASE_URL CPU|COUNTS COUNT`` as JSON."""
    base_url, what, count = sys.argv[1:]
    found = await (counts(base_url) if what == "COUNTS" else cpu_times(base_url, int(count)))
    print(json.dumps(found))
