"""Writes `sdk/resources`: one class for each tag, one method for each operation."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from codegen import docstrings, emit_client, names, wording
from codegen.emit_models import HEADER
from codegen.methods import Argument, Method
from codegen.overrides import ALIASES, MergedMethod
from codegen.registry import Registry
from codegen.render import for_arguments, for_responses
from sdk.codegen.render import Renderer
from sdk.codegen.types import NONE, ListOf


class ResourceWriter:
    """Writes resource modules, with the types of both registries."""

    def __init__(self, received: Registry, sent: Registry) -> None:
        self._received = received
        self._sent = sent

    def emit(self, methods: list[Method], merged_methods: list[MergedMethod]) -> dict[str, str]:
        """Return the files of `sdk/resources` by their path in it."""
        by_tag: dict[str, list[Method]] = defaultdict(list)
        for method in methods:
            by_tag[method.operation.tag].append(method)
        files = {
            f"{names.module(tag)}.py": self._resource(tag, found, merged_methods)
            for tag, found in sorted(by_tag.items())
        }
        files["__init__.py"] = emit_client.package(sorted(by_tag))
        files["__init__.pyi"] = emit_client.stub(sorted(by_tag))
        return files

    def _resource(self, tag: str, methods: list[Method], merged_methods: list[MergedMethod]) -> str:
        defined = {method.name for method in methods} | {
            merged.name for merged in merged_methods if merged.tag == tag
        }
        # Inside the class `list` may be its method, which annotations must not refer to.
        responses = for_responses(self._received, "builtins.list" if "list" in defined else "list")
        arguments = for_arguments(self._sent, "t.")
        by_id = {method.operation.id: method for method in methods}
        members = [
            _docstring(docstrings.resource(tag, methods), 1),
            *(
                _merged(merged, by_id, responses)
                for merged in merged_methods
                if merged.tag == tag and {merged.text, merged.number} <= by_id.keys()
            ),
            *_by_subject(methods, responses, arguments),
        ]
        constants = [_operation(method, for_responses(self._received)) for method in methods]
        whole = "\n\n".join(members) + "\n\n\n" + "\n\n".join(constants)
        return (
            f'{HEADER}"""{docstrings.module(tag)}"""\n\nfrom __future__ import annotations\n\n'
            f"{_imports(whole, constants)}\n\n\n"
            f"class {names.class_name(tag)}(Resource):\n{whole}\n"
        )


def _by_subject(methods: list[Method], responses: Renderer, arguments: Renderer) -> Iterator[str]:
    """Return the methods in the order of GitHub's documentation, with headings."""
    subject = None
    for method in sorted(methods, key=_reading_order):
        heading = ""
        if method.operation.subcategory != subject:
            subject = method.operation.subcategory
            heading = f"    # -- {wording.spelled(subject or method.operation.tag)}\n\n"
        yield heading + _method(method, responses, arguments)
        if method.accept is None and (alias := ALIASES.get(method.operation.id)):
            yield f"    {alias} = {method.name}"


def _imports(text: str, constants: list[str]) -> str:
    def used(*words: str) -> list[str]:
        return [word for word in words if re.search(rf"(?<![\w.]){word}\b", text)]

    dates = [word for word in ("date", "datetime") if re.search(rf"[:|\[] ?{word}\b", text)]
    # Annotations are never evaluated, but the types that operations return are.
    evaluated = {word for word in dates if any(re.search(rf"[ \[]{word}\b", c) for c in constants)}
    now = [
        _import("datetime", sorted(evaluated)),
        _import("typing", ["TYPE_CHECKING", *used("Any", "Literal")]),
        _import("typing_extensions", ["deprecated"] if "@deprecated(" in text else []),
        "from sdk import models as m" if used(r"m\.") else "",
        _import("sdk.transport", [*used("OMIT"), "Operation", "Resource"]),
    ]
    checkers = [
        "import builtins" if used("builtins") else "",
        _import("collections.abc", used("Mapping", "Sequence")),
        _import("datetime", [word for word in dates if word not in evaluated]),
        "from sdk import types as t" if used(r"t\.") else "",
        _import(
            "sdk.transport",
            [
                "CallOptions",
                *used("Download", "Omit", "Paged", "PagedObject", "Progress", "UploadData"),
            ],
        ),
    ]
    indented = [f"    {line}" for line in checkers if line]
    return "\n".join([*filter(None, now), "", "if TYPE_CHECKING:", *indented])


def _import(module: str, names: list[str]) -> str:
    return f"from {module} import {', '.join(names)}" if names else ""


def _method(method: Method, responses: Renderer, arguments: Renderer) -> str:
    lines: list[str] = []
    if method.operation.deprecated:
        lines.append(f'    @deprecated("{docstrings.deprecation(method)}")')
    define, returned, call = _way_of_calling(method, responses)
    signature = _signature(method, arguments)
    lines.append(f"    {define} {method.name}({signature}) -> {returned}:")
    lines.append(_docstring(docstrings.method(method), 2))
    given = [names.constant(method.name), "options", *_extras(method)]
    given += [f"{argument.name}={argument.name}" for argument in method.arguments]
    lines.append(f"        {call}({', '.join(given)})")
    return "\n".join(lines)


