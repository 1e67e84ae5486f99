"""GraphQL in ``sdk.testing``: the mock and the stand-in."""

from unittest.mock import ANY

import pytest
from pydantic import BaseModel, Field

from sdk import InvalidInput, NotFound, Sdk, Unauthorized
from sdk.graphql import GraphQLFailed
from sdk.testing import GitHubMock, StandIn, UnmockedCall, serve

PROFILE = "query Profile($login: String!) { user(login: $login) { name followers { totalCount } } }"
VIEWER = "{ viewer { login } }"


class Followers(BaseModel):
    total: int = Field(alias="totalCount")


class User(BaseModel):
    name: str
    followers: Followers


class Profile(BaseModel):
    user: User


@pytest.fixture
def mock():
    with GitHubMock(assert_all_called=False) as mock:
        yield mock


async def test_a_mocked_document_returns_the_stated_fields(mock):
    route = mock.on_graphql(PROFILE, {"login": "octocat"}).respond(user={"name": "Mona"})
    spaced = PROFILE.replace(" ", "\n  ")
    assert await mock.sdk.graphql.query(spaced, {"login": "octocat"}) == {"user": {"name": "Mona"}}
    route.assert_called_once_with(login="octocat")
    assert route.last_call.arguments == {"login": "octocat"}


async def test_the_other_fields_are_generated_from_the_type(mock):
    mock.on_graphql(PROFILE, returns=Profile).respond(user={"name": "Mona"})
    found = await mock.sdk.graphql.query(PROFILE, {"login": "any"}, returns=Profile)
    assert found.user.name == "Mona"
    assert isinstance(found.user.followers.total, int)


async def test_an_unknown_field_is_refused(mock):
    with pytest.raises(TypeError, match="nmae"):
        mock.on_graphql(PROFILE, returns=Profile).respond(user={"nmae": "Mona"})


async def test_other_variables_do_not_match(mock):
    mock.on_graphql(PROFILE, {"login": "octocat"}).respond(user=None)
    with pytest.raises(UnmockedCall, match=r"operation Profile was sent with \{'login': 'other'\}"):
        await mock.sdk.graphql.query(PROFILE, {"login": "other"})
    mock.unexpected.clear()


async def test_any_matches_every_value(mock):
    mock.on_graphql(PROFILE, {"login": ANY}).respond(user=None)
    assert await mock.sdk.graphql.query(PROFILE, {"login": "other"}) == {"user": None}


@pytest.mark.parametrize("variables", [{"lgoin": "o"}, {"lgoin": ANY}, {"login": 7}])
def test_variables_that_do_not_fit_are_refused(mock, variables):
    with pytest.raises(InvalidInput):
        mock.on_graphql(PROFILE, variables)


async def test_responses_are_given_in_order(mock):
    mock.on_graphql(VIEWER).respond(viewer={"login": "a"}).not_found().server_error()
    assert (await mock.sdk.graphql.query(VIEWER))["viewer"]["login"] == "a"
    with pytest.raises(NotFound):
        await mock.sdk.graphql.query(VIEWER)


async def test_errors_come_with_data(mock):
    mock.on_graphql(VIEWER).respond_with_errors({"type": "X"}, data={"viewer": {"login": "a"}})
    with pytest.raises(GraphQLFailed) as caught:
        await mock.sdk.graphql.query(VIEWER)
    assert caught.value.data == {"viewer": {"login": "a"}}


async def test_the_mock_of_an_enterprise_server(mock):
    with GitHubMock(base_url="https://ghes.example/api/v3") as other:
        other.on_graphql(VIEWER).respond(viewer={"login": "here"})
        async with Sdk(token="any", base_url="https://ghes.example/api/v3") as sdk:
            assert (await sdk.graphql.query(VIEWER))["viewer"]["login"] == "here"


async def test_the_fake_server_responds_to_registered_documents():
    api = StandIn()
    api.graphql(VIEWER, {"viewer": {"login": "octocat"}})
    api.graphql(PROFILE, lambda variables: {"user": {"name": variables["login"].upper()}})
    async with serve(api) as url, Sdk(base_url=url, token="any") as sdk:
        assert (await sdk.graphql.query(VIEWER))["viewer"]["login"] == "octocat"
        assert (await sdk.graphql.query(PROFILE, {"login": "ada"}))["user"]["name"] == "ADA"
        with pytest.raises(GraphQLFailed, match=r"register one with StandIn\.graphql"):
            await sdk.graphql.query("query Other { viewer { id } }")
        with pytest.raises(Unauthorized):
            await sdk.with_options(token=None).graphql.query(VIEWER)
