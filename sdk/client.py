"""``Sdk``: the client of the GitHub REST API."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import wraps
from typing import TYPE_CHECKING, Any, Self

from sdk.auth import TokenAuth, TokenFromEnvironment
from sdk.github import (
    BASE_URL,
    VERSION_HEADER,
    ApiVersion,
    GitHubDialect,
    check_not_website,
    default_version_header,
    version_header,
)
from sdk.resources import Resources
from sdk.transport import OMIT, ApiClient, Auth, Clock, Omit, Pacing, Retry, Session, Timeout
from sdk.transport.errors import InvalidInput
from sdk.transport.refusals import hides_arguments, without_frames
from sdk.transport.urls import check_base_url

if TYPE_CHECKING:
    from sdk.auth.app import GitHubApp
    from sdk.auth.scope import Level
    from sdk.graphql import GraphQL
    from sdk.transport import Cache, CallOptions, Drift, HttpClient, Observer
    from sdk.transport.shared_state import SharedState


class Sdk(Resources, ApiClient):
    """The GitHub REST API: every resource is an attribute, such as ``sdk.users``.

    ::

        async with Sdk() as sdk:
            user = await sdk.users.get("octocat")

    Args:
        token: a token, or None to call without one. By default the one in the environment variable
            ``GITHUB_TOKEN`` when the client opens, if there is one, and if `base_url` is an address
            of GitHub's own or the one in ``GITHUB_API_URL``.
        auth: other credentials, instead of `token`.
        app: a GitHub App, in place of `token`: calls are made as the App, and those of
            ``as_installation()`` and ``for_repo()`` as one of its installations.
        base_url: the API's address; for GitHub Enterprise Server ``https://HOST/api/v3``.
        api_version: the version of GitHub's REST API. By default the newest, and "2022-11-28" of
            GitHub Enterprise Server, which supports only that up to release 3.19. If the server
            refuses the default with 400, the newest version that it names is used from then on; a
            version that was chosen is not replaced. One that the SDK does not know is sent with a
            warning.
        timeout: a Timeout, the limit of a whole call in seconds, or None for no limit.
        retry: when to try again, or None for a single attempt.
        pacing: how calls are kept within GitHub's rate limits; None to disable it.
        headers: sent with every call.
        session: another client's ``session``, to share its connection pool.
        http_client: an open ``httpx.AsyncClient`` or ``httpx2.AsyncClient``, borrowed: never closed
            here.
        max_connections: size of the connection pool, if the client creates it.
        http2: offer HTTP/2, if the client creates the pool (needs the ``http2`` extra).
        max_response_bytes: the largest body to accept, after decompression.
        strict: raise DecodeError for a response that differs from GitHub's description, instead of
            returning the fields that could be validated.
        on_drift: called with each such difference.
        link_origins: other origins that the API's page links and redirects may name, such as
            ``"https://ghes.internal"`` of an API behind a gateway; they are replaced by the origin
            of `base_url`.
        observers: called with an event for every call, attempt and retry (``sdk.transport.Event``).
            They run on the event loop and must not block.
        cache: where responses are stored, such as ``MemoryCache()`` of ``sdk.stores``: what was
            received before is requested with its ETag, and costs nothing if it has not changed. The
            client closes it; a cache that other clients use as well opens again by itself.
        fresh_for: for how many seconds a stored response is used without a request. 0 requests
            it each time, so that no response is out of date.
        shared: the state shared with clients in other processes: the tokens of installations,
            rate limits and responses (``sdk.stores.RedisShared``).
        clock: the source of time, for tests.

    Raises:
        InvalidInput: an option cannot be used; the text names the fix.
    """

    base_url = BASE_URL
    dialect = GitHubDialect()
    _graphql: GraphQL | None = None

    def __init__(
        self,
        *,
        token: str | None | Omit = OMIT,
        auth: Auth | None = None,
        app: GitHubApp | None = None,
        base_url: str | None = None,
        api_version: ApiVersion | str | None = None,
        timeout: Timeout | float | None = Timeout(),  # noqa: B008  immutable
        retry: Retry | None = Retry(),  # noqa: B008  immutable
        pacing: Pacing | None = Pacing(),  # noqa: B008  immutable
        headers: Mapping[str, str] | None = None,
        session: Session | None = None,
        http_client: HttpClient | None = None,
        max_connections: int = 100,
        http2: bool = False,
        max_response_bytes: int = 160 * 1024 * 1024,
        strict: bool = False,
        on_drift: Callable[[Drift], object] | None = None,
        link_origins: Iterable[str] = (),
        observers: Iterable[Observer] = (),
        cache: Cache | None = None,
        fresh_for: float = 0.0,
        shared: SharedState | None = None,
        clock: Clock = Clock(),  # noqa: B008  immutable
    ) -> None:
        who = _auth(token, auth) if app is None else _app_auth(app, token, auth)
        if app is not None and app.revoke_at_close and shared is not None and shared.tokens:
            raise InvalidInput(
                "revoke_at_close would revoke tokens that other processes use. Leave it out, or "
                "share no tokens: RedisShared.from_url(..., tokens=False)."
            )
        if who is None and token is OMIT:
            who = TokenFromEnvironment(base_url=self.base_url if base_url is None else base_url)
        url = check_base_url(self.base_url if base_url is None else base_url)
        check_not_website(url)
        if headers is not None and not isinstance(headers, Mapping):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise InvalidInput("headers must be a mapping of names to values.")
        version = (
            default_version_header(url) if api_version is None else version_header(api_version)
        )
        super().__init__(
            base_url=base_url,
            auth=who,
            timeout=timeout,
            retry=retry,
            pacing=pacing,
            headers={**version, **({} if headers is None else headers)},
            session=session,
            http_client=http_client,
            max_connections=max_connections,
            http2=http2,
            max_response_bytes=max_response_bytes,
            strict=strict,
            on_drift=on_drift,
            link_origins=link_origins,
            observers=observers,
            cache=cache,
            fresh_for=fresh_for,
            shared=shared,
            clock=clock,
        )
        self.app = app

    @property
    def api_version(self) -> str:
        """The version of GitHub's REST API that this client requests.

        If no version was passed and the server does not support the default, it changes once.
        """
        caller = self.caller
        return str(caller.shared.with_preferred(caller.settings.headers)[VERSION_HEADER])

    @property
    def graphql(self) -> GraphQL:
        """GitHub's GraphQL API, on the same connections, credentials and rate limits."""
        # Not a cached_property, which type checkers do not accept as the property of HasGraphQL.
        if self._graphql is None:
            from sdk.graphql.resource import GraphQL

            self._graphql = GraphQL(self, server=BASE_URL)
        return self._graphql

    async def open(self) -> Self:
        """Open the connection pool, and read ``GITHUB_TOKEN`` if no credentials were passed.

        It does nothing if the client is open; see ``ApiClient.open``.
        """
        auth = self.caller.settings.auth
        if isinstance(auth, TokenFromEnvironment):
            auth.read()
        return await super().open()

    async def aclose(self) -> None:
        """Close the resources that this client opened. May be called twice.

        With ``GitHubApp(revoke_at_close=True)`` the tokens of the installations are revoked first.
        """
        app = self.app
        if app is not None and app.revoke_at_close and self._owns_session and self.session.is_open:
            await app.revoke_tokens(self)
        await super().aclose()

    def as_installation(
        self,
        installation_id: int,
        *,
        repositories: Sequence[str] | None = None,
        repository_ids: Sequence[int] | None = None,
        permissions: Mapping[str, Level] | None = None,
    ) -> Self:
        """Return a view whose calls are made as an installation of the App.

        Its token is fetched at the first call, renewed before it expires, and shared by all views
        of the same installation and scope. Calls that only the App itself may make are made as the
        App. The view does not open or close anything.

        Args:
            installation_id: the installation's id, as in webhooks and ``list_installations()``.
            repositories: names of the repositories to limit the token to, without the owner.
            repository_ids: the same by id.
            permissions: the permissions to limit the token to, such as ``{"issues": "read"}``.

        Raises:
            InvalidInput: this client has no App, or an argument cannot be used.
        """
        auth = self._own_app().installation(
            installation_id,
            repositories=repositories,
            repository_ids=repository_ids,
            permissions=permissions,
        )
        return self.with_options(auth=auth)

    async def for_repo(
        self, owner: str, repo: str, *, permissions: Mapping[str, Level] | None = None
    ) -> Self:
        """Return a view as the App's installation on a repository, with all its repositories.

        The result of the lookup is cached for 5 minutes; see ``as_installation``.

        Raises:
            NotFound: the App is not installed there, or there is no such repository.
            InvalidInput: this client has no App.
        """
        app = self._own_app()
        found = await app.lookup.for_repo(self.caller, owner, repo)
        return self.as_installation(found, permissions=permissions)

    async def for_org(self, org: str, *, permissions: Mapping[str, Level] | None = None) -> Self:
        """Return a view as the App's installation on an organization; see ``for_repo``."""
        app = self._own_app()
        found = await app.lookup.for_org(self.caller, org)
        return self.as_installation(found, permissions=permissions)

    async def for_user(
        self, username: str, *, permissions: Mapping[str, Level] | None = None
    ) -> Self:
        """Return a view as the App's installation on a user's account; see ``for_repo``."""
        app = self._own_app()
        found = await app.lookup.for_user(self.caller, username)
        return self.as_installation(found, permissions=permissions)

    def _own_app(self) -> GitHubApp:
        if self.app is None:
            raise InvalidInput(
                "This client has no GitHub App. Write Sdk(app=GitHubApp(client_id=..., "
                "private_key=Path(...)))."
            )
        return self.app

    @hides_arguments
    def with_options(
        self,
        *,
        token: str | None | Omit = OMIT,
        auth: Auth | None | Omit = OMIT,
        timeout: Timeout | float | None | Omit = OMIT,
        retry: Retry | None | Omit = OMIT,
        headers: Mapping[str, str] | Omit = OMIT,
        api_version: ApiVersion | str | Omit = OMIT,
        cache: Cache | None | Omit = OMIT,
        fresh_for: float | Omit = OMIT,
    ) -> Self:
        """Return a view of this client with other options, on the same connection pool.

        It is cheap: create one per request, user or call. It does not open or close anything.

        Args:
            token: a token, or None for calls without one.
            auth: other credentials, instead of `token`.
            timeout: a Timeout, the limit of a whole call in seconds, or None for no limit.
            retry: when to try again, or None for a single attempt.
            headers: merged over this client's headers.
            api_version: the version of GitHub's REST API.
            cache: where responses are stored; None to disable caching. A view does not close it.
            fresh_for: for how many seconds a stored response is used without asking GitHub.
        """
        if token is not OMIT:
            auth = _auth(token, None if auth is OMIT else auth)
        if api_version is not OMIT:
            headers = {**version_header(api_version), **({} if headers is OMIT else headers)}
        return super().with_options(
            auth=auth,
            timeout=timeout,
            retry=retry,
            headers=headers,
            cache=cache,
            fresh_for=fresh_for,
        )

    def call(
        self, operation: str, /, *, options: CallOptions | None = None, **parameters: object
    ) -> Any:
        """Call an operation by GitHub's operationId, with GitHub's parameter names.

        ::

            user = await sdk.call("users/get-by-username", username="octocat")

        It returns the same as the operation's method: an awaitable; a ``Paged`` list, to await for
        the first page or to iterate; a ``Download``. ``sdk.operations`` has the method of each
        operation.

        Args:
            operation: GitHub's operationId, such as ``"issues/list-for-repo"``.
            options: options of this call.
            parameters: values by GitHub's names; the names of the method's arguments work too.

        Raises:
            InvalidInput: the operation or a parameter does not exist, or a required parameter is
                missing; the text lists the valid names.
        """
        from sdk.operations import OPERATIONS

        info = OPERATIONS.find(operation)
        if options is not None and not isinstance(options, Mapping):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise InvalidInput(
                "options= is for the options of the call, such as {'timeout': 5}. GitHub's "
                "parameter of that name is options_= here."
            )
        method = getattr(getattr(self, info.resource), info.name)
        return method(**info.arguments(parameters), options=options)

    def _named_here(self, name: str) -> str:
        from sdk.other_names import attribute_here

        return attribute_here(name)


