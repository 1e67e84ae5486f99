"""The time of ``import sdk``, next to the libraries that it uses.

python -m benchmarks.import_time
"""

from __future__ import annotations

from benchmarks.measure import PROGRAMS, Run, median, rounds, run, table
from benchmarks.peers import OURS, ROOT, python

LANES = {
    "nothing": (OURS, "pass"),
    "import httpx, pydantic": (OURS, "import httpx, pydantic"),
    "import sdk": (OURS, "import sdk"),
    "from sdk import Sdk": (OURS, "from sdk import Sdk"),
    "from sdk import Sdk; from sdk.models import Issue": (
        OURS,
        "from sdk import Sdk; from sdk.models import Issue",
    ),
    "from githubkit import GitHub": ("githubkit", "from githubkit import GitHub"),
    "from github import Github (PyGithub)": ("pygithub", "from github import Github"),
    "import gidgethub.httpx (httpx2)": ("gidgethub", "import gidgethub.httpx"),
}

_REPORT = f"""
import sys
sys.path.insert(0, {str(PROGRAMS)!r})
from report import report
report()
"""


def main(count: int = 9) -> None:
    """Measure and print."""

    def lane(environment: str, code: str) -> Run:
        command = [python(environment), "-c", code + _REPORT]
        return run(command, env={"PYTHONPATH": str(ROOT)})

    lanes = {name: lambda each=each: lane(*each) for name, each in LANES.items()}
    found = rounds(lanes, count)
    cpu = {name: median(runs, lambda each: each.cpu) for name, runs in found.items()}
    rss = {name: median(runs, lambda each: each.reported["rss"]) for name, runs in found.items()}
    base = cpu["import httpx, pydantic"] - cpu["nothing"]
    table(
        "Import",
        ["", "CPU, ms", "x httpx and pydantic", "resident, MB"],
        [
            [name, cpu[name] - cpu["nothing"], (cpu[name] - cpu["nothing"]) / base, rss[name]]
            for name in LANES
        ],
    )


if __name__ == "__main__":
    main()
