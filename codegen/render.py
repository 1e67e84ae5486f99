"""Writes types as Python annotations: for models, for responses, for arguments."""

from __future__ import annotations

from codegen.registry import Registry
from sdk.codegen import render
from sdk.codegen.render import Renderer

_TIMES = {"datetime": "datetime", "date": "date"}
_GIVEN = {"datetime": "datetime | str", "date": "date | str", "bytes": "UploadData"}


def for_models(registry: Registry) -> Renderer:
    """Return the renderer for model modules, whose annotations are evaluated."""
    return render.for_models(registry, "Timestamp")


def for_responses(registry: Registry, builtin_list: str = "list") -> Renderer:
    """Return the renderer for return types; models are in the lazy package `m`."""
    return render.for_answers(registry, builtin_list).with_scalars(_TIMES)


def for_arguments(registry: Registry, prefix: str = "") -> Renderer:
    """Return the renderer for arguments: any sequence or mapping, and times as strings too."""
    return render.for_arguments(registry, prefix).with_scalars(_GIVEN)
