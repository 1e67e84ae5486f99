"""Read wide objects and long arrays of a parsed body at a cost that does not multiply.

A validator of pydantic looks at every key of an object, also at those that no field has, before it
refuses the object. Here it is given the declared keys alone; the others are added to the instance
that it returns. A long array or map is given to it in parts, between which other threads run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from typing import Any, Final, cast

from pydantic import BaseModel

Handler = Callable[[Any], Any]

# An object with more keys than this is wide, if most of them are unknown.
_WIDE: Final = 200
# The length of an array or a map that is read in parts, and the length of a part.
_LONG: Final = 2000


def narrowing(declared: frozenset[str], extra: str) -> Callable[[Any, Handler], Any]:
    """Return a wrap validator for objects of which only the `declared` keys are validated.

    Args:
        declared: the keys of all fields.
        extra: what the type does with other keys, in pydantic's words: "allow" or "forbid".
    """
    least = max(_WIDE, 2 * len(declared))

    def read(value: Any, handler: Handler) -> Any:
        if value.__class__ is not dict or len(value) <= least:
            return handler(value)
        sent = cast("dict[str, Any]", value)
        known = {key: sent[key] for key in declared if key in sent}
        if extra == "forbid":
            # One forbidden key is enough for it to be refused.
            other = next(key for key in sent if key not in declared)
            return handler({**known, other: sent[other]})
        found = handler(known)
        if isinstance(found, BaseModel):
            _add(found, sent, declared)
        elif found.__class__ is dict:
            found.update((key, sent[key]) for key in sent if key not in declared)
        return found

    return read


def _add(model: BaseModel, sent: dict[str, Any], declared: frozenset[str]) -> None:
    extra = model.__pydantic_extra__
    if extra is None:
        return
    names = model.__pydantic_fields_set__
    for key, value in sent.items():
        if key not in declared:
            extra[key] = value
            names.add(key)


def in_parts(value: Any, handler: Handler) -> Any:
    """Read a long array or map in parts, as a wrap validator."""
    if (value.__class__ is not list and value.__class__ is not dict) or len(value) <= _LONG:
        return handler(value)
    if value.__class__ is dict:
        found: dict[Any, Any] = {}
        for part in _parts(cast("dict[str, Any]", value).items()):
            found.update(handler(dict(part)))
        return found
    first, *others = (handler(part) for part in _parts(cast("list[Any]", value)))
    if first.__class__ is list:
        items = cast("list[Any]", first)
        for part in others:
            items.extend(part)
        return items
    # A tuple, a set or a frozen set.
    return first.__class__(chain(first, *others))


def _parts(items: Iterable[Any]) -> Iterator[list[Any]]:
    rest = iter(items)
    while part := list(islice(rest, _LONG)):
        yield part
