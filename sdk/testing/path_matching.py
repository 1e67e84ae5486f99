"""Match the path of a request against the route templates of operations."""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from urllib.parse import unquote

from sdk.operations import OPERATIONS, OperationInfo
from sdk.transport import Operation
from sdk.transport.paths import path_pattern

_pattern = lru_cache(maxsize=4096)(path_pattern)


def path_values(operation: Operation[Any], path: str) -> dict[str, str] | None:
    """Return the decoded path parameters of `path`, or None if it does not fit the template."""
    pattern = _pattern(operation.path, operation.multi_segment, operation.may_be_empty)
    found = pattern.fullmatch(path)
    if found is None:
        return None
    return {name: unquote(text) for name, text in found.groupdict().items()}


def find_operation(method: str, path: str) -> tuple[OperationInfo, dict[str, str]] | None:
    """Return GitHub's operation that serves a request, with its decoded path parameters.

    As GitHub does, ignore a slash at the end of the path.
    """
    bare = path.rstrip("/")
    for candidate in (bare or "/", f"{bare}/"):
        info = OPERATIONS.match(method, candidate)
        if info is not None:
            return info, path_values(info.operation, candidate) or {}
    return None
