"""Writes the package `sdk.resources`: the client that has every resource as an attribute."""

from __future__ import annotations

from codegen import docstrings, names
from codegen.emit_models import HEADER

_TITLE = "All resources of the client; each is imported on first access."
_CLASS = '''class Resources(ApiClient):
    """A client that has every resource as an attribute."""
'''


def package(tags: list[str]) -> str:
    """Return the text of `sdk/resources/__init__.py`."""
    attributes = "\n".join(
        f'    {names.module(tag)} = LazyResource("{names.class_name(tag)}")' for tag in tags
    )
    return f'''{HEADER}"""{_TITLE}"""

from __future__ import annotations

from sdk.lazy_resources import LazyResource
from sdk.transport import ApiClient


{_CLASS}
{attributes}
'''


def stub(tags: list[str]) -> str:
    """Return its stub, from which type checkers and editors learn the type of each attribute.

    A property with a function of its own for each of them would take 2 ms of the import.
    """
    imports = "\n".join(
        f"from sdk.resources.{names.module(tag)} import {names.class_name(tag)}" for tag in tags
    )
    properties = "\n".join(
        f'''    @cached_property
    def {names.module(tag)}(self) -> {names.class_name(tag)}:
        """{docstrings.module(tag)}"""
'''
        for tag in tags
    )
    return f"""{HEADER}from functools import cached_property

from sdk.transport import ApiClient
{imports}


{_CLASS}
{properties}"""
