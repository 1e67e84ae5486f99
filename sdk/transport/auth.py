"""Credentials: the interface of an authentication scheme."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from inspect import isawaitable
from types import CoroutineType
from typing import TYPE_CHECKING, Any, Protocol, cast

from .errors import InvalidInput
from .headers import FixedHeaders
from .refusals import hides_arguments

if TYPE_CHECKING:
    from asyncio import Task
    from collections.abc import Callable

    from .clock import Clock
    from .dialect import Dialect
    from .operation import Operation
    from .options import CallOptions
    from .response.response import Response
    from .shared_state import SharedTokens
    from .urls import Origin


class Auth(Protocol):
    """Credentials: the headers that authenticate the caller.

    They are read for every attempt, right before it is sent, so that a token which expired during
    a wait is not sent. The headers are sent to the API's own origin only, never along a redirect to
    another host. The ``repr`` must not show a secret.

    Calls share the state of the rate limits by the attribute ``identity``, a str that is unique to
    a credential and not a secret; without it, by the object itself, so that objects created for
    each request need an ``identity``. With the attribute ``on_behalf`` set to True, errors report
    that the credentials were an end user's, as with ``OnBehalf``.

    Optional methods and attributes:

    - ``async def headers_for(self, call: AuthCall)`` is used in place of ``headers()``, and may
      make calls of its own, for example to fetch a token.
    - ``async def refused(self, call: AuthCall, response: Response) -> bool`` is called after a
      401, and after a 403 that is not a rate limit. If it returns True, the call is sent again.
      Without it, ``headers()`` is called again after a 401, and the call is sent once more if it
      returns other headers than before. Headers that are refused for the first time are sent once
      more after a second, because a new token may not have reached all servers yet.
    - ``def for_operation(self, operation: Operation) -> Auth`` returns the credentials to use for
      an operation; it is called once per call.
    - ``def query(self) -> Mapping[str, str]`` returns query parameters that hold a credential.
    - ``async def sharing_secret(self) -> bytes`` returns the secret with which processes with the
      same credentials encrypt what they share; without it, the headers are used.
    - ``sees``, a str like ``identity``: two credentials with the same value get the same responses.
    """

    async def headers(self) -> Mapping[str, str]:
        """Return the headers for one request, such as ``{"authorization": "Bearer ..."}``."""
        ...


class NoAuth:
    """No credentials."""

    identity = "nobody"
    # The SDK's own credentials have this if they are nothing but headers that never change: then
    # these are sent without a call of headers() and query().
    fixed_headers = FixedHeaders({})

    async def headers(self) -> Mapping[str, str]:
        """Return no headers."""
        return {}

    def __repr__(self) -> str:
        return "NoAuth()"


class CallerSettings(Protocol):
    """The settings of a call that credentials may read."""

    @property
    def base_url(self) -> str:
        """The API's base URL."""
        ...

    @property
    def clock(self) -> Clock:
        """The source of time."""
        ...

    @property
    def dialect(self) -> Dialect:
        """The API's own conventions."""
        ...

    @property
    def link_origins(self) -> frozenset[Origin]:
        """Origins that the API's links may have instead of its own."""
        ...


class AuthCaller(Protocol):
    """A caller for credentials, on the same connections as the call that needs them."""

    @property
    def settings(self) -> CallerSettings:
        """The settings of the call."""
        ...

    @property
    def shared_tokens(self) -> SharedTokens | None:
        """Where tokens are kept for several processes; None if they are not."""
        ...

    def with_auth(self, auth: Auth, *, own_headers: bool = True) -> AuthCaller:
        """Return a caller with other credentials.

        Args:
            auth: the credentials.
            own_headers: whether to send the client's headers; set it to False for other hosts.
        """
        ...

    async def call(
        self,
        operation: Operation[Any],
        options: CallOptions | None,
        values: Mapping[str, object],
    ) -> Any:
        """Make a call and return its result; raise an ``SdkError``."""
        ...

    def until_closed(self, task: Task[Any], is_awaited: Callable[[], bool]) -> None:
        """Cancel a task when the client is closed, unless a call waits for it then."""
        ...


@dataclass(slots=True)
class AuthCall:
    """The call that credentials are used for.

    Attributes:
        operation: the called operation.
        caller: makes other calls, for example to fetch a token.
        time_left: seconds until the call's deadline; None without one.
        refusals: how often the API refused the credentials in this call, and they were renewed.
        note: for the credentials' own use, such as the number of the sent token; not a secret.
        sent: the headers that the credentials returned for the last attempt.
    """

    operation: Operation[Any]
    caller: AuthCaller
    time_left: float | None = None
    refusals: int = 0
    note: object = field(default=None, repr=False)
    sent: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)


