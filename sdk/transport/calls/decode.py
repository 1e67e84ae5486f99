"""Decode a complete response to the type that the operation declares."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, Any

from sdk.transport.decoding import Decoder, DriftReporter, Drifts, Undecodable
from sdk.transport.errors import DecodeError
from sdk.transport.refusals import without_frames
from sdk.transport.response.charset import in_utf8
from sdk.transport.response.response import Response, StoredResponse, attach

if TYPE_CHECKING:
    from sdk.transport.operation import Operation
    from sdk.transport.request.request import Request

_WITHOUT_CONTENT = (204, 205)
_MOST_BYTES = 400
_MOST_CHARACTERS = 80

# Both patterns are compiled when they are first used, which few programs do.
# The values of a JSON object or a form; their keys are enough for an error text.
_VALUE = r"""(:\s*)(?:"(?:[^"\\]|\\.)*"?|-?\d[\w.+-]*)|(?<=[\w-])=[^\s&<>]*"""
# Anything that could be a token or an id: long, or with a digit in it.
_OPAQUE = r"[\w+/=.%-]{20,}|\w*\d\w*"


def decode(request: Request, response: Response, reporter: DriftReporter) -> Any:
    """Return the value of the type that the operation declares, and attach the metadata to it.

    Raises:
        DecodeError: the body cannot be decoded as the declared type.
        TakesLongError: `decode_in_thread` should decode it.
    """
    decoder = _decoder(request.operation, response)
    if decoder is None:
        return _undecoded(request.operation, response)
    try:
        if response.from_cache:
            value, drifts = _read(decoder, response, reporter.strict)
        else:
            value, drifts = decoder.decode(response.body, strict=reporter.strict, at_once=True)
            if drifts:
                value, drifts = _recoded(decoder, response, reporter.strict) or (value, drifts)
    except Undecodable as error:
        recoded = _recoded(decoder, response, reporter.strict)
        if recoded is None:
            if (empty := _empty(request.operation, decoder, response, error)) is not None:
                return empty[0]
            raise _decode_error(request, response, str(error)) from without_frames(error)
        value, drifts = recoded
    if drifts:
        _report(request, response, reporter, drifts)
    attach(value, response)
    return value


async def decode_in_thread(request: Request, response: Response, reporter: DriftReporter) -> Any:
    """Do the same as `decode` beside the event loop; hooks are called on the loop.

    When this is cancelled, the thread goes on to its end, and its result is dropped.
    """
    decoder = _decoder(request.operation, response)
    if decoder is None:
        return _undecoded(request.operation, response)
    try:
        value, drifts = await asyncio.to_thread(_read, decoder, response, reporter.strict)
    except Undecodable as error:
        if (empty := _empty(request.operation, decoder, response, error)) is not None:
            return empty[0]
        raise _decode_error(request, response, str(error)) from without_frames(error)
    if drifts:
        _report(request, response, reporter, drifts)
    attach(value, response)
    return value


def _empty(
    operation: Operation[Any], decoder: Decoder[Any], response: Response, why: Undecodable
) -> tuple[Any] | None:
    """Return the value of a response without a body, in a tuple; None if the type has none."""
    if why.reason != "empty":
        return None
    if operation.may_be_none or _accepts(decoder, b"null"):
        return (None,)
    return ([],) if response.status in _WITHOUT_CONTENT and _accepts(decoder, b"[]") else None


def _accepts(decoder: Decoder[Any], body: bytes) -> bool:
    try:
        decoder.decode(body, strict=True)
    except Undecodable:
        return False
    return True


def _read(decoder: Decoder[Any], response: Response, strict: bool) -> tuple[Any, Drifts]:
    read: tuple[Any, Drifts]
    try:
        if isinstance(response, StoredResponse) and response.read is not None:
            read = response.read(decoder, response.body, strict=strict)
        else:
            read = decoder.decode(response.body, strict=strict)
    except Undecodable:
        recoded = _recoded(decoder, response, strict)
        if recoded is None:
            raise
        return recoded
    return (_recoded(decoder, response, strict) or read) if read[1] else read


def _recoded(decoder: Decoder[Any], response: Response, strict: bool) -> tuple[Any, Drifts] | None:
    """Return what a body is in the charset that it declares; None if it is in UTF-8."""
    body = in_utf8(response.headers, response.body)
    if body is response.body:
        return None
    try:
        return decoder.decode(body, strict=strict)
    except Undecodable:
        return None


def _decoder(operation: Operation[Any], response: Response) -> Decoder[Any] | None:
    """Return what decodes the JSON of this response; None if it is not decoded as JSON."""
    decoder = operation.decoder(response.status)
    if not isinstance(decoder, Decoder):
        return None
    if decoder.type is Any and not _is_json(response):
        return None
    return decoder


def _undecoded(operation: Operation[Any], response: Response) -> object:
    declared = operation.decoder(response.status)
    if isinstance(declared, Decoder):
        return _undeclared(response)
    value = _plain(declared, response)
    if value is response:
        attach(response, response)
    return value


def _report(request: Request, response: Response, reporter: DriftReporter, drifts: Drifts) -> None:
    """Report the differences from the description; raise DecodeError if none is accepted."""
    reporter.report(drifts)
    if reporter.strict:
        places = len(drifts) + drifts.omitted
        reason = f"it differs from the description in {places} place(s), see .drift"
        raise _decode_error(request, response, reason, tuple(drifts))


def _is_json(response: Response) -> bool:
    kind = response.content_type
    return bool(response.body) and (not kind or kind.endswith("json"))


def _undeclared(response: Response) -> str | bytes | None:
    """Return a response of no declared type as text or bytes, by its content type."""
    if not response.body:
        return None
    kind = response.content_type
    return response.text if kind.startswith("text/") or kind.endswith("xml") else response.body


def _plain(declared: object, response: Response) -> object:
    if declared is None:
        return None
    if declared is bool:
        return response.status != 404
    if declared is bytes:
        return response.body
    if declared is str:
        return _text(response)
    return response


def _text(response: Response) -> str:
    """Return the text of a body; of a JSON body that is a string, that string."""
    if response.content_type == "application/json" and response.body[:1] == b'"':
        import json

        try:
            value: object = json.loads(response.body)
        except ValueError:
            return response.text
        return value if isinstance(value, str) else response.text
    return response.text


def _decode_error(
    request: Request, response: Response, reason: str, drift: tuple[Any, ...] = ()
) -> DecodeError:
    content_type, request_id = response.content_type, response.request_id
    text = (
        f"{request} answered {response.status} with {content_type or 'no content type'}, which "
        f"cannot be read as declared: {reason}"
    )
    text += f" (request id {request_id})" if request_id else ""
    text += "." if drift or not response.body else f". It begins: {snippet(response.body)}"
    text += "" if content_type.endswith("json") else " Check base_url: is this the API?"
    return request.operation.call_error(
        DecodeError, text, response, content_type=content_type or None, drift=drift
    )


def snippet(body: bytes) -> str:
    """Return the first 80 characters of a body on one line, without values, tokens and numbers."""
    text = " ".join(body[:_MOST_BYTES].decode("utf-8", "replace").split())
    text = "".join(character if character.isprintable() else "?" for character in text)
    text = re.sub(_VALUE, lambda found: f"{found[1] or '='}…", text)
    text = re.sub(_OPAQUE, "…", text)
    shortened = text[:_MOST_CHARACTERS]
    return shortened + "…" if len(shortened) < len(text) or len(body) > _MOST_BYTES else shortened
