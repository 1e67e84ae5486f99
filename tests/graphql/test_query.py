"""Queries and mutations: what is sent, what comes back, and what is refused before sending."""

import pickle

import httpx
import pytest
from pydantic import BaseModel, Field

from sdk import OMIT, ApiClient, DecodeError, Forbidden, NotFound, Sdk, metadata
from sdk.graphql import GraphQL, GraphQLError, GraphQLFailed

VIEWER = "query { viewer { login } }"
REPOSITORY = """
query Repository(
  $owner: String!, $name: String!, $count: Int = 5, $labels: [String!], $at: DateTime
) {
  repository(owner: $owner, name: $name) {
    issues(first: $count, labels: $labels) { totalCount }
  }
}
"""
ADD = "mutation AddStar($id: ID!) { addStar(input: {starrableId: $id}) { clientMutationId } }"


class Viewer(BaseModel):
    login: str
    age: int = 0


class Result(BaseModel):
    viewer: Viewer


class Maybe(BaseModel):
    viewer: Viewer | None = None
    other: Viewer | None = None


async def test_data_is_decoded_into_the_type_that_is_asked_for(sdk, server):
    server.data(viewer={"login": "octocat"})
    result = await sdk.graphql.query(VIEWER, returns=Result)
    assert result == Result(viewer=Viewer(login="octocat"))


async def test_data_is_a_dictionary_by_default(sdk, server):
    server.data(viewer={"login": "octocat"})
    assert await sdk.graphql.query(VIEWER) == {"viewer": {"login": "octocat"}}


async def test_the_request_has_the_document_the_variables_and_the_operation(sdk, server):
    server.data(repository=None)
    await sdk.graphql.query(REPOSITORY, {"owner": "o", "name": "r", "labels": OMIT})
    assert server.sent == [
        {
            "query": REPOSITORY,
            "variables": {"owner": "o", "name": "r"},
            "operationName": "Repository",
        }
    ]


async def test_the_data_has_metadata(sdk, server):
    headers = {
        "x-github-request-id": "A1",
        "x-ratelimit-limit": "5000",
        "x-ratelimit-remaining": "4990",
        "x-ratelimit-reset": "1700003600",
        "x-ratelimit-resource": "graphql",
    }
    server.status(200, json={"data": {"viewer": {"login": "o"}}}, headers=headers)
    found = metadata(await sdk.graphql.query(VIEWER, returns=Result))
    assert found.rate_limit
    assert (found.request_id, found.rate_limit.resource) == ("A1", "graphql")
    assert sdk.rate_limits["graphql"].remaining == 4990


async def test_a_view_sends_its_own_token(sdk, server):
    server.data(viewer={"login": "o"})
    await sdk.graphql.query(VIEWER)
    await sdk.with_options(token="theirs").graphql.query(VIEWER)
    await sdk.graphql.query(VIEWER)
    assert server.tokens == ["Bearer any", "Bearer theirs", "Bearer any"]


async def test_the_cost_of_a_query_is_in_the_data_if_it_was_asked_for(sdk, server):
    class Limit(BaseModel):
        cost: int

    class Costed(BaseModel):
        viewer: dict[str, str]
        rate_limit: Limit = Field(alias="rateLimit")

    server.data(viewer={"login": "o"}, rateLimit={"cost": 3})
    document = "query { viewer { login } rateLimit { cost } }"
    assert (await sdk.graphql.query(document, returns=Costed)).rate_limit.cost == 3
    assert (await sdk.graphql.query(document))["rateLimit"]["cost"] == 3
    assert (await sdk.graphql.try_query(document, returns=Costed)).cost == 3
    assert (await sdk.graphql.try_query(document)).cost == 3
    assert (await sdk.graphql.try_query(document, returns=Result)).cost is None


async def test_a_value_of_another_type_is_kept_and_reported(client, server):
    drifts = []
    server.data(viewer={"login": 7})
    async with Sdk(token=None, http_client=client, on_drift=drifts.append) as sdk:
        result = await sdk.graphql.query(VIEWER, returns=Result)
    assert result.viewer.login == 7
    assert [(each.operation, each.path) for each in drifts] == [
        ("graphql/query", "data.viewer.login")
    ]


