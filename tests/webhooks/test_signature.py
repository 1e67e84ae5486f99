"""Signatures: what is accepted, and everything that is not."""

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdk import InvalidInput
from sdk.webhooks import InvalidSignature, Webhooks, sign, verify
from tests.property_tests import unhurried

SECRET = "It's a Secret to Everybody"
BODY = b"Hello, World!"
SIGNATURE = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"


def test_the_signature_of_github_s_documentation_is_verified():
    verify(BODY, SIGNATURE, SECRET)
    assert sign(BODY, SECRET) == SIGNATURE


@unhurried
@given(st.binary(max_size=300), st.binary(min_size=1, max_size=80), st.integers(min_value=0))
def test_any_body_verifies_and_one_flipped_bit_does_not(body, secret, position):
    signature = sign(body, secret)
    verify(body, signature, secret)
    if body:
        flipped = bytearray(body)
        flipped[position % len(body)] ^= 1 << position % 8
        with pytest.raises(InvalidSignature):
            verify(bytes(flipped), signature, secret)


@pytest.mark.parametrize(
    "signature",
    [
        None,
        "",
        "sha256=",
        SIGNATURE[:-1],
        SIGNATURE + "0",
        SIGNATURE.upper(),
        SIGNATURE.removeprefix("sha256="),
        f"{SIGNATURE}, {SIGNATURE}",
        "sha256=\u00e9" + SIGNATURE[8:],
        "\udc80" + SIGNATURE[1:],
        "sha1=" + hmac.new(SECRET.encode(), BODY, hashlib.sha1).hexdigest(),
        sign(BODY, "another secret"),
    ],
)
def test_any_other_signature_is_refused(signature):
    with pytest.raises(InvalidSignature):
        verify(BODY, signature, SECRET)


def test_several_secrets_are_accepted_during_a_rotation():
    for secret in ("old", "new"):
        verify(BODY, sign(BODY, secret), ["new", "old"])
    with pytest.raises(InvalidSignature):
        verify(BODY, sign(BODY, "oldest"), ["new", "old"])


@pytest.mark.parametrize("secret", ["", b"", [], ["new", ""], [None], None])
def test_a_missing_or_empty_secret_is_refused_and_never_skips_the_check(secret):
    given = [secret] if secret is None else secret
    with pytest.raises(InvalidInput, match="secret"):
        verify(BODY, SIGNATURE, given)
    with pytest.raises(InvalidInput, match="secret"):
        Webhooks(secret=given)


@pytest.mark.parametrize("body", [BODY.decode(), {"a": 1}, None])
def test_a_body_that_was_parsed_is_refused_with_the_fix(body):
    with pytest.raises(InvalidInput, match=r"await request\.body\(\)"):
        verify(body, SIGNATURE, SECRET)


def test_errors_and_reprs_do_not_quote_the_secret_or_the_body():
    with pytest.raises(InvalidSignature) as caught:
        verify(BODY, SIGNATURE[:-1], SECRET)
    shown = f"{caught.value!r} {caught.value} {Webhooks(secret=SECRET)!r}"
    assert "Secret" not in shown
    assert "Hello" not in shown
