"""Read an object of a union as a branch that must be the best, without comparing the branches.

Comparing them (`union_choice`) takes a Python dictionary of the object, which is a second reading
of it. Most objects need none: if a branch accepts an object and knows each of its keys that any
branch knows, then no other branch recognises more, and only branches that recognise the same keys
could be better. Where those declare the same for each of these keys, the smallest one wins; where
the value of a key identifies a branch, that one wins.

So these branches are tried first, in the order in which they win, and pydantic finds the one of a
tag by itself. What none of them accepts is left to the comparison.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import NoneType
from typing import Any, cast

from pydantic_core import core_schema

from .core_schema import Definitions, Schema, accepts, runs_code
from .rewrite import first_of
from .survey import Survey
from .union_choice import ObjectChoice
from .union_ranking import Branch

# Branches that are tried in turn if there is no tag. Each failure costs as much as reading.
_MOST_TRIED = 2
# Unions inside of a branch that is tried: what it refuses is read once more at each level.
_MOST_NESTED = 2


def sure_choice(numbered: dict[int, Schema], choice: ObjectChoice, survey: Survey) -> Schema | None:
    """Return a schema that accepts an object only as the branch that `choice` would choose for it.

    Args:
        numbered: the schema of each branch, by its number.
        choice: how the branches are compared.
        survey: the survey of the whole type.

    Returns:
        None if there is no such branch, or if there are too many to try.
    """
    plan = _Plan(choice, survey)
    reading = {number: plan.reading(number, numbered[number]) for number in plan.usable}
    if (key := plan.telling_key()) is not None:
        options = {
            value: first_of(*(reading[number] for number in numbers))
            for value, numbers in plan.by_value(key).items()
        }
        return core_schema.tagged_union_schema(cast("Any", options), key) if options else None
    if 0 < len(plan.sure) <= _MOST_TRIED:
        return first_of(*(reading[number] for number in plan.sure))
    return None


class _Plan:
    """The branches that can be known to be the best.

    Attributes:
        usable: those that keep the keys which they do not know, so that these can be looked at, and
            that are not read too often if they refuse a value.
        sure: those that are the best for what they accept, in the order in which they win.
    """

    def __init__(self, choice: ObjectChoice, survey: Survey) -> None:
        self._definitions = survey.definitions
        self._branches = choice.branches
        self._standing = choice.standing
        self.usable = [
            number
            for number, schema in enumerate(choice.schemas)
            if _keeps_unknown_keys(schema, survey.definitions)
            and survey.nesting(schema) <= _MOST_NESTED
        ]
        self.sure: list[int] = []
        for number in sorted(range(len(self._branches)), key=self._order):
            if number in self.usable and self._wins(number):
                self.sure.append(number)

    def telling_key(self) -> str | None:
        """Return the key whose value distinguishes the most branches; None if there is none."""
        found: dict[str, int] = {}
        for branch in self._branches:
            for key in {*branch.tags, *branch.stands_for}:
                found[key] = found.get(key, 0) + 1
        most = max(found.values(), default=0)
        return next((key for key in found if found[key] == most), None) if most > 1 else None

    def by_value(self, key: str) -> dict[str, list[int]]:
        """Return the branches to try for each value of `key`."""
        found: dict[str, list[int]] = {}
        for number in self.sure:
            for value in self._branches[number].tags.get(key, ()):
                if isinstance(value, str):
                    found.setdefault(value, []).append(number)
        for value, number in self._standing.get(key, {}).items():
            if number in self.usable:
                found[value] = [number]
        return found

    def reading(self, number: int, schema: Schema) -> Schema:
        """Return `schema` so that it refuses objects with keys that only other branches know."""
        own = self._branches[number].fields.keys()
        foreign = {key for branch in self._branches for key in branch.fields} - own
        if not foreign:
            return schema
        check = _refusing(frozenset(foreign))
        return core_schema.no_info_after_validator_function(check, cast("Any", schema))

    def _order(self, number: int) -> tuple[int, int]:
        return len(self._branches[number].fields), number

    def _wins(self, number: int) -> bool:
        for other in self._rivals(number):
            if not _agree(self._branches[number], self._branches[other]):
                return False
            if self._order(other) < self._order(number) and other not in self.sure:
                return False
        return True

    def _rivals(self, number: int) -> Iterator[int]:
        """Yield the other branches that may recognise as much of an object that this one knows."""
        own = self._branches[number]
        for other, branch in enumerate(self._branches):
            both_possible = (
                branch.required <= own.fields.keys() and own.required <= branch.fields.keys()
            )
            if other != number and both_possible and not self._exclude(own, branch):
                yield other

    def _exclude(self, own: Branch, other: Branch) -> bool:
        """Return whether a tag that `own` accepts excludes `other`."""
        return any(
            key in own.required
            and values.isdisjoint(other.tags.get(key, values))
            and NoneType not in accepts(own.fields[key], self._definitions)
            for key, values in own.tags.items()
            if key in own.fields
        )


def _keeps_unknown_keys(schema: Schema, definitions: Definitions) -> bool:
    if schema["type"] == "definition-ref":
        schema = definitions[schema["schema_ref"]]
    if schema["type"] != "model" or schema.get("root_model") or runs_code(schema):
        return False
    fields = schema["schema"]
    if fields["type"] != "model-fields":
        return False
    config: Schema = schema.get("config") or {}
    return bool(fields.get("extra_behavior", config.get("extra_fields_behavior")) == "allow")


def _agree(one: Branch, other: Branch) -> bool:
    if other.others is not None:
        return False
    return all(one.fields[key] == other.fields[key] for key in one.fields.keys() & other.fields)


def _refusing(foreign: frozenset[str]) -> Callable[[Any], Any]:
    def check(model: Any) -> Any:
        unknown = model.__pydantic_extra__
        if unknown and not foreign.isdisjoint(unknown):
            raise ValueError("another branch knows more of the keys")
        return model

    return check
