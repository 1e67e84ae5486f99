"""Decode the JSON of a payload into the model of its event and action."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sdk.transport import Decoder, DriftReporter, Undecodable

from ._events import COMMON, EVENTS
from .errors import InvalidDelivery

if TYPE_CHECKING:
    from sdk.models._base import Model

    from ._on import Parse

# GitHub writes the action first; then there is no need to parse the body twice.
_LEADING_ACTION = re.compile(rb'[ \t\r\n]{0,16}\{[ \t\r\n]{0,16}"action" ?: ?"([\w.-]{1,200})"')


def decode(event: str, body: bytes, reporter: DriftReporter) -> Model:
    """Return the payload of an event as its model.

    Raises:
        InvalidDelivery: the body is not a JSON object, or `reporter` is strict and the payload
            differs from its description.
    """
    action = _action(body)
    try:
        payload, drifts = _decoder(event, action).decode(body)
    except Undecodable as error:
        raise InvalidDelivery(f"The payload is not a JSON object: {error}.") from None
    if drifts:
        reporter.report(drifts)
        if reporter.strict:
            raise InvalidDelivery(
                f"The payload differs from its description in {len(drifts)} place(s)."
            )
    return payload


def check_object(body: bytes) -> None:
    """Raise InvalidDelivery unless the body is a JSON object."""
    _action(body, whole=True)


def _action(body: bytes, *, whole: bool = False) -> str | None:
    leading = None if whole else _LEADING_ACTION.match(body)
    if leading:
        return leading[1].decode()
    from pydantic_core import from_json

    try:
        payload = from_json(body)
    except (ValueError, RecursionError):
        raise InvalidDelivery("The payload is not JSON.") from None
    if not isinstance(payload, dict):
        raise InvalidDelivery("The payload is not a JSON object.")
    action: Any = payload.get("action")  # pyright: ignore[reportUnknownMemberType,reportUnknownVariableType]
    return action if isinstance(action, str) else None


@lru_cache(maxsize=512)
def _known_decoder(event: str, action: str | None) -> Decoder[Model]:
    from sdk.models import webhooks

    model = getattr(webhooks, EVENTS[event][action])
    return Decoder(model, operation=f"webhooks/{event}" + (f".{action}" if action else ""))


@lru_cache(maxsize=128)
def _common_decoder(event: str) -> Decoder[Model]:
    return Decoder(_common_model(event), operation=f"webhooks/{event}")


@lru_cache(maxsize=1)
def _unknown_decoder() -> Decoder[Model]:
    from .common import CommonPayload

    # One entry for all: names of unknown events are external input, so their number is unbounded.
    return Decoder(CommonPayload, operation="webhooks/unknown event")


def _decoder(event: str, action: str | None) -> Decoder[Model]:
    actions = EVENTS.get(event)
    if actions is None:
        return _unknown_decoder()
    if action in actions:
        return _known_decoder(event, action)
    if None in actions:
        return _known_decoder(event, None)
    return _common_decoder(event)


def _common_model(event: str) -> type[Model]:
    from pydantic import create_model

    from sdk.models import webhooks

    from .common import CommonPayload

    if event not in COMMON:
        return CommonPayload
    name, fields = COMMON[event]
    source = getattr(webhooks, name).model_fields
    shared: dict[str, Any] = {
        field: (info.annotation, info)
        for field, info in source.items()
        if (info.alias or field) in fields
    }
    return create_model(f"CommonPayload_{event}", __base__=CommonPayload, **shared)


if TYPE_CHECKING:
    parse: Parse
else:

    def parse(event: str, body: bytes, *, strict: bool = False) -> Model:
        """Return the body of a webhook as the model of its event and action.

        It does not check the signature: use ``verify`` first, or ``Webhooks``. An event or action
        that is not in the description is returned as ``CommonPayload``, with all its fields.

        Args:
            event: the ``X-GitHub-Event`` header.
            body: the JSON of the payload.
            strict: raise for a payload that differs from its description, instead of keeping
                what differs as it was sent.

        Raises:
            InvalidDelivery: the body is not a JSON object.
        """
        return decode(event, body, DriftReporter(strict=strict))
