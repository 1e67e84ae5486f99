"""Bodies that are sent piece by piece: from memory, from a file, from an async iterator."""

import asyncio
import io
import os
import tracemalloc
import warnings
from pathlib import Path

import httpx
import httpx2
import pytest
import respx

from sdk import ApiClient, InvalidInput, Operation, Resource, Retry, Sdk
from sdk.transport.errors import (
    ConnectFailed,
    ConnectionLost,
    DeadlineExceeded,
    Redirected,
    ServerError,
    ValidationFailed,
)
from sdk.transport.request.upload import content_of
from tests.faults import HANG, FaultServer, ok
from tests.transport.support import BASE_URL, Upstream

PUT = Operation(
    "PUT",
    "/files/{name}",
    id="files/put",
    body="data",
    media="application/octet-stream",
    headers={"content_type": "content-type"},
    returns=dict[str, int],
)
POST = Operation("POST", "/files", body="data", media="application/octet-stream", returns=None)
DATA = bytes(range(256)) * 4000
FAST = Retry(attempts=3, initial_delay=0.001)


class Files(Resource):
    async def put(self, data, *, progress=None, options=None, **values):
        return await self._upload(PUT, options, progress, name="a", data=data, **values)

    async def post(self, data, *, options=None):
        return await self._upload(POST, options, None, data=data)


def files(*replies, **options):
    upstream = Upstream(*replies)
    return Files(upstream.api(**{"retry": FAST, **options})), upstream


async def pieces(*parts):
    for part in parts:
        if isinstance(part, Exception):
            raise part
        yield part


class Pipe(io.RawIOBase):
    """A file that can be read once."""

    def __init__(self, data):
        self._data = io.BytesIO(data)

    def readable(self):
        return True

    def readinto(self, buffer):
        return self._data.readinto(buffer)


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "data.bin"
    path.write_bytes(DATA)
    return path


@pytest.fixture
def opened(path):
    with path.open("rb") as file:
        yield file


# ------------------------------------------------------------------ what can be sent


@pytest.mark.parametrize(
    ("data", "sent"),
    [
        (DATA, DATA),
        (bytearray(b"abc"), b"abc"),
        (memoryview(b"abcdef")[1:3], b"bc"),
        ("größer", "größer".encode()),
        (b"", b""),
        (io.BytesIO(DATA), DATA),
        (io.BytesIO(b""), b""),
    ],
)
async def test_a_body_in_memory_is_sent_with_its_length(data, sent):
    resource, upstream = files()
    await resource.put(data)
    request = upstream.last
    assert request.content == sent
    assert request.headers["content-length"] == str(len(sent))
    assert "transfer-encoding" not in request.headers
    assert request.headers["content-type"] == "application/octet-stream"


async def test_a_path_is_read_from_disk(path):
    resource, upstream = files()
    await resource.put(path)
    assert upstream.last.content == DATA
    assert upstream.last.headers["content-length"] == str(len(DATA))


async def test_an_open_file_is_sent_from_its_position_and_stays_open(opened):
    resource, upstream = files()
    opened.seek(1000)
    await resource.put(opened)
    assert upstream.last.content == DATA[1000:]
    assert upstream.last.headers["content-length"] == str(len(DATA) - 1000)
    assert not opened.closed


@pytest.mark.parametrize(
    "source", [lambda: pieces(b"ab", b"", bytearray(b"cd")), lambda: Pipe(b"abcd")]
)
async def test_a_body_without_a_length_is_sent_in_chunks(source):
    resource, upstream = files()
    await resource.put(source())
    assert upstream.last.content == b"abcd"
    assert upstream.last.headers["transfer-encoding"] == "chunked"
    assert "content-length" not in upstream.last.headers


async def test_a_content_length_of_the_caller_is_sent():
    resource, upstream = files()
    await resource.put(pieces(b"ab", b"cd"), options={"headers": {"Content-Length": "4"}})
    assert upstream.last.headers["content-length"] == "4"
    assert "transfer-encoding" not in upstream.last.headers


