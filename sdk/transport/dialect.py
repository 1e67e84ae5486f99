"""What differs from one API to the next: its headers, and how it words its errors."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, cast

from .answer import Answer
from .errors import ApiError, error_class_for
from .headers import Headers
from .rules import told_wait


@dataclass(frozen=True, slots=True)
class Failure:
    """What an API said about a call that it refused."""

    error_class: type[ApiError]
    message: str = ""
    errors: tuple[Any, ...] = ()
    documentation_url: str | None = None
    retry_after: float | None = None


class Dialect:
    """The manners of a plain JSON API. Subclass it for one that has its own.

    It reads RFC 9457 problem documents and the usual ``message`` or ``error`` keys.
    """

    headers: ClassVar[Mapping[str, str]] = {"accept": "application/json"}
    request_id_headers: ClassVar[tuple[str, ...]] = ("x-request-id", "x-correlation-id")

    def request_id(self, headers: Headers) -> str | None:
        """Give the API's id of a request, from the first header that has one."""
        return next((headers[name] for name in self.request_id_headers if name in headers), None)

    def failure(self, answer: Answer, now: float) -> Failure:
        """Read an answer of an error status; `now` is in seconds since the epoch."""
        body = self.error_body(answer)
        message = next(
            (
                body[key]
                for key in ("message", "detail", "title", "error")
                if _is_text(body.get(key))
            ),
            "",
        )
        errors = body.get("errors")
        return Failure(
            error_class=error_class_for(answer.status),
            message=message,
            errors=tuple(cast("list[Any]", errors)) if isinstance(errors, list) else (),
            retry_after=told_wait(answer.headers, now),
        )

    @staticmethod
    def error_body(answer: Answer) -> dict[str, Any]:
        """Give the JSON object in an error's body; an empty one for HTML, text or anything else."""
        if not answer.body.lstrip().startswith(b"{"):
            return {}
        try:
            body = json.loads(answer.body)
        except (ValueError, RecursionError):
            return {}
        return cast("dict[str, Any]", body) if isinstance(body, dict) else {}


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value)
