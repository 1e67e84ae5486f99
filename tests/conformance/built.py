"""Builds everything of a generated client: its modules, validators, decoders and annotations."""

from __future__ import annotations

import ast
import inspect
import typing
from pathlib import Path
from types import ModuleType

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
    for value in vars(module).values():
        if typing.is_typeddict(value):
            typing.get_type_hints(value, include_extras=True)


def _evaluate_methods(resource: type[Resource], module: ModuleType) -> None:
    names = dict(vars(module))
    tree = ast.parse(Path(module.__file__ or "").read_text())
    for node in tree.body:
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            block = ast.Module(node.body, type_ignores=[])
            exec(compile(block, "checked", "exec"), names)  # noqa: S102  our own output
    for method in vars(resource).values():
        if inspect.isfunction(method):
            typing.get_type_hints(method, names)
