"""Credentials that an API repeats in an error response are removed from the exception."""

import httpx
import pytest

from sdk import ApiError, ApiKey, Basic, DecodeError, OnBehalf, Operation, TokenAuth
from sdk.graphql import GraphQL, GraphQLFailed
from tests.transport.support import Upstream

SECRET = "pl4nted-t0ken-value"

AUTHS = {
    "token": TokenAuth(SECRET),
    "user": OnBehalf(TokenAuth(SECRET)),
    "header": ApiKey(SECRET, header="x-api-key"),
    "query": ApiKey(SECRET, query="key"),
    "cookie": ApiKey(SECRET, cookie="session"),
    "password": Basic("ada", SECRET),
}


def refusal(body):
    return Upstream(httpx.Response(403, json=body))


@pytest.mark.parametrize("kind", AUTHS)
async def test_no_part_of_an_error_repeats_the_credentials(kind):
    body = {
        "message": f"The token {SECRET} has no access.",
        "errors": [{"value": SECRET, "code": f"bad {SECRET}"}],
        "documentation_url": f"https://docs.example.com/?t={SECRET}",
        "deep": [{SECRET: [SECRET]}],
    }
    async with refusal(body).api(auth=AUTHS[kind]) as api:
        with pytest.raises(ApiError) as caught:
            await api.request("GET", "/x")
    error = caught.value
    assert error.message == "The token *** has no access."
    texts = [str(error), repr(error), error.errors, error.documentation_url, error.body]
    assert SECRET not in repr(texts)


async def test_text_bodies_are_redacted_too_and_short_values_are_not_secrets():
    upstream = Upstream(httpx.Response(403, text=f"no: {SECRET}"))
    async with upstream.api(auth=TokenAuth(SECRET)) as api:
        with pytest.raises(ApiError) as caught:
            await api.request("GET", "/x")
    assert caught.value.body == "no: ***"
    async with refusal({"message": "an apple"}).api(auth=ApiKey("app", header="x-k")) as api:
        with pytest.raises(ApiError) as caught:
            await api.request("GET", "/x")
    assert caught.value.message == "an apple"


async def test_a_successful_response_is_not_redacted():
    upstream = Upstream(httpx.Response(200, json={"token": SECRET}))
    async with upstream.api(auth=TokenAuth(SECRET)) as api:
        found = await api.caller.call(Operation("GET", "/x", returns=dict), None, {})
    assert found == {"token": SECRET}


@pytest.mark.parametrize("kind", AUTHS)
async def test_a_response_that_cannot_be_decoded_shows_no_credentials(kind):
    headers = {"x-request-id": f"id-{SECRET}", "content-type": f"text/{SECRET}"}
    upstream = Upstream(httpx.Response(200, content=b"no JSON", headers=headers))
    async with upstream.api(auth=AUTHS[kind]) as api:
        with pytest.raises(DecodeError) as caught:
            await api.request("GET", "/x", returns=dict)
    error = caught.value
    assert error.request_id == "id-***"
    assert SECRET not in repr([str(error), vars(error)])


async def test_credentials_in_the_headers_of_a_failed_query_are_redacted():
    headers = {"x-request-id": SECRET, "x-other": SECRET}
    upstream = Upstream(httpx.Response(200, json={"errors": [{"message": "no"}]}, headers=headers))
    async with upstream.api(auth=TokenAuth(SECRET)) as api:
        with pytest.raises(GraphQLFailed) as caught:
            await GraphQL(api).query("query { a }")
    assert SECRET not in repr([str(caught.value), vars(caught.value)])
