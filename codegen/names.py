"""All rules that turn a name of GitHub's into a Python name."""

from __future__ import annotations

import builtins
import keyword

from sdk.codegen.names import (
    MODEL_METHODS,
    common_prefix,
    common_suffix,
    pascal,
    singular,
    snake,
    words,
)

__all__ = [
    "argument",
    "class_name",
    "common_prefix",
    "common_suffix",
    "constant",
    "field",
    "identifier",
    "method",
    "module",
    "pascal",
    "singular",
    "snake",
    "words",
]

_SPELLED_OUT = {"+1": "plus_one", "-1": "minus_one"}

# Words that annotations of the output use: a field or argument of that name would hide the type of
# those after it.
_USED_IN_ANNOTATIONS = {"str", "int", "bool", "float", "list", "dict", "bytes", "object", "options"}


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
    return f"{result}_" if result in MODEL_METHODS or result.startswith("model_") else result


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
