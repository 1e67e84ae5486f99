"""The OAuth endpoints of GitHub, in memory, and an app that signs users in with them."""

from contextlib import asynccontextmanager
from typing import Annotated
from urllib.parse import parse_qs, urlsplit

import httpx
from asgi_lifespan import LifespanManager
from fastapi import Depends, FastAPI

from fastapi_integration import (
    GitHubSignIn,
    MemorySessions,
    SignedIn,
    install_error_handlers,
    sdk_lifespan,
)
from sdk import Sdk
from sdk.auth import OAuthApp
from sdk.auth.oauth import code_challenge
from tests.transport.support import FakeClock

SECRET = "pl4ntedSessionSecret" * 2
CLIENT_SECRET = "pl4ntedClientSecret"
CALLBACK = "https://app.example/login/callback"


class GitHub:
    """Exchanges each code once, with the verifier of its challenge."""

    def __init__(self):
        self.clock = FakeClock()
        self.codes = {}
        self.users = {}
        self.renewals = 0
        self.exchanges = 0
        self.down = None
        self.refusal = None
        self.revoked = set()
        self.refresh_tokens = {}

    def authorize(self, url, user="octocat"):
        """Click Authorize: return the callback's query."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        code = f"pl4ntedCode{len(self.codes)}"
        self.codes[code] = query["code_challenge"], user
        return {"code": code, "state": query["state"]}

    def __call__(self, request):
        if self.down == "no connection":
            raise httpx.ConnectError("down")
        if self.down:
            return httpx.Response(500)
        if request.url.path == "/login/oauth/access_token":
            form = {name: v[0] for name, v in parse_qs(request.content.decode()).items()}
            return httpx.Response(200, json=self._exchange(form))
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if token not in self.users or token in self.revoked:
            return httpx.Response(401, json={"message": "Bad credentials"})
        user = self.users[token]
        return httpx.Response(200, json={"id": len(user), "login": user})

    def _exchange(self, form):
        self.exchanges += 1
        if self.refusal:
            return {"error": self.refusal, "error_description": "No."}
        if form.get("grant_type") == "refresh_token":
            user = self.refresh_tokens.pop(form["refresh_token"], None)
            if user is None:
                return {"error": "bad_refresh_token"}
            self.renewals += 1
            return self._tokens(user)
        challenge, user = self.codes.pop(form["code"], (None, None))
        if challenge != code_challenge(form["code_verifier"]):
            return {"error": "bad_verification_code"}
        return self._tokens(user)

    def _tokens(self, user):
        number = len(self.users)
        self.users[f"ghu_pl4nted{number}"] = user
        self.refresh_tokens[f"ghr_pl4nted{number}"] = user
        return {
            "access_token": f"ghu_pl4nted{number}",
            "refresh_token": f"ghr_pl4nted{number}",
            "expires_in": 28800,
        }


def make_app(github, *, sessions=None, redirect_uri=CALLBACK, handlers=True, **options):
    sign_in = GitHubSignIn(
        OAuthApp("Iv23liTest", CLIENT_SECRET, redirect_uri=redirect_uri),
        secret=SECRET,
        sessions=sessions or MemorySessions(monotonic=lambda: github.clock.time),
        now=lambda: github.clock.time,
        **options,
    )

    def sdk():
        client = httpx.AsyncClient(transport=httpx.MockTransport(github))
        return Sdk(token=None, http_client=client, clock=github.clock.clock, pacing=None)

    app = FastAPI(lifespan=sdk_lifespan(sdk))
    app.state.sign_in = sign_in
    app.include_router(sign_in.router)
    if handlers:
        install_error_handlers(app)

    @app.get("/me")
    async def me(sdk: Annotated[Sdk, Depends(sign_in.user_sdk)]) -> str:
        return (await sdk.users.me()).login

    @app.get("/who")
    async def who(user: Annotated[SignedIn | None, Depends(sign_in.signed_in)]) -> str:
        return "nobody" if user is None else f"{user.login} {user.user_id}"

    return app


@asynccontextmanager
async def browser(app, base_url="https://app.example"):
    """An HTTP client of the app with cookies; redirects are not followed."""
    async with LifespanManager(app) as manager:
        transport = httpx.ASGITransport(manager.app, raise_app_exceptions=True)
        async with httpx.AsyncClient(transport=transport, base_url=base_url) as client:
            yield client


async def sign_in_with(client, github, return_to="/who", user="octocat"):
    """Sign in from beginning to end; return the last response."""
    begun = await client.get("/login", params={"return_to": return_to})
    assert begun.status_code == 303, begun.text
    return await client.get(
        "/login/callback", params=github.authorize(begun.headers["location"], user)
    )
