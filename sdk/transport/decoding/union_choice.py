"""Choose the branch of a union that fits a value best.

A branch that keeps unknown keys accepts nearly every object, so validation alone cannot choose
between branches. The keys that each one recognises can.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, Protocol, cast

from pydantic import BaseModel

from .core_schema import Definitions, Schema, unwrap
from .pass_state import count_choice
from .union_fit import Analyses, Fit, Fitting
from .union_ranking import Ranked, Ranking, analysed

UNKNOWN = -1
"""The number for an object whose tag no branch declares."""


class Choice(Protocol):
    """Chooses a branch of a union, by its number."""

    def choose(self, value: object) -> int | None:
        """Return the number of the branch for a value; None if no branch accepts its JSON type."""
        ...

    def ranked(self, value: object) -> list[tuple[Fit, int]]:
        """Return the branches for a value, the best one first, with how well they fit."""
        ...


# How many sets of keys are remembered, and up to which size. An API sends a handful; in a map with
# ids as keys each set is new.
_MEMORY = 512
_MEMORABLE = 200
_OTHER = object()
_NONE = Ranked([])


class ObjectChoice:
    """Picks one of several object types for a JSON object.

    A key is a binding tag if the branches that declare it require it and give it different literal
    values. An object with another value there is none of these branches: it is decoded as a branch
    without the tag, or has the number `UNKNOWN`.

    The rules, in this order: a branch whose tag (a field with one literal value, or the union's
    declared discriminator) differs from the value's is excluded, if the tags of another branch
    match; then the most recognised keys; then the fewest missing required keys; then the branch
    that the value of a key identifies (``Model.__stands_for__``); then the most recognised keys at
    every depth, with the values that would be refused; then the smallest type; then the order of
    declaration. Without a tag, or with an unknown one that is not binding, the keys decide.

    All rules but the comparison at depth depend on the keys, the tags and the values that stand for
    a branch (`union_ranking`). Their result is remembered. `sure_choice` decides the usual case
    before any of this.
    """

    def __init__(
        self,
        schemas: Sequence[Schema],
        definitions: Definitions,
        discriminators: Sequence[Mapping[str, frozenset[Any]]],
    ) -> None:
        self.schemas = schemas
        self._definitions = definitions
        self.branches = [
            analysed(schema, definitions, tags)
            for schema, tags in zip(schemas, discriminators, strict=True)
        ]
        self._tags: dict[str, frozenset[Any]] = {}
        self.standing: dict[str, dict[str, int]] = {}
        """The branches that the values of some keys identify."""
        for number, branch in enumerate(self.branches):
            for key, values in branch.tags.items():
                self._tags[key] = self._tags.get(key, frozenset()) | values
            for key, names in branch.stands_for.items():
                known = self.standing.setdefault(key, {})
                known.update({name: number for name in names if name not in known})
        self._binding = {key for key in self._tags if self._binds(key)}
        self._ranking = Ranking(schemas, self.branches, definitions)
        self._memory: dict[Hashable, Ranked] = {}
        self._allowed: dict[tuple[object, ...], list[int]] = {}

    def choose(self, value: object) -> int | None:
        """Return the number of the branch; None if `value` is not an object."""
        if not isinstance(value, dict):
            return None
        count_choice()
        sent = cast("dict[str, Any]", value)
        best, keys = self._shortlist(sent)
        if not best:
            return UNKNOWN
        return best[0] if len(best) == 1 else self._ranking.by_depth(best, keys, sent)[0][1]

    def ranked(self, value: object) -> list[tuple[Fit, int]]:
        """Return the branches for a value, the best one first, with how well they fit."""
        if not isinstance(value, dict):
            return []
        sent = cast("dict[str, Any]", value)
        candidates = self._candidates(self._sent_tags(sent))
        return self._ranking.by_depth(candidates, None, sent) if candidates else []

    def unknown_tag(self, value: dict[str, Any]) -> str:
        """Return the key whose value is the tag that no branch declares."""
        return next(key for key in self._tags if key in self._binding and key in value)

    def tag_schema(self, key: str) -> Schema:
        """Return a schema of the tags that the branches declare for `key`."""
        return {"type": "literal", "expected": sorted(self._tags[key], key=repr)}

    def parent(self, key: str) -> type[BaseModel] | None:
        """Return the nearest class that all branches inherit from and that declares `key`."""
        classes: list[Any] = [
            unwrap(schema, self._definitions).get("cls") for schema in self.schemas
        ]
        if not all(isinstance(each, type) for each in classes):
            return None
        for each in classes[0].__mro__[1:]:
            if not issubclass(each, BaseModel) or not all(issubclass(cls, each) for cls in classes):
                continue
            keys = {field.alias or name for name, field in each.model_fields.items()}
            return each if key in keys else None
        return None

    def _binds(self, key: str) -> bool:
        holders = [branch for branch in self.branches if key in branch.tags]
        return len(self._tags[key]) > 1 and all(key in branch.required for branch in holders)

    def _sent_tags(self, value: dict[str, Any]) -> dict[str, object]:
        # Null counts as a missing tag.
        return {key: self._tag(key, value[key]) for key in self._tags if value.get(key) is not None}

    def _shortlist(self, value: dict[str, Any]) -> Ranked:
        tags = self._sent_tags(value)
        meant = self._meant(value)
        about = (tuple(tags.items()), meant)
        whole = (tuple(value), *about) if len(value) <= _MEMORABLE else None
        found = self._memory.get(whole)
        if found is None:
            keys = self._ranking.sent(value)
            shape = (keys, *about)
            found = self._memory.get(shape)
            if found is None:
                candidates = self._candidates(tags)
                found = self._ranking.best(candidates, keys, meant) if candidates else _NONE
                self._remember(shape, found)
            if whole is not None:
                self._remember(whole, found)
        return found

    def _remember(self, shape: Hashable, ranked: Ranked) -> None:
        if len(self._memory) >= _MEMORY:
            self._memory.clear()
        self._memory[shape] = ranked

    def _meant(self, value: dict[str, Any]) -> int | None:
        for key, known in self.standing.items():
            sent = value.get(key)
            if sent.__class__ is str and sent in known:
                return known[sent]
        return None

    def _tag(self, key: str, value: object) -> object:
        # All unknown values count as one, so that only known values become keys of the memory.
        return value if isinstance(value, Hashable) and value in self._tags[key] else _OTHER

    def _candidates(self, tags: dict[str, object]) -> list[int]:
        sent = tuple(tags.items())
        found = self._allowed.get(sent)
        if found is None:
            if len(self._allowed) >= _MEMORY:
                self._allowed.clear()
            found = self._allowed[sent] = self._allowed_by(tags)
        return found

    def _allowed_by(self, tags: dict[str, object]) -> list[int]:
        binding = {key: tag for key, tag in tags.items() if key in self._binding}
        candidates = [i for i in range(len(self.branches)) if not self._contradicts(i, binding)]
        agreeing = [i for i in candidates if self._agrees(i, tags)]
        contradicted = {i for i in candidates if self._contradicts(i, tags)}
        if any(i not in contradicted for i in agreeing):
            candidates = [i for i in candidates if i not in contradicted]
        return candidates

    def _agrees(self, number: int, tags: dict[str, object]) -> bool:
        declared = self.branches[number].tags
        return any(key in declared and value in declared[key] for key, value in tags.items())

    def _contradicts(self, number: int, tags: dict[str, object]) -> bool:
        declared = self.branches[number].tags
        return any(key in declared and value not in declared[key] for key, value in tags.items())


class FunctionChoice:
    """Calls the model author's own discriminator first; where it fails, the keys decide."""

    def __init__(
        self, discriminator: Callable[[Any], Any], tags: Mapping[Any, int], by_keys: ObjectChoice
    ) -> None:
        self._discriminator = discriminator
        self._tags = tags
        self._by_keys = by_keys

    def choose(self, value: object) -> int | None:
        """Return the number of the branch; None if `value` is not an object."""
        try:
            return self._tags[self._discriminator(value)]
        except Exception:  # noqa: BLE001 - the function is the author's, and drift may break it
            return self._by_keys.choose(value)

    def ranked(self, value: object) -> list[tuple[Fit, int]]:
        """Return the branches for a value by its keys, the best one first."""
        return self._by_keys.ranked(value)


