"""Installation tokens with limited permissions or repositories."""

import json

import pytest

from sdk import InvalidInput
from sdk.transport.auth import identity_of, sees_of
from tests.auth.app_calls import call
from tests.auth.fake_github import CLIENT_ID, FakeGitHub


async def test_the_same_scope_in_another_order_shares_a_token():
    github = FakeGitHub()
    async with github.sdk() as sdk:
        one = sdk.as_installation(
            42, repositories=["b", "a"], permissions={"issues": "read", "contents": "write"}
        )
        two = sdk.as_installation(
            42, repositories=["a", "b", "a"], permissions={"contents": "write", "issues": "read"}
        )
        assert await call(one) == await call(two)
    assert [json.loads(body) for body in github.bodies] == [
        {"repositories": ["a", "b"], "permissions": {"contents": "write", "issues": "read"}}
    ]


async def test_write_and_admin_permissions_have_separate_tokens():
    github = FakeGitHub()
    async with github.sdk() as sdk:
        levels = [
            sdk.as_installation(42, permissions={"repository_projects": level})
            for level in ("write", "admin")
        ]
        assert await call(levels[0]) != await call(levels[1])
        assert await call(sdk.as_installation(42)) not in [await call(view) for view in levels]
    assert github.count["mint"] == 3


def test_a_scope_shares_the_rate_limit_of_its_installation_and_sees_less():
    app = FakeGitHub().app()
    whole, part = app.installation(42), app.installation(42, repositories=["a"])
    assert identity_of(whole) == identity_of(part) == f"app:{CLIENT_ID}/42"
    assert sees_of(whole) == identity_of(whole) != sees_of(part)
    assert identity_of(app.installation(43)) != identity_of(whole)


WRONG_SCOPES = {
    "both": (
        {"repositories": ["a"], "repository_ids": [1]},
        "either repositories or repository_ids, not both",
    ),
    "too many": ({"repositories": [f"r{n}" for n in range(501)]}, "501; .* at most 500"),
    "too many ids": ({"repository_ids": list(range(1, 502))}, "501; .* at most 500"),
    "empty": ({"repositories": []}, "repositories is empty. Leave it out for all"),
    "text": ({"repositories": "abc"}, "must be a list, not str"),
    "with owner": ({"repositories": ["o/r"]}, "without the owner"),
    "ids as text": ({"repository_ids": ["1"]}, "holds whole numbers"),
    "a level it has not": (
        {"permissions": {"issues": "admin"}},
        "'issues' is 'read' or 'write', not 'admin'",
    ),
    "unknown": ({"permissions": {"isues": "read"}}, "no permission 'isues'. Did you mean 'issues'"),
    "no mapping": ({"permissions": ["issues"]}, "must be a mapping"),
    "no permissions": ({"permissions": {}}, "permissions is empty"),
}


@pytest.mark.parametrize("name", WRONG_SCOPES)
def test_an_invalid_scope_is_refused_before_anything_is_sent(name):
    scope, said = WRONG_SCOPES[name]
    with pytest.raises(InvalidInput, match=said):
        FakeGitHub().app().installation(42, **scope)


@pytest.mark.parametrize("wrong", ["42", 0, -1, True, None, 1.5])
def test_an_installation_id_is_a_whole_number(wrong):
    with pytest.raises(InvalidInput, match="An installation id is a whole number"):
        FakeGitHub().app().installation(wrong)
