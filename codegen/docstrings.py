"""Writes the docstrings of methods, classes and models from what is known of them."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from typing import cast

from codegen import facts, names, prose
from codegen.description import Operation
from codegen.methods import Argument, Method
from codegen.registry import Definition
from codegen.touches import NOTES
from codegen.types import NONE, Choice, Either, ListOf, Scalar, Type
from codegen.wording import ARGUMENTS, ARGUMENTS_OF

# With fewer subjects than this, a class needs no list of them.
SEVERAL_SUBJECTS = 3

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


_UPLOAD = [
    "data: bytes, text, a pathlib.Path, a file opened for reading bytes, or an async iterator of",
    "    bytes, which can be read only once, so that the call is never tried again.",
    'content_type: media type of the file ("application/octet-stream" if not given).',
    "progress: called with the bytes sent so far and the size, or None if that is not known.",
]


def method(method: Method) -> list[str]:
    """The lines of a method's docstring, without indentation."""
    operation = method.operation
    lines = [
        method.summary or prose.method(operation),
        "",
        f"``{operation.method} {operation.path}``",
        *_other_forms(method),
    ]
    if note := NOTES.get(operation.id):
        lines += ["", note]
    arguments = [line for argument in method.arguments for line in _argument(operation, argument)]
    if method.is_upload:
        arguments += _UPLOAD
    for title, notes in (
        ("Args", arguments),
        ("Returns", _returns(method)),
        ("Raises", _raises(method)),
    ):
        if notes:
            lines += ["", f"{title}:", *(f"    {note}" for note in notes)]
    if operation.docs:
        lines += ["", f"See: {operation.docs}"]
    return lines


def _other_forms(method: Method) -> list[str]:
    if not method.others:
        return []
    word = "another form" if len(method.others) == 1 else "other forms"
    listed = ", ".join(f"``{name}``" for name in method.others)
    return ["", *textwrap.wrap(f"In {word}: {listed}.", 92)]


def deprecation(method: Method) -> str:
    """What a deprecated method's warning says."""
    return f"GitHub has deprecated {method.operation.id}."


def module(tag: str) -> str:
    """The one line about a resource's module."""
    return f"GitHub's operations on {prose.spelled(tag)}: ``sdk.{names.module(tag)}``."


def resource(tag: str, methods: list[Method]) -> list[str]:
    """The lines about a resource class; where there is much to find, its subjects too."""
    count = len({each.operation.id for each in methods})
    operations = "operation" if count == 1 else "operations"
    first = f"``sdk.{names.module(tag)}``: GitHub's {count} {operations} on {prose.spelled(tag)}."
    subjects = sorted({each.operation.subcategory or tag for each in methods} - {tag})
    if len(subjects) < SEVERAL_SUBJECTS:
        return [first]
    listed = f"By subject: {', '.join(prose.spelled(subject) for subject in subjects)}."
    return [first, "", *textwrap.wrap(listed, 92)]


def model(definition: Definition, method_paths: dict[str, str]) -> str:
    """One line for a model; `method_paths` has the method whose answer a name stands for."""
    if definition.component:
        return prose.noun_sentence(definition.component.removeprefix("nullable-"))
    place = definition.places[0]
    roots = {each.root for each in definition.places}
    if not place.path:
        return f"What ``{method_paths.get(place.root, place.root)}`` answers."
    step = place.path[-1]
    if len(roots) > 1:
        return f"What several models hold as ``{step}``."
    if place.root in method_paths:
        return f"The ``{'.'.join(place.path)}`` of ``{method_paths[place.root]}``."
    return f"The ``{'.'.join(place.path)}`` of ``{place.root}``."


