"""Regular expressions and header parsers take linear time for any text."""

import importlib
import pkgutil
import re
import time

import pytest

import sdk.auth
import sdk.transport
from sdk.transport.calls.decode import snippet
from sdk.transport.headers import Headers
from sdk.transport.pagination.links import parse_links
from sdk.transport.response.rate_limit import limit_state, retry_after
from sdk.transport.response.response import Response

SIZE = 64 * 1024

FRAGMENTS = [
    "a", "0", " ", ";", "=", '"', "\\", '\\"', "<", ">", "<a>;", "<a>;a", '<a>;a="', "{a", "{",
    "%25", "a=", ": ", ':"', "[SSL", "] a.", " (_ssl.c:1", "<StreamReset ", "/", "../", "1.", "::",
    "\t;", "é",
]  # fmt: skip


def texts():
    for begin in ("", "<a>", "<a>;", "[SSL] ", '"', "{", "charset="):
        for fragment in FRAGMENTS:
            yield begin + fragment * (SIZE // len(fragment))


def patterns():
    for package in (sdk.transport, sdk.auth):
        for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
            for name, value in vars(importlib.import_module(module.name)).items():
                if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
                    yield pytest.param(value, id=f"{module.name}.{name}")


def slowest(function):
    worst = 0.0
    for text in texts():
        begun = time.process_time()
        function(text)
        worst = max(worst, time.process_time() - begun)
    return worst


@pytest.mark.parametrize("pattern", list(patterns()))
def test_every_regular_expression_takes_linear_time(pattern):
    assert slowest(lambda text: (pattern.match(text), pattern.fullmatch(text))) < 0.25


def as_header(name, text):
    return Headers([(name, text.encode("utf-8"))])


@pytest.mark.parametrize(
    "read",
    [
        parse_links,
        lambda text: snippet(text.encode()),
        lambda text: retry_after(429, as_header(b"retry-after", text), 0.0),
        lambda text: retry_after(429, as_header(b"date", text), 0.0),
        lambda text: limit_state(as_header(b"x-ratelimit-limit", text)),
        lambda text: as_header(b"content-type", text).content_type,
        lambda text: Response(200, as_header(b"content-type", text), b"x", "").text,
    ],
    ids=["link", "snippet", "retry-after", "date", "rate limit", "content type", "charset"],
)
def test_every_header_is_read_in_linear_time(read):
    assert slowest(read) < 0.25


@pytest.mark.parametrize(
    "charset", ["punycode", "idna", "unicode_escape", "raw_unicode_escape", "utf-7", "rot13", "hex"]
)
def test_a_python_codec_that_is_not_a_charset_is_read_as_utf_8(charset):
    body = b"a-" + b"z9" * 50_000 + "é".encode()
    response = Response(200, as_header(b"content-type", f"text/plain; charset={charset}"), body, "")
    begun = time.process_time()
    assert response.text == body.decode()
    assert time.process_time() - begun < 0.25
