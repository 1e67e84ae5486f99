"""Writes the resources: one class for each, one method for each operation."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from sdk.codegen import docstrings, names, printer, spelling
from sdk.codegen.document import Document
from sdk.codegen.methods import Argument, Method
from sdk.codegen.operation_source import alternatives, answering, sending
from sdk.codegen.registry import Registry
from sdk.codegen.render import Renderer, for_answers, for_arguments
from sdk.codegen.request_media import MULTIPART
from sdk.codegen.source_files import HEADER, code, import_line, imports, own_imports, uses

_RULES = ("Cursor", "LastItem", "NextUrl", "Offset", "PageNumber")
# Classes that the modules of resources and of the client import.
_IMPORTED = {
    *_RULES, "ApiClient", "ApiKey", "BasicLogin", "BearerToken", "ClientCredentials",
    "ClientOptions", "EventStream", "FileData", "SchemeAuth", "Unpack", "ClassVar",
}  # fmt: skip


class ResourceWriter:
    """Writes resources, with the annotations of their methods."""

    def __init__(
        self,
        document: Document,
        client: str,
        answered: Registry,
        sent: Registry,
        security: Mapping[str, tuple[tuple[str, ...], ...] | None],
    ) -> None:
        """Create a writer; `security` has the schemes of each operation, by the operation's key."""
        self._document = document
        self._client = client
        self._answered = answered
        self._sent = sent
        self._security = security

    def emit(self, methods: Sequence[Method]) -> dict[str, str]:
        """Return the files, by their path in the client's package."""
        by_resource: dict[str, list[Method]] = {}
        for method in methods:
            by_resource.setdefault(method.named.resource, []).append(method)
        files = {
            f"resources/{resource}.py": self._resource(resource, found)
            for resource, found in sorted(by_resource.items())
        }
        files["resources/__init__.py"] = f'{HEADER}"""The operations of the API, by resource."""\n'
        return files

    def _resource(self, resource: str, methods: list[Method]) -> str:
        defined = {method.name for method in methods}
        # Inside the class `list` may be its method: annotations must not mean that one.
        answers = for_answers(self._answered, "builtins.list" if "list" in defined else "list")
        plain = for_answers(self._answered)
        tag = next((each.operation.tags[0] for each in methods if each.operation.tags), "")
        attribute = f"{_variable(self._client)}.{resource}"
        head = docstrings.resource(
            attribute, _title(self._document), self._document.tags.get(tag, ""), len(methods)
        )
        constants = _constants(methods)
        arguments: dict[str, str] = {}
        members: list[str] = []
        for method in methods:
            render = for_arguments(self._sent, "t.", _binary(method))
            members.append(_method(method, constants[method.key], answers, render))
            arguments |= render.own
        operations = [self._operation(method, constants[method.key], plain) for method in methods]
        body = "\n\n".join([spelling.docstring(head, "    "), *members])
        tail = "\n\n".join(operations)
        own = {**answers.own, **plain.own, **arguments}
        return (
            f'{HEADER}"""``{attribute}``."""\n\nfrom __future__ import annotations\n\n'
            f"{_imports(body, tail, own)}\n\n\n"
            f"class {resource_class(resource, self._client)}(Resource):\n{body}\n\n\n{tail}\n"
        )

    def _operation(self, method: Method, constant: str, render: Renderer) -> str:
        operation = method.operation
        path = operation.path
        for argument in method.placed("path"):
            path = path.replace(f"{{{argument.wire}}}", f"{{{argument.name}}}")
        parts = [
            spelling.string(operation.method),
            spelling.string(path),
            *([f"id={spelling.string(operation.id)}"] if operation.named else []),
            *sending(method),
            *answering(method, render),
        ]
        if operation.server:
            parts.append(f"server={spelling.string(operation.server)}")
        security = self._security.get(method.key)
        if security is not None:
            parts.append(f"security={alternatives(security)}")
        return printer.bracketed(f"{constant} = Operation(", parts, ")", 0)


def resource_class(resource: str, client: str) -> str:
    """Return the class of a resource: none that its modules import or define already."""
    name = names.class_name(resource)
    return f"{name}Resource" if name == client or name in _IMPORTED else name


def _constants(methods: Sequence[Method]) -> dict[str, str]:
    taken: set[str] = {"OMIT", "TYPE_CHECKING"}
    found: dict[str, str] = {}
    for method in methods:
        name = names.free(names.constant(method.name), taken)
        taken.add(name)
        found[method.key] = name
    return found


def _binary(method: Method) -> str:
    if method.media is None:
        return "str"
    return "FileData" if method.media.startswith(MULTIPART) else "UploadData"


