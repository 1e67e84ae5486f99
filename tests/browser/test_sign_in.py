"""Signing in to the example app with a real browser, at the fake GitHub's pages."""

import asyncio
import socket
import threading
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
import pytest
import uvicorn

from examples.sign_in import make_app
from sdk.auth import OAuthApp
from sdk.testing import AppSeed, StandIn, serve
from tests.browser.webdriver import Browser

AUTHORIZE, CANCEL = "button[value=authorize]", "button[value=cancel]"


@pytest.fixture(scope="module")
def app_url():
    """Serve the example app and a fake GitHub on an event loop of their own."""
    ready, addresses, servers = threading.Event(), [], []

    async def run():
        listener = socket.create_server(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        callback = f"{url}/login/callback"
        github = StandIn(apps=[AppSeed(name="Example", redirect_uris=[callback])])
        registered = github.apps[0]
        oauth = OAuthApp(registered.client_id, registered.client_secret, redirect_uri=callback)
        async with serve(github) as api:
            config = uvicorn.Config(make_app(oauth, api), log_level="error")
            server = uvicorn.Server(config)
            servers.append(server)
            addresses.append(url)
            ready.set()
            await server.serve(sockets=[listener])

    thread = threading.Thread(target=asyncio.run, args=(run(),), name="example app")
    thread.start()
    assert ready.wait(10)
    yield addresses[0]
    servers[0].should_exit = True
    thread.join(10)


@pytest.fixture(scope="module")
def one_browser(tmp_path_factory):
    browser = Browser(tmp_path_factory.mktemp("profile"))
    yield browser
    browser.close()


@pytest.fixture
def browser(one_browser, app_url):
    one_browser.open(app_url)
    one_browser.forget_cookies()
    return one_browser


def begin(browser, app_url):
    browser.open(f"{app_url}/login?return_to=/")
    assert browser.shows("wants to sign you in")


def test_a_user_signs_in_uses_the_app_and_signs_out(browser, app_url, tmp_path):
    browser.open(app_url)
    browser.click("a.button")
    browser.screenshot(tmp_path / "authorize.png")
    assert browser.shows("Authorize Example")
    browser.click(AUTHORIZE)
    assert browser.shows("Hello, octocat")
    assert browser.url == f"{app_url}/"
    session = browser.cookies()["gh-session"]
    assert session["httpOnly"] is True
    assert session["sameSite"] == "Lax"
    # Scripts see nothing of it, and nothing of the flow is left.
    assert browser.script_cookies() == ""
    assert list(browser.cookies()) == ["gh-session"]
    browser.click("a[href='/repos']")
    assert browser.shows("octocat/hello-world")
    browser.back()
    browser.click("button")
    assert browser.shows("Sign in with GitHub")
    assert browser.cookies() == {}


def test_cancelling_shows_a_page(browser, app_url, tmp_path):
    begin(browser, app_url)
    browser.click(CANCEL)
    browser.screenshot(tmp_path / "cancelled.png")
    assert browser.shows("Sign-in cancelled")
    assert "gh-session" not in browser.cookies()
    browser.click("a")
    browser.click(AUTHORIZE)
    assert browser.shows("Hello, octocat")


def test_the_back_button_after_signing_in_does_no_harm(browser, app_url):
    begin(browser, app_url)
    browser.click(AUTHORIZE)
    browser.back()
    # GitHub's page is still there, and its button begins nothing here that was not begun.
    browser.click(AUTHORIZE)
    assert browser.shows("did not begin in this browser, has been used")
    browser.open(app_url)
    assert browser.shows("Hello, octocat")


def test_a_second_tab_signs_in_beside_the_first(browser, app_url):
    begin(browser, app_url)
    first = browser.new_tab()
    begin(browser, app_url)
    browser.click(AUTHORIZE)
    assert browser.shows("Hello, octocat")
    browser.switch_to(first)
    browser.click(AUTHORIZE)
    assert browser.shows("Hello, octocat")


def callback_of(browser, app_url, **changes):
    """The callback's address, as it would come after a click on Authorize."""
    begin(browser, app_url)
    page = urlsplit(browser.url)
    query = {**dict(parse_qsl(page.query)), "auto": "1"}
    answer = httpx.get(f"{page.scheme}://{page.netloc}{page.path}", params=query, trust_env=False)
    location = urlsplit(answer.headers["location"])
    fields = {**dict(parse_qsl(location.query)), **changes}
    return f"{location.scheme}://{location.netloc}{location.path}?{urlencode(fields)}"


def test_a_replayed_callback_is_refused(browser, app_url):
    url = callback_of(browser, app_url)
    browser.open(url)
    assert browser.shows("Hello, octocat")
    browser.open(url)
    assert browser.shows("has been used")


def test_a_forged_state_is_refused(browser, app_url):
    browser.open(callback_of(browser, app_url, state="A" * 43))
    assert browser.shows("did not begin in this browser")
    assert "gh-session" not in browser.cookies()


def test_a_callback_with_the_cookie_of_another_browser_is_refused(browser, app_url):
    stolen = callback_of(browser, app_url)
    browser.open(app_url)
    browser.forget_cookies()
    browser.open(stolen)
    assert browser.shows("did not begin in this browser")
    begin(browser, app_url)
    browser.open(app_url)
    (name,) = browser.cookies()
    state = dict(parse_qsl(urlsplit(stolen).query))["state"]
    browser.set_cookie(f"gh-signin-{state[:8]}", browser.cookies()[name]["value"])
    browser.open(stolen)
    assert browser.shows("did not begin in this browser")
    assert "gh-session" not in browser.cookies()


@pytest.mark.parametrize("evil", ["//evil.example", "/%5Cevil.example", "https://evil.example"])
def test_return_to_does_not_lead_to_another_site(browser, app_url, evil):
    browser.open(f"{app_url}/login?return_to={evil}")
    assert browser.shows("This link is not valid")
    assert urlsplit(browser.url).netloc == urlsplit(app_url).netloc
