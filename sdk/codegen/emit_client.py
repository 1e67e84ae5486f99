"""Writes the client's class: its address, its credentials, its resources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sdk.codegen import names, printer, spelling
from sdk.codegen.document import Document
from sdk.codegen.security import Credential
from sdk.codegen.servers import Addresses
from sdk.codegen.source_files import HEADER, import_line, imports

_CLASSES = {
    "bearer": "BearerToken",
    "basic": "BasicLogin",
    "header": "ApiKey",
    "query": "ApiKey",
    "cookie": "ApiKey",
    "client_credentials": "ClientCredentials",
}
_SAID = {
    "token": "a bearer token",
    "username": "the user's name",
    "password": "the user's password",
    "client_id": "the application's id",
    "client_secret": "the application's secret",
}


@dataclass(frozen=True)
class ClientFacts:
    """The parts of the client's class."""

    name: str
    document: Document
    resources: Mapping[str, str]
    """The class of each resource, by attribute; of the user's own: "module:Class"."""
    credentials: Sequence[Credential]
    addresses: Addresses
    times: str
    defaults: Mapping[str, str]
    """Arguments whose default is in an environment variable."""
    url_variable: str
    """The environment variable that has the address; "" for none."""
    webhooks: bool
    """Whether the API sends anything by itself."""


def client(facts: ClientFacts) -> str:
    """Return the text of the module with the client's class."""
    body = "\n\n".join(_body(facts))
    typing = ["TYPE_CHECKING", *(["ClassVar"] if "ClassVar" in body else [])]
    typing += ["Literal"] if "Literal[" in body else []
    typing += ["Unpack"] if "Unpack[" in body else []
    typing += ["Any"] if "[str, Any]" in body else []
    classes = sorted({_CLASSES[each.scheme.kind] for each in facts.credentials})
    checked = [
        import_line(f".resources.{attribute}", [name], 1)
        for attribute, name in sorted(facts.resources.items())
        if ":" not in name
    ]
    own = [
        import_line(name.partition(":")[0], [name.partition(":")[2]], 1)
        for _, name in sorted(facts.resources.items())
        if ":" in name
    ]
    sdk = ["ApiClient", *(["ClientOptions"] if "ClientOptions" in body else [])]
    head = imports(
        ["from __future__ import annotations"],
        [
            "import os" if "os.environ" in body else "",
            "from functools import cached_property",
            import_line("typing", typing),
        ],
        [
            import_line("sdk", sdk),
            import_line("sdk.auth.schemes", [*classes, *(["SchemeAuth"] if classes else [])]),
        ],
    )
    abstract = ["    from collections.abc import Sequence"] if "Sequence[" in body else []
    checkers = imports(abstract, own, checked) or "    pass"
    return (
        f'{HEADER}"""The client: its address, its credentials, its resources."""\n\n{head}\n\n'
        f"if TYPE_CHECKING:\n{checkers}\n\n{_servers(facts)}\n"
        f"class {facts.name}(ApiClient):\n{body}\n"
    )


def package(facts: ClientFacts) -> str:
    """Return the text of ``__init__.py``, which imports the client when it is first used."""
    title = spelling.sentence(facts.document.title, 80) or "A typed client."
    lines = [title, "", "::", "", *_example(facts)]
    return f"""{HEADER}{spelling.docstring(lines, "")}

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .client import {facts.name} as {facts.name}

__all__ = ["{facts.name}"]


def __getattr__(name: str) -> Any:
    if name == "{facts.name}":
        from .client import {facts.name}

        return {facts.name}
    raise AttributeError(f"module {{__name__!r}} has no attribute {{name!r}}")
"""


def _example(facts: ClientFacts) -> Iterator[str]:
    given = [f"{name}=..." for each in facts.credentials[:1] for name in each.arguments]
    given += [] if facts.addresses.by_name or facts.url_variable else ['base_url="https://..."']
    variable = names.snake(facts.name)
    yield f"    async with {facts.name}({', '.join(given)}) as {variable}:"
    yield "        ..."


def _servers(facts: ClientFacts) -> str:
    if len(facts.addresses.by_name) < 2 and not facts.addresses.variables:
        return ""
    pairs = [
        f"{spelling.string(name)}: {spelling.string(url)}"
        for name, url in facts.addresses.by_name.items()
    ]
    return printer.bracketed("_SERVERS = {", pairs, "}", 0) + "\n\n"


def _body(facts: ClientFacts) -> Iterator[str]:
    lines = spelling.wrapped(spelling.sentence(facts.document.title, 80) or "The API.", 92)
    for paragraph in spelling.paragraphs(facts.document.description)[:1]:
        lines += ["", *spelling.wrapped(" ".join(paragraph.split()), 92)]
    arguments = list(_arguments(facts))
    if arguments:
        lines += [
            "",
            "Args:",
            *(
                f"    {line}"
                for each in arguments
                for line in spelling.wrapped(each[1], 88, "    ")
            ),
        ]
        lines.append("    options: as for ``sdk.ApiClient``.")
    yield spelling.docstring(lines, "    ")
    constants = [f"    title = {spelling.string(facts.name)}"]
    if len(facts.addresses.by_name) == 1 and not facts.addresses.variables:
        address = next(iter(facts.addresses.by_name.values()))
        constants.insert(0, f"    base_url = {spelling.string(address)}")
    if facts.times == "naive":
        constants.append("    naive_times = True")
    yield "\n".join(constants)
    if arguments:
        yield _init(facts, [each[0] for each in arguments])
    for attribute, name in sorted(facts.resources.items()):
        module, _, own = name.rpartition(":")
        where = module or f".resources.{attribute}"
        yield (
            f"    @cached_property\n    def {attribute}(self) -> {own}:\n"
            f'        """The operations of ``{attribute}``."""\n'
            f"        from {where} import {own}\n\n        return {own}(self)"
        )
    if facts.webhooks:
        yield _webhooks()


