"""Markers for what does not fit in a tolerantly decoded response, and their replacement.

The tolerant validator wraps a value that its place refuses in a `Misfit`, and fills a required
field that was not sent with a `Missing`. `settle` puts the raw values back and reports each place.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from types import NoneType
from typing import Any, NamedTuple, TypeAlias

from pydantic import BaseModel, RootModel

from .core_schema import Definitions, Schema, accepts, describe, has_literals
from .drift import Drift, DriftKind

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

    def misfit(self, value: object) -> Misfit:
        """Return a marker for a value that was refused here."""
        return Misfit(self, value)

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
class Misfit:
    """Marks a value that its site refused."""

    site: Site
    value: object


@dataclass(frozen=True, slots=True, eq=False)
class Missing:
    """Marks a required value that was not sent."""

    site: Site


def settle(tree: object, operation: str) -> tuple[Any, list[Drift]]:
    """Replace every marker in `tree` by what was sent, and return the drift with the result."""
    settling = _Settling(operation)
    return settling.value(tree, None), settling.drifts


class _Key(NamedTuple):
    """A key of a map. Unlike the name of a field it is data."""

    text: str


# The path to a value, last step first. It is spelled out only where something drifted.
_Path: TypeAlias = "tuple[_Path, str | int | _Key] | None"


class _Settling:
    def __init__(self, operation: str) -> None:
        self._operation = operation
        self.drifts: list[Drift] = []

    def value(self, value: Any, path: _Path) -> Any:
        """Settle what is in `value`, and return what belongs in its place."""
        kind = value.__class__
        if kind is Misfit:
            self.drifts.append(value.site.drift(self._operation, _spelled(path), value.value))
            return value.value
        if kind is Missing:
            self.drifts.append(value.site.drift_missing(self._operation, _spelled(path)))
            return None
        if kind is list:
            self._list(value, path)
        elif kind is dict:
            self._map(value, path)
        elif isinstance(value, BaseModel):
            self._model(value, path)
        return value

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
    if issubclass(model, RootModel):
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
            steps.append(f"[{json.dumps(step.text)}]")
    return "".join(reversed(steps)).removeprefix(".")
