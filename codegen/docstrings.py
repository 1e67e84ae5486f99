"""Writes the docstrings of methods, classes and models."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from typing import cast

from codegen import facts, names, wording
from codegen.description import Operation
from codegen.methods import Argument, Method
from codegen.overrides import NOTES
from codegen.versions import removed_in
from sdk.codegen.docstrings import ERRORS, joined, sections
from sdk.codegen.registry import Definition
from sdk.codegen.types import NONE, Choice, Either, ListOf, Object, Scalar, Type

# A class with fewer subjects than this does not list them.
SEVERAL_SUBJECTS = 3

# Notes about several values; a string holds them separated by commas.
_SEVERAL = ("names of", "ids of", "logins of", "slugs of")

_UPLOAD = [
    "data: bytes, text, a pathlib.Path, a file opened for reading bytes, or an async iterator of",
    "    bytes; an iterator can be read only once, so the call is not retried.",
    'content_type: media type of the file (default "application/octet-stream").',
    "progress: called with the number of bytes sent and the size, None if it is unknown.",
]


_WAIT = [
    "wait: seconds to repeat the call while GitHub computes the response (202).",
]


def method(method: Method) -> list[str]:
    """Return the lines of a method's docstring, without indentation."""
    operation = method.operation
    lines = [
        method.summary or wording.summary(operation.id),
        "",
        f"``{operation.method} {operation.path}``",
        *_variants(method),
    ]
    if note := NOTES.get(operation.id):
        lines += ["", note]
    arguments = [line for argument in method.arguments for line in _argument(operation, argument)]
    if method.is_upload:
        arguments += _UPLOAD
    if method.is_computed:
        arguments += _WAIT
    lines += sections(arguments, _returns(method), _raises(method))
    if operation.docs:
        lines += ["", f"See: {operation.docs}"]
    return lines


def _variants(method: Method) -> list[str]:
    if not method.variants:
        return []
    word = "type" if len(method.variants) == 1 else "types"
    listed = ", ".join(f"``{name}``" for name in method.variants)
    return ["", *textwrap.wrap(f"For other media {word}: {listed}.", 92)]


def deprecation(method: Method) -> str:
    """Return the warning of a deprecated method."""
    return f"GitHub has deprecated {method.operation.id}."


def module(tag: str) -> str:
    """Return the line about a resource's module."""
    return f"GitHub's operations on {wording.spelled(tag)}: ``sdk.{names.module(tag)}``."


def resource(tag: str, methods: list[Method]) -> list[str]:
    """Return the lines about a resource class, with its subjects if there are several."""
    count = len({each.operation.id for each in methods})
    operations = "operation" if count == 1 else "operations"
    first = f"``sdk.{names.module(tag)}``: GitHub's {count} {operations} on {wording.spelled(tag)}."
    subjects = sorted({each.operation.subcategory or tag for each in methods} - {tag})
    if len(subjects) < SEVERAL_SUBJECTS:
        return [first]
    listed = f"By subject: {', '.join(wording.spelled(subject) for subject in subjects)}."
    return [first, "", *textwrap.wrap(listed, 92)]


def removed_fields(definition: Definition) -> list[str]:
    """Return the lines about fields that newer API versions do not send."""
    if not isinstance(definition.type, Object):
        return []
    by_version: dict[str, list[str]] = {}
    for field in definition.type.fields:
        if removed := removed_in(field):
            by_version.setdefault(removed, []).append(f"``{names.field(field.wire)}``")
    return [
        line
        for version, fields in sorted(by_version.items())
        for line in textwrap.wrap(f"Not sent since {version}: {', '.join(fields)}.", 92)
    ]


def model(definition: Definition, method_paths: dict[str, str]) -> str:
    """Return the line about a model; `method_paths` maps prefixes of names to methods."""
    if definition.component:
        return wording.sentence(definition.component.removeprefix("nullable-"))
    place = definition.places[0]
    roots = {each.root for each in definition.places}
    if not place.path:
        return f"Response of ``{method_paths.get(place.root, place.root)}``."
    step = place.path[-1]
    if len(roots) > 1:
        return f"``{step}`` of several models."
    if place.root in method_paths:
        return f"``{'.'.join(place.path)}`` of ``{method_paths[place.root]}``."
    return f"``{'.'.join(place.path)}`` of ``{place.root}``."


