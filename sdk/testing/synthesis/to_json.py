"""Convert the Python values of a test to JSON values."""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Mapping
from typing import Any, cast

from pydantic import BaseModel, RootModel, SecretBytes, SecretStr
from pydantic_core import to_jsonable_python

from sdk.models._base import Model

from .type_shapes import Object, shape_of


def to_json(value: Any) -> Any:
    """Return a value in JSON form; of a model the fields that were set, by their aliases."""
    if value is None or isinstance(value, (str, bool, int, float)):
        return value.value if isinstance(value, enum.Enum) else value
    if isinstance(value, Mapping):
        return {to_json(key): to_json(one) for key, one in cast("Mapping[Any, Any]", value).items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [to_json(one) for one in cast("list[Any]", value)]
    if isinstance(value, RootModel):
        return to_json(cast("Any", value).root)
    if isinstance(value, BaseModel):
        return _model(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {each.name: to_json(getattr(value, each.name)) for each in dataclasses.fields(value)}
    if isinstance(value, (SecretStr, SecretBytes)):
        # The response must contain the secret itself, not asterisks.
        return to_json(value.get_secret_value())
    return to_jsonable_python(value)


def _model(value: BaseModel) -> dict[str, Any]:
    shape = shape_of(type(value))
    if isinstance(value, Model) or not isinstance(shape, Object):
        return value.model_dump(mode="json", by_alias=True, exclude_unset=True)
    # By validation alias, which may differ from the serialization alias.
    made: dict[str, Any] = {**(value.model_extra or {})}
    for name, field in shape.fields.items():
        if name in value.model_fields_set:
            field.put(made, to_json(getattr(value, name)))
    return made
