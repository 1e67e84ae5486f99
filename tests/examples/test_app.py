"""The example service, on the fake server that it is served with."""

import asyncio
import json
import re
import signal

import httpx
import pytest
from asgi_lifespan import LifespanManager

from examples import app as example
from sdk.testing import StandIn, serve
from tests.fastapi_integration.support import Process


class External:
    """The fake server, with some pages of a less friendly kind."""

    def __init__(self):
        self.paths = []
        self.headers = []
        self._stand_in = StandIn()

    async def __call__(self, scope, receive, send):
        self.paths.append(scope["path"])
        self.headers.append({name.decode(): value.decode() for name, value in scope["headers"]})
        pages = {
            "/text": (200, "text/plain; charset=latin-1", "caf\u00e9".encode("latin-1"), {}),
            "/odd-charset": (200, "text/plain; charset=klingon", "caf\u00e9".encode(), {}),
            "/no-charset": (200, "text/plain; charset=idna", b"caf\xff", {}),
            "/slow-charset": (200, "text/plain; charset=punycode", b"a-" + b"z9" * 200_000, {}),
            "/broken": (200, "application/json", b'{"a": ', {}),
            "/surrogate": (200, "application/json", rb'"\ud800"', {}),
            "/nan": (200, "application/json", b"[NaN]", {}),
            "/deep": (200, "application/json", b"[" * 5000 + b"]" * 5000, {}),
            "/redirect": (302, "text/plain", b"", {"location": "http://169.254.169.254/"}),
            "/teapot": (418, "application/json", b'{"tea": true}', {}),
            "/endless": (200, "text/plain", None, {}),
            "/drip": (200, "text/plain", None, {}),
        }
        if scope["path"] not in pages:
            await self._stand_in(scope, receive, send)
            return
        status, media, content, headers = pages[scope["path"]]
        await receive()
        pairs = {"content-type": media, **headers}
        raw = [(name.encode(), value.encode()) for name, value in pairs.items()]
        await send({"type": "http.response.start", "status": status, "headers": raw})
        while content is None:
            size, pause = (65536, 0) if scope["path"] == "/endless" else (1, 0.02)
            await send({"type": "http.response.body", "body": b"x" * size, "more_body": True})
            await asyncio.sleep(pause)
        await send({"type": "http.response.body", "body": content})


@pytest.fixture
def external():
    return External()


@pytest.fixture
async def client(external, monkeypatch):
    monkeypatch.setenv("GITHUB_TOKEN", "planted")
    async with serve(external) as url:
        monkeypatch.setenv("GITHUB_API_URL", url)
        async with (
            LifespanManager(example.app) as manager,
            httpx.AsyncClient(
                transport=httpx.ASGITransport(manager.app), base_url="http://app"
            ) as client,
        ):
            client.upstream = url
            yield client


async def test_a_user_is_returned(client):
    response = await client.get("/users/octocat")
    assert response.status_code == 200
    assert response.json()["login"] == "octocat"


async def test_an_unknown_user_is_a_404(client):
    response = await client.get("/users/nobody-at-all")
    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("name", ["%2e%2e", "a%3Fb", "a%23b", "a%0Ab", "%F0%9F%90%99", "x" * 101])
async def test_a_hostile_username_costs_no_call(client, external, name):
    response = await client.get(f"/users/{name}")
    assert response.status_code == 422
    assert external.paths == []


@pytest.mark.parametrize("name", ["a%2Fb", "..%2F..%2Fuser"])
async def test_a_username_with_a_slash_has_no_route(client, external, name):
    assert (await client.get(f"/users/{name}")).status_code == 404
    assert external.paths == []


async def test_every_page_of_followers_can_be_read(client):
    logins, page = [], 1
    while page is not None:
        body = (await client.get(f"/users/octocat/followers?per_page=2&page={page}")).json()
        assert len(body["items"]) <= 2
        logins += [follower["login"] for follower in body["items"]]
        page = body["next_page"]
    assert len(logins) == len(set(logins)) > 2


@pytest.mark.parametrize("query", ["page=0", "per_page=101", "per_page=x"])
async def test_an_invalid_page_number_is_refused(client, external, query):
    assert (await client.get(f"/users/octocat/followers?{query}")).status_code == 422
    assert external.paths == []


async def test_the_docs_show_typed_responses(client):
    schema = (await client.get("/openapi.json")).json()
    user = schema["paths"]["/users/{username}"]["get"]["responses"]
    names = {part["$ref"] for part in user["200"]["content"]["application/json"]["schema"]["anyOf"]}
    assert names == {"#/components/schemas/PublicUser", "#/components/schemas/PrivateUser"}
    assert "application/problem+json" in user["502"]["content"]
    followers = schema["paths"]["/users/{username}/followers"]["get"]["responses"]["200"]
    assert followers["content"]["application/json"]["schema"]["$ref"].endswith("/Followers")


