"""Choose the branch of a union that fits a value best.

A branch that keeps unknown keys accepts nearly every object, so validation alone cannot choose
between branches. The keys that each one recognises can.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from .core_schema import Definitions, Schema, branches, literals, unwrap
from .union_fit import Fit, fields, fit

Choice = Callable[[object], int | None]
"""Returns the number of the branch for a value, None if no branch accepts its JSON type."""

# How many sets of keys are remembered, and up to which size. An API sends a handful; in a map with
# ids as keys each set is new.
_MEMORY = 512
_MEMORABLE = 200
_OTHER = object()


@dataclass(frozen=True, slots=True)
class _Branch:
    fields: dict[str, Schema]
    required: frozenset[str]
    tags: dict[str, frozenset[Any]]
    others: Schema | None
    """The schema that a map declares for all its values."""

    def declares(self, key: str) -> Schema | None:
        return self.fields.get(key, self.others)


class ObjectChoice:
    """Picks one of several object types for a JSON object.

    The rules, in this order: a branch whose tag (a field with one literal value, or the union's
    declared discriminator) differs from the value's is excluded, if the tags of another branch
    match; then the most recognised keys; then the fewest missing required keys; then both at every
    depth, with the values that would be refused; then the smallest type; then the order of
    declaration. A tag is a hint: without it, or with an unknown one, the keys decide.

    All rules but the comparison at depth depend on the keys and the tags alone. Their result is
    remembered.
    """

    def __init__(
        self,
        schemas: Sequence[Schema],
        definitions: Definitions,
        discriminators: Sequence[Mapping[str, frozenset[Any]]],
    ) -> None:
        self._schemas = schemas
        self._definitions = definitions
        self._branches = [
            _branch(schema, definitions, tags)
            for schema, tags in zip(schemas, discriminators, strict=True)
        ]
        self._tags: dict[str, frozenset[Any]] = {}
        for branch in self._branches:
            for key, values in branch.tags.items():
                self._tags[key] = self._tags.get(key, frozenset()) | values
        self._memory: dict[Hashable, list[int]] = {}

    def choose(self, value: object) -> int | None:
        """Return the number of the branch; None if `value` is not an object."""
        if not isinstance(value, dict):
            return None
        sent = cast("dict[str, Any]", value)
        best = self._shortlist(sent)
        return best[0] if len(best) == 1 else self._deepest(best, sent)

    def _shortlist(self, value: dict[str, Any]) -> list[int]:
        tags = {key: self._tag(key, value[key]) for key in self._tags if key in value}
        shape = (tuple(value), tuple(tags.items()))
        best = self._memory.get(shape)
        if best is None:
            best = self._rank(value.keys(), tags)
            if len(value) <= _MEMORABLE:
                if len(self._memory) >= _MEMORY:
                    self._memory.clear()
                self._memory[shape] = best
        return best

    def _tag(self, key: str, value: object) -> object:
        # All unknown values count as one, so that only known values become keys of the memory.
        return value if isinstance(value, Hashable) and value in self._tags[key] else _OTHER

    def _rank(self, keys: Any, tags: dict[str, object]) -> list[int]:
        candidates = list(range(len(self._branches)))
        agreeing = [i for i in candidates if self._agrees(i, tags)]
        contradicted = {i for i in candidates if self._contradicts(i, tags)}
        if any(i not in contradicted for i in agreeing):
            candidates = [i for i in candidates if i not in contradicted]
        scores = {i: self._score(i, keys) for i in candidates}
        top = max(scores.values())
        best = [i for i in candidates if scores[i] == top]
        return best if self._differ(best, keys) else [min(best, key=self._size)]

    def _differ(self, numbers: list[int], keys: Any) -> bool:
        # Branches that declare the same for every key that was sent cannot be told apart by values.
        first, *rest = (self._branches[i] for i in numbers)
        return any(first.declares(key) != each.declares(key) for each in rest for key in keys)

    def _size(self, number: int) -> int:
        return len(self._branches[number].fields)

    def _agrees(self, number: int, tags: dict[str, object]) -> bool:
        declared = self._branches[number].tags
        return any(key in declared and value in declared[key] for key, value in tags.items())

    def _contradicts(self, number: int, tags: dict[str, object]) -> bool:
        declared = self._branches[number].tags
        return any(key in declared and value not in declared[key] for key, value in tags.items())

    def _score(self, number: int, keys: Any) -> Fit:
        branch = self._branches[number]
        return Fit(len(branch.fields.keys() & keys), -len(branch.required - keys))

    def _deepest(self, best: list[int], value: dict[str, Any]) -> int:
        def closeness(number: int) -> tuple[Fit, int]:
            return fit(self._schemas[number], value, self._definitions), -self._size(number)

        # max() returns the first of equals, and the list is in the order of declaration.
        return max(best, key=closeness)


def _branch(
    schema: Schema, definitions: Definitions, discriminator: Mapping[str, frozenset[Any]]
) -> _Branch:
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
    return _Branch(declared, frozenset(required), tags, bare.get("values_schema"))


def _only_value(schema: Schema, definitions: Definitions) -> object:
    # None is ignored: a tag may be optional.
    found: list[Any] = []
    for each in branches(schema, definitions):
        bare = unwrap(each, definitions)
        if bare["type"] != "none":
            found += literals(bare) or [None, None]
    return found[0] if len(found) == 1 else None


def object_choice(schemas: Sequence[Schema], definitions: Definitions, union: Schema) -> Choice:
    """Return a function that picks one of the object types of `union` for a JSON object.

    A discriminator that names a key provides tags. A discriminator function is called first: it is
    the model author's own rule.
    """
    discriminator = union.get("discriminator")
    named: Mapping[Hashable, Schema] = union["choices"] if discriminator else {}
    tags = [frozenset(tag for tag in named if named[tag] == schema) for schema in schemas]
    if not callable(discriminator):
        key = discriminator if isinstance(discriminator, str) else None
        hints = [{key: each} if key and each else {} for each in tags]
        return ObjectChoice(schemas, definitions, hints).choose
    by_keys = ObjectChoice(schemas, definitions, [{} for _ in schemas]).choose
    by_tag = {tag: number for number, each in enumerate(tags) for tag in each}

    def choose(value: object) -> int | None:
        try:
            return by_tag[discriminator(value)]
        except Exception:  # noqa: BLE001 - the function is the author's, and drift may break it
            return by_keys(value)

    return choose


def array_choice(schemas: Sequence[Schema], definitions: Definitions) -> Choice:
    """Return a function that picks one of several array types by the items of the array."""

    def choose(value: object) -> int | None:
        if not isinstance(value, list):
            return None
        items = cast("list[Any]", value)
        return max(range(len(schemas)), key=lambda i: fit(schemas[i], items, definitions))

    return choose
