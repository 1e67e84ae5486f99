"""The parts of a ``multipart/form-data`` body, as sent and as expected."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from typing import Any, cast
from unittest.mock import ANY

from sdk.transport import File, Operation, Readable
from sdk.transport.encoding import encode_json, plain, scalar_text

MULTIPART = "multipart/form-data"

_BOUNDARY = re.compile(r'boundary="?([^";]+)')
_NAME = re.compile(r'[; ]name="([^"]*)"')
_ESCAPED = {"%22": '"', "%0D": "\r", "%0A": "\n"}


def sent_parts(operation: Operation[Any], content: bytes, content_type: str) -> dict[str, Any]:
    """Return the parts of a body by our names: bytes of files, else text; a list of several."""
    boundary = _BOUNDARY.search(content_type)
    if boundary is None:
        return {}
    ours = {operation.names.get(name, name): name for name in operation.body}
    found: dict[str, list[Any]] = {}
    for part in content.split(b"--" + boundary[1].encode())[1:-1]:
        head, _, body = part.partition(b"\r\n\r\n")
        text = head.decode()
        name = _NAME.search(text)
        if name is None:
            continue
        value = body.removesuffix(b"\r\n")
        found.setdefault(_unescaped(name[1]), []).append(
            value if 'filename="' in text else value.decode()
        )
    return {ours.get(name, name): _alone(values) for name, values in found.items()}


def expected_part(
    operation: Operation[Any], name: str, value: object, uploaded: Callable[[object], Any]
) -> Any:
    """Return a value in the form that ``sent_parts`` returns; ANY is kept, also in a list.

    Args:
        operation: the operation.
        name: our name of the field.
        value: the expected value.
        uploaded: returns what a file holds.
    """
    if isinstance(value, (list, tuple)):
        items = cast("list[object]", value)
        return _alone([expected_part(operation, name, one, uploaded) for one in items])
    if value is ANY:
        return ANY
    if isinstance(value, File):
        return uploaded(value.data)
    if isinstance(value, str):
        return value.encode() if name in operation.files else value
    if isinstance(value, (bytes, bytearray, memoryview, os.PathLike, Readable)):
        return uploaded(cast("object", value))
    simple = plain(value)
    if isinstance(simple, Mapping):
        return encode_json(cast("object", simple)).decode()
    return scalar_text(name, simple)


def _alone(values: list[Any]) -> Any:
    return values[0] if len(values) == 1 else values


def _unescaped(name: str) -> str:
    for escaped, character in _ESCAPED.items():
        name = name.replace(escaped, character)
    return name
