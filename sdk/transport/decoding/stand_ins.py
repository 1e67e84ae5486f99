"""Validators that read by a schema alone, with pydantic 2.12.

Within a schema, pydantic 2.12 reads each class that has a validator by that one, and has no option
that says otherwise. Classes without a validator take their place here. The classes themselves stay
as they are: other threads may validate with them, or build them.
"""

from __future__ import annotations

from typing import Any, cast

# Keys of values, and of what does not take part in validation.
_KEPT = frozenset({"default", "expected", "members", "metadata", "serialization"})


def with_stand_ins(part: Any, made: dict[type, type]) -> Any:
    """Return a copy of a schema without any class that has a validator.

    Args:
        part: the schema, or a part of it.
        made: the classes that took the place of others.
    """
    if isinstance(part, dict):
        node = cast("dict[str, Any]", part)
        kind = node.get("type")
        kept = _KEPT if isinstance(kind, str) else ()
        copied = {
            key: value if key in kept else with_stand_ins(value, made)
            for key, value in node.items()
        }
        # A class with its own ``__init__`` is called, and validates with what it has.
        if isinstance(kind, str) and kind in {"model", "dataclass"} and not node.get("custom_init"):
            cls = node["cls"]
            copied["cls"] = made.get(cls) or made.setdefault(cls, _stand_in(cls))
        return copied
    if isinstance(part, list):
        return [with_stand_ins(each, made) for each in cast("list[Any]", part)]
    if isinstance(part, tuple):
        return tuple(with_stand_ins(each, made) for each in cast("tuple[Any, ...]", part))
    return part


def _stand_in(cls: Any) -> type:
    """Return a class whose instances are instances of `cls`."""

    def new(_: type) -> object:
        return cls.__new__(cls)

    return type(cls.__name__, (), {"__new__": new})
