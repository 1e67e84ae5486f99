"""Words the docstrings of the output, from names, methods and paths alone."""

from __future__ import annotations

from codegen import names
from codegen.description import Operation
from codegen.methods import Method
from codegen.registry import Definition

MODEL_PACKAGES = {
    "": "What GitHub answers. A model's module is imported when the model is first touched.",
    "webhooks": "What GitHub sends to webhooks. A module is imported when first touched.",
}


TYPES = "What methods take: the dictionaries nested in their arguments."


def model(definition: Definition) -> str:
    return " ".join(names.words(definition.name)).capitalize() + "."


def alias(definition: Definition) -> str:
    return model(definition)


def method(operation: Operation) -> str:
    return " ".join(names.words(operation.id.rpartition("/")[2])).capitalize() + "."


def resource(tag: str) -> str:
    return " ".join(names.words(tag)).capitalize() + "."


_ERRORS = {
    400: "BadRequest",
    401: "Unauthorized",
    403: "Forbidden",
    404: "NotFound",
    409: "Conflict",
    410: "Gone",
    413: "PayloadTooLarge",
    422: "ValidationFailed",
}


def errors(operation: Operation) -> list[str]:
    """The declared errors that have a class of their own."""
    return [
        f"{name}: {status}."
        for status, name in _ERRORS.items()
        if operation.declares(status)
    ]


def arguments(method: Method) -> list[str]:
    return []


def deprecation(method: Method) -> str:
    return "GitHub has deprecated this operation."
