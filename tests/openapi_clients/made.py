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


def imported(description, tmp_path, **settings):
    """The client's class and its models, written below a folder and imported."""
    name = f"made_{next(_numbers)}"
    made = client_of(description, **settings)
    write(made.files, tmp_path / name)
    sys.path.insert(0, str(tmp_path))
    try:
        importlib.invalidate_caches()
        package = importlib.import_module(name)
        for file in made.files:
            if file.endswith(".py"):
                dotted = f"{name}.{file[:-3].replace('/', '.')}".removesuffix(".__init__")
                importlib.import_module(dotted)
        return getattr(package, made.name), importlib.import_module(f"{name}.models")
    finally:
        sys.path.remove(str(tmp_path))


def get(schema, **more):
    """An operation that answers a schema."""
    response = {"description": "ok", "content": {"application/json": {"schema": schema}}}
    return {"get": {"responses": {"200": response}, **more}}
