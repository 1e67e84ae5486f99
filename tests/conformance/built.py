"""Builds everything of a generated client: its modules, validators, decoders and annotations."""

from __future__ import annotations

import ast
import builtins
import inspect
import typing
from pathlib import Path
from types import ModuleType, SimpleNamespace

from pydantic import BaseModel

from sdk.codegen.build import Client
from sdk.transport import Operation, Resource
from tests.openapi_clients.made import import_files


def check(client: Client, folder: Path) -> None:
    """Import a client, and build what its calls would build when they are first made."""
    modules = import_files(client, folder)
    for name, module in modules.items():
        if name.endswith(".types"):
            _build_arguments(module)
        for value in list(vars(module).values()):
            if isinstance(value, Operation):
                _build_decoders(value)
            elif inspect.isclass(value) and value.__module__ == name:
                if issubclass(value, BaseModel):
                    value.model_rebuild(force=True)
                elif issubclass(value, Resource):
                    _evaluate_methods(value, module)


def _build_decoders(operation: Operation) -> None:
    operation.decoder(200)
    for status in operation.errors:
        operation.error_decoder(status if status > 99 else status * 100 or 999)


def _build_arguments(module: ModuleType) -> None:
    names = _readable(module)
    for name, value in vars(module).items():
        if typing.is_typeddict(value):
            typing.get_type_hints(value, names, include_extras=True)
        elif _is_later_alias(name, value):
            for node in ast.walk(ast.parse(value, mode="eval")):
                assert not isinstance(node, ast.Name) or node.id in {*names, *vars(builtins)}


def _is_later_alias(name: str, value: object) -> bool:
    """Whether it is an alias of types that are defined further down: its text, for checkers."""
    return isinstance(value, str) and name[:1].isupper()


def _readable(module: ModuleType) -> dict[str, typing.Any]:
    """A module's names; those aliases of which only the text is there stand for anything."""
    return {
        name: typing.Any if _is_later_alias(name, value) else value
        for name, value in vars(module).items()
    }


def _evaluate_methods(resource: type[Resource], module: ModuleType) -> None:
    names = dict(vars(module))
    tree = ast.parse(Path(module.__file__ or "").read_text())
    for node in tree.body:
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            block = ast.Module(node.body, type_ignores=[])
            exec(compile(block, "checked", "exec"), names)  # noqa: S102  our own output
    if "t" in names:
        names["t"] = SimpleNamespace(**_readable(names["t"]))
    for method in vars(resource).values():
        if inspect.isfunction(method):
            typing.get_type_hints(method, names)
