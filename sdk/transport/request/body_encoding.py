"""Encode the values of a call as the body of its request."""

from __future__ import annotations

import os
from collections.abc import AsyncIterable, Mapping
from typing import Any, cast

from sdk.transport.encoding import encode_form, encode_json, encode_query, encode_text, nested
from sdk.transport.errors import InvalidInput
from sdk.transport.headers import media_type
from sdk.transport.operation import Operation
from sdk.transport.styles import in_query, joined

from .body import Content


def encode_body(
    operation: Operation[Any],
    values: Mapping[str, object],
    extra: Mapping[str, object] | None,
    naive_times: bool = False,
) -> tuple[bytes | Content | None, str | None]:
    """Return the body of a call and its media type; None for a call without one.

    Raises:
        InvalidInput: a value cannot be sent in the operation's media type.
    """
    if isinstance(operation.body, str):
        if operation.body not in values:
            return None, None
        body = values[operation.body]
    else:
        names = operation.names
        body = {names.get(name, name): values[name] for name in operation.body if name in values}
        if not body and not extra:
            return None, None
    if extra:
        if not isinstance(body, Mapping):
            raise InvalidInput(
                f"extra_body needs a JSON object to add to; {operation.id} has none."
            )
        body = {**cast("Mapping[str, object]", body), **extra}
    media = operation.media
    if media is None:
        return encode_json(body, naive_times=naive_times), "application/json"
    if type(body) is bytes and media == "application/json":
        # Encoded by the caller, as the body of a GraphQL operation is.
        return body, media
    return _as_media(operation, media, body, naive_times)


def _as_media(
    operation: Operation[Any], media: str, body: object, naive_times: bool
) -> tuple[bytes | Content, str]:
    kind = media_type(media)
    if isinstance(body, Content):
        return body, media
    if kind.startswith("multipart/") and isinstance(body, Mapping):
        return _form_with_files(operation, cast("Mapping[str, object]", body), naive_times)
    if kind == "application/octet-stream":
        return _file(body), media
    if isinstance(body, (bytes, bytearray)):
        return bytes(body), media
    if kind == "application/json" or kind.endswith("+json"):
        # A text is sent as it is: JSON that the caller wrote.
        text = encode_text(body) if isinstance(body, str) else None
        return encode_json(body, naive_times=naive_times) if text is None else text, media
    if isinstance(body, str):
        return encode_text(body), media
    if kind == "application/x-www-form-urlencoded" and isinstance(body, Mapping):
        return _form(operation, cast("Mapping[str, object]", body), naive_times), media
    if isinstance(body, (memoryview, os.PathLike, AsyncIterable)) or hasattr(body, "read"):
        return _file(cast("object", body)), media
    raise InvalidInput(
        f"The body of {operation.id} is sent as {media}: pass bytes, str or a file, "
        f"not {type(body).__name__}."
    )


def _file(body: object) -> Content:
    from .upload import content_of

    return content_of(getattr(body, "data", body) if type(body).__name__ == "File" else body)


def _form(operation: Operation[Any], body: Mapping[str, object], naive_times: bool) -> bytes:
    if not operation.styles:
        return encode_form(body, naive_times=naive_times)
    styles = {operation.names.get(name, name): style for name, style in operation.styles.items()}
    pairs = [
        pair
        for name, value in body.items()
        for pair in (
            in_query(name, value, styles[name], naive_times)
            if name in styles
            else nested(name, value)
        )
    ]
    return encode_query(pairs, naive_times=naive_times).encode()


def _form_with_files(
    operation: Operation[Any], body: Mapping[str, object], naive_times: bool
) -> tuple[Content, str]:
    from .multipart import multipart

    names = operation.names
    styles = {names.get(name, name): style for name, style in operation.styles.items()}
    fields = {
        name: joined(name, cast("object", value), styles[name], naive_times)
        if name in styles and isinstance(value, (list, tuple))
        else value
        for name, value in body.items()
    }
    return multipart(
        fields,
        {names.get(name, name): each for name, each in operation.parts.items()},
        files=frozenset(names.get(name, name) for name in operation.files),
        naive_times=naive_times,
    )
