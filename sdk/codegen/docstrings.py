"""Write docstrings from the description, as plain text.

All text of the description goes through ``spelling`` first, so that it cannot end a docstring.
"""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus

from sdk.codegen import names, spelling
from sdk.codegen.answers import is_json
from sdk.codegen.methods import Argument, Method
from sdk.codegen.registry import Definition
from sdk.codegen.types import NONE, Choice, Either, Scalar, Type

ERRORS = {
    400: "BadRequest",
    401: "Unauthorized",
    403: "Forbidden",
    404: "NotFound",
    409: "Conflict",
    410: "Gone",
    413: "PayloadTooLarge",
    422: "ValidationFailed",
    429: "RateLimited",
}
_FILE = "bytes, text, a pathlib.Path, an open file, or an async iterator of bytes."
_WIDTH = 92


def method(method: Method) -> list[str]:
    """Return the lines of a method's docstring, without indentation."""
    operation = method.operation
    first, more = _opening(method)
    lines = [
        *spelling.wrapped(first, _WIDTH - 3),
        "",
        f"``{operation.method} {_inert(operation.path)}``",
    ]
    for paragraph in more:
        lines += ["", *_block(paragraph)]
    arguments = [line for argument in method.arguments for line in _argument(method, argument)]
    if method.is_upload:
        arguments.append("progress: called with the bytes sent so far and the size, if known.")
    lines += sections(arguments, _returns(method), list(_raises(method)))
    if operation.docs and " " not in operation.docs:
        lines += ["", f"See: {_inert(operation.docs)}"]
    return lines


def sections(arguments: list[str], returns: list[str], raises: list[str]) -> Iterator[str]:
    """Yield the lines of the sections that are not empty."""
    for title, notes in (("Args", arguments), ("Returns", returns), ("Raises", raises)):
        if notes:
            yield from ("", f"{title}:", *(f"    {note}" for note in notes))


def _opening(method: Method) -> tuple[str, list[str]]:
    """Return the first line of a method's docstring, and the paragraphs after its route."""
    summary, description = method.operation.summary, method.operation.description
    (*more,) = spelling.paragraphs(description)
    if summary and not _says_the_name(method):
        first = spelling.sentence(summary)
        if more and spelling.sentence(more[0]) == first:
            more = more[1:]
        return first or _named(method), _whole(more)
    first, rest = spelling.headline(description, _WIDTH - 4)
    if not first:
        return _plain_case(spelling.sentence(summary)) or _named(method), _whole(more[1:])
    return first, _whole([*filter(None, [rest]), *more[1:]])


def _plain_case(title: str) -> str:
    """Return a title in the case of a sentence: "Create invoice" for "Create Invoice"."""
    first, *rest = title.split(" ")
    return " ".join([first, *(each.lower() if each.istitle() else each for each in rest)])


def _named(method: Method) -> str:
    return f"{names.snake(method.name).replace('_', ' ').capitalize()}."


def _whole(found: list[str]) -> list[str]:
    """Return the first paragraphs, without a sentence that announces what is left out."""
    most = 3
    while most < 5 and found[:most] and found[most - 1 : most] and found[most - 1].endswith(":"):
        most += 1
    kept = found[:most]
    if kept:
        kept[-1] = spelling.without_promise(kept[-1])
    return [each for each in kept if each]


def _says_the_name(method: Method) -> bool:
    """Return whether a summary only repeats the id, as FastAPI's do."""
    operation = method.operation
    spelled = names.words(operation.summary)
    return names.words(operation.id)[: len(spelled)] == spelled


def model(definition: Definition, method_paths: dict[str, str], said: str) -> list[str]:
    """Return the lines about a model; `method_paths` has the method of each response's name."""
    if found := spelling.paragraphs(said)[:2]:
        first, *rest = found
        lines = [*spelling.wrapped(spelling.sentence(first, 400), _WIDTH)]
        for paragraph in rest:
            lines += ["", *_block(paragraph)]
        return lines
    if definition.component:
        return [f"{' '.join(names.words(definition.name)).capitalize()}."]
    place = definition.places[0]
    roots = {each.root for each in definition.places}
    if not place.path:
        return [f"What ``{method_paths.get(place.root, place.root)}`` returns."]
    step = _inert(".".join(place.path))
    if len(roots) > 1:
        return [f"The ``{_inert(place.path[-1])}`` of several models."]
    return [f"The ``{step}`` of ``{method_paths.get(place.root, place.root)}``."]


