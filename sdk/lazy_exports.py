"""Import the exported names of a package when they are first used."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from importlib import import_module


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
