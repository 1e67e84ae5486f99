"""Markers for values that do not fit in a tolerantly decoded response, and their replacement.

The tolerant validator wraps a value that its place refuses in a `Mismatch`, and fills a required
field that was not sent with a `Missing`. `settle` puts the raw values back and reports each place.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from types import NoneType
from typing import Any, NamedTuple, TypeAlias

from pydantic import BaseModel

from .core_schema import Definitions, Schema, accepts, has_literals
from .describe import describe
from .drift import Drift, DriftKind, Drifts
from .pass_state import PassState, current

# The differences of a response that are kept; the others are counted. Each path is bounded too.
_MOST_DRIFTS = 1000
_MOST_KEY = 100
_MOST_PATH = 1000

# Most values of a response: they contain no others.
_ATOMS = frozenset({str, int, float, bool, NoneType, datetime})


@dataclass(frozen=True)
class Site:
    """A declared place of a type: what is expected there."""

    schema: Schema
    definitions: Definitions

    @cached_property
    def expected(self) -> str:
        """What the type declares here, as text."""
        return describe(self.schema, self.definitions)

    def mismatch(self, value: object) -> object:
        """Return a marker for a value that was refused here; the value after too many of them."""
        state = current()
        state.mismatches += 1
        return Mismatch(self, value) if state.mismatches <= state.markable else value

    def drift(self, operation: str, path: str, value: object) -> Drift:
        """Describe a value that was refused here."""
        return Drift(operation, path, self._kind(value), self.expected, value)

    def drift_missing(self, operation: str, path: str) -> Drift:
        """Describe that nothing was sent here."""
        return Drift(operation, path, "missing", self.expected)

    @cached_property
    def _accepted(self) -> frozenset[type]:
        return accepts(self.schema, self.definitions)

    def _kind(self, value: object) -> DriftKind:
        if type(value) in self._accepted:
            literal = has_literals(self.schema, self.definitions, type(value))
            return "unknown_value" if literal else "malformed"
        return "null" if type(value) is NoneType else "wrong_type"


@dataclass(frozen=True, slots=True, eq=False)
class Mismatch:
    """Marks a value that its site refused."""

    site: Site
    value: object


@dataclass(frozen=True, slots=True, eq=False)
class Missing:
    """Marks a required value that was not sent."""

    site: Site


@dataclass(frozen=True, slots=True, eq=False)
class UnknownTag:
    """Marks an object of a kind that the union does not know, by the key that tells the kind."""

    site: Site
    key: str
    tag: object
    tree: object


def settle(tree: object, operation: str, state: PassState) -> tuple[Any, Drifts]:
    """Replace every marker in `tree` by what was sent, and return the drift with the result."""
    settling = _Settling(operation, state)
    value = settling.value(tree, None)
    settling.drifts.omitted += max(0, state.mismatches - state.markable)
    return value, settling.drifts


class _Key(NamedTuple):
    """A key of a map. Unlike the name of a field it is data."""

    text: str


# The path to a value, last step first. It is spelled out only where something drifted.
_Path: TypeAlias = "tuple[_Path, str | int | _Key] | None"


class _Settling:
    def __init__(self, operation: str, state: PassState) -> None:
        self._operation = operation
        self._shells = state.shells
        self.drifts = Drifts()

    def value(self, value: Any, path: _Path) -> Any:
        """Replace the markers within `value`, and return its replacement."""
        kind = value.__class__
        if kind is Missing:
            self._note(value.site, path)
            return None
        if kind is Mismatch:
            self._note(value.site, path, value)
            return value.value
        if kind is UnknownTag:
            self._note(value.site, (path, value.key), Mismatch(value.site, value.tag))
            return self.value(value.tree, path)
        if kind is list:
            self._list(value, path)
        elif kind is dict:
            self._map(value, path)
        elif id(value) in self._shells and isinstance(value, BaseModel):
            self._model(value, path)
        return value

    def _note(self, site: Site, path: _Path, mismatch: Mismatch | None = None) -> None:
        if len(self.drifts) >= _MOST_DRIFTS:
            self.drifts.omitted += 1
        elif mismatch is None:
            self.drifts.append(site.drift_missing(self._operation, _spelled(path)))
        else:
            self.drifts.append(site.drift(self._operation, _spelled(path), mismatch.value))

    def _list(self, items: list[Any], path: _Path) -> None:
        for index, item in enumerate(items):
            if item.__class__ not in _ATOMS:
                items[index] = self.value(item, (path, index))

    def _map(self, entries: dict[str, Any], path: _Path) -> None:
        for key, item in entries.items():
            if item.__class__ not in _ATOMS:
                entries[key] = self.value(item, (path, _Key(key)))

    def _model(self, model: BaseModel, path: _Path) -> None:
        names = _wire_names(model.__class__)
        values = vars(model)
        for name, item in values.items():
            if item.__class__ not in _ATOMS:
                values[name] = self.value(item, (path, names.get(name, name)))
        if model.model_extra:
            self._map(model.model_extra, path)


@lru_cache(maxsize=1024)
def _wire_names(model: type[BaseModel]) -> dict[str, str]:
    if model.__pydantic_root_model__:
        return {"root": ""}
    return {
        name: field.validation_alias if isinstance(field.validation_alias, str) else name
        for name, field in model.model_fields.items()
    }


def _spelled(path: _Path) -> str:
    steps: list[str] = []
    while path is not None:
        path, step = path
        if isinstance(step, str):
            steps.append(f".{step}" if step else "")
        elif isinstance(step, int):
            steps.append(f"[{step}]")
        else:
            steps.append(f"[{json.dumps(_shortened(step.text, _MOST_KEY))}]")
    return _shortened("".join(reversed(steps)).removeprefix("."), _MOST_PATH)


def _shortened(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 1]}…"
