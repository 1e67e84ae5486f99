"""Import the exported names of a package when they are first used."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module


class HomesInText(Mapping[str, str]):
    """The module of each name, for a package with hundreds of modules.

    A dictionary would take several times as much memory.

    Args:
        text: a line for each module: its name, a colon, and the names that it defines.
    """

    def __init__(self, text: str) -> None:
        self._text = text

    def __getitem__(self, name: str) -> str:
        text = self._text
        found = -1
        if name.isidentifier():
            found = max(text.find(f" {name} "), text.find(f" {name}\n"))
        if found < 0:
            raise KeyError(name)
        line = text.rfind("\n", 0, found) + 1
        return "." + text[line : text.index(":", line)]

    def __iter__(self) -> Iterator[str]:
        for line in self._text.splitlines():
            yield from line.split()[1:]

    def __len__(self) -> int:
        return sum(1 for _ in self)


def lazy_exports(
    package: str, homes: Mapping[str, str], *, extras: Mapping[str, str] | None = None
) -> tuple[Callable[[str], object], Callable[[], list[str]]]:
    """Return ``__getattr__`` and ``__dir__`` for a package (PEP 562).

    Args:
        package: the package's ``__name__``.
        homes: the module that defines each name; one that begins with a dot is relative.
        extras: optional dependencies by module name, with the extra of this distribution that
            installs each: their absence raises an ImportError that names the extra.
    """
    namespace = vars(sys.modules[package])

    def get(name: str) -> object:
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        try:
            module = import_module(homes[name], package)
        except ModuleNotFoundError as error:
            missing = (error.name or "").partition(".")[0]
            if not extras or missing not in extras:
                raise
            raise ImportError(
                f"{package}.{name} needs {missing}: install github-sdk[{extras[missing]}]."
            ) from error
        value = namespace[name] = getattr(module, name)
        return value

    def names() -> list[str]:
        return sorted({*namespace, *homes})

    return get, names
