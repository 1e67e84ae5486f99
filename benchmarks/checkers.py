"""A user's ten lines under the type checkers, cold: time and peak memory.

    python -m benchmarks.checkers

The checkers are those of the environment that runs this; the packages are installed as for a user.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from benchmarks import installed
from benchmarks.measure import Run, run, table
from benchmarks.peers import python

OURS = """\
import asyncio

from sdk import Sdk
from sdk.models import Issue, PublicUser


async def main() -> list[Issue]:
    async with Sdk() as sdk:
        user = await sdk.users.get("octocat")
        name = user.login if isinstance(user, PublicUser) else None
        return await sdk.issues.list_for_repo(name or "octocat", "hello").collect(limit=10)


asyncio.run(main())
"""
GITHUBKIT = """\
import asyncio

from githubkit import GitHub
from githubkit_schemas.latest.models import Issue, PublicUser


async def main() -> list[Issue]:
    async with GitHub() as github:
        user = (await github.rest.users.async_get_by_username("octocat")).parsed_data
        name = user.login if isinstance(user, PublicUser) else None
        answer = await github.rest.issues.async_list_for_repo(name or "octocat", "hello")
        return answer.parsed_data


asyncio.run(main())
"""


def check(interpreter: str, source: str) -> dict[str, Run]:
    """Check a file with both, in a directory of its own and without a cache."""
    with tempfile.TemporaryDirectory() as directory:
        place = Path(directory)
        (place / "user.py").write_text(source)
        (place / "pyrightconfig.json").write_text('{"typeCheckingMode": "strict"}')
        checker = [sys.executable, "-m"]
        return {
            "mypy --strict": run(
                [
                    *checker,
                    "mypy",
                    "--strict",
                    "--cache-dir",
                    str(place / "cache"),
                    "--python-executable",
                    interpreter,
                    "user.py",
                ],
                cwd=place,
                may_fail=True,
            ),
            "pyright": run(
                [*checker, "pyright", "--pythonpath", interpreter], cwd=place, may_fail=True
            ),
        }


def main(*, peers: bool = True) -> None:
    """Measure once, for it is slow, and print."""
    found = {"this SDK": check(installed.interpreter(), OURS)}
    if peers:
        found["githubkit"] = check(python("githubkit"), GITHUBKIT)
    table(
        "Type checkers, cold",
        ["", "checker", "finds errors", "seconds", "CPU seconds", "peak, MB"],
        [
            [
                name,
                checker,
                "no" if each.passed else "yes",
                f"{each.wall / 1000:.1f}",
                f"{each.cpu / 1000:.1f}",
                each.peak,
            ]
            for name, runs in found.items()
            for checker, each in runs.items()
        ],
    )


if __name__ == "__main__":
    main(peers="--alone" not in sys.argv)