def _argument(operation: Operation, argument: Argument) -> list[str]:
    """Return the lines about an argument, or none if its name and type say it."""
    found = _facts(argument)
    if argument.multi_segment:
        found.append("slashes are kept")
    if argument.empty:
        found.append(f'"" is {argument.empty}')
    if argument.place in {"query", "field"} and argument.name.startswith("new_"):
        found.append(f"sent as ``{argument.wire}``")
    if argument.removed:
        found.append(f"not accepted since {argument.removed}")
    note = wording.argument(operation.id, argument.name) or ""
    if argument.type == Scalar("str") and note.startswith(_SEVERAL):
        note += ", separated by commas"
    joined = "; ".join(found)
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
    """Return limits, format and default: as declared, or from GitHub's text."""
    found: list[str] = []
    schema, text = argument.schema, argument.said
    low, high = schema.get("minimum"), schema.get("maximum")
    if argument.type == Scalar("int") and low is None and high is None:
        low, high = facts.bounds(text)
    if low is not None and high is not None:
        found.append(f"{low} to {high}")
    elif low is not None or high is not None:
        found.append(f"at most {high}" if low is None else f"at least {low}")
    if unit := facts.unit(text):
        found = [f"{found[0]} {unit}" if found else f"in {unit}"]
    if _is_text(argument.type) and (length := facts.length(text)) is not None:
        found.append(f"at most {length} characters")
    texts = _is_text(argument.type) or argument.type == ListOf(Scalar("str"))
    if texts and (forms := facts.forms(text)):
        found.append(f"format {joined([f'``{form}``' for form in forms])}")
    if (default := schema.get("default")) is not None and not argument.required:
        found.append(f"default {_shown(default)}")
    return found


def _literals(argument: Argument, text: str) -> Iterator[str]:
    """Return the values that GitHub documents for a string, without those in `text`."""
    if not _is_text(argument.type):
        return
    values = [value for value in facts.values(argument.said) if not _has(text, value)]
    if values:
        # "*" is never the only value.
        label = "special values" if "*" in values else "known values"
        yield f"{label}: {', '.join(map(_shown, values))}"
    if argument.type == Scalar("str") and facts.is_list(argument.said) and "commas" not in text:
        yield "separate several with commas"


def _has(text: str, value: str) -> bool:
    return re.search(rf"(?<![\w*-]){re.escape(value)}(?![\w*-])", text) is not None


def _is_text(type_: Type) -> bool:
    """Return whether a type is or can be a string without a list of choices."""
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
    response = method.response
    match response.kind:
        case "pages":
            return [
                "``await`` returns the first page, ``async for`` yields the items of all pages."
            ]
        case "object" if response.complete:
            return [
                f"``await`` returns the object with all ``{response.items}``, or with one page of",
                "them if ``page`` or ``per_page`` is given; ``async for`` yields them all.",
            ]
        case "object":
            return [
                f"``await`` returns the object with one page of its ``{response.items}``, and",
                "``async for`` yields those of all pages.",
            ]
        case "check":
            return ["True if GitHub responds with 204, False if it responds with 404."]
        case "file":
            return [
                "``await`` returns the bytes, ``save()`` writes a file, ``async with`` streams."
            ]
        case _:
            empty = [str(status) for status, type_ in response.others.items() if type_ == NONE]
            if response.kind == "none" or not empty:
                return []
            return [f"None if GitHub responds with {joined(empty)}, which has no content."]


def _raises(method: Method) -> list[str]:
    found = {
        status: name
        for status, name in ERRORS.items()
        if status != 429
        and method.operation.declares(status)
        and not (status == 404 and method.response.kind == "check")
    }
    if not found:
        return []
    return [f"{', '.join(found.values())}: GitHub responds with {joined([str(s) for s in found])}."]
