"""Mistakes that a newcomer makes with the SDK itself: one sentence says what to write."""

import copy
import inspect
import pickle

import httpx
import pytest
import trio

from sdk import Sdk, Timeout, ValidationFailed, WrongEventLoop
from sdk.models import PublicUser
from sdk.stores import MemoryCache, RedisShared, SqliteCache
from sdk.testing import fake
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


def test_a_slice_of_a_list_of_pages_is_refused(followers):
    with pytest.raises(TypeError, match=r"await paged.collect\(limit=\.\.\.\)"):
        followers[:5]


@pytest.mark.parametrize(
    ("option", "advice"),
    [
        ("proxy", r"HTTPS_PROXY.*httpx\.AsyncClient\(proxy="),
        ("verify", "SSL_CERT_FILE"),
        ("trust_env", r"httpx\.AsyncClient\(trust_env="),
        ("max_retries", r"retry=Retry\(attempts="),
        ("user_agent", r'headers=\{"user-agent"'),
        ("access_token", "token="),
        ("installation_id", r"as_installation\(installation_id\)"),
        ("debug", r'getLogger\("sdk"\)'),
        ("timeout_seconds", r"Do you mean timeout=\?"),
    ],
)
def test_an_option_of_another_library_is_refused_with_what_to_write(option, advice):
    with pytest.raises(TypeError, match=rf"^Sdk has no option '{option}'\..*{advice}"):
        Sdk(**{option: "x"})


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("repositories", r"Write sdk\.repos"),
        ("pull_requests", r"Write sdk\.pulls"),
        ("user", r'Write sdk\.users\.get\("octocat"\)'),
        ("isues", r"Do you mean issues\?"),
        ("post", r'Write request\("POST", "/path"\)'),
        ("close", r"Write await aclose\(\)"),
    ],
)
def test_an_unknown_attribute_of_the_client_is_refused_with_what_to_write(name, advice):
    with pytest.raises(AttributeError, match=f"^'Sdk' object has no attribute '{name}'. {advice}"):
        getattr(Sdk(token=None), name)


def test_an_unknown_method_is_refused_with_the_nearest_names():
    with pytest.raises(AttributeError, match="Do you mean list_for_repo"):
        Sdk(token=None).issues.list_for_repos  # noqa: B018


def test_a_name_that_nothing_is_like_has_no_advice():
    with pytest.raises(AttributeError, match=r"^'Sdk' object has no attribute 'xyzzy'\.$"):
        Sdk(token=None).xyzzy  # noqa: B018
    assert not hasattr(Sdk(token=None), "_repr_html_")


def test_an_attribute_error_within_a_property_of_a_client_is_raised_unchanged():
    class Billing(ApiClient):
        base_url = "https://billing.example.com"

        @property
        def invoices(self):
            return {}.invoice

    with pytest.raises(AttributeError, match="'dict' object has no attribute 'invoice'"):
        Billing().invoices  # noqa: B018


@pytest.mark.parametrize(
    ("mistake", "advice"),
    [
        (lambda: Sdk(cache=RedisShared.from_url("redis://localhost")), "pass it as shared="),
        (lambda: Sdk(shared=MemoryCache()), "passed as cache="),
        (lambda: SqliteCache(":memory:"), r"write MemoryCache\(\)"),
        (lambda: Sdk(fresh_for=60), r"pass cache=MemoryCache\(\)"),
        (lambda: Sdk(token="$GITHUB_TOKEN"), "a variable that was not expanded"),
        (lambda: Sdk(token='"ghp_1"'), "in quotes"),
    ],
)
def test_options_that_cannot_mean_what_they_say_are_refused(mistake, advice):
    with pytest.raises(InvalidInput, match=advice) as refused:
        mistake()
    assert "ghp_1" not in str(refused.value)


def test_the_limits_of_a_timeout_are_given_by_name():
    with pytest.raises(TypeError, match="positional argument"):
        Timeout(5)


async def test_a_path_without_its_value_is_refused():
    with pytest.raises(InvalidInput, match=r"path_params=\{'username': \.\.\.\}"):
        await Sdk(token=None).request("GET", "/users/{username}")


@pytest.mark.parametrize("returns", ["PublicUser", fake(PublicUser)])
async def test_a_name_or_an_instance_as_the_returned_type_is_refused(returns):
    with pytest.raises(InvalidInput, match="returns=PublicUser"):
        await Sdk(token=None).request("GET", "/users/octocat", returns=returns)


async def test_an_option_of_a_client_among_those_of_a_call_is_refused():
    with pytest.raises(InvalidInput, match=r"write with_options\(token=\.\.\.\)"):
        await Sdk(token=None).users.get("octocat", options={"token": "ghp_1"})


async def test_the_text_of_a_refused_write_names_the_fields_and_no_value(github):
    refused = [
        {"resource": "Issue", "field": "title", "code": "missing_field"},
        {"resource": "Issue", "field": "labels", "code": "invalid", "value": "secret"},
        {"resource": "Issue", "code": "custom", "message": "secret"},
    ]
    github.on_any(github.sdk.issues.create).validation_failed(*refused)
    with pytest.raises(ValidationFailed) as raised:
        await github.sdk.issues.create("o", "r", title="")
    assert "Validation Failed: title (missing_field), labels (invalid)" in str(raised.value)
    assert "secret" not in str(raised.value)
    assert raised.value.message == "Validation Failed"
