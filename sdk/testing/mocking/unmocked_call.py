"""The error text for a request without a response: the operation, and the line to write."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Iterable
from typing import Any, cast

import httpx

from sdk.operations import OPERATIONS
from sdk.transport import Operation

from .arguments import arguments_of, parameters_of
from .call_recorder import RecordedCall
from .request_matching import is_default, sent_values
from .route import BaseRoute

# Longer values are replaced by ``unittest.mock.ANY`` in the suggested line.
_LONGEST = 80


class UnmockedCall(AssertionError):
    """A call was made for which no response is prepared."""


def describe_operation_call(
    request: httpx.Request, base_url: str, routes: Iterable[BaseRoute[Any]]
) -> UnmockedCall:
    """Describe a call of one of GitHub's operations, and the line to write in the test."""
    address = str(request.url.copy_with(query=None))
    info = OPERATIONS.match(request.method, address.removeprefix(base_url))
    if info is None:
        return UnmockedCall(
            f"{request.method} {address} is not one of GitHub's operations, and no response is "
            "prepared for it. Mock it with respx, whose routes work beside these."
        )
    # Each media type of the response has its own method.
    info = info.forms.get(request.headers.get("accept", ""), info)
    method = f"github.sdk.{info.resource}.{info.name}"
    line = _line(method, info.operation, info.function, base_url, request)
    return _text(request, info.operation, line, routes)


def describe_graphql_call(request: httpx.Request, routes: Iterable[BaseRoute[Any]]) -> UnmockedCall:
    """Describe a GraphQL request, and the line to write in the test."""
    try:
        body: dict[str, Any] = json.loads(request.content)
        name = body.get("operationName")
        variables: dict[str, Any] = body.get("variables") or {}
    except (ValueError, AttributeError):
        return UnmockedCall(f"POST {request.url} has no GraphQL operation, and no response.")
    text = f"The GraphQL operation {name or 'without a name'} was sent with {variables}, and no "
    text += "response is prepared for it. Write:\n\n"
    text += f"    github.on_graphql(DOCUMENT, {variables}).respond()\n"
    others = [str(route) for route in routes if str(route).startswith("graphql/")]
    if others:
        text += "\nResponses are prepared for other documents or variables only:\n\n"
        text += "".join(f"    {other}\n" for other in others)
    return UnmockedCall(text)


def describe_other_call(
    request: httpx.Request, seen: Iterable[RecordedCall], routes: Iterable[BaseRoute[Any]]
) -> UnmockedCall:
    """Describe a request to a URL that is not GitHub's."""
    for one in seen:
        if sent_values(one.operation, one.base_url, request) is not None:
            function = getattr(one.resource, one.name, None)
            if function is None:
                continue
            holder = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", one.resource.__name__).lower()
            line = _line(f"{holder}.{one.name}", one.operation, function, one.base_url, request)
            where = f"where {holder} is a client's {one.resource.__name__}"
            return _text(request, one.operation, line, routes, where)
    address = str(request.url.copy_with(query=None))
    if request.method == "POST" and b"grant_type=client_credentials" in request.content:
        return UnmockedCall(
            f"The client fetches its token at {address}, and no response is prepared for that. "
            f'Write: respx_mock.post("{address}").respond(json={{"access_token": "t", '
            '"token_type": "bearer", "expires_in": 3600}).'
        )
    text = (
        f"{request.method} {address} is not the API's, and is not mocked. Mock it with respx, "
        "whose routes work beside these, or pass allow_hosts=[...] if the test needs that host. "
        "If it is the mocked API at another address, pass base_url= to the mock."
    )
    return UnmockedCall(text)


def _text(
    request: httpx.Request,
    operation: Operation[Any],
    line: str,
    routes: Iterable[BaseRoute[Any]],
    where: str = "",
) -> UnmockedCall:
    address = str(request.url.copy_with(query=None))
    called = "" if operation.id.startswith(f"{request.method} ") else f" is {operation.id}, and"
    response = 'respond_with(b"...")' if operation.returns(200) is bytes else "respond()"
    text = f"{request.method} {address}{called or ':'} no response is prepared for it. Write:\n\n"
    if re.search(r"\bANY\b", line):
        text += "    from unittest.mock import ANY\n\n"
    text += f"    github.on({line}).{response}\n"
    if where:
        text += f"\n{where}.\n"
    others = [route for route in routes if str(route).startswith(f"{operation.id}(")]
    if others:
        text += "\nResponses are prepared for other calls of it only:\n\n"
        text += "".join(f"    {other}\n" for other in others)
    elsewhere = {other.base_url for other in others if not address.startswith(f"{other.base_url}/")}
    if elsewhere:
        text += f"\nThey are for the API at {' and '.join(sorted(elsewhere))}. "
        text += "Pass the client's base_url= to the mock.\n"
    return UnmockedCall(text)


def _line(
    method: str,
    operation: Operation[Any],
    function: Any,
    base_url: str,
    request: httpx.Request,
) -> str:
    sent = sent_values(operation, base_url, request) or {}
    typed = arguments_of(operation, function, sent)
    parts = [method]
    for parameter in parameters_of(function):
        name = parameter.name
        if name not in typed or is_default(operation, name, sent[name]):
            continue
        shown = _source(typed[name], sent[name], str(parameter.annotation))
        by_name = parameter.kind is inspect.Parameter.KEYWORD_ONLY
        parts.append(f"{name}={shown}" if by_name else shown)
    return ", ".join(parts)


def _source(value: Any, sent: Any, annotation: str) -> str:
    """Return a value as Python source, in a type that the method takes."""
    if isinstance(value, bytes) and _takes_text(annotation):
        try:
            value = value.decode()
        except UnicodeDecodeError:
            return "ANY"
    if not isinstance(value, (str, bytes, int, float, list, dict, type(None))):
        # A datetime, for example, would need an import.
        value = (sent if isinstance(sent, str) else sent[0]) if _takes_text(annotation) else ...
    text = repr(cast("object", value))
    if value is ... or len(text) > _LONGEST:
        return "ANY"
    return text if '"' in text or "\\" in text else text.replace("'", '"')


def _takes_text(annotation: str) -> bool:
    return re.search(r"\b(str|UploadData)\b", annotation) is not None
