"""The type of the items of an operation's list."""

from __future__ import annotations

from typing import Any, Union

from sdk.transport import Operation

from .type_shapes import ListOf, Object, Shape, UnionOf, shape_of


def item_type(operation: Operation[Any]) -> Any:
    """Return the type of the items of an operation's list; without a list, of its response."""
    declared = operation.returns(200)
    shape = shape_of(declared)
    if operation.items is not None and isinstance(shape, Object):
        name = shape.field_of(operation.items)
        shape = shape_of(shape.fields[name].type) if name else shape
    if isinstance(shape, UnionOf):
        return _of_union(shape, declared)
    return shape.item if isinstance(shape, ListOf) else declared


def item_types(operation: Operation[Any]) -> Any:
    """Return the item type; if lists of several types are declared, their union."""
    declared = operation.returns(200)
    shape = shape_of(declared)
    if operation.items is None and isinstance(shape, UnionOf):
        lists = [one for member in shape.members if isinstance(one := shape_of(member), ListOf)]
        if len(lists) == len(shape.members):
            return Union[tuple(one.item for one in lists)]  # noqa: UP007  of a tuple
    return item_type(operation)


def item_shape(operation: Operation[Any]) -> Shape:
    """Return the structure of the item type."""
    return shape_of(item_type(operation))


def _of_union(shape: UnionOf, declared: Any) -> Any:
    inner = [shape_of(member) for member in shape.members]
    lists = [one for one in inner if isinstance(one, ListOf)]
    if len(lists) == len(inner):
        return lists[0].item
    objects = [member for member in shape.members if isinstance(shape_of(member), Object)]
    return objects[0] if objects else declared
