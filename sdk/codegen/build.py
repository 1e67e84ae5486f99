"""Run the passes: from a normalised description to the text of a client's files."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from sdk.codegen import (
    emit_client,
    emit_dependency,
    emit_examples,
    emit_webhooks,
    lock,
    names,
    security,
)
from sdk.codegen.document import Document, Operation
from sdk.codegen.emit_models import ModelWriter
from sdk.codegen.emit_resources import ResourceWriter, resource_class
from sdk.codegen.emit_types import TypeWriter
from sdk.codegen.layout import arrange
from sdk.codegen.lock import Lock
from sdk.codegen.methods import Method, MethodReader
from sdk.codegen.notes import CodegenError
from sdk.codegen.operation_names import Named, keys, named
from sdk.codegen.places import Place
from sdk.codegen.registry import Registry
from sdk.codegen.schemas import Reader
from sdk.codegen.servers import Addresses, addresses
from sdk.codegen.settings import Settings
from sdk.codegen.settings_checks import check_settings, nearest
from sdk.codegen.types import ListOf, Type

_TIMES = {"as sent": "DateTime", "aware": "AwareTime", "naive": "DateTime"}
_RULES = {
    "Link": "by Link header", "NextUrl": "by next URL", "Cursor": "by cursor",
    "LastItem": "after the last item", "PageNumber": "by page number", "Offset": "by offset",
}  # fmt: skip
_OPTIONS = {
    "auth", "timeout", "retry", "pacing", "headers", "session", "http_client", "max_connections",
    "http2", "max_response_bytes", "strict", "on_drift", "observers", "clock", "options", "server",
    "base_url", "self",
}  # fmt: skip


@dataclass(frozen=True)
class Client:
    """A generated client: its files and facts about its methods."""

    name: str
    files: Mapping[str, str]
    methods: tuple[Method, ...]
    document: Document

    def summary(self) -> list[str]:
        """Return the lines of a summary: what was generated and guessed."""
        lines = sum(text.count("\n") for text in self.files.values())
        sizes = (
            _counted(len(self.methods), "operation"),
            _counted(len(self.files), "file"),
            _counted(lines, "line"),
        )
        result = [f"{self.name}: {', '.join(sizes)}"]
        rules = Counter(
            _RULES[method.answer.rule.kind] for method in self.methods if method.answer.rule
        )
        if rules:
            each = ", ".join(f"{count} {said}" for said, count in rules.most_common())
            only = f", {next(iter(rules))}" if len(rules) == 1 else f": {each}"
            result.append(f"{_counted(rules.total(), 'list')} in pages{only}")
        if whole := sum(_is_list(method) for method in self.methods):
            result.append(f"{_counted(whole, 'list')} without pages")
        return result + [f"note: {line}" for line in self.document.notes.lines()]


def build(document: Document, settings: Settings, kept: Lock | None = None) -> Client:
    """Generate a client.

    Raises:
        CodegenError: the settings cannot be used with this description.
    """
    kept = kept or Lock()
    found = _selected(document, settings, kept)
    if not found and settings.only:
        raise CodegenError(
            f"only: the description has no operation that fits {' or '.join(settings.only)}."
        )
    if not found:
        document.notes.add("no operations", "the client has no methods")
    inline = [each for operation in document.operations for each in operation.schemas()]
    answered = Reader(document.schemas, "answered", settings.formats, inline, document.notes)
    sent = Reader(document.schemas, "sent", settings.formats, inline)
    reader = MethodReader(
        answered,
        sent,
        document.notes,
        keyed=[str(each) for each in settings.idempotent.get("operations", [])],
        header=str(settings.idempotent.get("header", "Idempotency-Key")),
    )
    methods: list[Method] = []
    for key, (operation, name) in found.items():
        method = reader.read(key, operation, name)
        methods.append(reader.paged(method, settings.paging_of(name.dotted)))
    webhooks = {
        event: answered.read(schema, Place(names.pascal(event), ("payload",)))
        for event, schema in document.webhooks.items()
        if not settings.only
    }
    class_name = settings.class_name or kept.client or names.class_name(_titled(document.title))
    answers = Registry(answered, settings.model_names(), kept.models)
    used = {method.key: _answered_types(method) for method in methods}
    used["webhooks"] = list(webhooks.values())
    answers.collect(type_ for types in used.values() for type_ in types)
    arguments = Registry(sent, settings.model_names(), kept.types, "sent")
    arguments.collect(argument.type for method in methods for argument in method.arguments)
    modules = arrange(
        answers,
        {
            user: [name for type_ in types for name in answers.named(type_)]
            for user, types in used.items()
        },
        kept.models,
    )
    home = {name: module.name for module in modules for name in module.definitions}
    operations = [operation for operation, _ in found.values()]
    credentials = security.credentials(document, operations)
    check_settings(settings, methods, credentials)
    asked = security.sent(operations, credentials)
    variable = names.snake(class_name)
    method_names = {
        names.pascal(f"{method.named.resource} {method.name}"): f"{variable}.{method.named.dotted}"
        for method in methods
    }
    facts = emit_client.ClientFacts(
        name=class_name,
        document=document,
        resources=_resources(methods, settings.touches, class_name),
        credentials=credentials,
        addresses=_addresses(document, settings, credentials),
        url_variable=settings.base_url.partition("env:")[2],
        times=settings.times,
        defaults={name: str(value)[4:] for name, value in settings.credentials.items()},
        webhooks=bool(webhooks),
    )
    files = {
        "__init__.py": emit_client.package(facts),
        "client.py": emit_client.client(facts),
        "py.typed": "",
        **ModelWriter(answers, answered, method_names, _TIMES[settings.times]).emit(modules),
        "types.py": TypeWriter(arguments, sent, method_names).emit(),
        **ResourceWriter(
            document,
            class_name,
            answers,
            arguments,
            {method.key: asked[method.operation] for method in methods},
        ).emit(methods),
        lock.FILE: lock.write(
            Lock(
                class_name,
                settings.kept(),
                {
                    method.key: method.named.dotted
                    for method in sorted(methods, key=lambda each: each.key)
                },
                answers.index(home if len(modules) > 1 else {}),
                arguments.index({}),
            )
        ),
    }
    files = {
        name: text for name, text in files.items() if name != "types.py" or arguments.definitions
    }
    if text := emit_examples.examples(answers, answered):
        files[emit_examples.FILE] = text
    if webhooks:
        files[emit_webhooks.FILE] = emit_webhooks.webhooks(webhooks, answers, settings.package)
    if settings.fastapi:
        files[emit_dependency.FILE] = emit_dependency.dependency(class_name)
    for path, text in files.items():
        _check(path, text)
    return Client(class_name, dict(sorted(files.items())), tuple(methods), document)


def _addresses(
    document: Document, settings: Settings, credentials: Iterable[security.Credential]
) -> Addresses:
    taken = _OPTIONS | {name for each in credentials for name in (*each.arguments, *each.extras)}
    stated = "" if settings.base_url.startswith("env:") else settings.base_url
    found = addresses(document, taken, stated)
    if settings.fastapi and not found.by_name and not settings.base_url:
        raise CodegenError(
            "fastapi: the description names no address, so the app could not make the client. Say "
            'where the API is: base_url = "env:BILLING_URL", or an address; on the command line '
            "--base-url env:BILLING_URL."
        )
    return found


def _selected(
    document: Document, settings: Settings, kept: Lock
) -> dict[str, tuple[Operation, Named]]:
    by_key = keys(document.operations)
    # The client has a method of that name only if the API sends anything by itself.
    own = ["webhooks"] if document.webhooks and not settings.only else []
    found = named(document.operations, settings.operation_names(), kept.operations, own)
    unknown = settings.operation_names().keys() - {each.id for each in document.operations}
    if unknown:
        meant = nearest(min(unknown), [each.id for each in document.operations])
        raise CodegenError(
            f"names: the description has no operation {', '.join(sorted(unknown))}.{meant}"
        )
    return {
        key: (operation, found[key])
        for key, operation in by_key.items()
        if settings.wants(found[key].dotted, operation.method, operation.path)
    }


def _answered_types(method: Method) -> list[Type]:
    answer = method.answer
    return [answer.type, answer.body, *answer.others.values(), *answer.errors.values()]


def _resources(methods: Iterable[Method], touches: str, client: str) -> dict[str, str]:
    found = {
        method.named.resource: resource_class(method.named.resource, client) for method in methods
    }
    if not touches:
        return found
    own = _classes_of(touches)
    return {
        attribute: f"{touches}:{name}" if name in own else name for attribute, name in found.items()
    }


def _classes_of(module: str) -> set[str]:
    """Return the classes that a module of the user's defines; it is parsed, not run."""
    path = Path(*module.split("."))
    for candidate in (
        path.with_suffix(".py"),
        path / "__init__.py",
        Path("src", path).with_suffix(".py"),
    ):
        try:
            tree = ast.parse(candidate.read_text(encoding="utf-8"))
        except (OSError, SyntaxError, UnicodeDecodeError):
            continue
        return {node.name for node in tree.body if isinstance(node, ast.ClassDef)}
    raise CodegenError(f"touches: there is no module {module} below this folder.")


def _titled(title: str) -> str:
    """Return the title without generic words: "Billing API v2" is Billing."""
    spelled = [
        word
        for word in names.words(title)
        if not re.fullmatch(r"api|apis|v\d+|openapi|the|rest|swagger|\d+", word)
    ]
    return "_".join(spelled[:4]) or "Client"


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def _is_list(method: Method) -> bool:
    return method.operation.method == "GET" and isinstance(method.answer.type, ListOf)


def _check(name: str, text: str) -> None:
    """Raise if a file is not valid Python, which would be a bug of the generator."""
    if not name.endswith(".py"):
        return
    try:
        ast.parse(text)
    except (SyntaxError, ValueError) as error:
        raise CodegenError(
            f"The text of {name} is not valid Python ({error}). This is a fault of the generator: "
            "please report it with the description."
        ) from None
