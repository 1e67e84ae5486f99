"""Model factories: a valid instance around the fields that a test states."""

from __future__ import annotations

from typing import TypeVar

from pydantic import BaseModel

from .synthesis import build

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
        TypeError: the model has no such field; the text names the nearest one.
        pydantic.ValidationError: a value does not fit its field.
    """
    return model.model_validate(build(model, fields, seed=seed))
