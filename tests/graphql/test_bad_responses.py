"""Responses that are not what the specification of GraphQL asks for."""

import httpx
import pytest
from pydantic import BaseModel

from sdk import ApiClient, BadRequest, DecodeError, ServerError
from sdk.graphql import GraphQL, GraphQLFailed

ONCE = {"retry": None}


class Data(BaseModel):
    a: int


@pytest.mark.parametrize("errors", ["bad", ["bad"], {"message": "bad"}, [None, {"message": "bad"}]])
async def test_errors_of_any_form_fail_the_call(sdk, server, errors):
    server.replies.append({"data": None, "errors": errors})
    with pytest.raises(GraphQLFailed, match="graphql/query failed: bad") as caught:
        await sdk.graphql.query("{ a }")
    assert [error.message for error in caught.value.errors] == ["bad"]


@pytest.mark.parametrize("errors", [[], None, {}, [None]])
async def test_data_without_an_error_is_the_result(sdk, server, errors):
    server.replies.append({"data": {"a": 1}, "errors": errors})
    assert await sdk.graphql.query("{ a }", returns=Data) == Data(a=1)


async def test_a_malformed_error_is_read_as_far_as_possible(sdk, server):
    server.errors(
        {
            "message": {"a": 1},
            "type": ["RATE_LIMITED"],
            "path": [None, True, 1.5, "a", 0],
            "locations": [{"line": "x", "column": None}, {"line": 1, "column": 2}],
            "extensions": "x",
        }
    )
    with pytest.raises(GraphQLFailed) as caught:
        await sdk.graphql.query("{ a }")
    error = caught.value.errors[0]
    assert (error.type, error.place, error.locations) == (None, "a[0]", ((1, 2),))


async def test_the_text_of_many_long_errors_is_short(sdk, server):
    server.errors(*[{"message": "x" * 5000, "path": ["y" * 5000]}] * 1000)
    with pytest.raises(GraphQLFailed, match="and 997 more") as caught:
        await sdk.graphql.query("{ a }")
    assert len(str(caught.value)) < 3000
    assert len(caught.value.errors) == 1000


async def test_a_message_alone_is_shown(sdk, server):
    server.replies.append({"message": "Bad credentials", "documentation_url": "x"})
    with pytest.raises(DecodeError, match="with the message: Bad credentials"):
        await sdk.graphql.query("{ a }", returns=Data)


@pytest.mark.parametrize(("status", "error"), [(400, BadRequest), (502, ServerError)])
async def test_errors_with_another_status_are_shown(sdk, server, status, error):
    body = {"data": None, "errors": [{"message": "Parse error on x"}]}
    server.status(status, json=body)
    with pytest.raises(error, match="Parse error on x"):
        await sdk.graphql.query("{ a }", options=ONCE)


async def test_a_gateway_s_page_is_a_server_error(sdk, server):
    server.status(502, html="<html>Bad gateway</html>")
    with pytest.raises(ServerError, match="502: Bad Gateway"):
        await sdk.graphql.mutate("mutation { a }")


async def test_the_media_type_of_graphql_over_http_is_read(client, server):
    class Shop(ApiClient):
        base_url = "https://shop.example"

    headers = {"content-type": "application/graphql-response+json"}
    server.replies.append(httpx.Response(200, content=b'{"data": {"a": 1}}', headers=headers))
    server.status(400, json={"errors": [{"message": "no"}]}, headers=headers)
    async with Shop(http_client=client) as shop:
        graphql = GraphQL(shop)
        assert await graphql.query("{ a }", returns=Data) == Data(a=1)
        with pytest.raises(BadRequest, match="no"):
            await graphql.query("{ a }")


PAGED = "query($c: String) { a(after: $c) { nodes { x } pageInfo { hasNextPage endCursor } } }"


def paged(nodes, **info):
    return {"data": {"a": {"nodes": nodes, "pageInfo": info}}}


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ({"a": {"nodes": [], "pageInfo": None}}, "pageInfo.hasNextPage is None"),
        ({"a": {"nodes": []}}, "pageInfo.hasNextPage is None"),
        ({"a": "x"}, "pageInfo.hasNextPage is None"),
        (paged([], hasNextPage="false")["data"], "pageInfo.hasNextPage is 'false'"),
        (paged({"x": 1}, hasNextPage=False)["data"], "'nodes' is not a list"),
        (paged("abc", hasNextPage=False)["data"], "'nodes' is not a list"),
    ],
)
async def test_a_page_that_cannot_be_read_is_not_the_last_one(sdk, server, data, text):
    server.replies.append({"data": data})
    with pytest.raises(DecodeError, match=f"Page 1 of a cannot be read: {text}"):
        await sdk.graphql.pages(PAGED).collect()


@pytest.mark.parametrize("length", [2, 3, 7])
async def test_a_walk_in_a_circle_ends(sdk, server, length):
    circle = [paged([], hasNextPage=True, endCursor=f"c{n % length}") for n in range(100)]
    server.replies.extend(circle)
    with pytest.raises(DecodeError, match="was that of an earlier page"):
        await sdk.graphql.pages(PAGED).collect()
    assert len(server.sent) <= 3 * length


async def test_a_list_in_place_of_an_object_on_the_way_is_named(sdk, server):
    page = "pageInfo { hasNextPage endCursor }"
    document = f"query($c: String) {{ a {{ b(after: $c) {{ nodes {{ x }} {page} }} }} }}"
    server.replies.append({"data": {"a": [{"b": None}]}})
    with pytest.raises(DecodeError, match="'a' is a list"):
        await sdk.graphql.pages(document, returns=dict)
