"""The status of a successful response."""

from __future__ import annotations

from typing import Any

from sdk.operations import OPERATIONS
from sdk.transport import Operation


def success_status(operation: Operation[Any], *, content: bool) -> int:
    """Return the status of success, that of a response with a body if wanted and declared.

    GitHub's operations declare it; for those of other APIs it is 200, or 204 without a body.
    """
    known = OPERATIONS.get(operation.id)
    # If a POST declares both, 200 means that the resource existed already.
    first = 201 if operation.method == "POST" else 200
    declared = sorted(known.statuses if known else (), key=lambda status: status != first)
    if content:
        for status in (*declared, 200, 201, 202):
            if not _is_empty(operation, status):
                return status
    for status in (*reversed(declared), 204, 200, 202, 205):
        if _is_empty(operation, status):
            return status
    return 204


def _is_empty(operation: Operation[Any], status: int) -> bool:
    return operation.returns(status) in (None, bool)
