"""The SDK as pip installs it, for what can only be seen there."""

from __future__ import annotations

from pathlib import Path

from benchmarks.peers import INSTALLED, ROOT, pip, python


def interpreter() -> str:
    """Install this checkout anew, without the sources' path in sight; give the interpreter."""
    found = python(INSTALLED)
    pip(found, "--force-reinstall", "--no-deps", str(ROOT))
    return found


def site_packages(interpreter: str) -> Path:
    """Where an environment keeps what was installed."""
    (found,) = Path(interpreter).parent.parent.glob("lib/python*/site-packages")
    return found