def _webhooks() -> str:
    return (
        "    @staticmethod\n    def webhooks() -> dict[str, Any]:\n"
        '        """Return the type of what the API sends by itself, by event."""\n'
        "        from .webhooks import EVENTS\n\n        return EVENTS"
    )


def _arguments(facts: ClientFacts) -> Iterator[tuple[str, str]]:
    """Yield the arguments that only this client has, each with its documentation."""
    done: set[str] = set()
    for credential in facts.credentials:
        for name in credential.arguments:
            if name in done:
                continue
            done.add(name)
            said = _SAID.get(name) or f"the value of {_place(credential)}"
            if variable := facts.defaults.get(name):
                said += f" (the environment variable {variable} if not given)"
            yield f"{name}: str | None = None", f"{name}: {said}."
        yield from _fetching(facts, credential)
    addresses = facts.addresses
    if len(addresses.by_name) > 1:
        choices = ", ".join(map(spelling.string, addresses.by_name))
        first = spelling.string(next(iter(addresses.by_name)))
        yield f"server: Literal[{choices}] = {first}", "server: which of the API's addresses."
    for name, (_, default, allowed) in addresses.variables.items():
        kind = (
            f"Literal[{', '.join(map(spelling.string, allowed))}]" if default in allowed else "str"
        )
        yield f"{name}: {kind} = {spelling.string(default)}", f"{name}: a part of the address."
    if facts.url_variable:
        said = f"the environment variable {facts.url_variable} if not given"
        yield "base_url: str | None = None", f"base_url: where the API is ({said})."
    elif not addresses.by_name:
        yield "base_url: str", "base_url: where the API is; its description does not say."
    elif len(addresses.by_name) > 1 or addresses.variables or done:
        yield "base_url: str | None = None", "base_url: another address of the API."


def _fetching(facts: ClientFacts, credential: Credential) -> Iterator[tuple[str, str]]:
    """The arguments that say where a token is fetched, and for what."""
    if credential.extras:
        said = "the address that tokens are fetched from, if not that of the description"
        if variable := facts.defaults.get("token_url"):
            said += f" (the environment variable {variable} if not given)"
        yield "token_url: str | None = None", f"token_url: {said}."
        yield "scopes: Sequence[str] = ()", "scopes: the scopes of the token."


def _place(credential: Credential) -> str:
    scheme = credential.scheme
    kind = {"query": "query parameter"}.get(scheme.kind, scheme.kind)
    return f"the {kind} {spelling.shown(scheme.parameter)}"


def _init(facts: ClientFacts, arguments: list[str]) -> str:
    required = [each for each in arguments if "=" not in each]
    optional = [each for each in arguments if "=" in each]
    signature = ["self", "*", *required, *optional, "**options: Unpack[ClientOptions]"]
    lines = [printer.bracketed("def __init__(", signature, ") -> None:", 1)]
    for name, variable in facts.defaults.items():
        if any(name in (*each.arguments, *each.extras) for each in facts.credentials):
            lines.append(f"        if {name} is None:")
            lines.append(f"            {name} = os.environ.get({spelling.string(variable)})")
    if facts.credentials:
        pairs = [
            f"{spelling.string(each.scheme.name)}: {_credential(each)}"
            for each in facts.credentials
        ]
        lines.append('        if "auth" not in options:')
        table = ", ".join(pairs)
        lines.append(printer.statement(f'options["auth"] = SchemeAuth({{{table}}})', 3))
    addresses = facts.addresses
    if facts.url_variable:
        lines.append("        if base_url is None:")
        # Without the variable, the complaint about the address names it.
        name, missing = map(spelling.string, (facts.url_variable, f"${facts.url_variable}"))
        lines.append(f"            base_url = os.environ.get({name}, {missing})")
    if len(addresses.by_name) > 1 or addresses.variables:
        key = (
            "server"
            if len(addresses.by_name) > 1
            else spelling.string(next(iter(addresses.by_name)))
        )
        lines.append("        if base_url is None:")
        lines.append(f"            base_url = _SERVERS[{key}]")
        for name, (wire, _, _) in addresses.variables.items():
            variable = spelling.string(f"{{{wire}}}")
            lines.append(f"            base_url = base_url.replace({variable}, {name})")
    lines.append("        super().__init__(base_url=base_url, **options)")
    return "\n".join(lines)


def _credential(credential: Credential) -> str:
    scheme, given = credential.scheme, ", ".join(credential.arguments)
    match scheme.kind:
        case "header" | "query" | "cookie":
            return f"ApiKey({given}, {scheme.kind}={spelling.string(scheme.parameter)})"
        case "client_credentials":
            url = spelling.string(scheme.token_url)
            if not credential.extras:
                return f"ClientCredentials({given}, token_url={url})"
            return f"ClientCredentials({given}, token_url=token_url or {url}, scopes=scopes)"
        case kind:
            return f"{_CLASSES[kind]}({given})"
