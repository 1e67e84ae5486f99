"""Explain a method: the rules that determined it, and the settings that would change it."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterator, Sequence

from sdk.codegen.build import Client
from sdk.codegen.methods import Method
from sdk.codegen.notes import CodegenError
from sdk.codegen.security import credentials, sent
from sdk.codegen.settings_checks import nearest


def explain(clients: Sequence[Client], name: str) -> list[str]:
    """Return lines about each method that matches a name, a pattern or an operation id.

    Raises:
        CodegenError: no method of a client matches.
    """
    lines: list[str] = []
    for client in clients:
        operations = [method.operation for method in client.methods]
        security = sent(operations, credentials(client.document, operations))
        for method in client.methods:
            if _fits(method, name):
                lines += [*_lines(method, security[method.operation]), ""]
    if not lines:
        methods = [method for client in clients for method in client.methods]
        close = [each.named.dotted for each in methods if name.rpartition(".")[2] in each.name]
        hint = f" Is it {', '.join(close[:5])}?" if close else ""
        hint = hint or nearest(name, [each.named.dotted for each in methods])
        raise CodegenError(f"The client has no method {name!r}.{hint}")
    return lines[:-1]


def _fits(method: Method, name: str) -> bool:
    return name in {method.operation.id, method.key} or fnmatch.fnmatchcase(
        method.named.dotted, name
    )


def _lines(method: Method, security: tuple[tuple[str, ...], ...] | None) -> Iterator[str]:
    operation = method.operation
    yield f"{method.named.dotted}: {operation.method} {operation.path}"
    yield f"  name: {method.named.rule} ({operation.id})"
    yield f'    to change it: names = {{ "{operation.id}" = "{method.named.resource}.NAME" }}'
    answer = method.answer
    if answer.rule is not None:
        rule = answer.rule.spelled() or "Link header"
        where = f", the list is {answer.items!r}" if answer.items else ""
        yield f"  paging: {rule}{where}, found by {answer.rule.found_by}"
        yield f'    to change it: paging = {{ "{method.named.dotted}" = false }}'
    elif operation.method == "GET" and answer.kind == "value":
        yield "  paging: none was found"
        yield f'    to set one: paging = {{ "{method.named.dotted}" = {{ page = "page" }} }}'
    if security is None:
        yield "  credentials: those of the client; the description declares none"
    elif not security:
        yield "  credentials: none"
    else:
        spelled = " or ".join(" with ".join(each) or "none" for each in security)
        yield f"  credentials: {spelled}, from the description"
    if method.placed("field", "body"):
        yield f"  body: {method.media or 'application/json'}"
    if method.idempotency:
        yield f"  idempotency: {method.idempotency} is made once a call"
    if answer.errors:
        yield f"  typed errors: {', '.join(map(str, answer.errors))}"
