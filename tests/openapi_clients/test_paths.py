"""Paths with a query, parameters that match slashes, and rare methods."""

import httpx
import pytest

from tests.openapi_clients.made import described, get, imported
from tests.transport.support import Upstream

_TEXT = {"type": "string"}


async def _requested(paths, tmp_path, *args, **values):
    client_class, _ = imported(described(paths), tmp_path)
    upstream = Upstream(httpx.Response(200, json="x"))
    await client_class(http_client=upstream.http_client()).root.fetch(*args, **values)
    return upstream.last


@pytest.mark.parametrize(
    ("path", "parameters", "values", "query"),
    [
        ("/x?type=repo", [], {"type": "repo"}, "type=repo"),
        ("/x?lat={lat}", [{"name": "lat", "in": "query", "schema": _TEXT}], {"lat": "1"}, "lat=1"),
        ("/x?lat={a}", [{"name": "a", "in": "path", "schema": _TEXT}], {"lat": "1"}, "lat=1"),
        ("/x?lat={lat}", [], {"lat": "1"}, "lat=1"),
        ("/x#part", [], {}, ""),
    ],
)
async def test_a_query_in_a_path_is_sent(path, parameters, values, query, tmp_path):
    paths = {path: get(_TEXT, operationId="fetch", parameters=parameters)}
    request = await _requested(paths, tmp_path, **values)
    assert (request.url.path, request.url.query.decode()) == ("/x", query)


@pytest.mark.parametrize(
    ("path", "pattern", "sent"),
    [
        ("/x/{proxy+}", "", b"/x/a/b%20c"),
        ("/x/{name=a/*}", "", b"/x/a/b%20c"),
        ("/x/{name=**}", "", b"/x/a/b%20c"),
        ("/x/{name}", "a/[^/]+", b"/x/a/b%20c"),
        ("/x/{name}", "a/[^/]+/b/[^/]+", b"/x/a/b%20c"),
        ("/x/{name}", "[^/]+", b"/x/a%2Fb%20c"),
        ("/x/{name}", "arn:aws:a/.+", b"/x/a%2Fb%20c"),
        ("/x/{name}", r"^[\w/-]+$", b"/x/a%2Fb%20c"),
    ],
)
async def test_parameters_that_match_slashes_keep_them(path, pattern, sent, tmp_path):
    name = path.removeprefix("/x/{").partition("=")[0].rstrip("}")
    schema = {**_TEXT, **({"pattern": pattern} if pattern else {})}
    parameter = {"name": name, "in": "path", "required": True, "schema": schema}
    paths = {path: get(_TEXT, operationId="fetch", parameters=[parameter])}
    assert (await _requested(paths, tmp_path, "a/b c")).url.raw_path == sent


async def test_trace_is_a_method_too(tmp_path):
    operation = get(_TEXT, operationId="fetch")["get"]
    assert (await _requested({"/x": {"trace": operation}}, tmp_path)).method == "TRACE"


async def test_no_content_is_no_file_though_a_redirect_is_declared(tmp_path):
    responses = {"204": {"description": ""}, "302": {"description": ""}}
    paths = {"/x": {"get": {"operationId": "fetch", "responses": responses}}}
    client_class, _ = imported(described(paths), tmp_path)
    upstream = Upstream(httpx.Response(204))
    assert await client_class(http_client=upstream.http_client()).root.fetch() is None


def test_an_address_without_a_scheme_is_one_of_https(tmp_path):
    description = described({"/x": get(_TEXT)}, servers=[{"url": "//tiny.example/v1"}])
    client_class, _ = imported(description, tmp_path)
    assert client_class().base_url == "https://tiny.example/v1"


async def test_an_operation_has_an_address_of_its_own(tmp_path):
    variables = {"version": {"default": "v2"}}
    servers = [{"url": "https://other.example/{version}", "variables": variables}]
    paths = {"/x": get(_TEXT, operationId="fetch", servers=servers)}
    assert (await _requested(paths, tmp_path)).url == "https://other.example/v2/x"


async def test_a_list_of_objects_in_a_header_is_json(tmp_path):
    rows = {"type": "array", "items": {"type": "object", "properties": {"a": _TEXT}}}
    parameters = [{"name": "X-Rows", "in": "header", "schema": rows}]
    paths = {"/x": get(_TEXT, operationId="fetch", parameters=parameters)}
    request = await _requested(paths, tmp_path, x_rows=[{"a": "1"}])
    assert request.headers["x-rows"] == '[{"a":"1"}]'
