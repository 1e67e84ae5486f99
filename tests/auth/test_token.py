"""Tokens: where they come from, and reprs and errors without them."""

import pytest

from sdk import InvalidInput, TokenAuth, TokenFromEnvironment

TOKEN = "ghp_s3cretS3cretS3cret"

WRONG = [
    f" {TOKEN}",
    f"{TOKEN}\n",
    f"{TOKEN}\r\nX-Evil: 1",
    f"Bearer {TOKEN}",
    f"{TOKEN}\0",
    f"{TOKEN}é",
    f"“{TOKEN}”",
]


async def test_the_token_is_sent_as_a_bearer_token():
    assert await TokenAuth(TOKEN).headers() == {"authorization": f"Bearer {TOKEN}"}


def test_the_repr_shows_no_token():
    assert repr(TokenAuth(TOKEN)) == "TokenAuth(***)"


@pytest.mark.parametrize("token", WRONG)
def test_an_invalid_token_is_refused_and_not_shown(token):
    with pytest.raises(InvalidInput, match="Pass the token alone") as caught:
        TokenAuth(token)
    assert TOKEN not in str(caught.value)
    assert caught.value.__context__ is None


@pytest.mark.parametrize("token", ["", " ", "\n"])
def test_an_empty_token_is_refused_with_the_fix(token):
    with pytest.raises(InvalidInput, match="Pass token=None to call without one"):
        TokenAuth(token)


@pytest.mark.parametrize("token", [None, TOKEN.encode(), 7])
def test_a_token_of_another_type_is_refused_by_type(token):
    with pytest.raises(InvalidInput, match=f"A token is a str, not {type(token).__name__}"):
        TokenAuth(token)


def test_the_identity_differs_per_token_and_does_not_show_it():
    one, same, other = TokenAuth(TOKEN), TokenAuth(TOKEN), TokenAuth(f"{TOKEN}2")
    assert one.identity == same.identity != other.identity
    assert TOKEN not in one.identity


# ------------------------------------------------------------------ from the environment


async def test_the_variable_is_read_once_at_the_first_use(monkeypatch):
    auth = TokenFromEnvironment()
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    assert await auth.headers() == {"authorization": f"Bearer {TOKEN}"}
    monkeypatch.setenv("GITHUB_TOKEN", "other")
    assert await auth.headers() == {"authorization": f"Bearer {TOKEN}"}


async def test_the_identity_of_an_environment_token_is_that_of_the_token(monkeypatch):
    auth = TokenFromEnvironment()
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    assert auth.identity == TokenAuth(TOKEN).identity


async def test_without_the_variable_nothing_is_sent(monkeypatch):
    assert await TokenFromEnvironment().headers() == {}
    monkeypatch.setenv("GITHUB_TOKEN", "")
    assert await TokenFromEnvironment().headers() == {}


async def test_the_variable_may_have_another_name(monkeypatch):
    monkeypatch.setenv("MY_TOKEN", TOKEN)
    assert await TokenFromEnvironment("MY_TOKEN").headers() == {"authorization": f"Bearer {TOKEN}"}


@pytest.mark.parametrize("token", [token for token in WRONG if "\0" not in token])
async def test_an_invalid_value_is_refused_by_the_variable_s_name(monkeypatch, token):
    monkeypatch.setenv("GITHUB_TOKEN", token)
    with pytest.raises(InvalidInput, match=r"^Environment variable GITHUB_TOKEN: ") as caught:
        await TokenFromEnvironment().headers()
    assert TOKEN not in str(caught.value)


def test_the_repr_shows_only_the_name_of_the_variable(monkeypatch):
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    auth = TokenFromEnvironment()
    auth.read()
    assert repr(auth) == "TokenFromEnvironment('GITHUB_TOKEN')"
