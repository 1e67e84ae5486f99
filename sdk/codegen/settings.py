"""The settings of a client: from the command line, or from ``pyproject.toml``."""

from __future__ import annotations

import fnmatch
import re
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from keyword import iskeyword
from pathlib import Path
from typing import Any, cast

from sdk.codegen import names
from sdk.codegen.notes import CodegenError
from sdk.codegen.values import items, mapping

# Packages of this distribution, and Python's own modules.
_TAKEN = {"sdk", "fastapi_integration", *sys.stdlib_module_names}
_TIMES = ("as sent", "aware", "naive")
_BASE_URL = re.compile(r"env:[A-Za-z_][A-Za-z0-9_]*|https?://[^\s{}\\?#@]+")


@dataclass(frozen=True)
class Settings:
    """The settings of one client.

    Attributes:
        package: the package that is written, with dots.
        source: a file, a URL, "-" for standard input, or "module:app".
        class_name: the client's class; made of the title if not given.
        only: patterns of methods ("invoices.*") or routes ("GET /customers/**"); all if empty.
        names: by operation id the method ("invoices.list"), by "schema KEY" the model's name.
        paging: by pattern of methods how lists are turned, or False.
        times: "as sent", "aware" or "naive".
        credentials: by argument of the client "env:NAME", where its default is.
        idempotent: ``{header, operations}``: calls that carry a key.
        formats: by format of the description the class to use, "module:Class".
        touches: a module with classes that replace resources.
        base_url: the API's address, or "env:NAME"; by default the one in the description.
        fastapi: whether ``dependency.py`` is written, for endpoints of a FastAPI app.
    """

    package: str = ""
    source: str = ""
    class_name: str = ""
    only: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict[str, str])
    paging: Mapping[str, Any] = field(default_factory=dict[str, Any])
    times: str = "as sent"
    credentials: Mapping[str, str] = field(default_factory=dict[str, str])
    idempotent: Mapping[str, Any] = field(default_factory=dict[str, Any])
    formats: Mapping[str, str] = field(default_factory=dict[str, str])
    touches: str = ""
    base_url: str = ""
    fastapi: bool = False

    def kept(self) -> dict[str, Any]:
        """Return the settings that affect the output, for the package's index."""
        result: dict[str, Any] = {}
        for each in fields(self):
            value = getattr(self, each.name)
            default = Settings.__dataclass_fields__[each.name]
            if each.name in {"package", "source", "class_name"} or not value:
                continue
            if value != default.default:
                result[each.name] = (
                    list(cast("tuple[str, ...]", value)) if isinstance(value, tuple) else value
                )
        return result

    def model_names(self) -> dict[str, str]:
        """Return the names of models, by the keys of their schemas."""
        return {
            key.removeprefix("schema "): name
            for key, name in self.names.items()
            if key.startswith("schema ")
        }

    def operation_names(self) -> dict[str, str]:
        """Return the names of methods, by operation id."""
        return {key: name for key, name in self.names.items() if not key.startswith("schema ")}

    def paging_of(self, dotted: str) -> object:
        """Return the pagination of a list by the longest matching pattern; None without one."""
        found = [key for key in self.paging if fnmatch.fnmatchcase(dotted, key)]
        return self.paging[max(found, key=len)] if found else None

    def wants(self, dotted: str, method: str, path: str) -> bool:
        """Return whether the client has an operation."""
        if not self.only:
            return True
        route = f"{method} {path}"
        return any(
            fnmatch.fnmatchcase(dotted, pattern)
            or fnmatch.fnmatchcase(route, pattern.replace("**", "*"))
            for pattern in self.only
        )


