"""The snippet of an undecodable body helps to identify it, and shows no secret."""

import pytest
import respx

from sdk import DecodeError, Sdk
from sdk.transport.calls.decode import snippet


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (b"<!DOCTYPE html>\n<title>Sign in</title>", "<!DOCTYPE html> <title>Sign in</title>"),
        (b'{"login": "planted", "id": 1234567', '{"login": …, "id": …'),
        (b'{"token": "planted', '{"token": …'),
        (b"token=planted&x=1", "token=…&x=…"),
        (b"Bearer ghp_0123456789abcdefghijklmnopqrstuvwxyz", "Bearer …"),
        (b"session abc123 ends", "session … ends"),
        (b"\xff\x00\x1b[31m", "\ufffd??[…"),
        (b"", ""),
        (b"a " * 100, "a " * 40 + "…"),
    ],
)  # fmt: skip
def test_values_and_possible_tokens_are_left_out(body: bytes, shown: str) -> None:
    assert snippet(body) == shown


def test_a_snippet_is_short_for_any_body() -> None:
    assert len(snippet(b"word " * 1_000_000)) <= 81


@respx.mock
async def test_a_decode_error_shows_the_snippet() -> None:
    page = "<html><title>Sign in</title><input value=planted>"
    respx.get("https://api.github.com/users/octocat").respond(html=page)

    async with Sdk(token=None) as sdk:
        with pytest.raises(DecodeError, match="It begins: <html><title>Sign in") as unreadable:
            await sdk.users.get("octocat")

    assert "planted" not in str(unreadable.value)
