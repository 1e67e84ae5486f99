"""Assign models to modules.

Models that exactly the same operations need share a module, so that the first call of an
operation loads the models that it needs and no others. It follows that imports between modules
have no cycles: an imported module is needed by more operations than the importing one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sdk.codegen import names
from sdk.codegen.registry import Registry


@dataclass(frozen=True)
class ModelModule:
    """One file of models."""

    name: str
    definitions: tuple[str, ...]


# With no more models than this, they all live in one module.
ONE_MODULE = 60


def arrange(
    registry: Registry, operations: Mapping[str, Iterable[str]], kept: Mapping[str, str]
) -> list[ModelModule]:
    """Divide the registry's definitions into modules.

    `operations` says which definitions each operation names in its own types; `kept` in which
    module each model lived after the last run.
    """
    divided = any("." in name for name in kept.values())
    if len(registry.definitions) <= ONE_MODULE and not divided:
        return [ModelModule("models", in_order(registry, registry.definitions))]
    users = users_of(registry, operations)
    groups: dict[int, list[str]] = defaultdict(list)
    for name in registry.definitions:
        groups[users.get(name, 0)].append(name)
    taken: set[str] = set()
    modules: list[ModelModule] = []
    for group in sorted(
        groups.values(), key=lambda group: names.module(outermost(registry, group))
    ):
        name = names.free(names.module(outermost(registry, group)), taken)
        taken.add(name)
        modules.append(ModelModule(name, in_order(registry, group)))
    return sorted(modules, key=lambda module: module.name)


def users_of(registry: Registry, roots: Mapping[str, Iterable[str]]) -> dict[str, int]:
    """Return which of `roots` reach each definition: one bit for each root."""
    found: dict[str, int] = defaultdict(int)
    for bit, named in enumerate(roots.values()):
        for name in named:
            found[name] |= 1 << bit
    order = _users_first(registry, list(found))
    changed = True
    while changed:
        # Once more for each circle of definitions within another, which is rare.
        changed = False
        for name in order:
            mine = found[name]
            for used in registry.uses(name):
                if found[used] | mine != found[used]:
                    found[used] |= mine
                    changed = True
    return found


def _users_first(registry: Registry, roots: Iterable[str]) -> list[str]:
    """Return the reachable definitions, users before the definitions they use, except in cycles."""
    done: dict[str, None] = {}
    seen: set[str] = set()
    for root in roots:
        todo = [(root, iter(registry.uses(root)))] if root not in seen else []
        seen.add(root)
        while todo:
            name, rest = todo[-1]
            following = next((used for used in rest if used not in seen), None)
            if following is None:
                done[name] = None
                todo.pop()
            else:
                seen.add(following)
                todo.append((following, iter(registry.uses(following))))
    return list(reversed(done))


def outermost(registry: Registry, group: list[str]) -> str:
    """Return the definition after which a module is named: the shortest-named of the outermost."""
    inner = {used for name in group for used in registry.uses(name) if used != name}
    found = [name for name in group if name not in inner] or group
    return min(found, key=lambda name: (len(name), name))


def in_order(registry: Registry, group: Iterable[str]) -> tuple[str, ...]:
    """Return definitions after those that they use, and always after their bases."""
    members = set(group)
    done: dict[str, None] = {}
    path: set[str] = set()
    waiting: dict[str, list[str]] = defaultdict(list)

    def visit(name: str) -> None:
        if name in done or name in path:
            return
        path.add(name)
        base = registry.base_of(name)
        if base in members:
            visit(base)
        for used in sorted(set(registry.uses(name)) & members):
            visit(used)
        if base in members and base not in done:
            waiting[base].append(name)
        else:
            finish(name)

    def finish(name: str) -> None:
        done[name] = None
        for each in waiting.pop(name, ()):
            finish(each)

    for name in sorted(members):
        visit(name)
    return tuple(done)