def _way_of_calling(method: Method, responses: Renderer) -> tuple[str, str, str]:
    """Return how the method is defined, what it returns, and its call of `Resource`."""
    type_ = responses(method.response.type)
    match method.response.kind:
        case "pages":
            return "def", f"Paged[{type_}{_page_body(method, responses)}]", "return self._paginate"
        case "object":
            call = "_complete_object" if method.response.complete else "_paginate_object"
            body = responses(method.response.body)
            return "def", f"PagedObject[{type_}, {body}]", f"return self.{call}"
        case "file":
            return "def", "Download", "return self._download"
        case "none":
            return "async def", type_, "await self._call"
        case _:
            call = "_upload" if method.is_upload else "_call"
            if method.is_computed:
                call = "_call_until_ready"
            return "async def", type_, f"return await self.{call}"


def _page_body(method: Method, responses: Renderer) -> str:
    """Return the second argument of ``Paged``, unless the body is the list of the items."""
    response = method.response
    empty = " | None" if NONE in response.others.values() else ""
    if response.body == ListOf(response.type) and not empty:
        return ""
    return f", {responses(response.body)}{empty}"


def _extras(method: Method) -> list[str]:
    """Return the arguments of the SDK's own that a call passes on."""
    return [*(["progress"] if method.is_upload else []), *(["wait"] if method.is_computed else [])]


def _signature(method: Method, render: Renderer) -> str:
    positional = [f"{argument.name}: {render(argument.type)}" for argument in method.placed("path")]
    named = [
        _keyword(argument, render) for argument in method.arguments if argument.place != "path"
    ]
    if method.is_upload:
        named.append("progress: Progress | None = None")
    if method.is_computed:
        named.append("wait: float = 0")
    return ", ".join(["self", *positional, "*", *named, "options: CallOptions | None = None"])


def _keyword(argument: Argument, render: Renderer) -> str:
    text = f"{argument.name}: {render(argument.type)}"
    return text if argument.required else f"{text} | Omit = OMIT"


def _docstring(lines: list[str], depth: int) -> str:
    indent = "    " * depth
    first, *rest = lines
    if not rest:
        return f'{indent}"""{first}"""'
    body = "\n".join(f"{indent}{line}".rstrip() for line in rest)
    return f'{indent}"""{first}\n{body}\n{indent}"""'


def _reading_order(method: Method) -> tuple[str, str, str]:
    operation = method.operation
    return (operation.subcategory or "", operation.id, method.accept or "")


def _operation(method: Method, render: Renderer) -> str:
    operation = method.operation
    path = operation.path
    for argument in method.placed("path"):
        path = path.replace(f"{{{argument.wire}}}", f"{{{argument.name}}}")
    parts = [
        f'"{operation.method}"',
        f'"{path}"',
        f'id="{operation.id}"',
        *_sending(method),
        *_returning(method, render),
    ]
    if operation.server:
        parts.append(f'server="{operation.server}"')
    return f"{names.constant(method.name)} = Operation({', '.join(parts)})"


def _sending(method: Method) -> Iterator[str]:
    """Return the parts of an operation that say how arguments are sent."""
    if query := [argument.name for argument in method.placed("query")]:
        yield f"query={_strings(query)}"
    if fields := [argument.name for argument in method.placed("field")]:
        yield f"body={_strings(fields)}"
    yield from (f'body="{argument.name}"' for argument in method.placed("body"))
    if headers := {argument.name: argument.wire for argument in method.placed("header")}:
        yield f"headers={_mapping(headers)}"
    if method.media:
        yield f'media="{method.media}"'
    in_url_or_body = method.placed("path", "query", "field")
    if renamed := {each.name: each.wire for each in in_url_or_body if each.name != each.wire}:
        yield f"names={_mapping(renamed)}"
    if multi := [argument.name for argument in method.placed("path") if argument.multi_segment]:
        yield f"multi_segment={_strings(multi)}"
    if empty := [argument.name for argument in method.placed("path") if argument.empty]:
        yield f"may_be_empty={_strings(empty)}"
    if removed := {each.name: each.removed for each in method.arguments if each.removed}:
        yield f"removed={_mapping(removed)}"


def _returning(method: Method, render: Renderer) -> Iterator[str]:
    """Return the parts of an operation that say what a call returns."""
    response = method.response
    if response.kind in {"check", "file"}:
        yield f"returns={render(response.type)}"
    elif response.kind != "none":
        yield f"returns={_lazy(render(response.body))}"
    if response.items:
        yield f'items="{response.items}"'
    if response.others:
        types = (f"{status}: {_lazy(render(type_))}" for status, type_ in response.others.items())
        yield f"responses={{{', '.join(types)}}}"
    if method.accept:
        yield f'accept="{method.accept}"'


def _lazy(text: str) -> str:
    """Return a built-in type as it is, and any other as a function, to import it when needed."""
    return text if text in {"str", "bytes", "bool", "int", "float", "None"} else f"lambda: {text}"


def _strings(values: list[str]) -> str:
    return "(" + ", ".join(f'"{value}"' for value in values) + ",)"


def _mapping(pairs: dict[str, str]) -> str:
    return "{" + ", ".join(f'"{key}": "{value}"' for key, value in pairs.items()) + "}"


def _merged(merged: MergedMethod, by_id: dict[str, Method], responses: Renderer) -> str:
    text, number = by_id[merged.text], by_id[merged.number]
    return f'''    async def {merged.name}(
        self, {merged.argument}: str | int, *, options: CallOptions | None = None
    ) -> {responses(text.response.type)}:
        """{merged.summary}

        ``{text.operation.method} {text.operation.path}``, or for an int
        ``{number.operation.method} {number.operation.path}``

        Args:
            {merged.argument}: {merged.meaning}

        Raises:
            NotFound: GitHub responds with 404.

        See: {text.operation.docs}
        """
        if isinstance({merged.argument}, int):
            return await self.{number.name}({merged.argument}, options=options)
        return await self.{text.name}({merged.argument}, options=options)'''
