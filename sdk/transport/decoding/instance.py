"""Create instances of models whose schema was rewritten."""

from __future__ import annotations

import contextlib
import copy
from collections.abc import Callable
from typing import Any

from pydantic import BaseModel, ConfigDict
from pydantic_core import PydanticUndefined

from .pass_state import TooManyGapsError, current


class Shell(BaseModel):
    """The class that a model is built as, before it becomes an instance of its own class.

    Given the model's class, pydantic-core would use the validator of that class and ignore the
    rewritten schema. The build of this class is deferred, so that it has no validator.
    """

    model_config = ConfigDict(defer_build=True)


def becoming(cls: type[BaseModel]) -> Callable[[Shell], Shell]:
    """Return a function that turns a complete shell into an instance of `cls`."""

    def become(shell: Shell) -> Shell:
        # pydantic's own __setattr__ accepts only fields.
        object.__setattr__(shell, "__class__", cls)
        return shell

    def become_with_private_attributes(shell: Shell) -> Shell:
        object.__setattr__(shell, "__pydantic_private__", _private_defaults(cls))
        return become(shell)

    return become_with_private_attributes if cls.__private_attributes__ else become


def becoming_with_gaps(cls: type[BaseModel], required: frozenset[str]) -> Callable[[Shell], Shell]:
    """Return a function like that of `becoming`, for shells that may lack `required` fields.

    It raises TooManyGapsError when filling the missing fields would take far more memory than the
    response itself.
    """
    become = becoming(cls)

    def become_with_gaps(shell: Shell) -> Shell:
        state = current()
        state.allowed_gaps -= len(required - shell.__pydantic_fields_set__)
        if state.allowed_gaps < 0:
            raise TooManyGapsError
        state.shells.add(id(shell))
        return become(shell)

    return become_with_gaps


def _private_defaults(cls: type[BaseModel]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, attribute in cls.__private_attributes__.items():
        factory: Any = attribute.default_factory
        # A factory may need a complete instance. If it fails, the attribute is not set.
        with contextlib.suppress(Exception):
            found[name] = factory() if factory else copy.deepcopy(attribute.default)
    return {name: value for name, value in found.items() if value is not PydanticUndefined}
