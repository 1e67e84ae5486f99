"""Model factories: valid instances around the fields that a test sets."""

from __future__ import annotations

from typing import TypeVar

from pydantic import BaseModel, ValidationError

from .synthesis import build
from .synthesis.fit_errors import generated_field_error

T = TypeVar("T", bound=BaseModel)


def fake(model: type[T], /, *, seed: int = 1, **fields: object) -> T:
    """Return a valid instance of `model`: the given fields, and generated values for the rest.

    ::

        issue = fake(Issue, title="It breaks", user={"login": "octocat"})

    Required fields are generated, optional ones are left out. For a field that holds an object, a
    mapping sets some of its fields, and its other required fields are generated too.

    Args:
        model: any pydantic model, from ``sdk.models`` or your own.
        seed: the same seed gives the same instance. It is also its ``id`` and ``number``, so that
            ``[fake(Issue, seed=n) for n in range(1, 4)]`` has three different issues.
        fields: fields by name.

    Raises:
        TypeError: the model has no such field (the error suggests the nearest one), or a required
            value cannot be generated (the error names the field to pass).
        pydantic.ValidationError: a value is not valid for its field.
    """
    if not (isinstance(model, type) and issubclass(model, BaseModel)):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise TypeError(f"fake() makes instances of pydantic models, not of {model!r}.")
    made = build(model, fields, seed=seed)
    try:
        # Not strict, even if the model is: generated values are in JSON form.
        return model.model_validate(made, strict=False)
    except ValidationError as error:
        complaint = generated_field_error(model, fields, error)
        if complaint is None:
            raise
        raise TypeError(complaint) from error
