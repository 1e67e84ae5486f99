"""Report the figures of a measured program: one line of JSON."""

from __future__ import annotations

import json
import resource
from pathlib import Path


def resident() -> float:
    """Return the resident memory in MB."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 1024**2


def report(**figures: float) -> None:
    """Print the line."""
    print(json.dumps({"rss": resident(), **figures}), flush=True)
