"""Builds everything of a generated client: its modules, validators, decoders and annotations."""

from __future__ import annotations

import ast
import inspect
import typing
from collections import Counter
from pathlib import Path
from types import ModuleType

from pydantic import BaseModel

from sdk.codegen.build import Client
from sdk.transport import Operation, Resource
from sdk.transport.decoding import Decoder
from tests.openapi_clients.made import import_files

_SUCCESSES = (*range(200, 209), 226)


def check(client: Client, folder: Path) -> Counter[str]:
    """Import a client, build what its calls build when they are first made, and count it."""
    modules = import_files(client, folder)
    counts = Counter(operations=len(client.methods), modules=len(modules))
    for name, module in modules.items():
        if name.endswith(".types"):
            _build_arguments(module)
        for value in list(vars(module).values()):
            if isinstance(value, Operation):
                counts["validators"] += _build_decoders(value)
            elif inspect.isclass(value) and value.__module__ == name:
                if issubclass(value, BaseModel):
                    value.model_rebuild(force=True)
                    counts["models"] += 1
                elif issubclass(value, Resource):
                    counts["signatures"] += _evaluate_methods(value, module)
    return counts


def _build_decoders(operation: Operation) -> int:
    decoders = [operation.decoder(status) for status in _SUCCESSES]
    decoders += [
        operation.error_decoder(status if status > 99 else status * 100 or 999)
        for status in operation.errors
    ]
    types: list[object] = []
    for decoder in decoders:
        if isinstance(decoder, Decoder) and decoder.type not in types:
            types.append(decoder.type)
            # A decoder builds its validators when it is first asked about them.
            assert decoder.is_repeatable in {True, False}
    return len(types)


def _build_arguments(module: ModuleType) -> None:
    for value in vars(module).values():
        if typing.is_typeddict(value):
            typing.get_type_hints(value, include_extras=True)


def _evaluate_methods(resource: type[Resource], module: ModuleType) -> int:
    names = dict(vars(module))
    tree = ast.parse(Path(module.__file__ or "").read_text())
    for node in tree.body:
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            block = ast.Module(node.body, type_ignores=[])
            exec(compile(block, "checked", "exec"), names)  # noqa: S102  our own output
    methods = [each for each in vars(resource).values() if inspect.isfunction(each)]
    for method in methods:
        typing.get_type_hints(method, names)
    return len(methods)