class ArrayChoice:
    """Picks one of several array types by the items of the array."""

    def __init__(self, schemas: Sequence[Schema], definitions: Definitions) -> None:
        self._schemas = schemas
        self._analyses = Analyses(definitions)

    def choose(self, value: object) -> int | None:
        """Return the number of the branch; None if `value` is not an array."""
        ranked = self.ranked(value)
        return ranked[0][1] if ranked else None

    def ranked(self, value: object) -> list[tuple[Fit, int]]:
        """Return the branches for a value, the best one first, with how well they fit."""
        if not isinstance(value, list):
            return []
        fitting = Fitting(self._analyses)
        items = cast("list[Any]", value)
        fits = [(fitting.fit(schema, items), i) for i, schema in enumerate(self._schemas)]
        return sorted(fits, key=lambda each: each[0], reverse=True)


def object_choice(
    schemas: Sequence[Schema], definitions: Definitions, union: Schema
) -> ObjectChoice | FunctionChoice:
    """Return the choice among the object types of `union` for a JSON object.

    A discriminator that names a key provides tags. A discriminator function is called first.
    """
    discriminator = union.get("discriminator")
    named: Mapping[Hashable, Schema] = union["choices"] if discriminator else {}
    tags = [frozenset(tag for tag in named if named[tag] == schema) for schema in schemas]
    if not callable(discriminator):
        key = discriminator if isinstance(discriminator, str) else None
        hints = [{key: each} if key and each else {} for each in tags]
        return ObjectChoice(schemas, definitions, hints)
    by_keys = ObjectChoice(schemas, definitions, [{} for _ in schemas])
    by_tag = {tag: number for number, each in enumerate(tags) for tag in each}
    return FunctionChoice(discriminator, by_tag, by_keys)
