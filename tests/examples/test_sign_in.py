"""The app of examples/sign_in.py, signed in to at the fake GitHub."""

import httpx
from asgi_lifespan import LifespanManager

from examples.sign_in import make_app
from sdk.auth import OAuthApp
from sdk.testing import AppSeed, StandIn, serve

CALLBACK = "http://127.0.0.1:8000/login/callback"


async def test_a_user_signs_in_and_sees_their_repositories():
    github = StandIn(apps=[AppSeed(redirect_uris=[CALLBACK])])
    registered = github.apps[0]
    oauth = OAuthApp(registered.client_id, registered.client_secret, redirect_uri=CALLBACK)
    async with (
        serve(github) as address,
        LifespanManager(make_app(oauth, address)) as manager,
        httpx.AsyncClient(
            transport=httpx.ASGITransport(manager.app), base_url="http://127.0.0.1:8000"
        ) as browser,
        httpx.AsyncClient(trust_env=False) as web,
    ):
        assert "Sign in with GitHub" in (await browser.get("/")).text
        begun = await browser.get("/login", params={"return_to": "/repos"})
        page = await web.get(begun.headers["location"])
        assert "Authorize" in page.text
        clicked = await web.get(f"{begun.headers['location']}&auto=1")
        done = await browser.get(clicked.headers["location"])
        assert done.headers["location"] == "/repos"
        assert "octocat/hello-world" in (await browser.get("/repos")).json()
        assert "Hello, octocat" in (await browser.get("/")).text
