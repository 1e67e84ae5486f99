"""The module that gives a generated client to the endpoints of a FastAPI app."""

import sys

import pytest
from fastapi import FastAPI

from sdk import InvalidInput
from sdk.codegen.notes import CodegenError
from sdk.testing import ApiMock
from sdk.testing.apps import running
from tests.openapi_clients.made import client_of, described, get, import_files

PATHS = {"/x": get({"type": "string"}, operationId="fetch")}


def _modules(tmp_path, **settings):
    made = client_of(described(PATHS), fastapi=True, **settings)
    modules = import_files(made, tmp_path)
    return modules, modules[next(iter(modules)).partition(".")[0]]


async def test_an_endpoint_has_the_client_in_one_line(tmp_path):
    _, package = _modules(tmp_path)
    dependency = sys.modules[f"{package.__name__}.dependency"]
    upstream = FastAPI()
    upstream.get("/x")(lambda: "from upstream")
    app = FastAPI(lifespan=dependency.shared_tiny.lifespan)

    @app.get("/")
    async def read(client: dependency.TinyDep):  # pyright: ignore[reportInvalidTypeForm]
        return await client.root.fetch()

    async with dependency.shared_tiny.answered_by(upstream), running(app) as (_, http):
        assert (await http.get("http://shop/")).json() == "from upstream"


def test_the_address_is_in_the_environment(tmp_path, monkeypatch):
    _, package = _modules(tmp_path, base_url="env:TINY_URL")
    monkeypatch.setenv("TINY_URL", "https://here.example/v1")
    assert package.Tiny().base_url == "https://here.example/v1"
    assert package.Tiny(base_url="https://there.example").base_url == "https://there.example"
    monkeypatch.delenv("TINY_URL")
    with pytest.raises(InvalidInput, match="environment variable TINY_URL is not set"):
        package.Tiny()


async def test_a_mock_is_at_the_address_in_the_environment(tmp_path, monkeypatch):
    _, package = _modules(tmp_path, base_url="env:TINY_URL")
    monkeypatch.setenv("TINY_URL", "https://here.example/v1")
    with ApiMock(package.Tiny) as mock:
        mock.on(mock.client.root.fetch).respond_with("mocked")
        async with package.Tiny() as client:
            assert await client.root.fetch() == "mocked"
    monkeypatch.delenv("TINY_URL")
    with ApiMock(package.Tiny) as mock:
        mock.on(mock.client.root.fetch).respond_with("mocked")
        assert await mock.client.root.fetch() == "mocked"


async def test_a_call_to_another_address_than_the_mocks_is_told(tmp_path):
    _, package = _modules(tmp_path)
    with ApiMock(package.Tiny, assert_all_called=False) as mock:
        mock.on(mock.client.root.fetch).respond_with("mocked")
        async with package.Tiny(base_url="https://there.example") as client:
            with pytest.raises(
                AssertionError, match=r"for the API at https://tiny\.example\. Pass"
            ):
                await client.root.fetch()
        mock.unexpected.clear()


def test_the_address_is_in_the_settings(tmp_path):
    _, package = _modules(tmp_path, base_url="https://here.example/")
    assert package.Tiny().base_url == "https://here.example"


@pytest.mark.parametrize("address", ["ftp://x", "env:", "env:a b", "https://u@x", "https://{x}"])
def test_an_invalid_address_is_refused(address):
    with pytest.raises(CodegenError, match="base_url must be an http"):
        client_of(described(PATHS), base_url=address)


def test_a_client_without_a_default_address_requires_one():
    with pytest.raises(CodegenError, match="names no address"):
        client_of(described(PATHS, servers=[]), fastapi=True)
