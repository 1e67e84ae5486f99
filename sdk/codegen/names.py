"""The rules that turn names of a description into Python names."""

from __future__ import annotations

import builtins
import keyword
import re
import unicodedata
from collections.abc import Container

# The name in place of one that has only punctuation.
_SIGNS = {
    "+": "plus", "-": "minus", "*": "star", "/": "slash", "<": "less", ">": "greater",
    "=": "equal", "!": "not", "$": "dollar", "@": "at", "#": "number", "%": "percent",
    "&": "and", "|": "or", "~": "tilde", "?": "question", ".": "dot", ":": "colon",
    "_": "underscore",
}  # fmt: skip

# Built-in types, and what annotations of a class body are spelled with: a field of that name would
# hide the type of those after it.
_USED_IN_ANNOTATIONS = {
    "str", "int", "bool", "float", "list", "dict", "tuple", "bytes", "object", "dt",
}  # fmt: skip
# What the classes of resources and of the client use: a method or an attribute would hide it.
# Only "list" has another spelling beside a method of its name.
_USED_IN_SIGNATURES = (_USED_IN_ANNOTATIONS - {"list"}) | {
    "m", "t", "builtins", "deprecated", "cached_property", "staticmethod",
}  # fmt: skip

# Names that pydantic's BaseModel defines: a field of that name would replace them.
MODEL_METHODS = {
    "construct", "copy", "dict", "from_orm", "json", "parse_file", "parse_obj", "parse_raw",
    "mro", "register", "schema", "schema_json", "update_forward_refs", "validate",
}  # fmt: skip

# Names that a generated module imports or defines.
_RESERVED_CLASSES = {
    "Any", "Literal", "Model", "Field", "DateTime", "TypeAlias", "TypeAliasType", "Annotated",
    "Resource", "Operation", "Omit", "Paged", "Mapping", "Sequence", "NotRequired", "TypedDict",
    "CallOptions", "Download", "Progress", "UploadData", "AsyncIterator", "Timestamp", "UUID",
    "Decimal", "File", "JsonObject",
}  # fmt: skip

_LOWER_UPPER = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_UPPER_WORD = re.compile(r"(?<=[A-Z])(?=[A-Z][a-z])")
# The plural of initials, "APIs", is one word.
_PLURAL_INITIALS = re.compile(r"(?<=[A-Z]{2})s(?![a-z])")
_LONGEST = 80


def words(name: str) -> list[str]:
    """Split a name of any style into lower-case words: "spdxVersion-v2" is spdx, version, v2."""
    plain = _PLURAL_INITIALS.sub("S", _plain(name))
    spaced = _UPPER_WORD.sub(" ", _LOWER_UPPER.sub(" ", plain))
    return [word.lower() for word in re.split(r"[\W_]+", spaced) if word]


def _plain(name: str) -> str:
    """Return a name without accents and compatibility forms, in characters of identifiers."""
    if name.isascii():
        return name
    decomposed = unicodedata.normalize("NFKD", name)
    kept = "".join(each for each in decomposed if not unicodedata.combining(each))
    composed = unicodedata.normalize("NFKC", kept)
    return "".join(each if f"a{each}".isidentifier() else " " for each in composed)


def snake(name: str) -> str:
    """Return the name in snake_case."""
    return "_".join(words(name))


def pascal(name: str) -> str:
    """Return the name in PascalCase."""
    return "".join(word[:1].upper() + word[1:] for word in words(name))


def identifier(name: str) -> str:
    """Return the Python name of an argument or a field: snake_case, and no keyword."""
    result = _shortened(snake(name)) or _spelled_signs(name)
    if not name[:1].isalnum() and name[:1] in "+-" and result[:1].isdigit():
        result = f"{_SIGNS[name[0]]}_{result}"
    if not result.isidentifier():
        result = f"n{result}"
    if not result.isidentifier():
        result = "value"
    if keyword.iskeyword(result) or result in _USED_IN_ANNOTATIONS:
        result += "_"
    return result


def _spelled_signs(name: str) -> str:
    return "_".join(_SIGNS[each] for each in name[:4] if each in _SIGNS) or "value"


def _shortened(name: str) -> str:
    return name if len(name) <= _LONGEST else name[:_LONGEST].rstrip("_")


def field(name: str) -> str:
    """Return the Python name of a model's field."""
    result = identifier(name)
    return f"{result}_" if result in MODEL_METHODS or result.startswith("model_") else result


def argument(name: str) -> str:
    """Return the Python name of a method's argument."""
    result = identifier(name)
    return f"{result}_" if result in {"self", "options", "progress"} else result


def method(name: str) -> str:
    """Return the name of a method."""
    result = _shortened(snake(name)) or _spelled_signs(name)
    if not result.isidentifier():
        result = f"n{result}"
    hidden = keyword.iskeyword(result) or result in _USED_IN_SIGNATURES
    return f"{result}_" if hidden else result


def constant(method_name: str) -> str:
    """Return the module-level name of a method's operation."""
    result = method_name.strip("_").upper() or method_name.upper()
    return f"{result}_" if result in {"OMIT", "TYPE_CHECKING"} else result


def module(tag: str) -> str:
    """Return the module of a tag, which is also the attribute of the client."""
    return method(tag)


def class_name(name: str) -> str:
    """Return the class of a schema or a tag."""
    result = pascal(name)[:_LONGEST] or pascal(_spelled_signs(name))
    if not result.isidentifier():
        result = f"N{result}"
    hidden = keyword.iskeyword(result) or hasattr(builtins, result) or result in _RESERVED_CLASSES
    return f"{result}Model" if hidden else result


def free(name: str, taken: Container[str]) -> str:
    """Return the name, or the first of name_2, name_3... that is not taken."""
    if name not in taken:
        return name
    number = 2
    while f"{name}_{number}" in taken:
        number += 1
    return f"{name}_{number}"


_SINGULAR = {"aliases": "alias", "analyses": "analysis", "caches": "cache", "series": "series"}


def singular(name: str) -> str:
    """Return the name of an item of the list `name`: "usage_item" for "usage_items"."""
    found = re.fullmatch(r"(.*?)([A-Z]?[a-z]+|[A-Z]+)", name)
    return found[1] + _singular_word(found[2]) if found else name


def _singular_word(word: str) -> str:
    if word in _SINGULAR:
        return _SINGULAR[word]
    if word.endswith("uses"):
        return word[:-2]
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def common_suffix(names: list[str]) -> str:
    """Return the last words that PascalCase names share: "Repository" for MinimalRepository."""
    split = [words(name) for name in names]
    shared: list[str] = []
    for column in zip(*(reversed(parts) for parts in split), strict=False):
        if len(set(column)) != 1:
            break
        shared.insert(0, column[0])
    return pascal("_".join(shared))


def common_prefix(names: list[str]) -> str:
    """Return the first words that PascalCase names share."""
    split = [words(name) for name in names]
    shared: list[str] = []
    for column in zip(*split, strict=False):
        if len(set(column)) != 1:
            break
        shared.append(column[0])
    return pascal("_".join(shared))
