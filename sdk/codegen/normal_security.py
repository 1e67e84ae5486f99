"""Reads security schemes, and what an operation asks for."""

from __future__ import annotations

import re
from typing import Any, cast

from sdk.codegen.document import Scheme
from sdk.codegen.values import mapping, text

# RFC 9110, 5.6.2: the characters in the name of a header or a cookie.
TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


def scheme(name: str, raw: dict[str, Any]) -> Scheme:
    """Return a security scheme."""
    kind, said = text(raw.get("type")).lower(), text(raw.get("description"))
    if kind == "apikey":
        place = text(raw.get("in"))
        parameter = text(raw.get("name"))
        if place == "header" and parameter.lower() == "authorization":
            return Scheme(name, "header", "authorization", description=said)
        if (place == "query" and parameter) or (
            place in {"header", "cookie"} and TOKEN.fullmatch(parameter)
        ):
            return Scheme(name, place, parameter, description=said)
    if kind == "http":
        how = text(raw.get("scheme")).lower()
        if how in {"bearer", "basic"}:
            return Scheme(name, how, description=said)
    if kind == "oauth2":
        flows = mapping(raw.get("flows"))
        client = mapping(flows.get("clientCredentials"))
        if client and len(flows) == 1:
            url = text(client.get("tokenUrl"))
            return Scheme(name, "client_credentials", token_url=url, description=said)
        return Scheme(name, "bearer", description=said)
    if kind == "openidconnect":
        return Scheme(name, "bearer", description=said)
    return Scheme(name, "other", description=said)


def security(declared: object) -> tuple[tuple[str, ...], ...] | None:
    """Return the alternatives that an operation accepts; None if it declares none."""
    if not isinstance(declared, list):
        return None
    return tuple(tuple(str(name) for name in mapping(each)) for each in cast("list[Any]", declared))
