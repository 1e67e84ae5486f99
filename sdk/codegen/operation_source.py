"""Writes the arguments of an ``Operation``: how a call is sent, and what it returns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sdk.codegen import spelling
from sdk.codegen.methods import Argument, Method
from sdk.codegen.registry import Registry
from sdk.codegen.render import Renderer
from sdk.codegen.request_media import MULTIPART
from sdk.codegen.types import ANY, NONE, Choice, Component, Object, Scalar, Type, walk

_PLAIN = {"str", "bytes", "bool", "int", "Any"}


def sending(method: Method) -> Iterator[str]:
    """Yield the arguments of ``Operation`` that describe how a call is sent."""
    given = {
        "query": spelling.strings([each.name for each in method.placed("query")]),
        "body": spelling.strings([each.name for each in method.placed("field")]),
        "headers": spelling.mapping({each.name: each.wire for each in method.placed("header")}),
        "cookies": spelling.mapping({each.name: each.wire for each in method.placed("cookie")}),
        "parts": spelling.mapping(method.parts),
        "files": spelling.strings([each.name for each in method.placed("field") if _is_file(each)]),
        "names": spelling.mapping(_renamed(method)),
        "styles": spelling.mapping(
            {each.name: each.style for each in method.arguments if each.style and _styled(each)}
        ),
        "multi_segment": spelling.strings(
            [each.name for each in method.placed("path") if each.multi_segment]
        ),
    }
    for whole in method.placed("body"):
        given["body"] = spelling.string(whole.name)
    if method.media and method.placed("field", "body"):
        given["media"] = spelling.string(method.media)
    if method.idempotency:
        given["idempotency_key"] = spelling.string(method.idempotency)
    if not (method.media or "").startswith(MULTIPART):
        del given["files"]
    order = ("query", "body", "headers", "cookies", "media", "files", "parts", "names")
    for name in [*order, *sorted(given.keys() - set(order))]:
        if given.get(name, "()") not in {"()", "{}"}:
            yield f"{name}={given[name]}"


def _is_file(argument: Argument) -> bool:
    return any(each == Scalar("bytes") for each in walk(argument.type))


def _styled(argument: Argument) -> bool:
    """Return whether a style matters for a type: it does not for strings and numbers."""
    plain = isinstance(argument.type, Choice | Scalar) and argument.type != ANY
    return not plain or argument.style == "json" or argument.style.startswith(("label", "matrix"))


def _renamed(method: Method) -> dict[str, str]:
    return {
        each.name: each.wire
        for each in method.placed("path", "query", "field")
        if each.name != each.wire
    }


def answering(method: Method, render: Renderer) -> Iterator[str]:
    """Return the arguments that describe the result of a call."""
    answer = method.answer
    if answer.kind in {"check", "file"}:
        # Beside types by status, checkers understand a type given at once only if all are.
        lazy = "lambda: " if answer.errors else ""
        yield f"returns={lazy}{render(answer.type)}"
    elif answer.kind != "none":
        given = _lazy(answer.body, render)
        lazy = "lambda: " if given in _PLAIN and (answer.errors or answer.others) else ""
        yield f"returns={lazy}{given}"
    if answer.items:
        yield f"items={spelling.string(answer.items)}"
    if answer.rule is not None and (rule := answer.rule.spelled()):
        yield f"pages={rule}"
    if answer.others:
        yield f"responses={_by_status(answer.others, render)}"
    if answer.errors:
        yield f"errors={_by_status(answer.errors, render)}"
    if answer.accept:
        yield f"accept={spelling.string(answer.accept)}"


def _by_status(types: Mapping[int, Type], render: Renderer) -> str:
    """Return the mapping of types by status, in several parts if mypy cannot join their types.

    For mypy, the common type of classes with equally many fields is called with the fields of the
    first one, which is an error for the others if not the same fields are required.
    """
    parts: list[dict[int, Type]] = [{}]
    for status, type_ in types.items():
        if any(_clash(type_, other, render.registry) for other in parts[-1].values()):
            parts.append({})
        parts[-1][status] = type_
    return " | ".join(_mapping(part, render, only_lazy=len(parts) > 1) for part in parts)


def _mapping(types: Mapping[int, Type], render: Renderer, *, only_lazy: bool) -> str:
    spelled = {status: _lazy(type_, render) for status, type_ in types.items()}
    for status, text in spelled.items():
        if only_lazy and text in _PLAIN:
            spelled[status] = f"lambda: {text}"
    return f"{{{', '.join(f'{status}: {text}' for status, text in spelled.items())}}}"


def _clash(one: Type, other: Type, registry: Registry) -> bool:
    if not isinstance(one, Component | Object) or not isinstance(other, Component | Object):
        return False
    fields = list(_fields(registry.name_of(one), registry).items())
    others = list(_fields(registry.name_of(other), registry).items())
    return len(fields) == len(others) and fields != others


def _fields(name: str, registry: Registry) -> dict[str, bool]:
    """Return whether each field of a class is required, those of its base classes included."""
    type_ = registry.definitions[name].type
    if not isinstance(type_, Object):
        return {}
    inherited = _fields(base, registry) if (base := registry.base_of(name)) else {}
    return inherited | {field.wire: field.required for field in type_.fields}


def _lazy(type_: Type, render: Renderer) -> str:
    """Return a type as source: as it is, or as a function if it needs a model."""
    if type_ == NONE:
        return "None"
    text = render(type_)
    if text == "bool":
        # ``returns=bool`` asks whether the status is not 404; this is a value in JSON.
        text = "Literal[True, False]"
    return text if text in _PLAIN - {"Any"} else f"lambda: {text}"


def alternatives(security: tuple[tuple[str, ...], ...]) -> str:
    """Return the alternatives of credentials as Python source."""
    if not security:
        return "()"
    spelled = ", ".join(spelling.strings(each) for each in security)
    return f"({spelled},)" if len(security) == 1 else f"({spelled})"
