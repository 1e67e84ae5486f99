"""How one logical call travels: prepare, attempt until it is settled, decode."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from .answer import Answer
from .attempts import Attempts
from .auth import Auth
from .body import read_body
from .clock import Clock
from .decode import decode
from .decoding import DriftReporter
from .dialect import Dialect, Failure
from .errors import ApiError, DeadlineExceeded, SdkError, TransportError
from .headers import Headers
from .metadata import Metadata
from .options import CallOptions, Retry, Timeout
from .redirects import MOST_REDIRECTS, follow
from .request import Request, prepare
from .seam import RawResponse, send, translate

if TYPE_CHECKING:
    from .operation import Operation
    from .session import Session


@dataclass(frozen=True, slots=True)
class Settings:
    """What a client sets for its calls, and a view of it may set anew.

    Attributes:
        base_url: where paths begin, without a slash at its end.
        auth: who is calling.
        headers: sent with every call, names in lower case.
        timeout: time limits, in seconds.
        retry: when to try again.
        max_response_bytes: the largest body to accept, after decompression.
        reporter: what is told of answers that differ from their description.
        dialect: the API's own manners.
        clock: where time comes from.
    """

    base_url: str
    auth: Auth
    headers: Mapping[str, str]
    timeout: Timeout
    retry: Retry
    max_response_bytes: int
    reporter: DriftReporter
    dialect: Dialect
    clock: Clock


class Caller:
    """Makes calls with one set of settings over one session."""

    __slots__ = ("session", "settings")

    def __init__(self, session: Session, settings: Settings) -> None:
        self.session = session
        self.settings = settings

    async def call(
        self,
        operation: Operation[Any],
        options: CallOptions | None,
        values: Mapping[str, object],
    ) -> Any:
        """Make one call and give what the operation returns; raises an ``SdkError``."""
        request = self.prepare(operation, options, values)
        answer, metadata = await self.settle(request)
        return self.decode(request, answer, metadata)

    def prepare(
        self,
        operation: Operation[Any],
        options: CallOptions | None,
        values: Mapping[str, object],
    ) -> Request:
        """Encode a call; raises InvalidInput."""
        settings = self.settings
        return prepare(
            operation,
            values,
            options,
            base_url=settings.base_url,
            headers=settings.headers,
            timeout=settings.timeout,
            retry=settings.retry,
        )

    def decode(self, request: Request, answer: Answer, metadata: Metadata) -> Any:
        """Give what the operation returns for this answer; raises DecodeError."""
        return decode(request.operation, answer, metadata, self.settings.reporter)

    async def settle(self, request: Request) -> tuple[Answer, Metadata]:
        """Send a prepared call, as often as its retry rules allow, until it is settled.

        Raises:
            ApiError, TransportError: it settled on a failure.
        """
        try:
            answer = await self._last_answer(request)
        except SdkError as error:
            error.on_behalf = getattr(self.settings.auth, "on_behalf", False)
            raise
        return answer, Metadata(
            status=answer.status,
            headers=answer.headers,
            request_id=self.settings.dialect.request_id(answer.headers),
            url=answer.public_url,
            attempts=answer.attempts,
        )

    async def _last_answer(self, request: Request) -> Answer:
        attempts = Attempts(request, self.settings)
        try:
            async with asyncio.timeout(request.timeout.total) as scope:
                answer = await attempts.run(self._attempt)
        except TransportError as error:
            raise _explain(error, request, attempts.count) from error.__cause__
        except TimeoutError:
            if not scope.expired():
                raise
            late = DeadlineExceeded(f"No answer within {request.timeout.total:g} s in all")
            raise _explain(late, request, attempts.count) from None
        answer.attempts = attempts.count
        if attempts.failure is None:
            return answer
        raise self._api_error(request, answer, attempts.failure)

    async def _attempt(self, request: Request, time_left: float | None) -> Answer:
        settings = self.settings
        client = self.session.http_client()
        url, method, content = request.url, request.operation.method, request.content
        same_origin = True
        for _ in range(MOST_REDIRECTS + 1):
            # Stamped per attempt, and in no local name here: frames outlive a failed call in
            # tracebacks, and a traceback must not show a token.
            headers = request.headers
            if same_origin:
                headers = {**headers, **await settings.auth.headers()}
            try:
                response = await send(
                    client,
                    method,
                    url,
                    headers,
                    content,
                    request.timeout.phases(time_left),
                    foreign=not same_origin,
                )
                del headers
                answer = await _read(response, url, settings.max_response_bytes)
            except Exception as error:
                translated = translate(error)
                if translated is None:
                    raise
                raise translated from error
            if not 300 <= answer.status < 400:
                return answer
            next_step = follow(answer.status, method, url, answer.headers.get("location", ""))
            if next_step is None:
                return answer
            if next_step.method != method:
                content = None
            url, method = next_step.url, next_step.method
            same_origin = same_origin and next_step.same_origin
        raise TransportError(f"More than {MOST_REDIRECTS} redirects", sent=True)

    def _api_error(self, request: Request, answer: Answer, failure: Failure) -> ApiError:
        operation = request.operation
        error_class = failure.error_class
        message = failure.message or _phrase(answer.status)
        request_id = self.settings.dialect.request_id(answer.headers)
        text = f"{operation.method} {operation.path} answered {answer.status}: {message}"
        details = [f"request id {request_id}"] if request_id else []
        if answer.attempts > 1:
            details.append(f"{answer.attempts} attempts")
        if failure.retry_after is not None:
            details.append(f"retry after {failure.retry_after:g} s")
        if details:
            text += f" ({', '.join(details)})"
        for sentence in (
            error_class.hint,
            failure.documentation_url and f"See {failure.documentation_url}",
        ):
            if sentence:
                text = f"{text.rstrip('.')}. {sentence}"
        return error_class(
            text,
            method=operation.method,
            route=operation.path,
            attempts=answer.attempts,
            status=answer.status,
            message=message,
            errors=failure.errors,
            documentation_url=failure.documentation_url,
            request_id=request_id,
            retry_after=failure.retry_after,
            headers=answer.headers,
        )


async def _read(response: RawResponse, url: str, most: int) -> Answer:
    headers = Headers(response.headers.raw)
    try:
        body = await read_body(response, headers, most)
    finally:
        await response.aclose()
    return Answer(response.status_code, headers, body, url)


def _explain(error: SdkError, request: Request, attempts: int) -> SdkError:
    """Add the call to an error of the transport, which knows only what broke."""
    operation = request.operation
    text = f"{operation.method} {operation.path} failed: {error}"
    if attempts > 1:
        text += f" ({attempts} attempts)"
    if error.hint:
        text = f"{text.rstrip('.')}. {error.hint}"
    error.args = (text,)
    error.method, error.route, error.attempts = operation.method, operation.path, attempts
    return error


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "no reason given"
