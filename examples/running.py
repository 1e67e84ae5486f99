"""Runs the servers of the examples until Ctrl+C or SIGTERM, without a traceback at the end."""

import asyncio
import signal
from collections.abc import Coroutine
from typing import Any


def run(main: Coroutine[Any, Any, None]) -> None:
    """Run `main`, which serves with uvicorn."""
    # uvicorn stops on these signals, and sends them once more when it is done: then there is
    # nothing left to stop.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    asyncio.run(main)
