"""Sign users in at GitHub: a router with login, callback and logout, and the user's client."""

# No `from __future__ import annotations` here: FastAPI reads the annotations of endpoints.

import logging
import secrets
import time
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from typing import Annotated
from urllib.parse import quote, urlsplit

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi.requests import HTTPConnection
from fastapi.responses import RedirectResponse
from starlette.routing import NoMatchFound

from sdk import Sdk, TokenAuth
from sdk.auth import OAuthApp, SignIn, UserAuth, UserToken
from sdk.auth.errors import SignInExpired
from sdk.auth.oauth import SIGN_IN_SECONDS
from sdk.transport.errors import CredentialsError, InvalidInput, SdkError
from sdk.transport.refusals import hides_arguments
from sdk.transport.single_flight import SingleFlight

from .ready import shared_sdk
from .sessions import MemorySessions, SessionStore, SignedIn
from .shared import SharedClient
from .sign_in_cookies import Flow, SignInCookies, hash_of, is_own_path
from .sign_in_pages import (
    APP_REFUSED,
    BAD_RETURN,
    CANCELLED,
    FOREIGN,
    NO_ANSWER,
    NOT_BEGUN_HERE,
    REFUSED,
    kind_of,
    page,
)

logger = logging.getLogger("fastapi_integration")

_THIS_MACHINE = ("127.0.0.1", "::1", "localhost")
_LEAST_SECRET = 32
_STORE_METHODS = ("read", "save", "delete", "lock")

# Used callbacks are remembered until their states expire, the newest of them: anyone can make one.
_MOST_USED = 10_000


