"""Two different requests never share a stored response."""

from __future__ import annotations

from typing import Any

import httpx
from hypothesis import given
from hypothesis import strategies as st

from sdk.auth import TokenAuth
from sdk.stores import MemoryCache
from sdk.transport.caching.keys import key_of, prefixes_of, written_prefixes
from tests.caching.origin import Origin
from tests.property_tests import unhurried

# Small alphabets with what separates the parts, so that different requests nearly collide.
text = st.text("ab:/?&=\n ", max_size=4)
urls = st.builds(
    "https://{}{}".format,
    st.sampled_from(["a.test", "b.test", "a.test:8443"]),
    st.text("/ab?=&:", max_size=6).map(lambda path: f"/{path}"),
)
names = st.text("ab-", min_size=1, max_size=3)
values = st.text("ab: ,/", max_size=4)
requests = st.tuples(urls, st.dictionaries(names, values, max_size=3), text.map(str), text)


@unhurried
@given(requests, requests)
def test_different_requests_have_different_keys(
    one: tuple[str, dict[str, str], str, str], other: tuple[str, dict[str, str], str, str]
) -> None:
    # What an injected client adds is a hash.
    (url, headers, client, sees), (url2, headers2, client2, sees2) = one, other
    client, client2 = client.encode().hex(), client2.encode().hex()
    same = (url, headers, client, sees) == (url2, headers2, client2, sees2)
    assert (key_of(url, headers, client, sees) == key_of(url2, headers2, client2, sees2)) == same


@unhurried
@given(requests)
def test_a_key_contains_nothing_readable(
    request: tuple[str, dict[str, str], str, str],
) -> None:
    url, headers, client, sees = request
    key = key_of(url, headers, client.encode().hex(), sees)
    assert set(key) <= set("0123456789abcdef/?")
    assert key.count("?") == 1


@unhurried
@given(urls)
def test_a_write_to_an_address_is_found_from_its_key(url: str) -> None:
    template = "/" + "/".join("x" for _ in url.partition("?")[0].split("/")[3:])
    prefixes = written_prefixes(url, template, 0)
    key = key_of(url, {}, "", "someone")
    assert any(key.startswith(prefix) for prefix in prefixes)
    assert not set(prefixes).isdisjoint(prefixes_of(key))


async def test_header_query_version_and_credentials_are_part_of_the_key() -> None:
    origin = Origin()
    origin.documents = {"/thing": 1, "/thing?a=1": 2, "/thing?a=2": 3}
    async with origin.api(cache=MemoryCache(), auth=TokenAuth("a"), fresh_for=60) as api:

        async def get(client: Any = api, **options: Any) -> None:
            query = options.pop("params", None)
            await client.request("GET", "/thing", params=query, options=options or None)

        for _ in range(2):
            await get()
            await get(params={"a": 1})
            await get(params={"a": 2})
            await get(headers={"accept": "text/html"})
            await get(headers={"x-github-api-version": "2022-11-28"})
            await get(headers={"x-tenant": "one"})
            await get(api.with_options(auth=TokenAuth("b")))
            await get(api.with_options(auth=None))
    assert origin.statuses == [200] * 8


async def test_credentials_of_an_injected_client_are_part_of_the_key() -> None:
    origin, cache = Origin(), MemoryCache()
    origin.interfere = lambda request: httpx.Response(
        200, json=[request.headers.get("authorization")], headers={"etag": '"same"'}
    )

    async def sign(request: httpx.Request) -> None:
        request.headers["authorization"] = "by a hook"

    clients = [
        origin.http_client(headers={"authorization": "alice"}),
        origin.http_client(headers={"authorization": "bob"}),
        origin.http_client(event_hooks={"request": [sign]}),
        origin.http_client(),
    ]
    for _ in range(2):
        got: list[str | None] = []
        for client in clients:
            api = origin.api(http_client=client, cache=cache, fresh_for=60)
            got += (await api.request("GET", "/thing")).json()
        assert got == ["alice", "bob", "by a hook", None]
    assert origin.statuses == [200] * 4


async def test_responses_to_a_credential_without_identity_are_always_revalidated() -> None:
    """Its id may be that of another one tomorrow."""

    class Unnamed:
        def __init__(self, token: str) -> None:
            self.token = token

        async def headers(self) -> dict[str, str]:
            return {"authorization": self.token}

    origin = Origin()
    auth = Unnamed("one")
    async with origin.api(auth=auth, cache=MemoryCache(), fresh_for=60) as api:
        await api.request("GET", "/thing")
        await api.request("GET", "/thing")
        auth.token = "another"
        await api.request("GET", "/thing")
    assert origin.statuses == [200, 304, 200]
    assert origin.conditions[2] is None


async def test_a_header_that_the_api_replaced_is_part_of_the_key() -> None:
    """A server that knows only an older API version: the key holds the version that was sent."""
    origin, cache = Origin(), MemoryCache()
    origin.documents["/users/octocat"] = {"login": "octocat"}

    def old_server(request: httpx.Request) -> httpx.Response | None:
        if request.headers["x-github-api-version"] == "2022-11-28":
            return None
        message = '"2026-03-10" is not a supported version. Supported versions: "2022-11-28".'
        return httpx.Response(400, json={"message": message})

    origin.interfere = old_server
    async with origin.sdk(token="t", cache=cache, fresh_for=60) as sdk:
        await sdk.users.get("octocat")
        await sdk.users.get("octocat")
        assert origin.statuses == [400, 200]
    # Another client finds out by itself, and then finds what is stored.
    async with origin.sdk(token="t", cache=cache, fresh_for=60) as sdk:
        assert (await sdk.users.get("octocat")).login == "octocat"
    assert origin.statuses == [400, 200, 400]
    assert len(cache) == 1
