"""Common mistakes are refused with one sentence that names the fix."""

from typing import Annotated, Any

import pytest
from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.security import HTTPBearer
from fastapi.testclient import TestClient
from pydantic import BaseModel, ConfigDict

from fastapi_integration import (
    GitHubSignIn,
    RedisSessions,
    SdkDep,
    SharedClient,
    combine_lifespans,
    install_error_handlers,
    sdk_lifespan,
    shared_sdk,
    webhook_router,
    webhooks_lifespan,
)
from sdk import NotFound, Sdk
from sdk.auth import OAuthApp
from sdk.models import SimpleUser
from sdk.transport import Page, Paged
from sdk.webhooks import Webhooks


def start(endpoint):
    app = FastAPI(lifespan=sdk_lifespan(lambda: Sdk(token=None)))
    app.get("/here")(endpoint)
    with TestClient(app):
        pass


async def depends_on_the_class(client: Annotated[Any, Depends(Sdk)]): ...
async def as_a_default(client=SdkDep): ...
async def depends_on_the_type(client=Depends(SdkDep)): ...  # noqa: B008


async def inner(client=SdkDep): ...
async def in_a_dependency(value: Annotated[Any, Depends(inner)]): ...


@pytest.mark.parametrize(
    ("endpoint", "advice"),
    [
        (depends_on_the_class, r"Depends\(Sdk\) builds a new client.*`sdk: SdkDep`"),
        (as_a_default, "`client: SdkDep`, with a colon"),
        (depends_on_the_type, "one Depends too many.*`sdk: SdkDep`"),
        (in_a_dependency, "`client: SdkDep`, with a colon"),
    ],
)
def test_a_wrong_declaration_of_the_client_is_refused_at_startup(endpoint, advice):
    with pytest.raises(TypeError, match=f"^/here: .*{advice}"):
        start(endpoint)


def test_a_correct_declaration_of_the_client_is_accepted():
    async def endpoint(client: SdkDep): ...

    start(endpoint)


def test_the_bare_class_as_an_annotation_is_refused():
    with pytest.raises(TypeError, match=r"Sdk is a client, not data.*`sdk: SdkDep`"):

        @FastAPI().get("/")
        async def endpoint(sdk: Sdk): ...


def test_a_model_that_allows_arbitrary_types_can_hold_a_client():
    class Context(BaseModel):
        model_config = ConfigDict(arbitrary_types_allowed=True)
        sdk: Sdk

    sdk = Sdk(token=None)
    assert Context(sdk=sdk).sdk is sdk


@pytest.mark.parametrize("kind", [Page[SimpleUser], Paged[SimpleUser]])
def test_a_list_of_pages_as_a_return_annotation_is_refused(kind):
    with pytest.raises(TypeError, match=r"let the endpoint return list\[\.\.\.\]"):

        @FastAPI().get("/")
        async def endpoint() -> kind: ...


@pytest.mark.parametrize(("awaited", "advice"), [(True, "return page.items"), (False, "collect")])
def test_an_endpoint_that_returns_a_list_of_pages_is_refused(github, awaited, advice):
    github.on_any(github.sdk.users.list_followers_for_user).respond(count=2)
    app = FastAPI(lifespan=sdk_lifespan(lambda: Sdk(token=None)))

    @app.get("/")
    async def endpoint(sdk: SdkDep):
        followers = sdk.users.list_followers_for_user("octocat")
        page = await followers
        return page if awaited else followers

    with TestClient(app) as client, pytest.raises(TypeError, match=advice) as raised:
        client.get("/")
    assert "\n" not in str(raised.value)


def test_as_caller_of_a_class_is_refused():
    with pytest.raises(TypeError, match=r"as_caller\(HTTPBearer\(\)\)"):
        shared_sdk.as_caller(HTTPBearer)


def test_combine_lifespans_of_a_list_is_refused():
    with pytest.raises(TypeError, match=r"combine_lifespans\(first, second\)"):
        combine_lifespans([sdk_lifespan(), sdk_lifespan()])


def test_depends_on_the_lifespan_is_refused_at_startup():
    app = FastAPI(lifespan=sdk_lifespan(lambda: Sdk(token=None)))

    @app.get("/")
    async def endpoint(sdk: Annotated[Any, Depends(sdk_lifespan)]): ...

    with pytest.raises(TypeError, match=r"/: .*`sdk: SdkDep`"), TestClient(app):
        pass