def resource(attribute: str, title: str, said: str, count: int) -> list[str]:
    """Return the lines about a resource class."""
    operations = "operation" if count == 1 else "operations"
    first = f"``{attribute}``: {count} {operations} of {title}."
    lines = spelling.wrapped(first, _WIDTH)
    for paragraph in _whole(spelling.paragraphs(said)[:1]):
        lines += ["", *_block(paragraph)]
    return lines


def _block(paragraph: str) -> list[str]:
    return [line for each in paragraph.split("\n") for line in spelling.wrapped(each, _WIDTH)]


def _inert(text: str) -> str:
    """Return a name or an address in a form that is safe in a docstring."""
    found = spelling.paragraphs(text.replace("<", "(").replace("`", "'"))
    return " ".join(" ".join(found).split()) if found else ""


def _argument(method: Method, argument: Argument) -> list[str]:
    """Return the documentation of an argument, beyond its type."""
    said = spelling.sentence(argument.said)
    facts = list(_facts(method, argument))
    if argument.type == Scalar("bytes") and method.media is not None and not is_json(method.media):
        facts.insert(0, _FILE.removesuffix("."))
    whole = f"{said.removesuffix('.')} ({'; '.join(facts)})." if said and facts else said
    whole = whole or (f"{'; '.join(facts)}." if facts else "")
    if not whole:
        return []
    return spelling.wrapped(f"{argument.name}: {whole}", 88, "    ")


def _facts(method: Method, argument: Argument) -> Iterator[str]:
    schema = argument.schema
    low, high = schema.get("minimum"), schema.get("maximum")
    if isinstance(low, (int, float)) and isinstance(high, (int, float)):
        yield f"{spelling.shown(low)} to {spelling.shown(high)}"
    elif isinstance(low, (int, float)):
        yield f"at least {spelling.shown(low)}"
    elif isinstance(high, (int, float)):
        yield f"at most {spelling.shown(high)}"
    if isinstance(most := schema.get("maxLength"), int) and _is_text(argument.type):
        yield f"at most {most} characters"
    default = schema.get("default")
    if default is not None and not argument.required:
        yield f"{spelling.shown(default)} if not given"
    if argument.multi_segment:
        yield "slashes are kept"
    if method.idempotency == argument.name:
        yield "made once per call if not given"
    if argument.name not in {names.argument(argument.wire), "data"}:
        yield f"sent as {spelling.shown(argument.wire)}"
    if schema.get("deprecated") is True:
        yield "deprecated"


def _is_text(type_: Type) -> bool:
    options = type_.options if isinstance(type_, Either) else (type_,)
    return Scalar("str") in options and not any(isinstance(each, Choice) for each in options)


def _returns(method: Method) -> list[str]:
    answer = method.answer
    match answer.kind:
        case "pages":
            return ["``await`` it for the first page, ``async for`` over the items of all pages."]
        case "check":
            return ["True if it exists, False if the API answers 404."]
        case "file":
            return ["``await`` it for the bytes, ``save()`` it, or read it with ``async with``."]
        case "events":
            return ["``async for`` over the events as they come."]
        case _:
            empty = [str(status) for status, type_ in answer.others.items() if type_ == NONE]
            if answer.kind == "none" or not empty:
                return []
            return [f"None if the API answers {joined(empty)}, without content."]


def _raises(method: Method) -> Iterator[str]:
    for response in method.operation.responses:
        name = ERRORS.get(response.code)
        if name is None or not response.status.isdecimal():
            continue
        if response.code == 404 and method.answer.kind == "check":
            continue
        said = spelling.sentence(response.description, 120)
        usual = {HTTPStatus(response.code).phrase.lower(), "validation error", ""}
        if said.removesuffix(".").lower() in usual:
            said = f"the API answers {response.code}."
        yield from spelling.wrapped(f"{name}: {said}", 88, "    ")


def joined(words: list[str]) -> str:
    """Return words in a row, the last after "or"."""
    *head, last = words
    return f"{', '.join(head)} or {last}" if head else last


def field(name: str, schema: dict[str, object]) -> list[str]:
    """Return the lines about a model's field; none without a description."""
    said = spelling.sentence(schema.get("description"), 200)
    return spelling.wrapped(f"{name}: {said}", 88, "    ") if said else []
