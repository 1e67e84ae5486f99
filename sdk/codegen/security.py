"""Derive the client's credential arguments and each operation's security from the schemes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sdk.codegen import names
from sdk.codegen.document import Document, Operation, Scheme

_KEYS = {"header", "query", "cookie"}


@dataclass(frozen=True)
class Credential:
    """One scheme that the client can send, and which of its arguments it is made of."""

    scheme: Scheme
    arguments: tuple[str, ...]
    extras: tuple[str, ...] = ()
    """Arguments that say how the others are used, and need not be given."""


def credentials(document: Document, operations: Iterable[Operation]) -> list[Credential]:
    """Return the schemes that an operation uses, in the order of declaration.

    If no operation names a scheme, all of them are used, for the operations that declare nothing.
    """
    listed = list(operations)
    asked = {name for each in listed for names_ in each.security or () for name in names_}
    if not asked and any(each.security is None for each in listed):
        asked = set(document.schemes)
    schemes = [
        scheme
        for name, scheme in document.schemes.items()
        if name in asked and scheme.kind != "other"
    ]
    fetched = [scheme for scheme in schemes if scheme.kind == "client_credentials"]
    # Of several schemes, each has its own address.
    extras = ("token_url", "scopes") if len(fetched) == 1 else ()
    keys = [scheme for scheme in schemes if scheme.kind in _KEYS]
    found: list[Credential] = []
    taken: set[str] = set(extras)
    for scheme in schemes:
        arguments: tuple[str, ...]
        match scheme.kind:
            case "bearer":
                arguments = ("token",)
            case "basic":
                arguments = ("username", "password")
            case "client_credentials":
                arguments = ("client_id", "client_secret")
            case _:
                only = len(keys) == 1
                name = "api_key" if only else names.argument(scheme.name)
                arguments = (names.free(name, taken),)
        taken.update(arguments)
        found.append(Credential(scheme, arguments, extras if scheme in fetched else ()))
    return found


def sent(
    operations: Iterable[Operation], known: Iterable[Credential]
) -> dict[Operation, tuple[tuple[str, ...], ...] | None]:
    """Return the alternatives of each operation that can be sent; () for no credentials.

    None for an operation that declares nothing, if no operation of the description names a scheme.
    """
    listed = list(operations)
    sendable = {credential.scheme.name for credential in known}
    silent = not any(operation.security for operation in listed)
    return {
        operation: None
        if silent and operation.security is None
        else tuple(each for each in operation.security or () if set(each) <= sendable)
        for operation in listed
    }
