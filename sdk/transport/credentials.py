"""Credentials for any API: HTTP Basic and API keys."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping

from .errors import InvalidInput
from .headers import FixedHeaders
from .refusals import hides_arguments

# RFC 6265, 4.1.1: the characters of a cookie's value.
_COOKIE_VALUE = re.compile(r"[!#-+\--:<-\[\]-~]*")
_NAMED = {"header": "x-api-key", "query": "api_key", "cookie": "session"}
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


class Basic:
    """A user name and a password by HTTP Basic authentication (RFC 7617).

    Args:
        username: the user name, without a colon.
        password: the password; empty for APIs that take a key as the user name.

    Raises:
        InvalidInput: one of them cannot be sent; the error shows neither.
    """

    __slots__ = ("_headers", "fixed_headers", "identity")

    @hides_arguments
    def __init__(self, username: str, password: str = "") -> None:
        problem = _basic_problem(username, password)
        if problem:
            raise InvalidInput(problem)
        pair = f"{username}:{password}".encode()
        self._headers = FixedHeaders({"authorization": f"Basic {base64.b64encode(pair).decode()}"})
        self.fixed_headers = self._headers
        self.identity = _identity("basic", pair)

    async def headers(self) -> Mapping[str, str]:
        """Return the ``authorization`` header."""
        return self._headers

    def __repr__(self) -> str:
        return "Basic(***)"


class ApiKey:
    """An API key in a header, in the query string or in a cookie.

    ::

        ApiKey(key, header="x-api-key")
        ApiKey(key, query="api_key")
        ApiKey(key, cookie="session")

    Args:
        key: the key.
        header: the name of the header.
        query: the name of the query parameter.
        cookie: the name of the cookie.

    Raises:
        InvalidInput: not exactly one of `header`, `query` and `cookie` is given, or the key cannot
            be sent there; the error does not show it.
    """

    __slots__ = ("_headers", "_place", "_query", "fixed_headers", "identity")

    @hides_arguments
    def __init__(
        self,
        key: str,
        *,
        header: str | None = None,
        query: str | None = None,
        cookie: str | None = None,
    ) -> None:
        problem = _key_problem(key, header=header, query=query, cookie=cookie)
        if problem:
            raise InvalidInput(problem)
        self._place = next(
            f"{place}={name!r}"
            for place, name in (("header", header), ("query", query), ("cookie", cookie))
            if name
        )
        headers: dict[str, str] = {}
        self._query: dict[str, str] = {}
        if header:
            headers = {header.lower(): key}
        elif query:
            self._query = {query: key}
        else:
            headers = {"cookie": f"{cookie}={key}"}
        self._headers = FixedHeaders(headers)
        self.fixed_headers = None if query else self._headers
        self.identity = _identity(self._place, key.encode())

    async def headers(self) -> Mapping[str, str]:
        """Return the header with the key, if it is sent in a header."""
        return self._headers

    def query(self) -> Mapping[str, str]:
        """Return the query parameter with the key, if it is sent in the query."""
        return self._query

    def __repr__(self) -> str:
        return f"ApiKey(***, {self._place})"


class SecretFields(dict[str, str]):
    """Fields of a request, some of them secret; the repr shows none of them."""

    def __repr__(self) -> str:
        return "SecretFields(***)"


def _identity(kind: str, secret: bytes) -> str:
    return hashlib.blake2b(kind.encode() + b"\0" + secret, digest_size=8).hexdigest()


def _basic_problem(username: object, password: object) -> str | None:
    if not isinstance(username, str) or not isinstance(password, str):
        return "Basic takes the user name and the password as text."
    if not username:
        return "The user name is empty. Pass auth=None to call without credentials."
    if ":" in username:
        return "A user name for Basic authentication must not contain a colon (RFC 7617, 2)."
    if not (username + password).isprintable():
        return "The user name or the password contains a line break or a control character."
    return None


def _key_problem(key: object, **places: str | None) -> str | None:
    given = [(place, name) for place, name in places.items() if name is not None]
    if len(given) != 1:
        return 'Pass one of header=, query= and cookie=, such as header="x-api-key".'
    place, name = given[0]
    if not isinstance(name, str) or not _NAME.fullmatch(name):  # pyright: ignore[reportUnnecessaryIsInstance]
        # Not shown: it may be the key.
        return f"{place}= is not the name of a {place}, such as {_NAMED[place]!r}."
    if not isinstance(key, str) or not key.strip():
        return "The key is empty or not a str. Pass auth=None to call without credentials."
    if not key.isascii() or not key.isprintable() or key != key.strip():
        return "The key contains a line break, a non-ASCII character, or a space at its end."
    if place == "cookie" and not _COOKIE_VALUE.fullmatch(key):
        return "The key contains a space, comma or semicolon, which a cookie cannot contain."
    return None
