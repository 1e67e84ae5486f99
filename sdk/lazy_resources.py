"""Import the class of a resource when the client's attribute is first used."""

from __future__ import annotations

from importlib import import_module
from typing import Any


class LazyResource:
    """An attribute of the client: the resource of the module in ``sdk.resources`` with its name.

    Args:
        class_name: the name of the resource's class.
    """

    def __init__(self, class_name: str) -> None:
        self._class_name = class_name

    def __set_name__(self, owner: type[Any], name: str) -> None:
        self._name = name
        self.__doc__ = f"``sdk.{name}``, see ``sdk.resources.{name}.{self._class_name}``."

    def __get__(self, client: Any, owner: type[Any] | None = None) -> Any:
        if client is None:
            return self
        module = import_module(f"sdk.resources.{self._name}")
        resource = getattr(module, self._class_name)(client)
        # From now on the instance's own attribute is found before this one.
        vars(client)[self._name] = resource
        return resource
