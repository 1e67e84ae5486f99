"""Model factories: a valid instance around the fields that a test states."""

from __future__ import annotations

from typing import TypeVar

from pydantic import BaseModel, ValidationError

from .synthesis import build
from .synthesis.fit_errors import generated_field_error

T = TypeVar("T", bound=BaseModel)


def fake(model: type[T], /, *, seed: int = 1, **fields: object) -> T:
    """Make a valid instance of `model`: the fields given, and the rest made up.

    ::

        issue = fake(Issue, title="It breaks", user={"login": "octocat"})

    Required fields are filled, optional ones are left out. Where a field holds an object, a mapping
    states a part of it, and the rest of that is made up too.

    Args:
        model: any pydantic model: one of ``sdk.models``, or of your own.
        seed: the same seed makes the same instance. It is also its ``id`` and ``number``, so that
            ``[fake(Issue, seed=n) for n in range(1, 4)]`` are three different ones.
        fields: fields by name.

    Raises:
        TypeError: the model has no such field, and the text names the nearest one; or a value that
            the model needs cannot be made up, and the text names its field, for you to pass.
        pydantic.ValidationError: a value does not fit its field.
    """
    if not (isinstance(model, type) and issubclass(model, BaseModel)):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise TypeError(f"fake() makes instances of pydantic models, not of {model!r}.")
    made = build(model, fields, seed=seed)
    try:
        # Not strictly, whatever the model says: what is made up has the form that JSON has for it.
        return model.model_validate(made, strict=False)
    except ValidationError as error:
        complaint = generated_field_error(model, fields, error)
        if complaint is None:
            raise
        raise TypeError(complaint) from error
