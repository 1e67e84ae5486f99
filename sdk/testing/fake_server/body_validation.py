"""Whether a body has the fields that an operation takes: there, and of the right kind."""

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
    """Return the fields of a body that the operation takes; GitHub passes over the others.

    Raises:
        Refused: 400, it is no object; or 422, a field is missing or has a wrong value.
    """
    whole = isinstance(info.operation.body, str)
    if not isinstance(body, dict) and not whole:
        raise Refused(problem(400, "Body should be a JSON object"))
    told = cast("Facts", body) if isinstance(body, dict) else {}
    if whole:
        return told
    fields = [each for each in info.parameters if each.place == "field"]
    for parameter in fields:
        name = parameter.github_name
        if name not in told or told[name] == "":
            if parameter.required:
                raise Refused(invalid(resource_of(info), name))
        elif not _allows(parameter.type, told[name]):
            raise Refused(invalid(resource_of(info), name, "invalid"))
    return {each.github_name: told[each.github_name] for each in fields if each.github_name in told}


def resource_of(info: OperationInfo) -> str:
    """Return GitHub's name of the kind of thing that an operation is about: ``Issue``."""
    return resource_at(plain(info.operation.path))


def resource_at(route: str) -> str:
    """Return GitHub's name of what is at a plain route."""
    words = [part for part in route.split("/") if part and part != "{}"]
    if not words:
        return ""
    return words[-1].removesuffix("s").replace("_", " ").title().replace(" ", "")


def _allows(spelled: str, value: Any) -> bool:
    """Whether a value may stand where the method's signature says `spelled`; only its outside."""
    kinds, choices = _read(spelled)
    if kinds is None or value in choices:
        return True
    # A bool is an int to Python, and to nobody else.
    if isinstance(value, bool):
        return bool in kinds
    return isinstance(value, kinds)


@cache
def _read(spelled: str) -> tuple[tuple[type, ...] | None, tuple[Any, ...]]:
    """Return the kinds of value that a spelled type allows, None for all, and single values."""
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
