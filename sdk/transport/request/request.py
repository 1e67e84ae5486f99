"""An encoded call: everything that is the same for all attempts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote, urlsplit

from sdk.transport.dialect import one_line
from sdk.transport.encoding import encode_query
from sdk.transport.errors import InvalidInput
from sdk.transport.omit import OMIT
from sdk.transport.operation import Operation
from sdk.transport.options import CallOptions, Retry, Timeout, check_options
from sdk.transport.paths import path_pattern, render_path
from sdk.transport.styles import in_query, joined

from .body import Content
from .body_encoding import encode_body

if TYPE_CHECKING:
    from sdk.transport.auth import AuthCall

# How many characters of the values of a path are shown.
_LONGEST_VALUES = 100


# Not frozen: that would cost a microsecond for each call.
@dataclass(slots=True)
class Request:
    """Method, URL, headers and body, encoded; with the limits of the call. It is not changed.

    Only `auth_call`, what the credentials keep of the call, is set when it is sent.
    """

    operation: Operation[Any]
    url: str
    headers: Mapping[str, str]
    content: bytes | Content | None
    timeout: Timeout
    retry: Retry
    auth_call: AuthCall | None = None

    def __str__(self) -> str:
        """The method and the route template, with the values of the path's parameters."""
        operation = self.operation
        text = str(operation)
        if not operation.parameters:
            return text
        pattern = path_pattern(operation.path, operation.multi_segment, operation.may_be_empty)
        # The link to a further page may have another path.
        match = re.search(f"(?:{pattern.pattern})$", urlsplit(self.url).path)
        if match is None:
            return text
        values = one_line("/".join(unquote(value) for value in match.groups()))
        if len(values) > _LONGEST_VALUES:
            values = values[:_LONGEST_VALUES] + "…"
        return f"{text} ({values})"

    def __repr__(self) -> str:
        # Error reporters show local values, and all other fields may be secret.
        return f"<Request {self.operation.method} {self.operation.path}>"

    def as_streamed(self) -> StreamRequest:
        """Return the same request, for a response whose body is streamed."""
        # Uncompressed, because otherwise its size is unknown before its end.
        headers = {**self.headers, "accept-encoding": "identity"}
        return StreamRequest(
            self.operation, self.url, headers, self.content, self.timeout, self.retry
        )


@dataclass(slots=True, repr=False)
class StreamRequest(Request):
    """A request whose successful response is an OpenResponse: its body is not read yet."""


def prepare(
    operation: Operation[Any],
    values: Mapping[str, object],
    options: CallOptions | None,
    *,
    base_url: str,
    headers: Mapping[str, str],
    timeout: Timeout,
    retry: Retry,
    list_suffix: str = "",
    naive_times: bool = False,
) -> Request:
    """Encode a call.

    Raises:
        InvalidInput: a value cannot be sent, or the operation has no such parameter.
    """
    if not operation.known.issuperset(values):
        raise _unknown(operation, values)
    values = {name: value for name, value in values.items() if value is not OMIT}
    path = render_path(
        operation.path,
        values,
        operation.multi_segment,
        operation.may_be_empty,
        operation.styles,
        naive_times=naive_times,
    )
    options = options or _NO_OPTIONS
    if options:
        check_options(options)
    url = base_url + path
    if operation.query or "extra_query" in options:
        query = encode_query(
            [
                *_query_pairs(operation, values, naive_times),
                *options.get("extra_query", {}).items(),
            ],
            list_suffix=list_suffix,
            naive_times=naive_times,
        )
        url = f"{url}?{query}" if query else url
    content, media = None, None
    if operation.body or "extra_body" in options:
        content, media = encode_body(operation, values, options.get("extra_body"), naive_times)
    if isinstance(content, Content):
        # How long it takes depends on its size; each chunk of it is limited by Timeout.write.
        timeout = replace(timeout, total=None)
    if "timeout" in options:
        timeout = timeout.changed(options["timeout"])
    if options or content is not None or operation.accept or operation.headers or operation.cookies:
        headers = _with_own_headers(
            headers, operation, values, options, content, media, naive_times
        )
    return Request(
        operation,
        url,
        headers,
        content,
        timeout,
        Retry.of(options["retry"]) if "retry" in options else retry,
    )


_NO_OPTIONS = CallOptions()


def _unknown(operation: Operation[Any], values: Mapping[str, object]) -> InvalidInput:
    unknown = ", ".join(sorted(map(repr, values.keys() - operation.known)))
    known = ", ".join(map(repr, sorted(operation.known))) or "none"
    return InvalidInput(f"{operation.id} has no parameter {unknown}; it has {known}.")


