"""Choose the branch of a union that fits a value best.

A branch that keeps unknown keys accepts nearly every object, so validation alone cannot choose
between branches. The keys that each one recognises can.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol, cast

from pydantic import BaseModel, ValidationError

from .core_schema import Definitions, Schema, branches, literals, unwrap
from .pass_state import NotParsedError, PassState, current
from .union_fit import Analyses, Fit, Fitting, fields

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


def fallback(choice: Choice, place: int) -> Callable[[object], int | None]:
    """Return a function that chooses the branch at this place of those to try after the best one.

    It is for values that the better branches refuse. A branch that recognises fewer keys than the
    best is chosen only if the pass allows it: the value would be less typed than it could be.
    """

    def choose(value: object) -> int | None:
        if value.__class__ is not dict and value.__class__ is not list:
            return None
        state = current()
        if state.fallbacks <= 0:
            return None
        others = _others(choice, value, choice.choose(value), state)
        if place >= len(others):
            return None
        state.fallbacks -= 1
        return others[place]

    return choose


def _others(choice: Choice, value: object, best: int | None, state: PassState) -> list[int]:
    """Return the branches to try after the best one."""
    ranked = choice.ranked(value)
    return [
        number
        for fit, number in ranked
        if number != best and (state.any_branch or fit.recognised == ranked[0][0].recognised)
    ]


def demand_parsed(value: object) -> None:
    """Raise `NotParsedError` for a value that a union has refused so far."""
    if value.__class__ is dict or value.__class__ is list:
        raise NotParsedError


def in_turn(
    choice: Choice, most: int
) -> tuple[Callable[[object], int | None], Callable[[Any, Callable[[Any], Any]], Any]]:
    """Return a discriminator, and a wrap validator around its union that tries several branches.

    They read a value of a parsed body as its best branch, then as up to `most` others. That none of
    these accepts a value is remembered for later passes over the body.
    """

    def selected(_: object) -> int | None:
        return current().selected

    def read(value: Any, handler: Callable[[Any], Any]) -> Any:
        state = current()
        key = (id(choice), id(value))
        best = None if key in state.refused else choice.choose(value)
        state.selected = best
        if best is None:
            return handler(value)
        try:
            return handler(value)
        except ValidationError as error:
            first = error
        others = _others(choice, value, best, state)[:most] if state.fallbacks > 0 else []
        for number in others[: state.fallbacks]:
            state.fallbacks -= 1
            state.selected = number
            try:
                return handler(value)
            except ValidationError:
                pass
        # The value is kept, so that its id stays unique.
        state.refused[key] = (value, best)
        raise first.with_traceback(None)

    return selected, read


def as_before(choice: Choice) -> Callable[[object], int | None]:
    """Return a function that chooses the best branch, which an earlier pass may have found."""

    def choose(value: object) -> int | None:
        refused = current().refused
        known = refused.get((id(choice), id(value))) if refused else None
        return choice.choose(value) if known is None else known[1]

    return choose


# How many sets of keys are remembered, and up to which size. An API sends a handful; in a map with
# ids as keys each set is new.
_MEMORY = 512
_MEMORABLE = 200
_OTHER = object()
_UNDECLARED = "\0"
"""Stands for all keys that no branch declares by name."""


class Branch(NamedTuple):
    """One object type of a union, analysed.

    Attributes:
        fields: the schemas of its keys.
        required: the keys that must be sent.
        tags: keys with the only values that they may have.
        stands_for: keys with the values that identify this type (``Model.__stands_for__``).
        others: the schema that a map declares for all its values.
    """

    fields: dict[str, Schema]
    required: frozenset[str]
    tags: dict[str, frozenset[Any]]
    stands_for: Mapping[str, Sequence[str]]
    others: Schema | None

    def declares(self, key: str) -> Schema | None:
        """Return the schema of a key; None if it is unknown."""
        return self.fields.get(key, self.others)


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
    a branch. Their result is remembered. `sure_choice` decides the usual case before any of this.
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
            _branch(schema, definitions, tags)
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
        self._declared = frozenset(key for branch in self.branches for key in branch.fields)
        self._has_map = any(branch.others is not None for branch in self.branches)
        # For each key, a number for each branch: the same for branches that declare the same.
        self._kinds: dict[str, list[int]] = {}
        self._analyses = Analyses(definitions)
        self._memory: dict[Hashable, list[int]] = {}

    def choose(self, value: object) -> int | None:
        """Return the number of the branch; None if `value` is not an object."""
        if not isinstance(value, dict):
            return None
        sent = cast("dict[str, Any]", value)
        best = self._shortlist(sent)
        if not best:
            return UNKNOWN
        return best[0] if len(best) == 1 else self._by_depth(best, sent)[0][1]

    def ranked(self, value: object) -> list[tuple[Fit, int]]:
        """Return the branches for a value, the best one first, with how well they fit."""
        if not isinstance(value, dict):
            return []
        sent = cast("dict[str, Any]", value)
        return self._by_depth(self._candidates(self._sent_tags(sent)), sent)

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

    def _shortlist(self, value: dict[str, Any]) -> list[int]:
        tags = self._sent_tags(value)
        meant = self._meant(value)
        about = (tuple(tags.items()), meant)
        whole = (tuple(value), *about) if len(value) <= _MEMORABLE else None
        found = self._memory.get(whole)
        if found is None:
            keys = self._telling(value)
            shape = (keys, *about)
            found = self._memory.get(shape)
            if found is None:
                found = self._rank(keys, tags, meant)
                self._remember(shape, found)
            if whole is not None and whole != shape:
                self._remember(whole, found)
        return found

    def _remember(self, shape: Hashable, ranked: list[int]) -> None:
        if len(self._memory) >= _MEMORY:
            self._memory.clear()
        self._memory[shape] = ranked

    def _telling(self, value: dict[str, Any]) -> tuple[str, ...]:
        """Return the sent keys that the choice depends on, however many others there are."""
        declared = self._declared
        if len(value) < len(declared):
            keys = [key for key in value if key in declared]
        else:
            keys = [key for key in declared if key in value]
        if self._has_map and len(keys) < len(value):
            # All others are alike: a map declares the same for each of them.
            keys.append(_UNDECLARED)
        return tuple(keys)

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
        binding = {key: tag for key, tag in tags.items() if key in self._binding}
        candidates = [i for i in range(len(self.branches)) if not self._contradicts(i, binding)]
        agreeing = [i for i in candidates if self._agrees(i, tags)]
        contradicted = {i for i in candidates if self._contradicts(i, tags)}
        if any(i not in contradicted for i in agreeing):
            candidates = [i for i in candidates if i not in contradicted]
        return candidates

    def _rank(self, keys: tuple[str, ...], tags: dict[str, object], meant: int | None) -> list[int]:
        candidates = self._candidates(tags)
        if not candidates:
            return []
        sent = frozenset(keys)
        scores = {i: self._score(i, sent) for i in candidates}
        top = max(scores.values())
        best = [i for i in candidates if scores[i] == top]
        if meant in best:
            return [meant]
        return best if self._differ(best, keys) else [min(best, key=self._size)]

    def _differ(self, numbers: list[int], keys: tuple[str, ...]) -> bool:
        # Branches that declare the same for every key that was sent cannot be told apart by values.
        if len(numbers) == 1:
            return False
        for key in keys:
            kinds = self._kinds.get(key) or self._kinds_of(key)
            if any(kinds[number] != kinds[numbers[0]] for number in numbers):
                return True
        return False

    def _kinds_of(self, key: str) -> list[int]:
        declared = [branch.declares(key) for branch in self.branches]
        different: list[Schema | None] = []
        for each in declared:
            if each not in different:
                different.append(each)
        kinds = [different.index(each) for each in declared]
        if key in self._declared:
            self._kinds[key] = kinds
        return kinds

    def _size(self, number: int) -> int:
        return len(self.branches[number].fields)

    def _agrees(self, number: int, tags: dict[str, object]) -> bool:
        declared = self.branches[number].tags
        return any(key in declared and value in declared[key] for key, value in tags.items())

    def _contradicts(self, number: int, tags: dict[str, object]) -> bool:
        declared = self.branches[number].tags
        return any(key in declared and value not in declared[key] for key, value in tags.items())

    def _score(self, number: int, keys: frozenset[str]) -> Fit:
        branch = self.branches[number]
        return Fit(len(keys & branch.fields.keys()), -len(branch.required - keys))

    def _by_depth(self, numbers: list[int], value: dict[str, Any]) -> list[tuple[Fit, int]]:
        fitting = Fitting(self._analyses)
        fits = [(fitting.fit(self.schemas[number], value), number) for number in numbers]
        # Sorting is stable, and the list is in the order of declaration.
        return sorted(fits, key=lambda each: (each[0], -self._size(each[1])), reverse=True)


def _branch(
    schema: Schema, definitions: Definitions, discriminator: Mapping[str, frozenset[Any]]
) -> Branch:
    bare = unwrap(schema, definitions)
    declared: dict[str, Schema] = {}
    required: set[str] = set()
    tags = dict(discriminator)
    for field in fields(bare) or ():
        declared[field.key] = field.schema
        if field.required:
            required.add(field.key)
        if (only := _only_value(field.schema, definitions)) is not None:
            tags.setdefault(field.key, frozenset({only}))
    stands_for: Mapping[str, Sequence[str]] = getattr(bare.get("cls"), "__stands_for__", {})
    return Branch(declared, frozenset(required), tags, stands_for, bare.get("values_schema"))


def _only_value(schema: Schema, definitions: Definitions) -> object:
    # None is ignored: a tag may be optional.
    found: list[Any] = []
    for each in branches(schema, definitions):
        bare = unwrap(each, definitions)
        if bare["type"] != "none":
            found += literals(bare) or [None, None]
    return found[0] if len(found) == 1 else None


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
