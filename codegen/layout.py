"""Decides which module each model belongs to.

Models that exactly the same operations need share a module, so that the first call of an operation
imports the models that it needs and no others. Imports between modules have no cycles, since the
models that a module imports are needed by more operations than its own.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from codegen import names
from codegen.registry import Registry
from sdk.codegen.layout import in_order, outermost, users_of

WEBHOOKS = "webhooks"

# Definitions of an event from which on each action has a module of its own.
_LARGE = 16


@dataclass(frozen=True)
class ModelModule:
    """One file of models; `area` is its subpackage, "" for the top."""

    area: str
    name: str
    definitions: tuple[str, ...]

    @property
    def path(self) -> str:
        """The path of its file below `sdk/models`."""
        return f"{self.area}/{self.name}.py" if self.area else f"{self.name}.py"

    @property
    def dotted(self) -> str:
        """Its name below `sdk.models`."""
        return f"{self.area}.{self.name}" if self.area else self.name


def arrange(
    registry: Registry,
    operations: Mapping[str, Iterable[str]],
    webhooks: Mapping[str, Iterable[str]],
) -> list[ModelModule]:
    """Divide the registry's definitions into modules.

    `operations` and `webhooks` map each of them to the definitions in its own types. Definitions
    that webhooks use as well do not share a module with others.
    """
    users = users_of(registry, operations)
    payloads = users_of(registry, {name: [name] for each in webhooks.values() for name in each})
    events = _events(users_of(registry, webhooks), users, payloads)
    groups: dict[tuple[str, tuple[int, int]], list[str]] = defaultdict(list)
    for name in registry.definitions:
        if name in events:
            groups[(WEBHOOKS, events[name])].append(name)
        else:
            groups[("", (users.get(name, 0), int(name in payloads)))].append(name)
    modules = [
        ModelModule(area, names.module(outermost(registry, group)), in_order(registry, group))
        for (area, _), group in groups.items()
    ]
    return sorted(modules, key=lambda module: module.path)


def _events(
    events: Mapping[str, int], users: Mapping[str, int], payloads: Mapping[str, int]
) -> dict[str, tuple[int, int]]:
    """Return the keys that divide definitions used only by webhooks into modules.

    The keys are events, and where that would make a large module, the payloads of actions too:
    one delivery needs the models of one action.
    """
    sizes = Counter(events[name] for name in events if name not in users)
    return {
        name: (bits, payloads[name] if sizes[bits] > _LARGE else 0)
        for name, bits in events.items()
        if name not in users
    }
