"""What a store keeps outside of the process is encrypted, and a foreign value is a miss."""

import sys

import pytest

from sdk.stores import Sealing
from sdk.transport.errors import InvalidInput

SECRET = "a planted secret of the private body"
SEALING = Sealing("responses", b"k" * 32)


def test_a_sealed_value_can_be_opened_and_does_not_show_its_content() -> None:
    sealed = SEALING.seal("key", SECRET.encode())
    assert SECRET.encode() not in sealed
    assert Sealing("responses", b"k" * 32).open("key", sealed) == SECRET.encode()


def test_the_same_value_is_sealed_differently_each_time() -> None:
    assert SEALING.seal("key", b"value") != SEALING.seal("key", b"value")


@pytest.mark.parametrize(
    ("purpose", "secret", "key"),
    [
        pytest.param("tokens", b"k" * 32, "key", id="another purpose"),
        pytest.param("responses", b"l" * 32, "key", id="another secret"),
        pytest.param("responses", b"k" * 32, "another", id="moved to another key"),
    ],
)
def test_a_sealed_value_is_not_opened_with_another_secret_purpose_or_key(
    purpose: str, secret: bytes, key: str
) -> None:
    sealed = SEALING.seal("key", b"value")
    assert Sealing(purpose, secret).open(key, sealed) is None


def test_purpose_and_secret_are_not_interchangeable() -> None:
    sealed = Sealing("ab", b"c" * 32).seal("key", b"value")
    assert Sealing("a", b"b" + b"c" * 32).open("key", sealed) is None


def flipped(sealed: bytes) -> bytes:
    return sealed[:-1] + bytes([sealed[-1] ^ 1])


SEALED = SEALING.seal("key", b"value")


@pytest.mark.parametrize(
    "damaged",
    [
        pytest.param(b"", id="empty"),
        pytest.param(SEALED[:10], id="too short"),
        pytest.param(SEALED[:13], id="nothing but a nonce"),
        pytest.param(SEALED[:-1], id="cut"),
        pytest.param(flipped(SEALED), id="one bit changed"),
        pytest.param(b"\x02" + SEALED[1:], id="another version"),
        pytest.param(b'{"token": "plain"}', id="a foreign value"),
    ],
)
def test_a_damaged_value_is_none(damaged: bytes) -> None:
    assert SEALING.open("key", SEALED) == b"value"
    assert SEALING.open("key", damaged) is None


def test_an_empty_secret_is_refused() -> None:
    with pytest.raises(InvalidInput, match="secret to encrypt with is empty"):
        Sealing("responses", "")


def test_without_the_package_the_error_names_the_fix(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cryptography.exceptions", None)
    with pytest.raises(InvalidInput, match=r"pip install 'github-sdk\[cache\]'"):
        Sealing("responses", b"k" * 32)


def test_its_repr_shows_no_secret() -> None:
    assert repr(SEALING) == "Sealing()"