def test_the_repr_of_a_body_shows_only_its_size():
    assert repr(content_of("secret")) == "<Content, 6 bytes>"
    assert repr(content_of(Pipe(b"secret"))) == "<Content, unknown bytes>"


async def test_the_media_type_can_be_set():
    resource, upstream = files()
    await resource.put(b"PK", content_type="application/zip")
    assert upstream.last.headers["content-type"] == "application/zip"


@pytest.mark.parametrize("client_class", [httpx.AsyncClient, httpx2.AsyncClient])
async def test_over_a_socket_with_either_client(path, opened, client_class):
    async with FaultServer([ok({"size": 1})]) as server, client_class() as client:
        resource = Files(ApiClient(base_url=server.url, http_client=client))
        for data in (path, opened, DATA, pieces(DATA[:1000], DATA[1000:])):
            assert await resource.put(data) == {"size": 1}
    assert [request.body == DATA for request in server.requests] == [True] * 4
    assert server.connections == 1


# ------------------------------------------------------------------ what cannot


@pytest.mark.parametrize("data", [7, None, [b"a"], iter([b"a"]), object()])
async def test_other_types_are_refused(data):
    resource, upstream = files()
    with pytest.raises(InvalidInput, match=r"pathlib\.Path"):
        await resource.put(data, progress=print)
    with pytest.raises(InvalidInput, match=r"pathlib\.Path"):
        await resource.put(data)
    assert upstream.requests == []


async def test_a_text_file_is_refused(path):
    resource, _ = files()
    with path.open(encoding="latin-1") as file, pytest.raises(InvalidInput, match='mode "rb"'):
        await resource.put(file)


async def test_an_async_file_is_refused_with_the_fix():
    class Upload:
        async def read(self, size=-1):
            return b""

    resource, _ = files()
    with pytest.raises(InvalidInput, match=r"upload\.file"):
        await resource.put(Upload())


async def test_a_path_that_is_not_a_file_is_refused(tmp_path):
    resource, upstream = files()
    with pytest.raises(FileNotFoundError):
        await resource.put(tmp_path / "missing")
    for place in (tmp_path, Path(os.devnull)):
        with pytest.raises(InvalidInput, match="not a regular file"):
            await resource.put(place)
    assert upstream.requests == []


async def test_pieces_of_text_are_refused():
    resource, _ = files()
    with pytest.raises(InvalidInput, match="must come as bytes, not str"):
        await resource.put(pieces("text"))


async def test_extra_body_is_refused_for_a_file():
    resource, _ = files()
    with pytest.raises(InvalidInput, match="extra_body"):
        await resource.put(b"x", options={"extra_body": {"a": 1}})


# ------------------------------------------------------------------ retries


async def test_a_retry_sends_the_whole_body_again(path, opened):
    opened.seek(500)
    for data, sent in ((path, DATA), (opened, DATA[500:]), (DATA, DATA)):
        resource, upstream = files(httpx.Response(503), httpx.Response(200, json={"size": 1}))
        assert await resource.put(data) == {"size": 1}
        assert [request.content == sent for request in upstream.requests] == [True, True]


async def test_a_retry_after_half_the_body_starts_from_its_beginning(path):
    bodies = []

    class Breaking(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request):
            body = b""
            async for piece in request.stream:
                body += piece
                if not bodies:
                    bodies.append(body)
                    raise httpx.WriteError("gone")
            bodies.append(body)
            return httpx.Response(200, json={"size": 1})

    client = httpx.AsyncClient(transport=Breaking())
    resource = Files(ApiClient(base_url=BASE_URL, http_client=client, retry=FAST))
    await resource.put(path)
    assert [len(body) for body in bodies] == [256 * 1024, len(DATA)]


