"""Regular expressions and header parsers take linear time for any text."""

import importlib
import inspect
import pkgutil
import re
import time

import pytest

import fastapi_integration
import sdk.auth
import sdk.enterprise
import sdk.github
import sdk.graphql
import sdk.model
import sdk.stores
import sdk.transport
import sdk.webhooks
from sdk.transport.calls.decode import snippet
from sdk.transport.headers import Headers
from sdk.transport.pagination.links import parse_links
from sdk.transport.response.rate_limit import limit_state, retry_after
from sdk.transport.response.response import Response

SIZE = 24 * 1024
LIMIT = 0.15

FRAGMENTS = [
    "a", "0", " ", ";", "=", '"', "\\", '\\"', "<", ">", "<a>;", "<a>;a", '<a>;a="', "{a", "{",
    "%25", "a=", ": ", ':"', "[SSL", "] a.", " (_ssl.c:1", "<StreamReset ", "/", "../", "1.", "::",
    "\t;", "é", "-----BEGIN A-----", "-----BEGIN ",
]  # fmt: skip


def texts():
    for begin in ("", "<a>", "<a>;", "[SSL] ", '"', "{", "charset="):
        for fragment in FRAGMENTS:
            yield begin + fragment * (SIZE // len(fragment))


def modules():
    # Not those that read what the program's own author wrote: the generator, and tools for tests.
    ours = [sdk.transport, sdk.auth, sdk.graphql, sdk.stores, sdk.webhooks, fastapi_integration]
    for package in ours:
        for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
            if not module.name.startswith("sdk.graphql.generator"):
                yield importlib.import_module(module.name)
    yield from (sdk.enterprise, sdk.github, sdk.model)


def patterns():
    for module in modules():
        source = inspect.getsource(module)
        for name, value in vars(module).items():
            if isinstance(value, re.Pattern):
                searches = re.search(rf"\b{name}\.(search|finditer|findall|sub|split)\b", source)
                yield pytest.param(value, bool(searches), id=f"{module.__name__}.{name}")


def slowest(function):
    worst = 0.0
    for text in texts():
        begun = time.process_time()
        function(text)
        worst = max(worst, time.process_time() - begun)
        if worst > LIMIT:
            break
    return worst


@pytest.mark.parametrize(("pattern", "searches"), list(patterns()))
def test_every_regular_expression_takes_linear_time(pattern, searches):
    def read(text):
        given = text if isinstance(pattern.pattern, str) else text.encode()
        pattern.match(given)
        pattern.fullmatch(given)
        if searches:
            pattern.sub(given[:0], given)

    assert slowest(read) < LIMIT


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
    assert slowest(read) < LIMIT


@pytest.mark.parametrize(
    "charset", ["punycode", "idna", "unicode_escape", "raw_unicode_escape", "utf-7", "rot13", "hex"]
)
def test_a_python_codec_that_is_not_a_charset_is_read_as_utf_8(charset):
    body = b"a-" + b"z9" * 50_000 + "é".encode()
    response = Response(200, as_header(b"content-type", f"text/plain; charset={charset}"), body, "")
    begun = time.process_time()
    assert response.text == body.decode()
    assert time.process_time() - begun < 0.25
