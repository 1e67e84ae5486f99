"""Convert between ASGI messages and requests and replies as plain data."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

from .messages import Reply, Request, parse_query

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

# Responses that never have a body.
_EMPTY = (204, 205, 304)


async def read(scope: Scope, receive: Receive) -> Request:
    """Read a request to its end."""
    body = bytearray()
    more = True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    headers = _headers(scope["headers"])
    root: str = scope.get("root_path", "")
    raw_path: str = (
        scope["raw_path"].decode("utf-8", "replace") if scope.get("raw_path") else scope["path"]
    )
    return Request(
        method=scope["method"],
        path=raw_path.partition("?")[0].removeprefix(root),
        query=parse_query(scope["query_string"]),
        headers=headers,
        body=bytes(body),
        base_url=f"{scope.get('scheme', 'http')}://{headers.get('host', 'localhost')}{root}",
    )


async def send_reply(request: Request, reply: Reply, send: Send, *, cut: bool) -> None:
    """Send a reply; with `cut` only half of its body.

    Raises:
        ConnectionResetError: with `cut`, after half of the body was sent.
    """
    content = b"" if reply.status in _EMPTY else reply.content()
    headers = dict(reply.headers)
    if reply.status not in _EMPTY:
        headers.setdefault("content-type", "application/json; charset=utf-8")
        headers["content-length"] = str(len(content))
    await send(
        {
            "type": "http.response.start",
            "status": reply.status,
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        }
    )
    sent = b"" if request.method == "HEAD" else content
    if cut:
        half = sent[: len(sent) // 2]
        await send({"type": "http.response.body", "body": half, "more_body": True})
        raise ConnectionResetError("cut on purpose")
    await send({"type": "http.response.body", "body": sent})


def _headers(sent: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    headers: dict[str, str] = {}
    for raw_name, raw_value in sent:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        # Lines of one name are one list (RFC 9110, 5.3).
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers


async def live(receive: Receive, send: Send) -> None:
    """Serve the ASGI lifespan; nothing has to be started or stopped."""
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
