"""Uploads over HTTP/2 that the server answers before it has read them.

httpcore2 does not look for the response while it sends. Once the server grants no more room for the
body, as after a refusal, it waits until the read timeout.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from h2.events import ResponseReceived, StreamEnded, StreamReset

_FRAMING = frozenset((b"content-length", b"transfer-encoding"))


def watch(connection: Any) -> None:
    """Make an HTTP/2 connection of httpcore2 end an upload when its response arrives."""
    if "_send_request_body" not in vars(connection):
        connection._send_request_body = partial(_send_body, connection)


async def _send_body(connection: Any, request: Any, stream_id: int) -> None:
    if not any(name.lower() in _FRAMING for name, _ in request.headers):
        return
    pieces = aiter(request.stream)
    begun = False
    try:
        async for piece in pieces:
            position = 0
            while position < len(piece):
                room = await _room(connection, request, stream_id, begun=begun)
                if not room:
                    # The stream stays half open. As after a cancelled call, new requests get
                    # another connection, and this one is closed when it is idle.
                    connection._used_all_stream_ids = True
                    return
                connection._h2_state.send_data(stream_id, piece[position : position + room])
                position += room
                begun = True
                await connection._write_outgoing_data(request)
    finally:
        close = getattr(pieces, "aclose", None)
        if close is not None:
            await close()
    if not _is_closed(connection, stream_id):
        connection._h2_state.end_stream(stream_id)
        await connection._write_outgoing_data(request)


async def _room(connection: Any, request: Any, stream_id: int, *, begun: bool) -> int:
    """Wait until the server takes more; return how much, or 0 if it needs no more.

    A body of one frame is always sent: that takes less than another connection.
    """
    state, network = connection._h2_state, connection._network_stream

    def room() -> int:
        return int(min(state.local_flow_control_window(stream_id), state.max_outbound_frame_size))

    while not _is_closed(connection, stream_id):
        if _is_answered(connection, stream_id):
            return 0 if begun else max(room(), 0)
        if room() > 0 and not network.get_extra_info("is_readable"):
            return room()
        seen = len(connection._events[stream_id])
        async with connection._read_lock:
            # Another stream may have read it meanwhile.
            if len(connection._events[stream_id]) == seen and (
                network.get_extra_info("is_readable") or room() <= 0
            ):
                await connection._receive_events(request)
        await connection._write_outgoing_data(request)
    return 0


def _is_closed(connection: Any, stream_id: int) -> bool:
    """Whether nothing can be sent on the stream any more."""
    events = connection._events[stream_id]
    return connection._connection_terminated is not None or any(
        isinstance(event, StreamReset) for event in events
    )


def _is_answered(connection: Any, stream_id: int) -> bool:
    """Whether the response is complete, or is an error (RFC 9113, 8.1)."""
    for event in connection._events[stream_id]:
        if isinstance(event, StreamEnded):
            return True
        if isinstance(event, ResponseReceived):
            status = dict(event.headers or ()).get(b":status", b"")
            if not status.startswith(b"2"):
                return True
    return False
