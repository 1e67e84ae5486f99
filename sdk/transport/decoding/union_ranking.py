"""Rank the branches of a union by the keys of an object, and by its values at every depth.

The keys that the branches declare are numbered, so that a set of keys is an integer. To count the
recognised and the missing keys of a branch takes two operations, however many there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from .core_schema import Definitions, Schema, branches, literals, unwrap
from .union_fit import DEPTH, FITS, Analyses, Fit, Fitting, fields

UNDECLARED = "\0"
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


class Ranked(NamedTuple):
    """The best branches for a set of keys.

    Attributes:
        numbers: of these branches.
        keys: the sent keys for which they do not all declare the same; none for a single branch.
    """

    numbers: list[int]
    keys: tuple[str, ...] = ()


class Ranking:
    """Compares the branches of a union with objects.

    Args:
        schemas: of the branches.
        branches: their analyses.
        definitions: the schemas that they may refer to.
    """

    def __init__(
        self, schemas: Sequence[Schema], branches: Sequence[Branch], definitions: Definitions
    ) -> None:
        self._schemas = schemas
        self._branches = branches
        self._analyses = Analyses(definitions)
        self._sizes = [len(branch.fields) for branch in branches]
        keys = list(dict.fromkeys(key for branch in branches for key in branch.fields))
        self._has_map = any(branch.others is not None for branch in branches)
        self._bits = {key: 1 << place for place, key in enumerate(keys)}
        self._known = [self._set_of(branch.fields) for branch in branches]
        self._required = [self._set_of(branch.required) for branch in branches]
        if self._has_map:
            self._bits[UNDECLARED] = 1 << len(keys)
        self._declared: dict[str, _Declared] = {}
        self._apart: dict[tuple[int, int], int] = {}

    def sent(self, value: dict[str, Any]) -> int:
        """Return the set of sent keys that the choice depends on, however many others there are."""
        found = 0
        bits = self._bits
        if len(value) < len(bits):
            for key in value:
                if key in bits:
                    found |= bits[key]
        else:
            for key, bit in bits.items():
                if key in value:
                    found |= bit
        if self._has_map and found.bit_count() < len(value):
            # All others are alike: a map declares the same for each of them.
            found |= bits[UNDECLARED]
        return found

    def best(self, candidates: Sequence[int], sent: int, meant: int | None) -> Ranked:
        """Return those that recognise most of the sent keys and then lack the fewest.

        Args:
            candidates: the numbers of the branches.
            sent: the set of keys.
            meant: the branch that the value of a key identifies. It wins if it is among the best.
        """
        if len(candidates) > 1:
            known = [(sent & self._known[number]).bit_count() for number in candidates]
            most = max(known)
            candidates = [candidates[n] for n, count in enumerate(known) if count == most]
        if len(candidates) > 1:
            lacking = [(self._required[number] & ~sent).bit_count() for number in candidates]
            least = min(lacking)
            candidates = [candidates[n] for n, count in enumerate(lacking) if count == least]
        if meant is not None and meant in candidates:
            return Ranked([meant])
        keys = self._telling(candidates, sent)
        # Branches that declare the same for every key that was sent differ in size alone.
        return (
            Ranked(list(candidates), keys)
            if keys
            else Ranked([min(candidates, key=self._sizes.__getitem__)])
        )

    def by_depth(
        self, numbers: Sequence[int], keys: tuple[str, ...] | None, value: dict[str, Any]
    ) -> list[tuple[Fit, int]]:
        """Return the branches, the best one first, with how well they fit.

        Keys for which all of them declare the same are not counted.

        Args:
            numbers: of the branches.
            keys: the keys for which they do not all declare the same, if that is known.
            value: the object.
        """
        if len(numbers) == 1:
            return [(FITS, numbers[0])]
        if any(self._branches[number].others is not None for number in numbers):
            fitting = Fitting(self._analyses)
            fits = [(fitting.fit(self._schemas[number], value), number) for number in numbers]
        else:
            fits = self._fits(numbers, keys, value)
        # Sorting is stable, and the list is in the order of declaration.
        return sorted(fits, key=lambda each: (each[0], -self._sizes[each[1]]), reverse=True)

    def _set_of(self, keys: Iterable[str]) -> int:
        found = 0
        for key in keys:
            found |= self._bits[key]
        return found

    def _telling(self, numbers: Sequence[int], sent: int) -> tuple[str, ...]:
        """Return the sent keys for which the branches do not all declare the same."""
        first, *others = numbers
        apart = 0
        for other in others:
            pair = (first, other)
            found = self._apart.get(pair)
            if found is None:
                found = self._apart[pair] = self._apart_of(first, other)
            apart |= found
        apart &= sent
        return tuple([key for key, bit in self._bits.items() if bit & apart]) if apart else ()

    def _apart_of(self, first: int, other: int) -> int:
        found = 0
        for key, bit in self._bits.items():
            kinds = self._declared_for(key).kinds
            if kinds[first] != kinds[other]:
                found |= bit
        return found

    def _declared_for(self, key: str) -> _Declared:
        found = self._declared.get(key)
        if found is None:
            different: list[Schema | None] = []
            kinds: list[int] = []
            for branch in self._branches:
                schema = branch.declares(key)
                if schema not in different:
                    different.append(schema)
                kinds.append(different.index(schema))
            found = self._declared[key] = _Declared(different, kinds)
        return found

    def _fits(
        self, numbers: Sequence[int], keys: tuple[str, ...] | None, value: dict[str, Any]
    ) -> list[tuple[Fit, int]]:
        sent = self.sent(value)
        recognised = {n: (sent & self._known[n]).bit_count() for n in numbers}
        conflicts = {n: -(self._required[n] & ~sent).bit_count() for n in numbers}
        fitting = Fitting(self._analyses)
        for key in self._telling(numbers, sent) if keys is None else keys:
            schemas, kinds = self._declared_for(key)
            fits: dict[int, Fit] = {}
            for kind in {kinds[number] for number in numbers}:
                schema = schemas[kind]
                fits[kind] = FITS
                if schema is not None:
                    fits[kind] = fitting.fit(schema, value[key], DEPTH - 1)
            if all(fit == FITS for fit in fits.values()):
                continue
            for number in numbers:
                inside = fits[kinds[number]]
                recognised[number] += inside.recognised
                conflicts[number] += inside.conflicts
        return [(Fit(recognised[n], conflicts[n]), n) for n in numbers]


class _Declared(NamedTuple):
    """What the branches declare for one key.

    Attributes:
        schemas: all different ones; None for branches that do not declare it.
        kinds: which of them each branch declares.
    """

    schemas: list[Schema | None]
    kinds: list[int]


def analysed(
    schema: Schema, definitions: Definitions, discriminator: Mapping[str, frozenset[Any]]
) -> Branch:
    """Return the analysis of one branch, with the tags that the union's discriminator gives it."""
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
