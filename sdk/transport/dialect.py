"""What differs from one API to the next: its headers, and how it words its errors."""

from __future__ import annotations

import codecs
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, cast

from .errors import ApiError, error_class_for
from .headers import Headers
from .response.error_body import errors_of, message_of
from .response.rate_limit import retry_after
from .response.response import Response

if TYPE_CHECKING:
    from .operation import Operation

# No API's message needs more characters than this, and a hostile one must not fill the logs.
_LONGEST = 1000


@dataclass(frozen=True, slots=True)
class Failure:
    """What an API said about a call that it refused."""

    error_class: type[ApiError]
    message: str = ""
    errors: tuple[Any, ...] = ()
    documentation_url: str | None = None
    retry_after: float | None = None


class Dialect:
    """The conventions of a plain JSON API. Subclass it for an API with conventions of its own.

    It reads RFC 9457 problem documents, FastAPI's lists of refused values, and the usual
    ``message`` or ``error`` keys.
    """

    headers: ClassVar[Mapping[str, str]] = {"accept": "application/json"}
    """Headers of every request; those of the client and of the call take precedence."""
    request_id_headers: ClassVar[tuple[str, ...]] = ("x-request-id", "x-correlation-id")
    """Response headers that may hold the API's id of the request, the preferred one first."""
    list_suffix: ClassVar[str] = ""
    """What comes after the name of a list in a query string, as in ``owner[]=a&owner[]=b``."""
    write_rate: ClassVar[tuple[float, float] | None] = None
    """Writes per second and the size of a burst; None for an API that does not limit them."""

    uncounted: ClassVar[frozenset[str]] = frozenset()
    """Paths that count against no rate limit, so that their calls are always sent."""

    def bucket(self, operation: Operation[Any]) -> str:  # noqa: ARG002  for others to use
        """Return the name of the rate limit that an operation is expected to count against."""
        return "core"

    def assumed_limit(self, bucket: str) -> int:  # noqa: ARG002  for others to use
        """Return how many calls may be under way before a response names the rate limit."""
        return 100

    def server(self, declared: str, base_url: str) -> str:  # noqa: ARG002  for others to use
        """Return the base URL of an operation that is `declared` to have its own server."""
        return declared

    def request_id(self, headers: Headers) -> str | None:
        """Return the API's id of a request, from the first header that has one."""
        for name in self.request_id_headers:
            if name in headers:
                return one_line(headers[name])
        return None

    def failure(self, response: Response, now: float) -> Failure:
        """Read an response of an error status; `now` is in seconds since the epoch."""
        body = self.error_body(response)
        return Failure(
            error_class=error_class_for(response.status),
            message=one_line(message_of(body)),
            errors=errors_of(body),
            retry_after=retry_after(response.status, response.headers, now),
        )

    def hint(self, operation: Operation[Any], response: Response) -> str:  # noqa: ARG002  for others to use
        """Return a sentence about an error response of an operation; "" for none."""
        return ""

    def preferred_headers(self, sent: Mapping[str, str], response: Response) -> Mapping[str, str]:  # noqa: ARG002  for others to use
        """Return headers to send in place of defaults that the API refused with 400.

        The call is sent again with them, once, and later calls of the client are sent with them
        at first. Only a ``DefaultHeader`` may be replaced, and the result must hold such ones.

        Args:
            sent: the headers of the request.
            response: the response of status 400.
        """
        return {}

    def accepts(self, removed_in: str, sent: Mapping[str, str]) -> bool:  # noqa: ARG002  for others to use
        """Return whether the API accepts a value that a version removed.

        Args:
            removed_in: the first version that does not accept it.
            sent: the headers of the request, one of which may name the version.
        """
        return True

    def failure_in_success(self, response: Response, now: float) -> Failure | None:  # noqa: ARG002  for others to use
        """Read a 2xx response of an operation that may report errors in one; None without an error.

        Asked for operations with ``errors_in_success=True``.
        """
        return None

    @staticmethod
    def error_body(response: Response) -> dict[str, Any]:
        """Return the JSON object in an error's body; an empty one for any other body."""
        text = response.body.removeprefix(codecs.BOM_UTF8).lstrip()
        if not text.startswith(b"{"):
            return {}
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
