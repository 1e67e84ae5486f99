"""The SDK as pip installs it, for benchmarks of the installed package."""

from __future__ import annotations

from pathlib import Path

from benchmarks.peers import INSTALLED, ROOT, pip, python


def interpreter() -> str:
    """Install this checkout into an environment of its own; return its interpreter."""
    found = python(INSTALLED)
    pip(found, "--force-reinstall", "--no-deps", str(ROOT))
    return found


def site_packages(interpreter: str) -> Path:
    """Return the site-packages directory of an environment."""
    (found,) = Path(interpreter).parent.parent.glob("lib/python*/site-packages")
    return found
