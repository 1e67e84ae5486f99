"""Checks the Python blocks about generated clients with mypy and pyright, both strict.

    python -m tests.docs.typed

The blocks of a page are one function: they share their names, and await at the top.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import indent

from tests.docs.blocks import ROOT, python_blocks

PAGES = ("docs/guide/openapi-clients.md",)


def as_function(page: str) -> str:
    """The blocks of a page as the body of a function, each on the line where it stands."""
    lines = [
        "# pyright: reportUnusedVariable=false, reportUnusedFunction=false",
        "async def page() -> None:",
    ]
    for block in python_blocks(page):
        lines += [""] * (block.line - len(lines) - 1)
        lines += indent(block.code, "    ").rstrip().split("\n")
    return "\n".join(lines) + "\n"


def main() -> int:
    """Write the pages as modules, and check them; return the exit status."""
    # pyright passes over folders whose names begin with a dot.
    with TemporaryDirectory(prefix="typed_docs_") as folder:
        files: list[str] = []
        for page in PAGES:
            file = Path(folder) / f"{Path(page).stem.replace('-', '_')}.py"
            file.write_text(as_function(page))
            files.append(str(file))
        # Blocks begin anew: an app may be defined in each.
        mypy = [sys.executable, "-m", "mypy", "--disable-error-code", "no-redef", *files]
        pyright = [sys.executable, "-m", "pyright", "--pythonpath", sys.executable, *files]
        return max(
            subprocess.run(command, check=False, cwd=ROOT).returncode for command in (mypy, pyright)
        )


if __name__ == "__main__":
    sys.exit(main())