if not TYPE_CHECKING:
    # Type checkers find this mistake themselves; at run time the text names the fix.
    _with_keywords = Sdk.__init__
    _known = frozenset(_with_keywords.__kwdefaults__)

    @wraps(_with_keywords)
    def _init(self: Sdk, *args: Any, **options: Any) -> None:
        if args:
            # Not shown: it may be a token.
            raise TypeError("Sdk takes its options by name: write Sdk(token=...).")
        try:
            return _with_keywords(self, **options)
        except InvalidInput as error:
            refusal: Exception = error
        except TypeError:
            unknown = sorted(options.keys() - _known)
            options.clear()
            if not unknown:
                raise
            from sdk.other_names import no_option

            refusal = no_option(unknown[0], sorted(_known))
        # The frames that tracebacks would show have the token among their local variables.
        options.clear()
        raise without_frames(refusal)

    # A mock sets the default clock there.
    _init.__kwdefaults__ = _with_keywords.__kwdefaults__
    Sdk.__init__ = _init


def _auth(token: str | None | Omit, auth: Auth | None) -> Auth | None:
    if token is OMIT or token is None:
        return auth
    if auth is not None:
        raise InvalidInput("Pass either token or auth, not both.")
    return TokenAuth(token)


def _app_auth(app: GitHubApp, token: str | None | Omit, auth: Auth | None) -> Auth:
    if token is not OMIT or auth is not None:
        raise InvalidInput("Pass one of app, token and auth.")
    app_auth: Auth | None = getattr(app, "auth", None)
    if app_auth is None or isinstance(app, type):
        raise InvalidInput(f"app must be a GitHubApp(...), not {type(app).__name__}.")
    return app_auth
