"""Requests and replies as plain data, and GitHub's error format."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from sdk.transport.headers import whole_number

from .strict_json import parse

DOCUMENTATION = "https://docs.github.com/rest"


@dataclass(slots=True)
class Request:
    """One request, read to its end.

    Attributes:
        method: in upper case.
        path: below the base URL, still percent-encoded.
        query: the query string's parameters; the last one of a name is used.
        headers: names in lower case.
        body: the body, in bytes.
        base_url: the URL under which the client reached this server, without a slash at its end.
        values: the route's parameters, decoded; set when the route is known.
        login: the caller's login, or None without a token.
    """

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    base_url: str
    values: dict[str, str] = field(default_factory=dict[str, str])
    login: str | None = None

    def json(self) -> Any:
        """Return the parsed body, or an empty object if there is none.

        Raises:
            Refused: 400, it is not JSON.
        """
        if not self.body:
            return {}
        try:
            return parse(self.body)
        except ValueError:
            raise Refused(problem(400, "Problems parsing JSON")) from None

    def number(self, name: str, default: int) -> int:
        """Return a query parameter as a number; `default` if it is missing or not a number."""
        number = whole_number(self.query.get(name, ""))
        return default if number is None else number


@dataclass(slots=True)
class Reply:
    """A response. A `body` of bytes is sent as it is; any other is encoded as JSON.

    Attributes:
        status: the HTTP status code.
        body: bytes, a JSON value, or None for no content.
        headers: names in lower case.
    """

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict[str, str])

    def content(self) -> bytes:
        """Return the body as bytes."""
        if self.body is None:
            return b""
        if isinstance(self.body, bytes):
            return self.body
        return json.dumps(self.body, ensure_ascii=False, separators=(",", ":")).encode()


class Refused(Exception):
    """Abort a request with an error response."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.status)
        self.reply = reply


def problem(
    status: int,
    message: str,
    *,
    errors: list[dict[str, str]] | None = None,
    docs: str = "",
    headers: dict[str, str] | None = None,
) -> Reply:
    """Return a response in GitHub's error format: message, documentation_url, status."""
    body: dict[str, Any] = {"message": message}
    if errors is not None:
        body["errors"] = errors
    body["documentation_url"] = DOCUMENTATION + docs
    body["status"] = str(status)
    return Reply(status, body, dict(headers or {}))


def not_found() -> Reply:
    """Return GitHub's 404, which is also the response for resources the caller may not see."""
    return problem(404, "Not Found")


def invalid(resource: str, field_name: str, code: str = "missing_field") -> Reply:
    """Return GitHub's 422 for one invalid field."""
    return problem(
        422,
        "Validation Failed",
        errors=[{"resource": resource, "field": field_name, "code": code}],
    )


def parse_query(raw: bytes) -> dict[str, str]:
    """Parse a query string; the last value of a name is used."""
    pairs = parse_qs(raw.decode("ascii", "replace"), keep_blank_values=True)
    return {name: values[-1] for name, values in pairs.items()}