def _imports(body: str, tail: str, own: Mapping[str, str]) -> str:
    evaluated = {name: home for name, home in own.items() if uses(tail, name)}
    checked = {name: home for name, home in own.items() if name not in evaluated}
    now = [
        "import datetime as dt" if uses(tail, "dt") else "",
        import_line("decimal", uses(tail, "Decimal")),
        import_line("typing", ["TYPE_CHECKING", *uses(f"{body}\n{tail}", "Any", "Literal")]),
        import_line("uuid", uses(tail, "UUID")),
    ]
    deprecated = ["deprecated"] if "@deprecated(" in body else []
    ours = ["Operation", "Resource", *uses(body, "OMIT")]
    later = [
        "import builtins" if uses(body, "builtins") else "",
        "import datetime as dt" if uses(body, "dt") and not uses(tail, "dt") else "",
        import_line("collections.abc", uses(body, "Mapping", "Sequence"), 1),
        import_line("decimal", [] if uses(tail, "Decimal") else uses(body, "Decimal"), 1),
        import_line("uuid", [] if uses(tail, "UUID") else uses(body, "UUID"), 1),
    ]
    named = [
        "CallOptions",
        *uses(
            body, "Download", "EventStream", "FileData", "Omit", "Paged", "Progress", "UploadData"
        ),
    ]
    models = "from .. import models as m" if _member_of("m", tail) else ""
    typed = "from .. import models as m" if not models and _member_of("m", body) else ""
    blocks = [
        [line if line.startswith(" ") or not line else f"    {line}" for line in later],
        [import_line("sdk", named, 1), *own_imports(checked, 1)],
        [
            f"    {typed}" if typed else "",
            "    from .. import types as t" if _member_of("t", body) else "",
        ],
    ]
    head = imports(
        now,
        [import_line("typing_extensions", deprecated)],
        [
            import_line("sdk", ours),
            import_line("sdk.transport.page_rules", uses(tail, *_RULES)),
            *own_imports(evaluated),
        ],
        [models],
    )
    return f"{head}\n\nif TYPE_CHECKING:\n{imports(*blocks)}"


def _member_of(module: str, text: str) -> bool:
    return re.search(rf"(?<![\w.]){module}\.", code(text)) is not None


def _method(method: Method, constant: str, answers: Renderer, arguments: Renderer) -> str:
    lines: list[str] = []
    if method.operation.deprecated:
        said = f"The API has deprecated {method.named.dotted}."
        lines.append(f"    @deprecated({spelling.string(said)})")
    define, returned, call = _way_of_calling(method, answers(method.answer.type))
    lines.append(
        printer.bracketed(
            f"{define} {method.name}(", _signature(method, arguments), f") -> {returned}:", 1
        )
    )
    lines.append(spelling.docstring(docstrings.method(method), "        "))
    given = [constant, "options", *(["progress"] if method.is_upload else [])]
    given += [f"{argument.name}={argument.name}" for argument in method.arguments]
    lines.append(printer.bracketed(f"{call}(", given, ")", 2))
    return "\n".join(lines)


def _way_of_calling(method: Method, type_: str) -> tuple[str, str, str]:
    """Return the kind of definition, the return type, and the method of `Resource` to call."""
    match method.answer.kind:
        case "pages":
            return "def", f"Paged[{type_}]", "return self._paginate"
        case "file":
            return "def", "Download", "return self._download"
        case "events":
            return "def", f"EventStream[{type_}]", "return self._events"
        case "none":
            return (
                "async def",
                "None",
                "await self._upload" if method.is_upload else "await self._call",
            )
        case _:
            call = "_upload" if method.is_upload else "_call"
            return "async def", type_, f"return await self.{call}"


def _signature(method: Method, render: Renderer) -> list[str]:
    path = [f"{each.name}: {render(each.type)}" for each in method.placed("path")]
    whole = [_keyword(each, render) for each in method.placed("body")]
    named = [
        _keyword(argument, render)
        for argument in method.arguments
        if argument.place not in {"path", "body"}
    ]
    if method.is_upload:
        named.append("progress: Progress | None = None")
    return ["self", *path, *whole, "*", *named, "options: CallOptions | None = None"]


def _keyword(argument: Argument, render: Renderer) -> str:
    text = f"{argument.name}: {render(argument.type)}"
    return text if argument.required else f"{text} | Omit = OMIT"


def _variable(client: str) -> str:
    return names.snake(client)


def _title(document: Document) -> str:
    return spelling.sentence(document.title, 80).removesuffix(".") or "the API"
