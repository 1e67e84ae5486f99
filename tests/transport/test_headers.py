"""Response headers as plain data."""

import copy
import pickle

import pytest

from sdk.transport.headers import Headers

SOME = Headers([(b"ETag", b'"x"'), (b"Link", b"<a>"), (b"X-Name", "naïve".encode("latin-1"))])


def test_names_are_found_in_any_case():
    assert SOME["etag"] == SOME["ETAG"] == '"x"'
    assert "eTag" in SOME


def test_names_are_listed_in_lower_case():
    assert list(SOME) == ["etag", "link", "x-name"]
    assert len(SOME) == 3


def test_a_missing_header_is_a_key_error():
    with pytest.raises(KeyError):
        SOME["date"]
    assert SOME.get("date", "none") == "none"


def test_a_repeated_header_is_joined_by_a_comma():
    repeated = Headers([(b"Link", b"<a>"), (b"link", b"<b>")])
    assert repeated["link"] == "<a>, <b>"


def test_bytes_outside_of_ascii_are_kept():
    assert SOME["x-name"] == "naïve"


def test_it_compares_like_a_mapping():
    assert SOME == {"etag": '"x"', "link": "<a>", "x-name": "naïve"}


def test_the_repr_shows_no_value():
    headers = Headers([(b"set-cookie", b"s3cret"), (b"location", b"/x?token=s3cret")])
    assert repr(headers) == "Headers(set-cookie, location)"


@pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy, pickle.dumps])
def test_it_copies_and_pickles(duplicate):
    other = duplicate(SOME)
    assert (pickle.loads(other) if isinstance(other, bytes) else other) == SOME


def test_it_cannot_be_changed():
    with pytest.raises(TypeError):
        SOME["etag"] = "y"