def checked(given: Mapping[str, Any], where: str) -> Settings:
    """Return the settings in a table.

    Raises:
        CodegenError: it has an unknown key or a value that cannot be used.
    """
    known = {each.name for each in fields(Settings)} - {"class_name"} | {"class"}
    if unknown := sorted(given.keys() - known):
        raise CodegenError(
            f"{where} has unknown keys: {', '.join(unknown)}. Known are {', '.join(sorted(known))}."
        )
    values: dict[str, Any] = {
        ("class_name" if key == "class" else key): value for key, value in given.items()
    }
    if "only" in values:
        values["only"] = tuple(str(each) for each in items(values["only"]))
    for key in ("names", "paging", "credentials", "idempotent", "formats"):
        if key in values and not isinstance(values[key], dict):
            raise CodegenError(f"{where}: {key} must be a table.")
    if not isinstance(values.get("fastapi", False), bool):
        raise CodegenError(f"{where}: fastapi must be true or false.")
    for key in ("package", "source", "class_name", "times", "touches", "base_url"):
        if key in values and not isinstance(values[key], str):
            raise CodegenError(f"{where}: {key} must be a text.")
    return validated(Settings(**values), where)


def validated(settings: Settings, where: str) -> Settings:
    """Return the settings, if they can be used.

    Raises:
        CodegenError: one of them cannot.
    """
    parts = settings.package.split(".")
    if not all(part.isidentifier() and not iskeyword(part) for part in parts):
        raise CodegenError(f"{where}: package must be a dotted name, not {settings.package!r}.")
    if parts[0] in _TAKEN:
        raise CodegenError(
            f"{where}: a package in {parts[0]!r} would hide the {parts[0]!r} that is installed. "
            f"Write another name, such as app.clients.{parts[-1]}."
        )
    if settings.class_name and names.class_name(settings.class_name) != settings.class_name:
        raise CodegenError(f"{where}: class must be a class name, not {settings.class_name!r}.")
    if settings.times not in _TIMES:
        raise CodegenError(f"{where}: times must be one of {', '.join(_TIMES)}.")
    _check_classes(settings, where)
    for key, value in settings.credentials.items():
        if not str(value).startswith("env:") or not str(value)[4:].isidentifier():
            raise CodegenError(f"{where}: credentials of {key} must be env:NAME, not {value!r}.")
    if settings.base_url and not _BASE_URL.fullmatch(settings.base_url):
        raise CodegenError(
            f"{where}: base_url must be an http(s) address or env:NAME, not {settings.base_url!r}."
        )
    if unknown := settings.idempotent.keys() - {"header", "operations"}:
        raise CodegenError(f"{where}: idempotent has unknown keys: {', '.join(sorted(unknown))}.")
    return settings


def _check_classes(settings: Settings, where: str) -> None:
    """Refuse names of modules and classes that could be anything else in the output."""
    classes = dict(settings.formats)
    if settings.touches:
        classes["touches"] = f"{settings.touches}:X"
    for key, value in classes.items():
        module, _, name = str(value).partition(":")
        if not name.isidentifier() or not all(part.isidentifier() for part in module.split(".")):
            raise CodegenError(f"{where}: {key} must be a class as module:Class, not {value!r}.")
    for key, value in settings.model_names().items():
        if names.class_name(value) != value:
            raise CodegenError(f"{where}: names: {value!r} (of schema {key}) is not a class name.")


def from_pyproject(path: Path) -> list[Settings]:
    """Return the settings of all clients in a ``pyproject.toml``.

    Raises:
        CodegenError: it cannot be read, or has settings that cannot be used.
    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError:
        return []
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CodegenError(f"{path} cannot be read: {error}.") from None
    table = mapping(mapping(document.get("tool")).get("sdk-codegen"))
    if unknown := table.keys() - {"client"}:
        raise CodegenError(
            f"{path}: [tool.sdk-codegen] has unknown keys: {', '.join(sorted(unknown))}. Clients "
            "are [[tool.sdk-codegen.client]]."
        )
    if mapping(table.get("client")):
        raise CodegenError(
            f"{path.name}: write [[tool.sdk-codegen.client]], with two brackets: it is a list."
        )
    found: list[Settings] = []
    for index, each in enumerate(items(table.get("client")), 1):
        where = f"{path.name}, client {index}"
        settings = checked(mapping(each), where)
        if not settings.package or not settings.source:
            raise CodegenError(f"{where} needs package and source.")
        found.append(settings)
    return found


def of_package(found: list[Settings], package: str) -> Settings | None:
    """Return the settings of a package; None if there are none."""
    return next((each for each in found if each.package == package), None)


def changed(settings: Settings, **values: Any) -> Settings:
    """Return the settings with those values that are given."""
    return replace(settings, **{key: value for key, value in values.items() if value})
