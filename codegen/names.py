"""All rules that turn a name of GitHub's into a Python name."""

from __future__ import annotations

import builtins
import keyword
import re

_SPELLED_OUT = {"+1": "plus_one", "-1": "minus_one"}

# Words that annotations of the output use: a field or argument of that name would hide the type of
# those after it.
_USED_IN_ANNOTATIONS = {"str", "int", "bool", "float", "list", "dict", "bytes", "object", "options"}

# Methods of pydantic's BaseModel, which a field of that name would replace.
_MODEL_METHODS = {
    "construct", "copy", "dict", "from_orm", "json", "parse_file", "parse_obj", "parse_raw",
    "schema", "schema_json", "update_forward_refs", "validate",
}  # fmt: skip


def words(name: str) -> list[str]:
    """Split a name of any style into lower-case words: "spdxVersion-v2" is spdx, version, v2."""
    spaced = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", name)
    spaced = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1 \2", spaced)
    return [word.lower() for word in re.split(r"[^A-Za-z0-9]+", spaced) if word]


def snake(name: str) -> str:
    """Return the name in snake_case."""
    return "_".join(words(name))


def pascal(name: str) -> str:
    """Return the name in PascalCase."""
    return "".join(word[:1].upper() + word[1:] for word in words(name))


def identifier(name: str) -> str:
    """Return the Python name of an argument or a field.

    "+1" and "-1" are spelled out, everything else becomes snake_case without leading underscores.
    A keyword or a builtin that annotations use gets a trailing underscore.
    """
    result = _SPELLED_OUT.get(name) or snake(name)
    if result[:1].isdigit():
        result = f"n{result}"
    if keyword.iskeyword(result) or result in _USED_IN_ANNOTATIONS:
        result += "_"
    return result


def field(name: str) -> str:
    """Return the Python name of a model's field."""
    result = identifier(name)
    return f"{result}_" if result in _MODEL_METHODS or result.startswith("model_") else result


def argument(name: str) -> str:
    """Return the Python name of a method's argument."""
    result = identifier(name)
    return f"{result}_" if result == "self" else result


def method(operation_id: str) -> str:
    """Return the method of an operation: the part of its id after the slash, in snake_case."""
    result = snake(operation_id.rpartition("/")[2])
    return f"{result}_" if keyword.iskeyword(result) else result


def constant(method_name: str) -> str:
    """Return the module-level name of a method's operation."""
    result = method_name.strip("_").upper()
    return f"{result}_" if result == "OMIT" else result


def module(tag: str) -> str:
    """Return the module of a tag, which is also the attribute of the client."""
    result = snake(tag)
    return f"{result}_" if keyword.iskeyword(result) else result


def class_name(name: str) -> str:
    """Return the class of a schema or a tag."""
    result = pascal(name)
    if result[:1].isdigit():
        result = f"N{result}"
    hidden = keyword.iskeyword(result) or hasattr(builtins, result) or result in _RESERVED_CLASSES
    return f"{result}Model" if hidden else result


# Names that a model module imports.
_RESERVED_CLASSES = {"Any", "Literal", "Model", "Field", "Timestamp", "TypeAlias"}


def singular(name: str) -> str:
    """Return the name of one item of a list called `name`: "usage_item" for "usage_items"."""
    found = re.fullmatch(r"(.*?)([A-Z]?[a-z]+|[A-Z]+)", name)
    return found[1] + _singular_word(found[2]) if found else name


_SINGULAR = {"aliases": "alias", "analyses": "analysis", "caches": "cache", "series": "series"}


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
    """Return the words that all PascalCase names end with."""
    split = [words(name) for name in names]
    shared: list[str] = []
    for column in zip(*(reversed(parts) for parts in split), strict=False):
        if len(set(column)) != 1:
            break
        shared.insert(0, column[0])
    return pascal("_".join(shared))


def common_prefix(names: list[str]) -> str:
    """Return the words that all PascalCase names begin with."""
    split = [words(name) for name in names]
    shared: list[str] = []
    for column in zip(*split, strict=False):
        if len(set(column)) != 1:
            break
        shared.append(column[0])
    return pascal("_".join(shared))
