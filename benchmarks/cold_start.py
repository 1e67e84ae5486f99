"""The time from the start of a process to its first response, and its memory then.

    python -m benchmarks.cold_start

Every client fetches a user from a local upstream, and in a second run one object of each of ten
resources. The time includes the start of the interpreter.
"""

from __future__ import annotations

from benchmarks.measure import median, program, rounds, table
from benchmarks.peers import OURS, python
from benchmarks.upstream import running

MODEL = "httpx + pydantic models by hand"
LANES = {
    "httpx + json": (OURS, "use_httpx_json"),
    MODEL: (OURS, "use_httpx_model"),
    "this SDK": (OURS, "use_ours"),
    "githubkit, cache off": ("githubkit", "use_githubkit"),
    "PyGithub, pauses off": ("pygithub", "use_pygithub"),
    "gidgethub (httpx2)": ("gidgethub", "use_gidgethub"),
}


def main(count: int = 21) -> None:
    """Measure and print."""
    with running() as url:
        lanes = {
            (name, task): lambda environment=environment, name=program_name, task=task: program(
                python(environment), name, task, url
            )
            for name, (environment, program_name) in LANES.items()
            for task in ("first", "ten")
        }
        found = rounds(lanes, count)
    wall = {name: median(found[name, "first"], lambda run: run.wall) for name in LANES}
    cpu = {name: median(found[name, "first"], lambda run: run.cpu) for name in LANES}
    first = {name: median(found[name, "first"], lambda run: run.reported["rss"]) for name in LANES}
    ten = {name: median(found[name, "ten"], lambda run: run.reported["rss"]) for name in LANES}
    table(
        "Process start to the first users.get, and resident memory",
        ["", "wall, ms", "x by hand", "CPU, ms", "x by hand", "MB then", "MB, ten resources", "x"],
        [
            [
                name,
                wall[name],
                wall[name] / wall[MODEL],
                cpu[name],
                cpu[name] / cpu[MODEL],
                first[name],
                ten[name],
                ten[name] / ten[MODEL],
            ]
            for name in LANES
        ],
    )


if __name__ == "__main__":
    main()
