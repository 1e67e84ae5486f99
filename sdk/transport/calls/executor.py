"""How one logical call travels: prepare, attempt until it is settled, decode."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sdk.transport.auth import AuthCall
from sdk.transport.errors import SdkError, TransportError
from sdk.transport.options import CallOptions
from sdk.transport.request.request import Request, prepare
from sdk.transport.response.metadata import Metadata
from sdk.transport.response.response import Response

from .attempts import Attempts
from .decode import decode
from .error_messages import api_error, with_call
from .settings import Settings, Shared

if TYPE_CHECKING:
    from sdk.transport.auth import Auth
    from sdk.transport.http.session import Session
    from sdk.transport.operation import Operation

# Headers that may be sent to any host.
_EVERYWHERE = ("accept", "accept-encoding", "user-agent")

_numbers = itertools.count(1)


class Caller:
    """Makes calls with one set of settings over one session."""

    __slots__ = ("session", "settings", "shared")

    def __init__(self, session: Session, settings: Settings, shared: Shared) -> None:
        self.session = session
        self.settings = settings
        self.shared = shared

    def with_auth(self, auth: Auth, *, own_headers: bool = True) -> Caller:
        """Return a caller with other credentials, over the same connections.

        Args:
            auth: the credentials.
            own_headers: whether to send the headers that the client was given; not to other hosts.
        """
        settings = self.settings
        headers = settings.headers
        if not own_headers:
            headers = {name: headers[name] for name in _EVERYWHERE if name in headers}
        return Caller(self.session, replace(settings, auth=auth, headers=headers), self.shared)

    async def call(
        self,
        operation: Operation[Any],
        options: CallOptions | None,
        values: Mapping[str, object],
    ) -> Any:
        """Make one call and give what the operation returns; raises an ``SdkError``."""
        request = self.prepare(operation, options, values)
        response, metadata = await self.settle(request)
        return self.decode(request, response, metadata)

    def prepare(
        self,
        operation: Operation[Any],
        options: CallOptions | None,
        values: Mapping[str, object],
    ) -> Request:
        """Encode a call; raises InvalidInput."""
        settings = self.settings
        base_url = settings.base_url
        if operation.server is not None:
            base_url = settings.dialect.server(operation.server, base_url)
        return prepare(
            operation,
            values,
            options,
            base_url=base_url,
            headers=settings.headers,
            timeout=settings.timeout,
            retry=settings.retry,
            list_suffix=settings.dialect.list_suffix,
            naive_times=settings.naive_times,
        )

    def decode(self, request: Request, response: Response, metadata: Metadata) -> Any:
        """Give what the operation returns for this response; raises DecodeError."""
        return decode(request.operation, response, metadata, self.settings.reporter)

    async def settle(self, request: Request) -> tuple[Response, Metadata]:
        """Send a prepared call, as often as its retry rules allow, until it is settled.

        Raises:
            ApiError, TransportError: it settled on a failure.
        """
        auth_call = AuthCall(request.operation, self)
        attempts = Attempts(
            self.session, self.settings, self.shared, request, auth_call, next(_numbers)
        )
        try:
            response = await (
                self._observed(request, attempts)
                if self.shared.observers.listening
                else self._last_response(request, attempts)
            )
        except SdkError as error:
            error.on_behalf = getattr(attempts.auth, "on_behalf", False)
            if attempts.count > 1:
                for line in attempts.history:
                    error.add_note(line)
            raise
        return response, Metadata(
            status=response.status,
            headers=response.headers,
            request_id=self.settings.dialect.request_id(response.headers),
            url=response.public_url,
            attempts=response.attempts,
        )

    async def _last_response(self, request: Request, attempts: Attempts) -> Response:
        response: Response | None = None
        failure: SdkError | None = None
        session = self.session
        scope = asyncio.timeout(request.timeout.total)
        try:
            async with scope:
                session.began(scope)
                try:
                    response = await attempts.run()
                finally:
                    session.ended(scope)
        except TransportError as error:
            failure = error
        except TimeoutError:
            if not scope.expired():
                raise
        if response is None:
            # Raised here and not above: what was being handled there holds the frames of the HTTP
            # library, and in them the request with its token.
            if session.is_closed:
                failure = session.closed_under_way()
            elif failure is None:
                failure = attempts.too_late()
            if failure.credentials:
                raise failure
            raise with_call(failure, request, attempts.count) from failure.__cause__
        response.attempts = attempts.count
        if attempts.failure is None:
            return response
        request_id = self.settings.dialect.request_id(response.headers)
        hint = self.settings.dialect.hint(request.operation, response)
        raise api_error(request, response, attempts.failure, request_id, hint)

    async def _observed(self, request: Request, attempts: Attempts) -> Response:
        from sdk.transport.observability.events import CallFinished, CallStarted

        operation, observers = request.operation, self.shared.observers
        monotonic = self.settings.clock.monotonic
        started = monotonic()
        observers.tell(CallStarted(attempts.number, operation.id, operation.method, operation.path))
        raised: BaseException | None = None
        try:
            return await self._last_response(request, attempts)
        except BaseException as error:
            raised = error
            raise
        finally:
            response = attempts.response
            observers.tell(
                CallFinished(
                    call=attempts.number,
                    operation=operation.id,
                    method=operation.method,
                    route=operation.path,
                    status=response.status if response else None,
                    error=None if raised is None else type(raised).__name__,
                    attempts=attempts.count,
                    seconds=monotonic() - started,
                    request_id=self.settings.dialect.request_id(response.headers)
                    if response
                    else None,
                )
            )
