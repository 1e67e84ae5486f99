"""Decides which module each model belongs to.

Models that exactly the same operations need share a module, so that the first call of an operation
imports what it needs and nothing else. Modules never import each other in a circle, since the
models that a module imports are needed by more operations than its own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from codegen import names
from codegen.registry import Registry

WEBHOOKS = "webhooks"


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

    `operations` and `webhooks` map each of them to the definitions in its own types.
    """
    users = _users(registry, operations)
    events = _users(registry, webhooks)
    groups: dict[tuple[str, frozenset[str]], list[str]] = defaultdict(list)
    for name in registry.definitions:
        if name in events and name not in users:
            groups[(WEBHOOKS, frozenset(events[name]))].append(name)
        else:
            groups[("", frozenset(users.get(name, ())))].append(name)
    modules = [
        ModelModule(area, _module_name(registry, group), in_order(registry, group))
        for (area, _), group in groups.items()
    ]
    return sorted(modules, key=lambda module: module.path)


def _users(registry: Registry, roots: Mapping[str, Iterable[str]]) -> dict[str, set[str]]:
    """Return which of `roots` reach each definition."""
    found: dict[str, set[str]] = defaultdict(set)
    for user, named in roots.items():
        todo = list(named)
        while todo:
            name = todo.pop()
            if user not in found[name]:
                found[name].add(user)
                todo += registry.uses(name)
    return found


def _module_name(registry: Registry, group: list[str]) -> str:
    """A module is named after its outermost definition, the shortest-named if there are several."""
    inner = {used for name in group for used in registry.uses(name) if used != name}
    outermost = [name for name in group if name not in inner] or group
    chosen = min(outermost, key=lambda name: (len(name), name))
    return names.module(chosen)


def in_order(registry: Registry, group: Iterable[str]) -> tuple[str, ...]:
    """Sort the definitions: those that are used before those that use them, then by name."""
    members = set(group)
    done: dict[str, None] = {}
    path: set[str] = set()

    def visit(name: str) -> None:
        if name in done or name in path:
            return
        path.add(name)
        for used in sorted(set(registry.uses(name)) & members):
            visit(used)
        done[name] = None

    for name in sorted(group):
        visit(name)
    return tuple(done)