class OnBehalf:
    """Credentials of the end user that a call is made for, instead of the application's own.

    Errors of such calls have ``SdkError.on_behalf`` set: a refused token has to be renewed by that
    user, and a rate limit is the user's.

    Args:
        auth: the user's credentials.

    Raises:
        InvalidInput: it is a token, a class, or anything else without a method ``headers()``.
    """

    __slots__ = ("_auth",)

    on_behalf = True

    @hides_arguments
    def __init__(self, auth: Auth) -> None:
        self._auth = checked_auth(auth)

    @property
    def identity(self) -> str:
        """The identity of the user's credentials."""
        return identity_of(self._auth)

    @property
    def sees(self) -> str:
        """The ``sees`` of the user's credentials."""
        return sees_of(self._auth)

    @property
    def fixed_headers(self) -> FixedHeaders | None:
        """The user's headers if they never change."""
        if "fixed_headers" not in vars(type(self._auth)):
            return None
        return getattr(self._auth, "fixed_headers", None)

    async def headers(self) -> Mapping[str, str]:
        """Return the user's headers."""
        return await self._auth.headers()

    def for_operation(self, operation: Operation[Any]) -> Auth:
        """Return the user's credentials for an operation."""
        chosen = auth_for(self._auth, operation)
        return self if chosen is self._auth else OnBehalf(chosen)

    async def headers_for(self, call: AuthCall) -> Mapping[str, str]:
        """Return the user's headers for a call."""
        return await headers_of(self._auth, call)

    async def refused(self, call: AuthCall, response: Any) -> bool:
        """Return whether the user's credentials were renewed."""
        return await renewed(self._auth, call, response)

    def query(self) -> Mapping[str, str]:
        """Return the user's query parameters."""
        return query_of(self._auth)

    def __repr__(self) -> str:
        return f"OnBehalf({self._auth!r})"


def checked_auth(auth: Auth | None) -> Auth:
    """Return the credentials; ``NoAuth`` for None.

    Raises:
        InvalidInput: it is a token, a class, or anything else without a method ``headers()``.
    """
    if auth is None:
        return NoAuth()
    if isinstance(auth, type) or not callable(getattr(auth, "headers", None)):
        kind = f"the class {auth.__name__}" if isinstance(auth, type) else type(auth).__name__
        raise InvalidInput(
            f"auth must be an object with an async method headers(), not {kind}. For a token "
            'write TokenAuth("...").'
        )
    return auth


def identity_of(auth: Auth) -> str:
    """Return a name that is unique to a credential; not a secret."""
    named: str | None = getattr(auth, "identity", None)
    return named or f"{type(auth).__qualname__}@{id(auth)}"


def sees_of(auth: Auth) -> str:
    """Return a name that credentials with the same responses share; by default the identity."""
    return getattr(auth, "sees", None) or identity_of(auth)


def is_on_behalf(auth: object) -> bool:
    """Return whether these are the credentials of an end user, as with ``OnBehalf``."""
    return bool(getattr(auth, "on_behalf", False))


def auth_for(auth: Auth, operation: Operation[Any]) -> Auth:
    """Return the credentials to use for an operation."""
    chooses = getattr(auth, "for_operation", None)
    return auth if chooses is None else chooses(operation)


async def headers_of(auth: Auth, call: AuthCall) -> Mapping[str, str]:
    """Return the headers for a call, from ``headers_for()`` or ``headers()``."""
    headers_for = getattr(auth, "headers_for", None)
    headers: Any = auth.headers() if headers_for is None else headers_for(call)
    if type(headers) is not CoroutineType and not isawaitable(headers):
        raise InvalidInput(
            f"headers() of {type(auth).__name__} must be async: write `async def headers(self)`."
        )
    call.sent = cast("Mapping[str, str]", await headers)
    return call.sent


async def renewed(auth: Auth, call: AuthCall, response: Response) -> bool:
    """Return whether refused credentials were renewed, so that the call can be sent again.

    Credentials that have only ``headers()`` are asked for their headers again, once in a call and
    after a 401: they are renewed if the headers are others.
    """
    refused = getattr(auth, "refused", None)
    if refused is not None:
        return bool(await refused(call, response))
    if response.status != 401 or call.refusals or not has_only_headers(auth):
        return False
    sent = dict(call.sent)
    return dict(await headers_of(auth, call)) != sent


def has_only_headers(auth: Auth) -> bool:
    """Return whether credentials leave it to the client what to do when they are refused."""
    return not hasattr(auth, "refused") and not hasattr(auth, "headers_for")


def query_of(auth: Auth) -> Mapping[str, str]:
    """Return the query parameters that contain a credential, if any."""
    query = getattr(auth, "query", None)
    return {} if query is None else query()


async def sharing_secret_of(auth: Auth) -> bytes:
    """Return a secret that processes with the same credentials have in common, and no others.

    Without credentials it is a constant: then the responses are public.

    Raises:
        InvalidInput: the credentials depend on the call.
    """
    own = getattr(auth, "sharing_secret", None)
    if own is not None:
        return cast("bytes", await own())
    headers = await auth.headers()
    return "\n".join(f"{name}: {headers[name]}" for name in sorted(headers)).encode() or b"-"
