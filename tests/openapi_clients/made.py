"""Makes clients from descriptions in tests, and imports them."""

from __future__ import annotations

import importlib
import itertools
import sys

from sdk.codegen.build import build
from sdk.codegen.normal import normalised
from sdk.codegen.output import write
from sdk.codegen.settings import checked

_numbers = itertools.count(1)


def described(paths, schemas=None, **more):
    """A small description of OpenAPI 3.1."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Tiny API", "version": "1"},
        "servers": [{"url": "https://tiny.example"}],
        "paths": paths,
        "components": {"schemas": schemas or {}, **more.pop("components", {})},
        **more,
    }


def client_of(description, **settings):
    """The client of a description, made but not written."""
    return build(normalised(description), checked({"package": "x", **settings}, "settings"))


def import_files(made, folder):
    """Write a client's files below a folder, and return its modules by their names."""
    name = f"made_{next(_numbers)}"
    write(made.files, folder / name)
    sys.path.insert(0, str(folder))
    try:
        importlib.invalidate_caches()
        dotted = [
            f"{name}.{file[:-3].replace('/', '.')}" for file in made.files if file.endswith(".py")
        ]
        names = [each.removesuffix(".__init__") for each in dotted]
        return {each: importlib.import_module(each) for each in names}
    finally:
        sys.path.remove(str(folder))


def imported(description, tmp_path, **settings):
    """The client's class and its models, written below a folder and imported."""
    made = client_of(description, **settings)
    modules = import_files(made, tmp_path)
    root = next(iter(modules)).partition(".")[0]
    return getattr(modules[root], made.name), modules[f"{root}.models"]


def get(schema, **more):
    """An operation that answers a schema."""
    response = {"description": "ok", "content": {"application/json": {"schema": schema}}}
    return {"get": {"responses": {"200": response}, **more}}
