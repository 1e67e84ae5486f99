"""Validate the fields of a request body: presence and type."""

from __future__ import annotations

import ast
import re
from functools import cache
from typing import Any, cast

from sdk.operations import OperationInfo

from .catalogue import plain
from .messages import Refused, invalid, problem
from .seed_data import Facts

_KINDS: tuple[tuple[str, tuple[type, ...]], ...] = (
    ("str", (str,)),
    ("datetime", (str,)),
    ("date", (str,)),
    ("bool", (bool,)),
    ("int", (int,)),
    ("float", (int, float)),
    ("None", (type(None),)),
    ("Sequence[", (list,)),
    ("Mapping[", (dict,)),
    ("t.", (dict, list, str)),
)


def check_body(info: OperationInfo, body: Any) -> Facts:
    """Return the fields of a body that the operation takes; like GitHub, ignore the others.

    Raises:
        Refused: 400, it is not an object; 422, a field is missing or has a wrong value.
    """
    whole = isinstance(info.operation.body, str)
    if not isinstance(body, dict) and not whole:
        raise Refused(problem(400, "Body should be a JSON object"))
    given = cast("Facts", body) if isinstance(body, dict) else {}
    if whole:
        return given
    fields = [each for each in info.parameters if each.place == "field"]
    for parameter in fields:
        name = parameter.github_name
        if name not in given or given[name] == "":
            if parameter.required:
                raise Refused(invalid(resource_of(info), name))
        elif not _allows(parameter.type, given[name]):
            raise Refused(invalid(resource_of(info), name, "invalid"))
    return {
        each.github_name: given[each.github_name] for each in fields if each.github_name in given
    }


def resource_of(info: OperationInfo) -> str:
    """Return GitHub's name of an operation's kind of resource, such as ``Issue``."""
    return resource_at(plain(info.operation.path))


def resource_at(route: str) -> str:
    """Return GitHub's name of the kind of resource at a plain route."""
    words = [part for part in route.split("/") if part and part != "{}"]
    if not words:
        return ""
    return words[-1].removesuffix("s").replace("_", " ").title().replace(" ", "")


def _allows(spelled: str, value: Any) -> bool:
    """Return whether a value has the type `spelled` of a signature; its items are not checked."""
    kinds, choices = _read(spelled)
    if kinds is None or value in choices:
        return True
    # bool is a subclass of int in Python only.
    if isinstance(value, bool):
        return bool in kinds
    return isinstance(value, kinds)


@cache
def _read(spelled: str) -> tuple[tuple[type, ...] | None, tuple[Any, ...]]:
    """Return the kinds of value that a type in text form allows (None for all), and literals."""
    kinds: list[type] = []
    choices: list[Any] = []
    for part in re.findall(r"(?:[^|\[]|\[(?:[^\[\]]|\[[^\]]*\])*\])+", spelled):
        name = part.strip()
        if name.startswith("Literal["):
            values = ast.literal_eval(f"({name.removeprefix('Literal[').removesuffix(']')},)")
            choices.extend(values)
            continue
        found = next((each for start, each in _KINDS if name.startswith(start)), None)
        if found is None:
            return None, ()
        kinds.extend(found)
    return tuple(kinds), tuple(choices)
