"""What stands, while an answer is being built, where its type refused what was sent."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from types import NoneType

from .drift import Drift, DriftKind
from .schema import Definitions, Schema, accepts, describe, has_literals


@dataclass(frozen=True)
class Site:
    """A place that was declared: what is expected there."""

    schema: Schema
    definitions: Definitions

    @cached_property
    def expected(self) -> str:
        """What the type declares here, as text."""
        return describe(self.schema, self.definitions)

    def misfit(self, value: object) -> Misfit:
        """Hold a value that was refused here."""
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
    """Holds a value that its site refused."""

    site: Site
    value: object


@dataclass(frozen=True, slots=True, eq=False)
class Missing:
    """Stands for a required value that was not sent."""

    site: Site
