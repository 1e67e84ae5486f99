"""Run the measured programs: one process each, rounds in random order, medians, a table."""

from __future__ import annotations

import json
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from benchmarks.peers import ROOT

PROGRAMS = Path(__file__).resolve().parent / "programs"

K = TypeVar("K")
T = TypeVar("T")


@dataclass(frozen=True)
class Run:
    """The figures of one process.

    Attributes:
        wall: milliseconds from its start to the last line that it printed.
        cpu: milliseconds of processor time, its children's included.
        peak: its largest resident memory, or its largest child's, in MB.
        passed: whether its exit status was 0.
        reported: its own figures: the last line of its output, parsed as JSON.
    """

    wall: float
    cpu: float
    peak: float
    passed: bool
    reported: dict[str, Any] = field(default_factory=dict)


def run(
    command: Sequence[str],
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path = ROOT,
    may_fail: bool = False,
) -> Run:
    """Run a process to its end; its exit status must be 0, unless it may fail."""
    variables = {**os.environ, **(env or {})}
    # Without it, a checkout would be compiled at each start, unlike an installed peer.
    variables.pop("PYTHONDONTWRITEBYTECODE", None)
    begun = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=cwd, env=variables)
    last, spoke = "", begun
    for line in process.stdout or ():
        last, spoke = line, time.perf_counter()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0 and not may_fail:
        raise subprocess.CalledProcessError(process.returncode, command, last)
    return Run(
        wall=1000 * (spoke - begun),
        cpu=1000 * (usage.ru_utime + usage.ru_stime),
        peak=usage.ru_maxrss / 1024,
        passed=process.returncode == 0,
        reported=json.loads(last) if last.startswith("{") else {},
    )


def program(interpreter: str, name: str, *arguments: str) -> Run:
    """Run one of the measured programs; the SDK's sources are this checkout's."""
    command = [interpreter, str(PROGRAMS / f"{name}.py"), *arguments]
    return run(command, env={"PYTHONPATH": str(ROOT)})


def rounds(lanes: Mapping[K, Callable[[], T]], count: int) -> dict[K, list[T]]:
    """Measure every lane in a number of rounds, each in another order.

    A first round, which is dropped, warms caches and compiles bytecode.
    """
    found: dict[K, list[T]] = {name: [] for name in lanes}
    for number in range(count + 1):
        names = list(lanes)
        random.shuffle(names)
        for name in names:
            result = lanes[name]()
            if number:
                found[name].append(result)
        print(".", end="", flush=True, file=sys.stderr)
    print(file=sys.stderr)
    return found


def median(values: Sequence[T], of: Callable[[T], float]) -> float:
    """Return the median of one figure of many runs."""
    return statistics.median(map(of, values))


def table(title: str, header: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print a Markdown table, with the machine's load as a hint on noise."""
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    print(f"\n### {title}\n\nLoad of the machine: {load} on {os.cpu_count()} cores.\n")
    print(f"| {' | '.join(header)} |")
    print(f"|{'---|' * len(header)}")
    for row in rows:
        print(f"| {' | '.join(_cell(cell) for cell in row)} |")


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.2f}" if abs(value) < 10 else f"{value:,.0f}"
    return f"{value:,}" if isinstance(value, int) else str(value)