def _with_own_headers(
    headers: Mapping[str, str],
    operation: Operation[Any],
    values: Mapping[str, object],
    options: CallOptions,
    content: bytes | Content | None,
    media: str | None,
    naive_times: bool,
) -> Mapping[str, str]:
    """Return the headers of a call: the client's, and those of the operation and the options."""
    changed: dict[str, str] = {}
    if media:
        changed["content-type"] = media
    if isinstance(content, Content):
        changed.update(content.headers)
    if operation.accept:
        changed["accept"] = operation.accept
    added: dict[str, Any] = {}
    if operation.headers or operation.cookies:
        added = _parameter_headers(operation, values, naive_times)
    if "headers" in options:
        added.update(options["headers"])
    if added:
        changed.update(checked_headers(added))
    return {**headers, **changed} if changed else headers


def _query_pairs(
    operation: Operation[Any], values: Mapping[str, object], naive_times: bool
) -> Iterator[tuple[str, object]]:
    names, styles = operation.names, operation.styles
    for name in operation.query:
        if name not in values:
            continue
        style = styles.get(name)
        if style is None:
            yield names.get(name, name), values[name]
        else:
            yield from in_query(names.get(name, name), values[name], style, naive_times)


def _parameter_headers(
    operation: Operation[Any], values: Mapping[str, object], naive_times: bool
) -> dict[str, Any]:
    """Return the headers for values of the call, including cookies."""
    added: dict[str, Any] = {
        header: _header_text(operation, name, values[name], naive_times)
        for name, header in operation.headers.items()
        if name in values and values[name] is not None
    }
    if (key := operation.idempotency_key) is not None and values.get(key) is None:
        from uuid import uuid4

        # Made here, once a call: every attempt carries the same.
        added[operation.headers[key]] = str(uuid4())
    cookies = [
        f"{cookie}={_cookie_text(operation, name, values[name], naive_times)}"
        for name, cookie in operation.cookies.items()
        if name in values and values[name] is not None
    ]
    if cookies:
        added["cookie"] = "; ".join(cookies)
    return added


def _header_text(operation: Operation[Any], name: str, value: object, naive_times: bool) -> str:
    return joined(name, value, operation.styles.get(name, ""), naive_times)


def _cookie_text(operation: Operation[Any], name: str, value: object, naive_times: bool) -> str:
    try:
        return quote(_header_text(operation, name, value, naive_times), safe=_COOKIE)
    except UnicodeEncodeError:
        raise InvalidInput(
            f"{name!r} contains a lone surrogate, which UTF-8 cannot encode."
        ) from None


# RFC 6265, 4.1.1: what a cookie's value may hold besides letters and digits.
_COOKIE = "!#$&'()*+-./:<=>?@[]^_`{|}~"

# RFC 9110, 5.6.2: what a header's name is made of.
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


def _wrong_name(name: object) -> str:
    if not isinstance(name, str):
        return f"The name of a header is a str, not {type(name).__name__}."
    # Not as a whole: it may be a line with a value.
    legal = _NAME.match(name)
    if legal is None:
        return "The name of a header is empty, or begins with a character that is not legal there."
    return f"The name of a header has a character that is not legal there, after {legal[0]!r}."


def checked_headers(headers: Mapping[str, str], *, credentials: bool = False) -> dict[str, str]:
    """Return the headers with lower-case names; refuse values that could split the request.

    Args:
        headers: the headers.
        credentials: whether they may say who is calling.

    Raises:
        InvalidInput: one has no place in HTTP (RFC 9110, 5.1 and 5.5), or is not a str, or would be
            overruled by the client's credentials; names the header, and never shows its value.
    """
    if not isinstance(headers, Mapping):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise InvalidInput("headers must be a mapping of names to values.")
    for name, value in headers.items():
        if not isinstance(name, str) or not _NAME.fullmatch(name):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise InvalidInput(_wrong_name(name))
        if not isinstance(value, str):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise InvalidInput(
                f"The value of header {name!r} must be a str, not {type(value).__name__}."
            )
        if not value.isascii() or not value.isprintable():
            raise InvalidInput(
                f"The value of header {name!r} holds a line break, a control or a non-ASCII "
                "character."
            )
        if not credentials and name.lower() == "authorization":
            raise InvalidInput(
                "Credentials are given as auth=, or as token=, and not among the headers: they are "
                "asked for anew at each attempt, and stay with the API."
            )
    return {name.lower(): value for name, value in headers.items()}
