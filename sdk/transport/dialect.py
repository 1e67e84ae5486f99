"""The conventions of an API: its headers, rate limits and error format."""

from __future__ import annotations

import codecs
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, cast

from .errors import ApiError, error_class_for
from .headers import Headers
from .response.charset import in_utf8
from .response.error_body import errors_of, message_of
from .response.rate_limit import retry_after
from .response.response import Response
from .value_classes import value_class

if TYPE_CHECKING:
    from .operation import Operation

# The maximum length of a message, in characters, so that a hostile API cannot fill the logs.
_LONGEST = 1000


@value_class
@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Failure:
    """The parsed error of a response.

    Attributes:
        error_class: the class of the error to raise.
        message: the API's message; empty for the standard phrase of the status.
        errors: the API's list of single errors, as sent.
        documentation_url: the URL of the API's page about the error, if any.
        retry_after: the seconds to wait before a retry, if the API sent them.
    """

    error_class: type[ApiError]
    # Not shown: an API may repeat the credentials in them, and tracebacks show local variables.
    message: str = field(default="", repr=False)
    errors: tuple[Any, ...] = field(default=(), repr=False)
    documentation_url: str | None = field(default=None, repr=False)
    retry_after: float | None = None


class Dialect:
    """The conventions of a plain JSON API. Subclass it for an API with conventions of its own.

    It parses RFC 9457 problem documents, FastAPI's lists of validation errors, and the common keys
    ``message`` and ``error``.
    """

    headers: ClassVar[Mapping[str, str]] = {"accept": "application/json"}
    """Headers of every request; those of the client and of the call take precedence."""
    request_id_headers: ClassVar[tuple[str, ...]] = ("x-request-id", "x-correlation-id")
    """Response headers with the API's id of the request, the preferred one first."""
    list_suffix: ClassVar[str] = ""
    """The suffix of a list's name in a query string, such as ``[]`` in ``owner[]=a&owner[]=b``."""
    write_rate: ClassVar[tuple[float, float] | None] = None
    """The limit of writes: calls per second, and the calls in a burst; None for no limit."""

    uncounted: ClassVar[frozenset[str]] = frozenset()
    """Paths that do not count against a rate limit; their calls are never delayed."""

    uncached_headers: ClassVar[frozenset[str]] = frozenset()
    """Response headers about a single request or token, which a response cache must not keep."""

    def tag(self, headers: Mapping[str, str], body: bytes) -> str | None:  # noqa: ARG002  subclasses use it
        """Return the ETag that the API would give a body; None if it cannot be computed.

        For an API whose tags depend on the token: a response cache then knows the tag of a body
        that it received with another token. It uses the result only for responses whose own tag it
        has computed correctly.

        Args:
            headers: the headers of the request, with the credentials.
            body: the body, decompressed.
        """
        return None

    def page_may_be_full(self, url: str, count: int) -> bool:
        """Return whether a page with `count` items may have no room for more.

        Asked of a page without a next one that came from a response cache: the API's ETag covers
        the page, and does not change when another page is added behind it.

        Args:
            url: the address of the page.
            count: the number of its items, 1 or more.
        """
        return count % 5 == 0 or str(count) in url.partition("?")[2].replace("&", "=").split("=")

    def bucket(self, operation: Operation[Any]) -> str:  # noqa: ARG002  subclasses use it
        """Return the name of the rate limit that an operation is expected to count against."""
        return "core"

    def assumed_limit(self, bucket: str) -> int:  # noqa: ARG002  subclasses use it
        """Return the number of concurrent calls before a response has reported the rate limit."""
        return 100

    def server(self, declared: str, base_url: str) -> str:  # noqa: ARG002  subclasses use it
        """Return the base URL of an operation with its own server, which is `declared`."""
        return declared

    def request_id(self, headers: Headers) -> str | None:
        """Return the API's id of a request, from the first header that has one."""
        for name in self.request_id_headers:
            if name in headers:
                return one_line(headers[name])
        return None

    def failure(self, response: Response, now: float) -> Failure:
        """Parse a response with an error status; `now` is in seconds since the epoch."""
        body = self.error_body(response)
        return Failure(
            error_class=error_class_for(response.status),
            message=one_line(message_of(body)),
            errors=errors_of(body),
            retry_after=retry_after(response.status, response.headers, now),
        )

    def hint(self, operation: Operation[Any], response: Response) -> str:  # noqa: ARG002  subclasses use it
        """Return a sentence with advice on an error response; "" for none."""
        return ""

    def preferred_headers(self, sent: Mapping[str, str], response: Response) -> Mapping[str, str]:  # noqa: ARG002  subclasses use it
        """Return headers to send in place of defaults that the API refused with 400.

        The call is sent again with them, once, and later calls of the client are sent with them
        at first. Only a ``DefaultHeader`` may be replaced, and the result must hold such ones.

        Args:
            sent: the headers of the request.
            response: the response of status 400.
        """
        return {}

    def accepts(self, removed_in: str, sent: Mapping[str, str]) -> bool:  # noqa: ARG002  subclasses use it
        """Return whether the API accepts a value that a version removed.

        Args:
            removed_in: the first version that does not accept it.
            sent: the headers of the request, one of which may name the version.
        """
        return True

    def failure_in_success(self, response: Response, now: float) -> Failure | None:  # noqa: ARG002  subclasses use it
        """Parse a 2xx response that may report an error; None without an error.

        Called for operations with ``errors_in_success=True``.
        """
        return None

    @staticmethod
    def error_body(response: Response) -> dict[str, Any]:
        """Return the JSON object in an error's body; an empty one for any other body."""
        text = in_utf8(response.headers, response.body).removeprefix(codecs.BOM_UTF8).lstrip()
        if not text.startswith(b"{"):
            return {}
        import json

        try:
            body = json.loads(text)
        except (ValueError, RecursionError):
            return {}
        return cast("dict[str, Any]", body) if isinstance(body, dict) else {}


def one_line(text: str) -> str:
    """Return text from outside as one printable line of limited length."""
    shown = " ".join(text[:_LONGEST].split())
    if shown.isprintable():
        return shown
    return "".join(character if character.isprintable() else "\ufffd" for character in shown)