@pytest.mark.parametrize(
    "failure", [httpx.Response(503), httpx.ConnectError("refused"), httpx.ReadError("gone")]
)
@pytest.mark.parametrize("source", [lambda: pieces(b"ab"), lambda: Pipe(b"ab")])
async def test_a_body_that_can_be_read_once_is_not_retried(failure, source):
    resource, upstream = files(failure, httpx.Response(200, json={"size": 1}))
    with pytest.raises((ServerError, ConnectFailed, ConnectionLost)):
        await resource.put(source(), options={"retry": FAST})
    assert len(upstream.requests) == 1


async def test_a_post_that_may_have_arrived_is_not_repeated(path):
    resource, upstream = files(httpx.Response(502), httpx.Response(201))
    with pytest.raises(ServerError):
        await resource.post(path)
    assert len(upstream.requests) == 1


async def test_a_post_that_was_not_sent_is_repeated(path):
    resource, upstream = files(httpx.ConnectError("refused"), httpx.Response(204))
    await resource.post(path)
    assert upstream.last.content == DATA


# ------------------------------------------------------------------ redirects


async def test_a_redirect_sends_the_whole_body_again(opened):
    resource, upstream = files(
        httpx.Response(307, headers={"location": "/other"}), httpx.Response(200, json={})
    )
    await resource.put(opened)
    assert [request.content == DATA for request in upstream.requests] == [True, True]
    assert upstream.last.url.path == "/other"


async def test_a_redirect_of_a_body_that_can_be_read_once_is_an_error():
    resource, upstream = files(httpx.Response(307, headers={"location": "/other"}))
    with pytest.raises(Redirected):
        await resource.put(pieces(b"ab"))
    assert len(upstream.requests) == 1


async def test_a_body_is_not_redirected_to_another_host():
    resource, upstream = files(
        httpx.Response(307, headers={"location": "https://evil.example.com/"})
    )
    with pytest.raises(Redirected):
        await resource.put(DATA)
    assert len(upstream.requests) == 1


# ------------------------------------------------------------------ progress


async def test_progress_is_reported_during_the_upload(path):
    seen = []
    resource, _ = files()
    await resource.put(path, progress=lambda *numbers: seen.append(numbers))
    piece = 256 * 1024
    assert seen == [(n * piece, len(DATA)) for n in (1, 2, 3)] + [(len(DATA), len(DATA))]


async def test_progress_without_a_length(path):
    seen = []
    resource, _ = files()
    await resource.put(pieces(b"ab", b"c"), progress=lambda *numbers: seen.append(numbers))
    assert seen == [(2, None), (3, None)]


async def test_progress_restarts_with_a_retry():
    seen = []
    resource, _ = files(httpx.Response(503), httpx.Response(200, json={}))
    await resource.put(b"abc", progress=lambda *numbers: seen.append(numbers))
    assert seen == [(3, 3), (3, 3)]


# ------------------------------------------------------------------ what breaks on this side


@pytest.mark.parametrize(
    "error", [LookupError("mine"), OSError(5, "disk"), httpx.ReadError("their own call")]
)
async def test_an_error_of_the_iterator_is_raised_unchanged(error):
    async with (
        FaultServer([ok({})]) as server,
        ApiClient(base_url=server.url, retry=FAST, max_connections=1) as api,
    ):
        for _ in range(2):
            with pytest.raises(type(error)) as caught:
                await Files(api).put(pieces(b"ab", error))
            assert caught.value is error
        assert await Files(api).put(b"x") == {}


async def test_an_error_of_the_progress_callback_is_raised_unchanged():
    def complain(done, total):
        raise LookupError("mine")

    resource, upstream = files()
    with pytest.raises(LookupError, match="mine"):
        await resource.put(DATA, progress=complain)
    assert upstream.requests == []


async def test_a_file_that_shrank_is_an_error(path):
    resource, upstream = files()

    def shrink(done, total):
        os.truncate(path, 1000)

    with pytest.raises(InvalidInput, match="became shorter"):
        await resource.put(path, progress=shrink)
    assert upstream.requests == []


