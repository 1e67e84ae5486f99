"""A warm call stays readable: how many files it runs through, and how many coroutines wait."""

import re
import subprocess
import sys


def test_a_warm_call_runs_through_few_files():
    # In a process of its own, because the tests have imported httpx and OpenTelemetry.
    run = subprocess.run(
        [sys.executable, "-m", "benchmarks.call_path"], capture_output=True, text=True, check=True
    )
    files, engine = map(int, re.findall(r"files +(\d+), of the HTTP engine (\d+)", run.stdout)[0])
    assert files - engine <= 18
    assert int(re.findall(r"waiting +(\d+)", run.stdout)[0]) <= 8
