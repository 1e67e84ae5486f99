"""Mistakes that a newcomer makes with the SDK itself: one sentence says what to write."""

import copy
import inspect
import pickle

import httpx
import pytest
import trio

from sdk import Sdk, WrongEventLoop
from sdk.transport import ApiClient, Operation
from sdk.transport.errors import InvalidInput
from sdk.webhooks import Webhooks


@pytest.fixture
def followers():
    return Sdk(token=None).users.list_followers_for_user("octocat")


def test_a_plain_loop_over_a_list_of_pages_is_refused(followers):
    with pytest.raises(
        TypeError, match=r"write `async for`, or `for x in await paged.collect\(\)`"
    ):
        list(followers)


def test_the_length_of_a_list_of_pages_is_refused(followers):
    with pytest.raises(TypeError, match=r"len\(await paged.collect\(\)\)"):
        len(followers)
    assert followers


def test_an_index_into_a_list_of_pages_is_refused(followers):
    with pytest.raises(TypeError, match=r"\(await paged.first_page\(\)\).items\[0\]"):
        followers[0]


async def test_an_async_loop_over_one_page_is_refused(github):
    github.on_any(github.sdk.users.list_followers_for_user).respond(count=1)
    with pytest.raises(TypeError, match="write `for x in page`"):
        async for _ in await github.sdk.users.list_followers_for_user("octocat"):
            pass


def test_a_plain_with_block_is_refused():
    with pytest.raises(TypeError, match=r"write `async with Sdk\(\) as client:`"), Sdk(token=None):
        pass


def test_a_positional_token_is_refused_and_not_shown():
    with pytest.raises(TypeError, match=r"write Sdk\(token=\.\.\.\)") as raised:
        Sdk("ghp_secret")
    assert "ghp_secret" not in str(raised.value)
    assert "token" in inspect.signature(Sdk).parameters


async def test_credentials_whose_headers_are_not_async_are_refused(github):
    class Sync:
        def headers(self):
            return {"authorization": "Bearer x"}

    async with Sdk(auth=Sync()) as sdk:
        with pytest.raises(InvalidInput, match="write `async def headers"):
            await sdk.users.me()


@pytest.mark.parametrize(
    "headers", [{"x-api-key": "secret-value"}, {"key": "a secret value"}, {"key": ""}]
)
def test_an_operation_whose_headers_are_values_is_refused(headers):
    with pytest.raises(InvalidInput, match="maps names of arguments to header names") as raised:
        Operation("GET", "/x", headers=headers)
    assert "secret" not in str(raised.value)


def test_an_own_client_is_named_in_the_fix():
    class Billing(ApiClient):
        base_url = "https://billing.example"

    with pytest.raises(TypeError, match=r"async with Billing\(\)"), Billing():
        pass


def test_a_client_whose_constructor_raised_has_a_repr():
    refused = Sdk.__new__(Sdk)
    with pytest.raises(InvalidInput):
        refused.__init__(max_response_bytes=0)
    assert repr(refused) == "<Sdk, not initialized>"


@pytest.mark.parametrize("is_open", [False, True])
@pytest.mark.parametrize("call", ["open", "get", "list", "download", "graphql"])
def test_on_trio_the_error_says_that_asyncio_is_needed(call, is_open):
    async def run():
        http_client = httpx.AsyncClient() if is_open else None
        sdk = Sdk(token=None, http_client=http_client)
        calls = {
            "open": sdk.open,
            "get": lambda: sdk.users.get("octocat"),
            "list": lambda: sdk.repos.list_public().collect(),
            "download": lambda: sdk.repos.download_tarball_archive("o", "r", "main").read(),
            "graphql": lambda: sdk.graphql.query("query { viewer { login } }"),
        }
        with pytest.raises(WrongEventLoop, match=r"asyncio.*such as trio's, are not supported"):
            await calls[call]()

    trio.run(run)


@pytest.mark.parametrize(
    ("option", "meant"),
    [("tokens", "Do you mean token="), ("url", "Do you mean base_url="), ("zzz", "has no option")],
)
def test_a_misspelt_option_is_refused_with_the_nearest_names(option, meant):
    with pytest.raises(TypeError, match=rf"{meant}.*help\(Sdk\)") as raised:
        Sdk(**{option: "ghp_secret"})
    assert "ghp_secret" not in str(raised.value)


@pytest.mark.parametrize("url", ["https://github.com", "https://www.github.com/octocat"])
def test_the_website_as_base_url_is_refused(url):
    with pytest.raises(InvalidInput, match=r"https://api\.github\.com"):
        Sdk(base_url=url)


async def test_a_loop_over_an_unopened_download_is_refused(github):
    with pytest.raises(TypeError, match="`async with download as file:`"):
        async for _ in github.sdk.repos.download_zipball_archive("o", "r", "main"):
            pass


def test_a_call_of_the_graphql_resource_is_refused(github):
    with pytest.raises(TypeError, match=r"sdk\.graphql\.query\(\.\.\.\)"):
        github.sdk.graphql("{ viewer { login } }")


def test_a_missing_webhook_secret_is_refused():
    with pytest.raises(InvalidInput, match="A webhook secret is needed"):
        Webhooks(secret=None)


def test_a_client_that_was_not_opened_can_be_closed_on_trio():
    async def run():
        await Sdk(token=None).aclose()
        await Sdk(token=None, http_client=httpx.AsyncClient()).aclose()

    trio.run(run)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("duplicate", [copy.deepcopy, pickle.dumps])
async def test_what_holds_connections_cannot_be_pickled(github, duplicate):
    sdk = github.sdk
    github.on_any(sdk.users.list_followers_for_user).respond(count=1)
    followers = sdk.users.list_followers_for_user("octocat")
    page = await followers
    for each in (sdk, sdk.with_options(timeout=5), sdk.users, followers, aiter(followers), page):
        with pytest.raises(TypeError, match=r"Pass on the models, such as page\.items"):
            duplicate(each)
    assert duplicate(page.items)
