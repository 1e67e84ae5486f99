"""Writes the table of webhook events: which model a payload has, by event and action."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from codegen.emit_models import HEADER
from codegen.registry import Registry
from codegen.schemas import Reader
from codegen.types import Choice, Component, Either, Object, Type, without_null

# What every payload may hold; `sdk.webhooks` has typed fields for these itself.
_SHARED_BY_ALL = {"action", "enterprise", "installation", "organization", "repository", "sender"}

Actions = dict[str | None, str]


def emit(
    webhooks: Mapping[str, Iterable[Type]], reader: Reader, registry: Registry
) -> dict[str, str]:
    """Return the files of `sdk/webhooks` that are generated, by their path in it."""
    table: dict[str, Actions] = {}
    common: dict[str, tuple[str, list[str]]] = {}
    for name, types in sorted(webhooks.items()):
        event = name.replace("-", "_")
        # The form-encoded twin of a payload only says that it stands in a form's field.
        payloads = [
            type_
            for type_ in types
            if isinstance(type_, Component) and not type_.key.endswith("-form-encoded")
        ]
        table[event] = {_action(type_, reader): registry.name_of(type_) for type_ in payloads}
        fields = _common_fields(payloads, reader)
        if fields and None not in table[event]:
            common[event] = (registry.name_of(payloads[0]), fields)
    return {"_events.py": _table(table, common), "_on.py": _overloads(table)}


def _objects(payload: Component, reader: Reader) -> list[Object]:
    found = without_null(reader.definition(payload.key))
    options = found.options if isinstance(found, Either) else (found,)
    return [option for option in options if isinstance(option, Object)]


def _action(payload: Component, reader: Reader) -> str | None:
    """The action that a payload is sent for, or None if it has none or any."""
    actions = {
        value
        for object_ in _objects(payload, reader)
        for field in object_.fields
        if field.wire == "action" and isinstance(field.type, Choice)
        for value in field.type.values
    }
    (action,) = actions if len(actions) == 1 else (None,)
    return action if isinstance(action, str) else None


def _common_fields(payloads: list[Component], reader: Reader) -> list[str]:
    """The fields that all payloads of an event have with the same type."""
    objects = [object_ for type_ in payloads for object_ in _objects(type_, reader)]
    if len(objects) != len(payloads):
        # A union's model has no fields of its own to take the annotations of.
        return []
    shared = {(field.wire, field.type) for field in objects[0].fields}
    for object_ in objects[1:]:
        shared &= {(field.wire, field.type) for field in object_.fields}
    return sorted({wire for wire, _ in shared} - _SHARED_BY_ALL)


def _table(table: Mapping[str, Actions], common: Mapping[str, tuple[str, list[str]]]) -> str:
    entries = "".join(
        f"    {event!r}: {{{', '.join(f'{a!r}: {m!r}' for a, m in _sorted(actions))}}},\n"
        for event, actions in table.items()
    )
    shared = "".join(
        f"    {event!r}: ({model!r}, ({''.join(f'{field!r}, ' for field in fields)})),\n"
        for event, (model, fields) in common.items()
    )
    return (
        f'{HEADER}"""GitHub\'s webhook events, with the model of each."""\n'
        "\n# The model by action; None stands for an event without an action, or with any.\n"
        f"EVENTS: dict[str, dict[str | None, str]] = {{\n{entries}}}\n\n"
        "# The fields that all models of an event have, with one model to read their types from.\n"
        f"COMMON: dict[str, tuple[str, tuple[str, ...]]] = {{\n{shared}}}\n"
    )


def _sorted(actions: Actions) -> list[tuple[str | None, str]]:
    return sorted(actions.items(), key=lambda entry: entry[0] or "")


def _overloads(table: Mapping[str, Actions]) -> str:
    """The types of ``Webhooks.on``: read by type checkers and editors only."""
    lines = [
        HEADER
        + '"""What ``Webhooks.on`` takes and returns, for type checkers: an overload an event."""',
        "",
        "from typing import Literal, Protocol, overload",
        "",
        "from sdk.models import webhooks as m",
        "from sdk.models._base import Model",
        "",
        "from .common import CommonPayload",
        "from ._types import Key, Registration",
        "",
        "",
        "class On(Protocol):",
        '    """The types of ``Webhooks.on``."""',
    ]
    for event, actions in table.items():
        known = [(action, model) for action, model in _sorted(actions) if action is not None]
        lines += [_overload(event, f"Literal[{action!r}], /", [model]) for action, model in known]
        # An action that the description does not know arrives as the event's common fields.
        others = ["CommonPayload"] if None not in actions else []
        lines.append(
            _overload(event, "None = None, /", [model for _, model in _sorted(actions)] + others)
        )
    lines += [
        "    @overload",
        "    def __call__(",
        "        self, event: Literal['*'], action: None = None, /, *,",
        "        key: Key[object] | None = None",
        "    ) -> Registration[object]: ...",
        "",
        "",
        "class Parse(Protocol):",
        '    """The types of ``parse``."""',
    ]
    lines += [_parse(event, actions) for event, actions in table.items()]
    lines += [
        "    @overload",
        "    def __call__(self, event: str, body: bytes, *, strict: bool = False) -> Model: ...",
    ]
    return "\n".join(lines) + "\n"


def _parse(event: str, actions: Actions) -> str:
    models = [model for _, model in _sorted(actions)]
    payload = _union(models if None in actions else [*models, "CommonPayload"])
    return (
        "    @overload\n"
        f"    def __call__(self, event: Literal[{event!r}], body: bytes, *, strict: bool = False\n"
        f"    ) -> {payload}: ..."
    )


def _overload(event: str, action: str, models: list[str]) -> str:
    payload = _union(models)
    return (
        "    @overload\n"
        f"    def __call__(self, event: Literal[{event!r}], action: {action}, *,\n"
        f"        key: Key[{payload}] | None = None) -> Registration[{payload}]: ..."
    )


def _union(models: list[str]) -> str:
    return " | ".join(
        model if model == "CommonPayload" else f"m.{model}" for model in dict.fromkeys(models)
    )