@pytest.mark.parametrize(
    ("base_url", "url"),
    [
        ("https://api.github.com", "https://api.github.com/graphql"),
        ("https://ghes.example/api/v3", "https://ghes.example/api/graphql"),
        ("https://api.octo.ghe.com", "https://api.octo.ghe.com/graphql"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000/graphql"),
    ],
)
async def test_the_endpoint_follows_from_the_base_url(client, server, base_url, url):
    server.data(viewer={"login": "o"})
    async with Sdk(token=None, http_client=client, base_url=base_url) as sdk:
        await sdk.graphql.query(VIEWER)
    assert server.urls == [url]


async def test_an_own_api_can_send_queries_too(client, server):
    class Shop(ApiClient):
        base_url = "https://shop.example/v2"

        @property
        def graphql(self):
            return GraphQL(self, path="/query")

    server.data(viewer={"login": "o"})
    async with Shop(http_client=client) as shop:
        assert (await shop.graphql.query(VIEWER, returns=Result)).viewer.login == "o"
    assert server.urls == ["https://shop.example/v2/query"]


# ------------------------------------------------------------------ errors with data

NOT_FOUND = {
    "type": "NOT_FOUND",
    "path": ["other", "nodes", 3, "author"],
    "locations": [{"line": 7, "column": 3}],
    "message": "Could not resolve to a User with the login of 'x'.",
}


async def test_errors_raise_with_the_data_that_came_besides(sdk, server):
    other = {"message": "no", "type": "FIELD"}
    server.errors(NOT_FOUND, other, data={"viewer": {"login": "o"}, "other": None})
    with pytest.raises(GraphQLFailed, match=r"at other\.nodes\[3\]\.author\); no") as caught:
        await sdk.graphql.query(VIEWER, returns=Maybe)
    error = caught.value
    assert error.data == Maybe(viewer=Viewer(login="o"), other=None)
    assert [each.type for each in error.errors] == ["NOT_FOUND", "FIELD"]
    assert error.errors[0].path == ("other", "nodes", 3, "author")
    assert error.errors[0].place == "other.nodes[3].author"
    assert error.errors[0].locations == ((7, 3),)
    assert (error.status, error.route) == (200, "/graphql")
    copy = pickle.loads(pickle.dumps(error))
    assert (copy.data, copy.errors) == (error.data, error.errors)


async def test_a_not_found_error_raises_not_found(sdk, server):
    server.errors(NOT_FOUND, data={"other": None})
    with pytest.raises(NotFound) as caught:
        await sdk.graphql.query(VIEWER, returns=Maybe)
    assert isinstance(caught.value, GraphQLFailed)


@pytest.mark.parametrize("type_", ["FORBIDDEN", "INSUFFICIENT_SCOPES"])
async def test_a_forbidden_error_raises_forbidden(sdk, server, type_):
    server.errors({"type": type_, "message": "no"}, NOT_FOUND)
    with pytest.raises(Forbidden):
        await sdk.graphql.query(VIEWER)


async def test_try_query_returns_data_and_errors(sdk, server):
    server.errors(NOT_FOUND, data={"viewer": {"login": "o"}})
    partial = await sdk.graphql.try_query(VIEWER, returns=Maybe)
    assert partial.data.viewer.login == "o"
    assert partial.errors[0].place == "other.nodes[3].author"
    server.replies.clear()
    server.data(viewer={"login": "o"})
    assert (await sdk.graphql.try_query(VIEWER, returns=Result)).errors == ()


@pytest.mark.parametrize(
    "raw", [{}, {"message": 5, "path": "x", "locations": [None, {}]}, {"extensions": []}]
)
def test_errors_of_unusual_forms_are_read(raw):
    assert GraphQLError.read(raw).path == ()


async def test_an_error_with_control_characters_stays_on_one_line(sdk, server):
    server.errors({"message": "a\r\nb\x1b[31m", "path": ["x\ny"]})
    with pytest.raises(GraphQLFailed) as caught:
        await sdk.graphql.query(VIEWER)
    assert "\n" not in str(caught.value)
    assert "\x1b" not in str(caught.value)


@pytest.mark.parametrize("body", [{}, {"data": None}, {"data": None, "errors": []}])
async def test_a_response_with_neither_data_nor_errors_is_a_decode_error(sdk, server, body):
    server.replies.append(body)
    with pytest.raises(DecodeError):
        await sdk.graphql.query(VIEWER, returns=Result)


async def test_an_html_page_is_a_decode_error(sdk, server):
    server.status(200, text="<html>", headers={"content-type": "text/html"})
    with pytest.raises(DecodeError):
        await sdk.graphql.query(VIEWER)


async def test_a_lost_connection_is_a_transport_error(sdk, server):
    server.replies.append(httpx.ReadError("gone"))
    with pytest.raises(Exception, match="POST /graphql failed") as caught:
        await sdk.graphql.mutate(ADD, {"id": "x"})
    assert type(caught.value).__name__ == "ConnectionLost"
