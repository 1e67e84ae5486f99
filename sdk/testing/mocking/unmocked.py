"""The text for a request that nothing is prepared for: which operation, and the line to write."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import httpx
from respx.models import AllMockedAssertionError

from sdk.operations import OPERATIONS, OperationInfo

from .route import BaseRoute
from .wire import values_of

# What is longer says less than it hides; ``unittest.mock.ANY`` takes its place.
_LONGEST = 80


class UnmockedCall(AllMockedAssertionError):
    """A call was made that no answer is prepared for."""


def unmocked(
    request: httpx.Request, base_url: str, routes: Iterable[BaseRoute[Any]]
) -> UnmockedCall:
    """Say what was called, and what to write in the test."""
    address = str(request.url.copy_with(query=None))
    info = OPERATIONS.match(request.method, address.removeprefix(base_url))
    if info is None:
        return UnmockedCall(
            f"{request.method} {address} is none of GitHub's operations, and nothing is prepared "
            "for it. Mock it with respx, whose routes work beside these."
        )
    # Another form of the answer is another method's.
    info = info.forms.get(request.headers.get("accept", ""), info)
    text = (
        f"{request.method} {address} is {info.id}, and no answer is prepared for it. Write:\n\n"
        f"    github.on({_line(info, base_url, request)}).respond()\n"
    )
    others = [str(route) for route in routes if str(route).startswith(f"{info.id}(")]
    if others:
        text += "\nAnswers are prepared for other calls of it only:\n\n"
        text += "".join(f"    {other}\n" for other in others)
    return UnmockedCall(text)


def _line(info: OperationInfo, base_url: str, request: httpx.Request) -> str:
    sent = values_of(info.operation, base_url, request) or {}
    parts = [f"github.sdk.{info.resource}.{info.name}"]
    for parameter in info.parameters:
        if parameter.name not in sent:
            continue
        value = sent[parameter.name]
        if parameter.place == "query":
            value = value[0] if len(value) == 1 else value
        if parameter.type == "int" and isinstance(value, str) and value.isdecimal():
            value = int(value)
        shown = _source(value)
        parts.append(shown if parameter.place == "path" else f"{parameter.name}={shown}")
    return ", ".join(parts)


def _source(value: object) -> str:
    """Write a value as formatted code has it."""
    text = repr(value)
    if len(text) > _LONGEST:
        return "ANY"
    return text if '"' in text or "\\" in text else text.replace("'", '"')
