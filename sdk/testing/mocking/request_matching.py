"""Read the values of a request by our names, and compare them with expected ones."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast
from unittest.mock import ANY
from urllib.parse import parse_qs, unquote

import httpx

from sdk.operations import OPERATIONS
from sdk.testing.path_matching import path_values
from sdk.transport import Operation, Readable
from sdk.transport.encoding import encode_json, encode_query
from sdk.transport.paths import render_path

from .call_recorder import CALL_RECORDER
from .form_parts import MULTIPART, expected_part, sent_parts

_FORM = "application/x-www-form-urlencoded"


def sent_values(
    operation: Operation[Any], base_url: str, request: httpx.Request
) -> dict[str, Any] | None:
    """Return the values that a request sends for `operation`, by our names; None if for another.

    Values of the path and headers are text, those of the query lists of text, those of the body
    JSON values.
    """
    address = str(request.url.copy_with(query=None, fragment=None))
    if request.method != operation.method or not address.startswith(base_url):
        return None
    found = path_values(operation, address.removeprefix(base_url))
    if found is None:
        return None
    sent: dict[str, Any] = {**found}
    query = parse_qs(request.url.query.decode("ascii"), keep_blank_values=True)
    for name in operation.query:
        theirs = operation.names.get(name, name)
        # GitHub's names of lists in the query end in brackets.
        texts = query.get(theirs) or query.get(f"{theirs}[]")
        if texts is not None:
            sent[name] = texts
    for name, header in operation.headers.items():
        if header in request.headers:
            sent[name] = request.headers[header]
    if operation.media == MULTIPART:
        parts = sent_parts(operation, request.content, request.headers.get("content-type", ""))
        return sent | parts
    return sent | _body_values(operation, request.content)


def wants_this_form(operation: Operation[Any], request: httpx.Request) -> bool:
    """Return whether a request asks for the media type of `operation`, if there are several.

    Only the requested media type distinguishes ``pulls.get`` from ``pulls.get_diff``.
    """
    asked: str = request.headers.get("accept", "")
    if operation.accept is not None:
        return asked == operation.accept
    info = OPERATIONS.get(operation.id)
    if info is not None:
        return asked not in info.forms
    return not any(
        other.accept == asked and (other.method, other.path) == (operation.method, operation.path)
        for other in CALL_RECORDER.seen
    )


def as_sent(operation: Operation[Any], name: str, value: object) -> Any:
    """Return `value` in the form that ``sent_values`` returns; ANY is kept, also when nested."""
    if value is ANY:
        return ANY
    if name in operation.parameters:
        path = render_path(
            f"{{{name}}}", {name: value}, operation.multi_segment, operation.may_be_empty
        )
        return unquote(path)
    if name in operation.query or (operation.media == _FORM and name in operation.body):
        items = cast("list[object]", value) if isinstance(value, (list, tuple)) else [value]
        return [text for item in items for text in _texts(item)]
    if name in operation.headers:
        return str(value)
    if operation.media == MULTIPART:
        return expected_part(operation, name, value, _uploaded)
    if operation.media and operation.media != _FORM:
        return _uploaded(value)
    return _as_json(value)


def _texts(value: object) -> list[Any]:
    if value is ANY:
        return [ANY]
    return parse_qs(encode_query([("value", value)]), keep_blank_values=True).get("value", [])


def _as_json(value: object) -> Any:
    if value is ANY:
        return ANY
    if isinstance(value, Mapping):
        fields = cast("Mapping[str, object]", value)
        return {name: _as_json(one) for name, one in fields.items()}
    if isinstance(value, (list, tuple)):
        return [_as_json(one) for one in cast("list[object]", value)]
    return json.loads(encode_json(value))


def _uploaded(value: object) -> Any:
    """Return the bytes that an upload sends."""
    if isinstance(value, str):
        return value.encode()
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(cast("bytes", value))
    if isinstance(value, os.PathLike):
        return Path(cast("os.PathLike[str]", value)).read_bytes()
    if isinstance(value, Readable) and hasattr(value, "seek"):
        return _FileContent(value)
    raise TypeError(
        f"What {type(value).__name__} holds can be read only once: expect the bytes, or ANY."
    )


class _FileContent:
    """The content of a file from its current position, or from its start if it was sent."""

    def __init__(self, file: Any) -> None:
        position = file.tell()
        rest = file.read()
        file.seek(0)
        self._possible = (rest, file.read()) if not rest else (rest,)
        file.seek(position)

    def __eq__(self, other: object) -> bool:
        return other in self._possible

    __hash__ = None  # type: ignore[assignment]


def matches(
    operation: Operation[Any],
    expected: Mapping[str, object],
    sent: Mapping[str, Any],
    *,
    exactly: bool = False,
) -> bool:
    """Return whether the expected values were sent; with `exactly`, and no others."""
    for name, value in expected.items():
        wanted = as_sent(operation, name, value)
        if wanted is ANY or (wanted == [] and name in operation.query and name not in sent):
            continue
        if name not in sent or sent[name] != wanted:
            return False
    return not exactly or all(
        name in expected or is_default(operation, name, value) for name, value in sent.items()
    )


def is_default(operation: Operation[Any], name: str, value: object) -> bool:
    """Return whether a value is sent with every upload by default."""
    return operation.headers.get(name) == "content-type" and value == operation.media


def _body_values(operation: Operation[Any], content: bytes) -> dict[str, Any]:
    if not content:
        return {}
    ours = {operation.names.get(name, name): name for name in operation.body}
    if operation.media == _FORM:
        form = parse_qs(content.decode(), keep_blank_values=True)
        return {ours.get(name, name): texts for name, texts in form.items()}
    if operation.media:
        return {operation.body: content} if isinstance(operation.body, str) else {}
    try:
        body: Any = json.loads(content)
    except ValueError:
        return {}
    if isinstance(operation.body, str):
        return {operation.body: body}
    if not isinstance(body, dict):
        return {}
    fields = cast("dict[str, Any]", body)
    return {ours.get(name, name): value for name, value in fields.items()}