# ------------------------------------------------------------------ /test-call-external


async def call(client, url):
    return await client.get("/test-call-external", params={"url": url})


@pytest.mark.parametrize(
    ("path", "result", "status"),
    [
        ("/text", "caf\u00e9", 200),
        ("/odd-charset", "caf\u00e9", 200),
        ("/no-charset", "caf\ufffd", 200),
        ("/slow-charset", "a-" + "z9" * 200_000, 200),
        ("/broken", '{"a": ', 200),
        ("/surrogate", r'"\ud800"', 200),
        ("/nan", "[NaN]", 200),
        ("/deep", "[" * 5000 + "]" * 5000, 200),
        ("/teapot", {"tea": True}, 418),
    ],
)
async def test_a_plain_url_can_be_called(client, path, result, status):
    response = await call(client, client.upstream + path)
    assert response.status_code == 200
    assert response.json() == {"result": result, "status": status}


async def test_json_of_a_plain_url_is_returned(client):
    response = await call(client, f"{client.upstream}/users/octocat")
    assert response.json()["status"] == 200
    assert response.json()["result"]["login"] == "octocat"


async def test_a_call_to_a_plain_url_sends_no_token(client, external):
    await call(client, f"{client.upstream}/text")
    assert "planted" not in str(external.headers)


async def test_a_redirect_of_a_plain_url_is_not_followed(client, external):
    response = await call(client, f"{client.upstream}/redirect")
    assert response.json() == {"result": "", "status": 302}
    assert external.paths == ["/redirect"]


@pytest.mark.parametrize(
    "url",
    [
        "http:///x",
        "http://:80/",
        "http://169.254.169.254/latest/meta-data/",
        "http://localhost/",
        "http://[::1]/",
        "https://example.org/",
        "file:///etc/passwd",
        "ftp://{host}/",
        "gopher://{host}/",
        "//{host}/text",
        "/text",
        "",
        "http://{host}.evil.example/",
        "http://evil.example/?{host}",
        "http://evil.example#@{host}/",
        "http://evil.example\\@{host}/",
        "http://{host}@evil.example/",
        "http://user:password@{host}/text",
        "http://2130706433/",
        "http://{host}:80/",
        "http://127.0.0.1/",
        "http://{host}\r\nx: y/",
    ],
)
async def test_other_hosts_are_not_called(client, external, url):
    host = client.upstream.removeprefix("http://")
    response = await call(client, url.replace("{host}", host))
    assert response.status_code == 400
    assert external.paths == []


async def test_allowed_hosts_are_read_from_the_environment(client, monkeypatch):
    async with serve(External()) as other:
        assert (await call(client, f"{other}/text")).status_code == 400
        monkeypatch.setenv("EXTERNAL_HOSTS", f"example.org, {other.removeprefix('http://')}")
        assert (await call(client, f"{other}/text")).status_code == 200


async def test_an_endless_response_is_cut_off(client):
    response = await call(client, f"{client.upstream}/endless")
    assert response.status_code == 502
    assert "too large" in response.json()["detail"]


async def test_a_dripping_response_is_cut_off(client, monkeypatch):
    monkeypatch.setattr(example, "EXTERNAL_SECONDS", 0.2)
    assert (await call(client, f"{client.upstream}/drip")).status_code == 504


async def test_an_unreachable_host_is_a_502(client, monkeypatch):
    monkeypatch.setenv("EXTERNAL_HOSTS", "127.0.0.1:1")
    response = await call(client, "http://127.0.0.1:1/")
    assert response.status_code == 502
    assert response.headers["content-type"] == "application/problem+json"


# ------------------------------------------------------------------ python -m examples.serve


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_serve_says_what_it_is_and_how_to_try_it(number):
    async with Process("examples.serve", "--port", "0") as process:
        await process.saw("(Ctrl+C ends it)")
        assert "fake GitHub server" in process.output
        url = re.search(r"curl (\S+)", process.output)[1]
        async with httpx.AsyncClient() as client:
            assert (await client.get(url)).json()["login"] == "octocat"
        process.send(number)
        assert await process.ended() == 0
    assert "Traceback" not in process.output


async def test_serve_live_talks_to_the_real_api():
    async with Process("examples.serve", "--live", "--port", "0") as process:
        await process.saw("(Ctrl+C ends it)")
        assert "Talking to https://api.github.com" in process.output
        process.send(signal.SIGTERM)
        assert await process.ended() == 0


async def test_runs_under_plain_uvicorn(external):
    async with serve(external) as url:
        command = ("uvicorn", "examples.app:app", "--port", "0")
        async with Process(*command, GITHUB_API_URL=url) as process:
            address = await process.url()
            async with httpx.AsyncClient() as client:
                response = await client.get(f"{address}/users/octocat")
    assert json.loads(response.text)["login"] == "octocat"
