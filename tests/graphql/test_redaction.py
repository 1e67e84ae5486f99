"""Errors in a 200 that repeat the credentials of the call."""

import traceback

import pytest

from sdk import SecondaryRateLimited
from sdk.graphql import GraphQLFailed

VIEWER = "query { viewer { login } }"
TOKEN = "pl4nted-t0ken-value"


@pytest.fixture
def viewed(sdk):
    return sdk.with_options(token=TOKEN)


async def test_no_part_of_an_error_repeats_the_credentials(viewed, server):
    planted = {"message": f"{TOKEN} is bad", "path": [TOKEN], "extensions": {"token": TOKEN}}
    server.errors(planted, data={"viewer": None})
    with pytest.raises(GraphQLFailed, match=r"\*\*\* is bad") as caught:
        await viewed.graphql.query(VIEWER)
    error = caught.value
    assert TOKEN not in repr((str(error), error.errors, error.data, vars(error)))
    assert TOKEN not in "".join(traceback.format_exception(error))


async def test_errors_that_are_returned_do_not_repeat_them_either(viewed, server):
    server.errors({"message": f"{TOKEN} is bad"}, data={"viewer": {"login": "o"}})
    partial = await viewed.graphql.try_query(VIEWER)
    assert partial.data == {"viewer": {"login": "o"}}
    assert partial.errors[0].message == "*** is bad"


async def test_a_rate_limit_that_repeats_them_is_redacted(viewed, server):
    server.errors({"message": f"{TOKEN}: secondary rate limit", "type": "RATE_LIMITED"})
    with pytest.raises(SecondaryRateLimited) as caught:
        await viewed.graphql.query(VIEWER, options={"retry": None})
    assert TOKEN not in repr((str(caught.value), caught.value.errors, caught.value.body))
