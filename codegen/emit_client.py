"""Writes the package `sdk.resources`: the client that has every resource as an attribute."""

from __future__ import annotations

from codegen import docstrings, names
from codegen.emit_models import HEADER


def package(tags: list[str]) -> str:
    """Return the text of `sdk/resources/__init__.py`."""
    checkers = "\n".join(
        f"    from sdk.resources.{names.module(tag)} import {names.class_name(tag)}" for tag in tags
    )
    properties = "\n\n".join(
        f'''    @cached_property
    def {names.module(tag)}(self) -> {names.class_name(tag)}:
        """{docstrings.module(tag)}"""
        from sdk.resources.{names.module(tag)} import {names.class_name(tag)}

        return {names.class_name(tag)}(self)'''
        for tag in tags
    )
    checkers = checkers or "    pass"
    return f'''{HEADER}"""All resources of the client; each is imported on first access."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from sdk.transport import ApiClient

if TYPE_CHECKING:
{checkers}


class Resources(ApiClient):
    """A client that has every resource as an attribute."""

{properties}
'''
