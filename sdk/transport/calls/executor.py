"""One logical call: prepare the request, send it with retries, decode the response."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NoReturn, SupportsIndex

from sdk.transport.auth import AuthCall
from sdk.transport.decoding import LARGE, TakesLongError
from sdk.transport.errors import DeadlineExceeded, DecodeError, InvalidInput, SdkError
from sdk.transport.headers import FixedHeaders
from sdk.transport.options import CallOptions
from sdk.transport.refusals import without_frames
from sdk.transport.request.request import Request, prepare
from sdk.transport.response.response import Response

from .attempts import Attempts
from .decode import decode, decode_in_thread
from .error_messages import with_call
from .outcome import Outcome
from .redaction import hide_credentials
from .removed_values import warn_of_removed_values
from .settings import Settings, Shared

if TYPE_CHECKING:
    from sdk.transport.auth import Auth
    from sdk.transport.http.session import Session
    from sdk.transport.operation import Operation
    from sdk.transport.shared_state import SharedTokens

    from .cached_attempts import CachedAttempts
    from .call_events import CallEvents

_logger = logging.getLogger("sdk")

# Headers that may be sent to any host.
_EVERYWHERE = ("accept", "accept-encoding", "user-agent")


class Executor:
    """A maker of calls with one set of settings on one session."""

    __slots__ = ("_auth_for", "session", "settings", "shared")

    def __init__(self, session: Session, settings: Settings, shared: Shared) -> None:
        self.session = session
        self.settings = settings
        self.shared = shared
        self._auth_for = getattr(settings.auth, "for_operation", None)

    def __reduce_ex__(self, _protocol: SupportsIndex) -> NoReturn:
        """Refuse to be pickled or deep-copied, with which everything that holds a client fails."""
        raise TypeError(
            "A client and its resources, lists and pages hold connections, and cannot be pickled "
            "or deep-copied. Pass on the models, such as page.items, and build a client where it "
            "is needed."
        )

    @property
    def shared_tokens(self) -> SharedTokens | None:
        """Where tokens are kept for several processes; None if they are not."""
        state = self.shared.state
        return None if state is None else state.tokens

    def with_auth(self, auth: Auth, *, own_headers: bool = True) -> Executor:
        """Return a caller with other credentials, over the same connections.

        Args:
            auth: the credentials.
            own_headers: whether to send the client's headers; set it to False for other hosts.
        """
        settings = self.settings
        headers = settings.headers
        if not own_headers:
            kept = {name: headers[name] for name in _EVERYWHERE if name in headers}
            headers = FixedHeaders(kept)
        changed = settings.changed(auth, headers, settings.timeout, settings.retry)
        if changed.cache is not None:
            # What credentials fetch for themselves is never stored: it may be a token.
            changed = replace(changed, cache=None)
        return Executor(self.session, changed, self.shared)

    def until_closed(self, task: asyncio.Task[Any], is_awaited: Callable[[], bool]) -> None:
        """Cancel a task when the session is closed, unless a call waits for it then."""
        self.session.until_closed(task, is_awaited)

    async def call(
        self,
        operation: Operation[Any],
        options: CallOptions | None,
        values: Mapping[str, object],
    ) -> Any:
        """Make one call and return a value of the declared type; raise an ``SdkError``."""
        request: Request | InvalidInput
        try:
            request = self.prepare(operation, options, values)
        except InvalidInput as error:
            request = without_frames(error)
        # Tracebacks show local variables, and these may be secret.
        del options, values
        if isinstance(request, InvalidInput):
            raise request
        response = await self.execute(request)
        return await self.decode(request, response)

    def prepare(
        self,
        operation: Operation[Any],
        options: CallOptions | None,
        values: Mapping[str, object],
    ) -> Request:
        """Encode a call; raise InvalidInput."""
        settings = self.settings
        base_url, headers = settings.base_url, settings.headers
        if operation.server is not None:
            base_url = settings.dialect.server(operation.server, base_url)
        request = prepare(
            operation,
            values,
            options,
            base_url=base_url,
            headers=self.shared.with_preferred(headers) if self.shared.preferred else headers,
            timeout=settings.timeout,
            retry=settings.retry,
            list_suffix=settings.dialect.list_suffix,
            naive_times=settings.naive_times,
        )
        if operation.removed:
            warn_of_removed_values(request, values, settings.dialect, self.shared.warned)
        return request

    async def decode(self, request: Request, response: Response) -> Any:
        """Return the decoded response.

        Raises:
            DecodeError: the body cannot be decoded as the declared type.
            DeadlineExceeded: the body is large, and the time of the call ended while it was read.
        """
        reporter = self.settings.reporter
        try:
            if len(response.body) < LARGE:
                try:
                    return decode(request, response, reporter)
                except TakesLongError:
                    # Nothing has been reported yet.
                    pass
            deadline = response.deadline
            left = None if deadline is None else deadline - self.settings.clock.monotonic()
            scope = asyncio.timeout(left)
            try:
                async with scope:
                    return await decode_in_thread(request, response, reporter)
            except TimeoutError:
                if not scope.expired():
                    raise
        except DecodeError as error:
            if (call := request.auth_call) is not None:
                hide_credentials(error, call, self.settings.auth)
            raise
        late = f"The response was not decoded within {request.timeout.total:g} s in all"
        raise with_call(DeadlineExceeded(late), request, response.attempts)

    async def execute(self, request: Request, *, use_stored: bool = True) -> Response:
        """Send a prepared call, with the retries that its rules allow.

        Args:
            request: the call.
            use_stored: whether a response cache may answer it.

        Raises:
            ApiError, TransportError: the last attempt failed.
        """
        session, shared = self.session, self.shared
        attempts = self._attempts(request, use_stored)
        if shared.observers.exist or _logger.isEnabledFor(logging.DEBUG):
            attempts.events = self._events(request)
        outcome: Outcome | None = None
        raised: BaseException | None = None
        # Closing the session ends the call by its time limit.
        limit = session.limit(request.timeout.total)
        shared.budget.calls += 1
        try:
            try:
                with limit:
                    last = await attempts.attempt()
                    while not isinstance(last, Response) and await attempts.follows(last):
                        last = await attempts.attempt()
            except TimeoutError:
                if not limit.expired:
                    raise
            else:
                outcome = last
            # Raised here and not above: the exception that was handled there holds the frames of
            # the HTTP library, and in them the request with its token.
            if not isinstance(outcome, Response):
                raise attempts.error(outcome)  # noqa: TRY301  one place describes the errors
        except BaseException as error:
            raised = error
            if isinstance(error, SdkError):
                attempts.describe(error)
            raise
        finally:
            if attempts.events is not None:
                attempts.events.finished(attempts.count, attempts.last, raised, attempts.request_id)
        return outcome

    def _attempts(self, request: Request, use_stored: bool) -> Attempts:
        operation, settings = request.operation, self.settings
        auth = settings.auth if self._auth_for is None else self._auth_for(operation)
        call = request.auth_call = AuthCall(operation, self)
        cache = settings.cache
        if cache is None:
            return Attempts(self.session, settings, self.shared, request, auth, call)
        attempts = _cached_attempts()(self.session, settings, self.shared, request, auth, call)
        attempts.use(cache, use_stored=use_stored)
        return attempts

    def _events(self, request: Request) -> CallEvents:
        # Imported here, because most programs have no observers.
        from .call_events import CallEvents

        return CallEvents(self.shared.observers, request.operation, self.settings.clock)


@lru_cache(maxsize=1)
def _cached_attempts() -> type[CachedAttempts]:
    # Imported here, because most programs have no cache; kept, because an import takes 2 us.
    from .cached_attempts import CachedAttempts

    return CachedAttempts
