"""A webhook message as bytes."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, cast

from sdk.webhooks.inbox import Message


def encode_message(message: Message) -> bytes:
    """Return a message as bytes."""
    head = [message.key, dict(message.headers), message.received_at.isoformat()]
    return json.dumps(head).encode() + b"\n" + message.body


def decode_message(content: bytes) -> Message | None:
    """Read a message; None if the bytes are something else."""
    head, _, body = content.partition(b"\n")
    try:
        key, headers, received_at = cast("list[Any]", json.loads(head))
        return Message(key, headers, body, datetime.fromisoformat(received_at))
    except (ValueError, TypeError):
        return None
