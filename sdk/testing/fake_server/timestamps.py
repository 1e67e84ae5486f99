"""Times in GitHub's format, such as ``2026-01-02T03:04:05Z``."""

from __future__ import annotations

import time
from datetime import UTC, datetime


def timestamp(seconds: float) -> str:
    """Return a time, in seconds since the epoch, as GitHub writes it."""
    moment = datetime.fromtimestamp(int(seconds), UTC)
    return moment.isoformat().replace("+00:00", "Z")


def timestamp_now() -> str:
    """Return the present time as GitHub writes it."""
    return timestamp(time.time())
