"""The body of an error, of the type that the operation declares for its status."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sdk.transport.decoding import Undecodable
from sdk.transport.response.charset import in_utf8
from sdk.transport.response.response import Response

if TYPE_CHECKING:
    from sdk.transport.operation import Operation


def read_error_body(operation: Operation[Any], response: Response) -> Any:
    """Return the body of an error: of the declared type, else decoded JSON, else text.

    None for an empty body.
    """
    body = in_utf8(response.headers, response.body)
    if not body.strip():
        return None
    decoder = operation.error_decoder(response.status) if operation.errors else None
    if decoder is not None:
        try:
            return decoder.decode(body)[0]
        except Undecodable:
            pass
    if response.content_type.endswith("json") or body.lstrip()[:1] in (b"{", b"["):
        import json

        try:
            return json.loads(body)
        except (ValueError, RecursionError):
            pass
    return response.text