async def test_a_file_that_grew_is_sent_with_its_first_length(path):
    resource, upstream = files()

    def grow(done, total):
        with path.open("ab") as file:
            file.write(b"more")

    await resource.put(path, progress=grow)
    assert upstream.last.content == DATA


# ------------------------------------------------------------------ size and time


async def test_a_large_file_takes_little_memory(tmp_path):
    path = tmp_path / "large"
    with path.open("wb") as file:
        file.truncate(40 * 1024 * 1024)

    class Counting(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request):
            size = 0
            async for piece in request.stream:
                size += len(piece)
            return httpx.Response(200, json={"size": size})

    resource = Files(
        ApiClient(base_url=BASE_URL, http_client=httpx.AsyncClient(transport=Counting()))
    )
    tracemalloc.start()
    try:
        assert await resource.put(path) == {"size": 40 * 1024 * 1024}
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 4 * 1024 * 1024


async def test_the_client_s_total_timeout_does_not_apply_to_an_upload():
    go = asyncio.Event()

    async def slow():
        yield b"a"
        await asyncio.sleep(0.15)
        yield b"b"

    async with (
        FaultServer([go, ok({})]) as server,
        ApiClient(base_url=server.url, timeout=0.1) as api,
    ):
        go.set()
        assert await Files(api).put(slow()) == {}


async def test_a_timeout_of_the_call_applies_to_an_upload():
    async with FaultServer([HANG]) as server, ApiClient(base_url=server.url) as api:
        with pytest.raises(DeadlineExceeded):
            await Files(api).put(DATA, options={"timeout": 0.1})


def test_a_cancelled_upload_closes_the_file(path):
    async def program():
        async with FaultServer([HANG]) as server, ApiClient(base_url=server.url) as api:
            begun = asyncio.Event()
            task = asyncio.create_task(Files(api).put(path, progress=lambda *_: begun.set()))
            await begun.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        asyncio.run(program(), debug=True)


# ------------------------------------------------------------------ where it goes


ASSET = Operation(
    "POST",
    "/repos/{owner}/{repo}/releases/{release_id}/assets",
    id="repos/upload-release-asset",
    query=("name", "label"),
    body="data",
    media="application/octet-stream",
    server="https://uploads.github.com",
    returns=dict[str, int],
)


@pytest.mark.parametrize(
    ("base_url", "uploads"),
    [
        (None, "https://uploads.github.com"),
        ("https://api.github.com/", "https://uploads.github.com"),
        ("https://github.example.com/api/v3", "https://github.example.com/api/uploads"),
        ("https://github.example.com:8443/api/v3/", "https://github.example.com:8443/api/uploads"),
        ("https://api.octocorp.ghe.com", "https://uploads.octocorp.ghe.com"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("https://proxy.example.com/github", "https://proxy.example.com/github"),
    ],
)
@respx.mock
async def test_a_release_asset_is_sent_to_the_upload_server_with_the_token(base_url, uploads):
    route = respx.post(f"{uploads}/repos/o/r/releases/1/assets").respond(201, json={"id": 7})

    async with Sdk(token="t0ken", base_url=base_url) as sdk:
        response = await Resource(sdk)._upload(
            ASSET, owner="o", repo="r", release_id=1, name="a b.zip", data=b"PK"
        )

    request = route.calls.last.request
    assert response == {"id": 7}
    assert request.url.query == b"name=a%20b.zip"
    assert request.content == b"PK"
    assert request.headers["authorization"].endswith("t0ken")


async def test_a_declared_server_of_another_api_is_used_unchanged():
    upstream = Upstream(httpx.Response(201, json={}))
    operation = Operation(
        "POST", "/x", server="https://up.example.net/base", returns=dict[str, int]
    )
    await Resource(upstream.api())._call(operation)
    assert str(upstream.last.url) == "https://up.example.net/base/x"


async def test_a_refused_upload_raises_the_api_s_error():
    resource, _ = files(httpx.Response(422, json={"message": "already_exists"}))
    with pytest.raises(ValidationFailed, match="already_exists"):
        await resource.put(b"x")
