"""How an instance of a model comes about whose schema was rewritten."""

from __future__ import annotations

import contextlib
import copy
from collections.abc import Callable
from typing import Any

from pydantic import BaseModel, ConfigDict
from pydantic_core import PydanticUndefined


class Shell(BaseModel):
    """What a model is built as, before it becomes an instance of its own class.

    Given the class itself, pydantic-core would use the validator that the class holds, whatever
    the rewritten schema says. The build is deferred so that this class holds none.
    """

    model_config = ConfigDict(defer_build=True)


def becoming(cls: type[BaseModel]) -> Callable[[Shell], Shell]:
    """Give a function that makes a complete shell an instance of `cls`."""

    def become(shell: Shell) -> Shell:
        # Past pydantic's own __setattr__, which takes fields only.
        object.__setattr__(shell, "__class__", cls)
        return shell

    def become_with_private_attributes(shell: Shell) -> Shell:
        object.__setattr__(shell, "__pydantic_private__", _private_defaults(cls))
        return become(shell)

    return become_with_private_attributes if cls.__private_attributes__ else become


def _private_defaults(cls: type[BaseModel]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, attribute in cls.__private_attributes__.items():
        factory: Any = attribute.default_factory
        # A factory may count on a complete instance. Without it the attribute is not set.
        with contextlib.suppress(Exception):
            found[name] = factory() if factory else copy.deepcopy(attribute.default)
    return {name: value for name, value in found.items() if value is not PydanticUndefined}
