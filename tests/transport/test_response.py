"""A whole response as plain data."""

import pytest

from sdk.transport import Response
from sdk.transport.headers import Headers


def response(body=b"", content_type=None, url="https://api.example.com/x", status=200):
    headers = [] if content_type is None else [(b"Content-Type", content_type.encode("latin-1"))]
    return Response(status, Headers(headers), body, url)


@pytest.mark.parametrize(
    ("header", "media_type"),
    [
        (None, ""),
        ("", ""),
        ("application/json", "application/json"),
        (" Application/JSON ; charset=utf-8", "application/json"),
    ],
)
def test_the_content_type_is_the_bare_media_type(header, media_type):
    assert response(content_type=header).content_type == media_type


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("é".encode(), None),
        ("é".encode(), "text/plain"),
        ("é".encode("latin-1"), "text/plain; charset=iso-8859-1"),
        ("é".encode("latin-1"), 'text/plain; Charset="ISO-8859-1"; format=flowed'),
        ("é".encode("utf-16"), "text/plain; charset=utf-16"),
        ("é".encode(), "text/plain; charset="),
        ("é".encode(), "text/plain; charset=no-such-charset"),
        ("é".encode(), "text/plain; charset=hex"),
        ("é".encode(), "text/plain; charset=idna"),
        ("é".encode(), "text/plain; charset=undefined"),
        ("é".encode(), "text/plain; charset=a\0b"),
    ],
)
def test_text_is_read_in_the_declared_charset_or_else_in_utf_8(body, content_type):
    assert response(body, content_type).text == "é"


@pytest.mark.parametrize(
    "charset",
    ["iso-8859-1", "latin1", "windows-1252", "Shift_JIS", "GBK", "euc-kr", "koi8-r", "utf-16le"],
)
def test_a_charset_of_the_web_is_used(charset):
    text = {"gbk": "中文", "shift_jis": "日本", "euc-kr": "한국", "koi8-r": "Привет"}.get(
        charset.lower(), "cafe"
    )
    assert response(text.encode(charset), f"text/plain; charset={charset}").text == text


def test_bytes_that_are_not_text_become_replacement_characters():
    assert response(b"a\xffb").text == "a\ufffdb"


def test_json_is_parsed():
    assert response(b'{"a": [1]}').json() == {"a": [1]}


@pytest.mark.parametrize("body", [b"", b"<html>", b'{"a"', b"\xff", b"[" * 100_000])
def test_invalid_json_is_a_value_error(body):
    with pytest.raises(ValueError):
        response(body).json()


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://api.example.com/x?token=s3cret", "https://api.example.com/x"),
        ("https://user:s3cret@api.example.com:8443/x", "https://api.example.com:8443/x"),
        ("https://api.example.com/@x", "https://api.example.com/@x"),
    ],
)
def test_the_public_url_and_the_repr_hide_what_may_be_secret(url, shown):
    given = response(b"12345", url=url, status=404)
    assert given.public_url == shown
    assert repr(given) == f"<Response 404 from {shown}, 5 bytes>"