class GitHubSignIn:
    """Sign-in at GitHub, and calls with the users' tokens.

    ::

        sign_in = GitHubSignIn(
            OAuthApp(CLIENT_ID, CLIENT_SECRET, redirect_uri="https://example.com/login/callback"),
            secret=os.environ["SESSION_SECRET"],
        )
        app.include_router(sign_in.router)
        UserSdk = Annotated[Sdk, Depends(sign_in.user_sdk)]

    The router has ``GET /login?return_to=/path``, ``GET /login/callback`` and ``POST /logout``.
    A user's token stays on the server; the browser has the random id of a session, in a cookie that
    scripts cannot read. Browsers that are not signed in are sent to ``/login``, other clients get
    a 401.

    Args:
        app: the App that users sign in to; its `redirect_uri` is the URL of ``/login/callback``.
        secret: signs the cookies; at least 32 random characters, the same for all workers.
        sessions: the store of sessions; by default in memory, for one worker only.
        client: the shared client of the calls.
        session_seconds: the lifetime of a session in seconds, from the sign-in; renewing the
            user's token does not prolong it.
        after_logout: the path to redirect to after ``POST /logout``.
        secure: whether browsers use https; by default as in `redirect_uri`.
        now: returns the seconds since the epoch; for tests.

    Raises:
        InvalidInput: an argument is not valid; the error does not show the secret.
        TypeError: `app` is not an OAuthApp, or `sessions` is not a store.
    """

    @hides_arguments
    def __init__(
        self,
        app: OAuthApp,
        *,
        secret: str,
        sessions: SessionStore | None = None,
        client: SharedClient[Sdk] = shared_sdk,
        session_seconds: int = 14 * 24 * 3600,
        after_logout: str = "/",
        secure: bool | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        if not isinstance(app, OAuthApp):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise TypeError(
                "GitHubSignIn takes an OAuthApp: OAuthApp(CLIENT_ID, CLIENT_SECRET, "
                "redirect_uri=...), or the oauth(redirect_uri=...) of a GitHubApp."
            )
        problem = _secret_problem(secret)
        self._cookies = SignInCookies(
            "" if problem else secret, secure=_is_secure(app.redirect_uri, secure)
        )
        if problem:
            raise InvalidInput(problem)
        if app.auth is None:
            raise InvalidInput(
                "Signing in needs the App's client secret: OAuthApp(CLIENT_ID, CLIENT_SECRET, "
                "redirect_uri=...). It is None."
            )
        if sessions is not None and not all(
            callable(getattr(sessions, name, None)) for name in _STORE_METHODS
        ):
            raise TypeError(
                "sessions= takes a SessionStore, such as RedisSessions(shared, secret=SECRET), not "
                f"{type(sessions).__name__}."
            )
        if not is_own_path(after_logout):
            raise InvalidInput(f"after_logout must be a path such as '/', not {after_logout!r}.")
        self._app = app
        self._unchecked_redirect = app.redirect_uri
        self._sessions: SessionStore = MemorySessions() if sessions is None else sessions
        self._seconds = session_seconds
        self._after_logout = after_logout
        self._now = now
        self._used: dict[str, float] = {}
        self._renewals: SingleFlight[UserToken] = SingleFlight()
        self._client = client
        self.user_sdk = self._user_sdk_dependency()
        self.router = self._router()

    def _router(self) -> APIRouter:
        router = APIRouter(include_in_schema=False)

        @router.get("/login", name="github_login")
        async def login(
            request: Request, sdk: Annotated[Sdk, Depends(self._client)], return_to: str = "/"
        ) -> Response:
            self._check_callback(request)
            return self._begin(request, sdk, return_to)

        @router.get("/login/callback", name="github_callback")
        async def callback(
            request: Request,
            sdk: Annotated[Sdk, Depends(self._client)],
            state: str = "",
            code: str = "",
            error: str = "",
        ) -> Response:
            response = await self._finish(request, sdk, state, code, error)
            response.headers["cache-control"] = "no-store"
            response.headers["referrer-policy"] = "no-referrer"
            return response

        @router.post("/logout", name="github_logout")
        async def logout(request: Request) -> Response:
            return await self._end(request)

        return router

    def _check_callback(self, request: Request) -> None:
        """Warn once if GitHub sends users to a path where nothing answers."""
        redirect, self._unchecked_redirect = self._unchecked_redirect, None
        here = request.url_for("github_callback").path
        here = here.removeprefix(request.scope.get("root_path", ""))
        if redirect is not None and not urlsplit(redirect).path.endswith(here):
            logger.warning(
                "redirect_uri is %s, but the callback is at %s: unless a proxy maps one to the "
                "other, users get a 404 when GitHub sends them back. Change redirect_uri, and the "
                "callback URL in the App's settings.",
                redirect,
                here,
            )

    def _begin(self, request: Request, sdk: Sdk, return_to: str) -> Response:
        if not is_own_path(return_to):
            return page(BAD_RETURN, _login_path(request))
        state = secrets.token_urlsafe(32)
        sign_in = self._app.begin(sdk, state=state, verifier=self._cookies.verifier(state))
        response = RedirectResponse(sign_in.url, 303)
        response.headers["cache-control"] = "no-store"
        flow = Flow(state, return_to, int(self._now()) + SIGN_IN_SECONDS)
        self._cookies.drop_old_flows(response, request.cookies)
        self._cookies.set_flow(response, flow, SIGN_IN_SECONDS)
        return response

    async def _finish(
        self, request: Request, sdk: Sdk, state: str, code: str, error: str
    ) -> Response:
        login = _login_path(request)
        flow = self._cookies.flow(request.cookies, state, self._now())
        if flow is None or not self._first_use(flow):
            return page(NOT_BEGUN_HERE, login)
        if error or not code:
            response: Response = page(CANCELLED if error == "access_denied" else REFUSED, login)
        else:
            response = await self._signed_in(request, sdk, flow, code)
        self._cookies.end_flow(response, state)
        return response

    async def _signed_in(self, request: Request, sdk: Sdk, flow: Flow, code: str) -> Response:
        sign_in = SignIn("", flow.state, self._cookies.verifier(flow.state))
        try:
            token = await self._app.finish(sdk, sign_in, code=code, state=flow.state)
            # The user is read from GitHub with the token, and from no other source.
            user = await sdk.with_options(auth=TokenAuth(token.token)).users.me()
        except SdkError as failure:
            kind = kind_of(failure)
            # A warning if the operator has to act, and not the user.
            level = logging.WARNING if kind in (APP_REFUSED, NO_ANSWER) else logging.INFO
            logger.log(level, "A sign-in failed: %s", failure)
            return page(kind, _login_path(request))
        before = self._cookies.session_key(request.cookies)
        if before is not None:
            await self._sessions.delete(before)
        # A new id at each sign-in prevents session fixation.
        session_id = secrets.token_urlsafe(32)
        ends_at = self._now() + self._seconds
        session = SignedIn(user.id, user.login, token, ends_at)
        await self._sessions.save(hash_of(session_id), session, self._seconds)
        response = RedirectResponse(flow.return_to, 303)
        self._cookies.set_session(response, session_id, self._seconds)
        return response

    def _first_use(self, flow: Flow) -> bool:
        if flow.state in self._used:
            return False
        now = self._now()
        while self._used:
            oldest = next(iter(self._used))
            if len(self._used) < _MOST_USED and self._used[oldest] > now:
                break
            del self._used[oldest]
        self._used[flow.state] = flow.ends
        return True

    async def _end(self, request: Request) -> Response:
        if not self._is_own_origin(request):
            return page(FOREIGN, _login_path(request))
        key = self._cookies.session_key(request.cookies)
        if key is not None:
            await self._sessions.delete(key)
        response = RedirectResponse(self._after_logout, 303)
        self._cookies.end_session(response)
        return response

    def _is_own_origin(self, request: Request) -> bool:
        origin = request.headers.get("origin")
        if origin is None:
            return request.headers.get("sec-fetch-site", "none") in ("same-origin", "none")
        own = {request.headers.get("host", ""), urlsplit(self._app.redirect_uri or "").netloc}
        return urlsplit(origin).netloc in own - {""}

    async def signed_in(self, connection: HTTPConnection) -> SignedIn | None:
        """Return the signed-in user, or None: ``Depends(sign_in.signed_in)``."""
        key = self._cookies.session_key(connection.cookies)
        return None if key is None else await self._sessions.read(key)

    def _left(self, session: SignedIn) -> Callable[[], float]:
        """Return a function that returns how many seconds of a session are left."""

        def left() -> float:
            ends_at = session.ends_at
            return self._seconds if ends_at is None else ends_at - self._now()

        return left

    def _user_sdk_dependency(self) -> Callable[..., object]:
        async def user_sdk(
            connection: HTTPConnection, sdk: Annotated[Sdk, Depends(self._client)]
        ) -> Sdk:
            """Return the client with the token of the signed-in user."""
            key = self._cookies.session_key(connection.cookies)
            session = None if key is None else await self._sessions.read(key)
            if key is None or session is None:
                raise _signed_out(connection)
            tokens = _SessionTokens(self._sessions, key, session, self._left(session))
            auth = UserAuth(
                self._app, session.token, key=key, store=tokens, renewals=self._renewals
            )
            return sdk.with_options(auth=auth)

        return user_sdk

    def __repr__(self) -> str:
        return f"GitHubSignIn({self._app!r})"


class _SessionTokens:
    """The token of one session, as a ``TokenStore``."""

    def __init__(
        self, sessions: SessionStore, key: str, session: SignedIn, left: Callable[[], float]
    ) -> None:
        self._sessions = sessions
        self._key = key
        self._session = session
        self._left = left

    async def read(self, key: str) -> UserToken | None:  # noqa: ARG002  it is of one session
        session = await self._sessions.read(self._key)
        return None if session is None else session.token

    async def save(self, key: str, token: UserToken) -> None:  # noqa: ARG002  it is of one session
        if await self._sessions.read(self._key) is None:
            # The user has signed out meanwhile.
            return
        seconds = self._left()
        if seconds > 0:
            await self._sessions.save(self._key, replace(self._session, token=token), seconds)

    def lock(self, key: str) -> AbstractAsyncContextManager[object]:
        return self._sessions.lock(key)


def _signed_out(connection: HTTPConnection) -> Exception:
    scope = connection.scope
    wants_page = "text/html" in connection.headers.get("accept", "")
    if scope["type"] == "http" and scope["method"] in ("GET", "HEAD") and wants_page:
        path = connection.url.path + (f"?{connection.url.query}" if connection.url.query else "")
        location = f"{_login_path(connection)}?return_to={quote(path, safe='/')}"
        return HTTPException(303, headers={"location": location, "cache-control": "no-store"})
    if CredentialsError in scope["app"].exception_handlers:
        return SignInExpired("Nobody is signed in", on_behalf=True)
    return HTTPException(401, "Sign in first.", {"www-authenticate": "Bearer"})


def _login_path(connection: HTTPConnection) -> str:
    try:
        return connection.url_for("github_login").path
    except NoMatchFound:
        return "/login"


def _secret_problem(secret: object) -> str | None:
    if isinstance(secret, str) and len(secret) >= _LEAST_SECRET:
        return None
    return (
        f"secret must be text of at least {_LEAST_SECRET} characters, such as the output of "
        "`python -c 'import secrets; print(secrets.token_urlsafe(32))'`."
    )


def _is_secure(redirect_uri: str | None, secure: bool | None) -> bool:
    parts = urlsplit(redirect_uri or "")
    if parts.scheme == "http" and parts.hostname not in _THIS_MACHINE:
        raise InvalidInput(
            "redirect_uri must begin with https://, but for 127.0.0.1: a code in clear text can be "
            "read on the way."
        )
    return parts.scheme != "http" if secure is None else secure
