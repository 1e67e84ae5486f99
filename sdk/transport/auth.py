"""Who is calling: the one thing that an authentication scheme has to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from inspect import isawaitable
from types import CoroutineType
from typing import TYPE_CHECKING, Any, Protocol, cast

from .errors import InvalidInput

if TYPE_CHECKING:
    from .clock import Clock
    from .dialect import Dialect
    from .operation import Operation
    from .options import CallOptions


class Auth(Protocol):
    """Credentials: the headers that prove who is calling.

    It is asked anew for every attempt, last of all, so that a token which expired during a wait is
    not sent. The headers go to the API's own origin only, never along a redirect to another host.
    Its ``repr`` must not show a secret.

    Calls share what is known of the rate limits by the attribute ``identity``, a str that tells one
    credential from another and is no secret; without it, by this very object: one that is made for
    each request needs an ``identity``. With the attribute ``on_behalf``, set to True, errors know
    that the credentials were an end user's, as with ``OnBehalf``.

    Optional methods and attributes, for credentials that need more than that:

    - ``async def headers_for(self, call: AuthCall)`` is used in place of ``headers()``, and may
      make calls of its own: to fetch a token, for example.
    - ``async def refused(self, call: AuthCall, response: Response) -> bool`` is asked after a 401,
      and after a 403 that is no rate limit. If it returns True, the call is sent again.
    - ``def for_operation(self, operation: Operation) -> Auth`` returns the credentials to use for
      an operation, asked once when a call begins.
    - ``def query(self) -> Mapping[str, str]`` returns query parameters that hold a credential.
    - ``sees``, a str like ``identity``: two credentials with the same one get the same answers.
    """

    async def headers(self) -> Mapping[str, str]:
        """Return the headers for one request, such as ``{"authorization": "Bearer ..."}``."""
        ...


class NoAuth:
    """Sends no credentials."""

    identity = "nobody"

    async def headers(self) -> Mapping[str, str]:
        """Return no headers."""
        return {}

    def __repr__(self) -> str:
        return "NoAuth()"


class CallerSettings(Protocol):
    """The settings of a call that credentials may read."""

    @property
    def base_url(self) -> str:
        """Where the API's paths begin."""
        ...

    @property
    def clock(self) -> Clock:
        """Where time comes from."""
        ...

    @property
    def dialect(self) -> Dialect:
        """The API's own conventions."""
        ...


class AuthCaller(Protocol):
    """Makes calls for credentials, over the same connections as the call that needs them."""

    @property
    def settings(self) -> CallerSettings:
        """The settings of the call."""
        ...

    def with_auth(self, auth: Auth, *, own_headers: bool = True) -> AuthCaller:
        """Return one whose calls are made with other credentials.

        Args:
            auth: the credentials.
            own_headers: whether to send the headers that the client was given; not to other hosts.
        """
        ...

    async def call(
        self,
        operation: Operation[Any],
        options: CallOptions | None,
        values: Mapping[str, object],
    ) -> Any:
        """Make a call and return what the operation returns; raises an ``SdkError``."""
        ...


@dataclass(slots=True)
class AuthCall:
    """One call, as its credentials see it.

    Attributes:
        operation: what is called.
        caller: makes other calls, such as one that fetches a token.
        time_left: seconds until the call's deadline; None without one.
        refusals: how often the API refused the credentials in this call, and they were mended.
        note: for the credentials' own use, such as which token was sent; no secret.
    """

    operation: Operation[Any]
    caller: AuthCaller
    time_left: float | None = None
    refusals: int = 0
    note: object = field(default=None, repr=False)


class OnBehalf:
    """Sends the credentials of the end user that a call is made for, not the application's own.

    Errors of such calls say so (``SdkError.on_behalf``): a refused token is then that user's to
    renew, and a rate limit is theirs.

    Args:
        auth: gives the user's credentials.
    """

    __slots__ = ("_auth",)

    on_behalf = True

    def __init__(self, auth: Auth) -> None:
        self._auth = auth

    @property
    def identity(self) -> str:
        """The identity of the user's credentials."""
        return identity_of(self._auth)

    @property
    def sees(self) -> str:
        """Whose eyes see the answers: the user's."""
        return sees_of(self._auth)

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
        refused = getattr(self._auth, "refused", None)
        return refused is not None and await refused(call, response)

    def query(self) -> Mapping[str, str]:
        """Return the user's query parameters."""
        return query_of(self._auth)

    def __repr__(self) -> str:
        return f"OnBehalf({self._auth!r})"


def checked_auth(auth: Auth | None) -> Auth:
    """Return the credentials; ``NoAuth`` for None.

    Raises:
        InvalidInput: it is a token, a class, or anything else that gives no headers.
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
    """Return a name that distinguishes one credential from another; not a secret."""
    named: str | None = getattr(auth, "identity", None)
    return named or f"{type(auth).__qualname__}@{id(auth)}"


def sees_of(auth: Auth) -> str:
    """Return what tells whose answers these are; the identity, if the credentials say no more."""
    return getattr(auth, "sees", None) or identity_of(auth)


def auth_for(auth: Auth, operation: Operation[Any]) -> Auth:
    """Return the credentials to use for an operation."""
    chooses = getattr(auth, "for_operation", None)
    return auth if chooses is None else chooses(operation)


async def headers_of(auth: Auth, call: AuthCall) -> Mapping[str, str]:
    """Return the headers for a call, whichever way the credentials make them."""
    headers_for = getattr(auth, "headers_for", None)
    headers: Any = auth.headers() if headers_for is None else headers_for(call)
    if type(headers) is not CoroutineType and not isawaitable(headers):
        raise InvalidInput(
            f"headers() of {type(auth).__name__} must be async: write `async def headers(self)`."
        )
    return cast("Mapping[str, str]", await headers)


def query_of(auth: Auth) -> Mapping[str, str]:
    """Return the query parameters that hold a credential; mostly none."""
    query = getattr(auth, "query", None)
    return {} if query is None else query()
