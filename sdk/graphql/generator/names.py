"""Python names for GraphQL names."""

from __future__ import annotations

import builtins
import keyword
import re

_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z0-9]+|[A-Z]+|\d+")
# Names that pydantic models reserve.
_OF_MODELS = frozenset(
    {"copy", "dict", "json", "schema", "construct", "validate", "parse_obj", "parse_raw", "fields"}
)
# Names in annotations: a field of that name would hide the type of those after it.
_IN_ANNOTATIONS = frozenset(
    {"Any", "NotRequired", "bool", "date", "datetime", "float", "int", "list", "str"}
)

IMPORTED = frozenset(
    {
        *("Any", "AwareTime", "CallOptions", "Field", "GraphPaged", "HasGraphQL", "Literal"),
        *("Model", "NotRequired", "OMIT", "Omit", "TYPE_CHECKING", "TypeAlias", "TypedDict"),
    }
)
"""Names that a generated module may import: no class or constant of it is called so."""


def snake(name: str) -> str:
    """Return ``pull_request`` for ``pullRequest``."""
    return "_".join(word.lower() for word in _WORD.findall(name)) or "value"


def pascal(name: str) -> str:
    """Return ``PullRequest`` for ``pullRequest`` or ``pull_request``."""
    return "".join(word[0].upper() + word[1:] for word in re.split(r"[_\W]+", name) if word)


def singular(name: str) -> str:
    """Return the singular of a name: ``Node`` for ``Nodes``, ``Reply`` for ``Replies``."""
    if name.endswith("ies"):
        return f"{name[:-3]}y"
    return name[:-1] if name.endswith("s") and not name.endswith("ss") else name


def safe(name: str) -> str:
    """Return a name that is no keyword, and hides no built-in, type or method of a model."""
    if name.startswith("_"):
        name = name.lstrip("_") or "value"
    if name.startswith("model_"):
        name = f"{name}_"
    taken = keyword.iskeyword(name) or name in _OF_MODELS or name in _IN_ANNOTATIONS
    return f"{name}_" if taken or (hasattr(builtins, name) and name != "id") else name


def argument(name: str) -> str:
    """Return the name of a function's argument."""
    found = snake(name)
    return f"{found}_" if keyword.iskeyword(found) or found in ("client", "options") else found


def unused(name: str, taken: set[str]) -> str:
    """Return the name, with as many underscores at its end as it takes to be none of `taken`."""
    while name in taken:
        name += "_"
    return name


def plain_key(name: str) -> bool:
    """Return whether a field of a class can have this name, and hides no type of the others."""
    return not keyword.iskeyword(name) and name not in _IN_ANNOTATIONS
