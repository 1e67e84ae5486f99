"""Where a schema is met: what unnamed types are named after."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from sdk.codegen import names

Side = Literal["answered", "sent"]
"""Whether types are of responses or of requests."""


@dataclass(frozen=True)
class Place:
    """The place of a schema: the definition and the properties that lead to it."""

    root: str
    path: tuple[str, ...] = ()
    title: str | None = None

    def at(self, step: str) -> Place:
        """Return the place of a property of this one."""
        return Place(self.root, (*self.path, step))

    def one_of_many(self) -> Place:
        """Return the place of an item of this list or map."""
        if not self.path:
            return replace(self, path=("item",))
        return replace(self, path=(*self.path[:-1], names.singular(self.path[-1])))

    @property
    def spelled(self) -> str:
        """The place as one text, by which a name is kept over runs."""
        return ".".join([self.root, *self.path])
