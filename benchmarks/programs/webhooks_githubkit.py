"""githubkit's verify and parse: the body on stdin, secret and signature as arguments.

Prints the microseconds of CPU that one delivery takes, the median of rounds.
"""

from __future__ import annotations

import statistics
import sys
import time

from githubkit.webhooks import parse, verify

_, SECRET, SIGNATURE = sys.argv
BODY = sys.stdin.buffer.read()


def deliver() -> None:
    """Verify and parse once."""
    if not verify(SECRET, BODY, SIGNATURE):
        raise SystemExit("the signature does not match")
    parse("issues", BODY)


deliver()
times: list[float] = []
for _round in range(9):
    started = time.process_time()
    for _call in range(30):
        deliver()
    times.append((time.process_time() - started) / 30 * 1e6)
print(statistics.median(times))