def _argument(operation: Operation, argument: Argument) -> list[str]:
    """What is worth saying of an argument that its type does not say."""
    said = _facts(argument)
    if argument.multi_segment:
        said.append("slashes are kept")
    if argument.empty:
        said.append(f'"" is {argument.empty}')
    if argument.place in {"query", "field"} and argument.name.startswith("new_"):
        said.append(f"sent as ``{argument.wire}``")
    here = ARGUMENTS_OF.get((operation.id, argument.name))
    note = (here or ARGUMENTS.get(argument.name, "")).removesuffix(".")
    if argument.type == Scalar("str") and note.startswith(("names of", "ids of", "logins of")):
        note += ", separated by commas"
    joined = "; ".join(said)
    text = f"{note} ({joined})" if note and joined else note or joined
    parts = [text, *_literals(argument, text)]
    whole = "; ".join(part for part in parts if part)
    if not whole:
        return []
    return textwrap.wrap(
        f"{argument.name}: {whole}.",
        88,
        subsequent_indent="    ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def _facts(argument: Argument) -> list[str]:
    """Limits, the form and the default: as declared, or as GitHub says them."""
    found: list[str] = []
    schema, said = argument.schema, argument.said
    low, high = schema.get("minimum"), schema.get("maximum")
    if argument.type == Scalar("int") and low is None and high is None:
        low, high = facts.bounds(said)
    if low is not None and high is not None:
        found.append(f"{low} to {high}")
    elif low is not None or high is not None:
        found.append(f"at most {high}" if low is None else f"at least {low}")
    if unit := facts.unit(said):
        found = [f"{found[0]} {unit}" if found else f"in {unit}"]
    if _is_text(argument.type) and (length := facts.length(said)) is not None:
        found.append(f"at most {length} characters")
    texts = _is_text(argument.type) or argument.type == ListOf(Scalar("str"))
    if texts and (forms := facts.forms(said)):
        found.append(f"in the form {_joined([f'``{form}``' for form in forms])}")
    if (default := schema.get("default")) is not None and not argument.required:
        found.append(f"{_shown(default)} if not given")
    return found


def _literals(argument: Argument, text: str) -> Iterator[str]:
    """The values that GitHub names for a free text, but for those that `text` has."""
    if not _is_text(argument.type):
        return
    values = [value for value in facts.values(argument.said) if not _has(text, value)]
    if values:
        # Beside "*" there is always something else to pass.
        names = "also names" if text or "*" in values else "names"
        yield f"GitHub {names} {', '.join(map(_shown, values))}"
    if argument.type == Scalar("str") and facts.is_list(argument.said) and "commas" not in text:
        yield "several are separated by commas"


def _has(text: str, value: str) -> bool:
    return re.search(rf"(?<![\w*-]){re.escape(value)}(?![\w*-])", text) is not None


def _is_text(type_: Type) -> bool:
    """Whether a type is a text without a list of choices, or may be one."""
    options = type_.options if isinstance(type_, Either) else (type_,)
    return Scalar("str") in options and not any(isinstance(each, Choice) for each in options)


def _shown(value: object) -> str:
    match value:
        case bool():
            return str(value)
        case str():
            return f'"{value}"'
        case list():
            items = cast("list[object]", value)
            return "[" + ", ".join(map(_shown, items)) + "]"
        case _:
            return str(value)


def _returns(method: Method) -> list[str]:
    answer = method.answer
    match answer.kind:
        case "pages":
            return [
                "``await`` it for the first page, or ``async for`` over the items of all pages."
            ]
        case "check":
            return ["True if it is so (GitHub answers 204), False if not (404)."]
        case "file":
            return ["``await`` it for the bytes, ``save()`` it, or read it with ``async with``."]
        case _:
            empty = [str(status) for status, type_ in answer.others.items() if type_ == NONE]
            if answer.kind == "none" or not empty:
                return []
            return [f"None if GitHub answers {_joined(empty)}, without content."]


def _raises(method: Method) -> list[str]:
    found = {
        status: name
        for status, name in _ERRORS.items()
        if method.operation.declares(status)
        and not (status == 404 and method.answer.kind == "check")
    }
    if not found:
        return []
    return [f"{', '.join(found.values())}: GitHub answers {_joined([str(s) for s in found])}."]


def _joined(words: list[str]) -> str:
    *head, last = words
    return f"{', '.join(head)} or {last}" if head else last