@pytest.mark.parametrize(
    ("mistake", "advice"),
    [
        (lambda: shared_sdk.of(FastAPI()), "write `sdk: SdkDep`"),
        (lambda: shared_sdk.of(Request({"type": "http"})), "yields, not Request"),
        (lambda: shared_sdk.as_caller("token"), r"such as HTTPBearer\(\)"),
        (lambda: shared_sdk.as_installation("octocat/hello-world"), "such as a function of yours"),
        (lambda: combine_lifespans(shared_sdk), r"combine_lifespans\(shared\.lifespan\)"),
        (lambda: SharedClient(Sdk, on=Sdk), "such as on=shared_sdk"),
        (lambda: install_error_handlers(APIRouter()), "the FastAPI app, not APIRouter"),
        (
            lambda: install_error_handlers(FastAPI(), statuses={"NotFound": 410}),
            r"such as \{NotFound: 410\}",
        ),
        (
            lambda: install_error_handlers(FastAPI(), statuses={NotFound: "410"}),
            "whole numbers from 400 to 599",
        ),
        (
            lambda: install_error_handlers(FastAPI(), statuses={NotFound: 200}),
            "whole numbers from 400 to 599",
        ),
        (
            lambda: GitHubSignIn(OAuthApp("Iv23li", "s"), secret="x" * 32, sessions="redis://"),
            r"RedisSessions\(shared, secret=SECRET\)",
        ),
        (lambda: RedisSessions("redis://", secret="x" * 32), r"RedisShared\.from_url\(url\)"),
        (
            lambda: webhooks_lifespan(Webhooks(secret="x"), on=Sdk(token=None)),
            "on=shared_sdk",
        ),
        (lambda: GitHubSignIn("Iv23li", secret="x" * 32), r"oauth\(redirect_uri=\.\.\.\)"),
    ],
)
def test_another_object_than_the_one_that_is_needed_is_refused(mistake, advice):
    with pytest.raises(TypeError, match=advice):
        mistake()


def test_a_webhook_path_without_a_slash_is_refused():
    with pytest.raises(ValueError, match="path='/hooks'"):
        webhook_router(Webhooks(secret="x"), path="hooks")


@pytest.mark.parametrize("made", [shared_sdk.as_caller, shared_sdk.as_installation])
def test_depends_on_what_makes_the_dependency_is_refused_at_startup(made):
    app = FastAPI(lifespan=sdk_lifespan(lambda: Sdk(token=None)))

    @app.get("/here")
    async def endpoint(sdk: Annotated[Any, Depends(made)]): ...

    advice = rf"/here: .*Depends\(shared\.{made.__name__}\(\.\.\.\)\)"
    with pytest.raises(TypeError, match=advice), TestClient(app):
        pass


@pytest.mark.parametrize("returned", [{"token": "t"}, 5])
def test_a_dependency_that_returns_no_token_is_named(returned):
    app = FastAPI(lifespan=sdk_lifespan(lambda: Sdk(token=None)))

    @app.get("/")
    async def endpoint(sdk: Annotated[Sdk, Depends(shared_sdk.as_caller(lambda: returned))]): ...

    message = rf"as_caller\(\) returned {type(returned).__name__}. It must return the caller's"
    with TestClient(app) as client, pytest.raises(TypeError, match=message):
        client.get("/")


def test_sign_in_without_a_client_secret_is_refused():
    app = OAuthApp("Iv23li", None, redirect_uri="https://app.example.com/login/callback")
    with pytest.raises(ValueError, match="the App's client secret"):
        GitHubSignIn(app, secret="x" * 32)


@pytest.mark.parametrize(
    ("path", "prefix", "warned"),
    [
        ("/login/callback", "", False),
        ("/behind/a/proxy/login/callback", "", False),
        ("/auth/login/callback", "/auth", False),
        ("/callback", "", True),
        ("/login/callback", "/auth", True),
    ],
)
def test_a_callback_elsewhere_than_redirect_uri_is_logged_once(path, prefix, warned, caplog):
    oauth = OAuthApp("Iv23li", "s", redirect_uri=f"https://app.example.com{path}")
    app = FastAPI(lifespan=sdk_lifespan(lambda: Sdk(token=None)))
    app.include_router(GitHubSignIn(oauth, secret="x" * 32).router, prefix=prefix)
    with TestClient(app, follow_redirects=False) as client:
        for _ in range(2):
            assert client.get(f"{prefix}/login").status_code == 303
    assert [f"the callback is at {prefix}/login/callback" in m for m in caplog.messages] == (
        [True] if warned else []
    )
