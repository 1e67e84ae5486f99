"""The mapping of the HTTP libraries' errors to those of the SDK."""

import ssl
from types import SimpleNamespace

import aiohttp
import anyio
import h2.exceptions
import httpcore
import httpcore2
import httpx
import httpx2
import pytest

from sdk import (
    ConnectFailed,
    ConnectionLost,
    ConnectTimeout,
    InvalidInput,
    PoolTimeout,
    ReadTimeout,
    TimedOut,
    TransportError,
    WriteTimeout,
)
from sdk.transport import translate

REQUEST = httpx.Request("POST", "https://api.example.com/x?token=s3cret")

ASKED = SimpleNamespace(real_url="https://api.example.com/x?token=s3cret")

SHARED = [
    ("ConnectTimeout", ConnectTimeout, False),
    ("PoolTimeout", PoolTimeout, False),
    ("ReadTimeout", ReadTimeout, True),
    ("WriteTimeout", WriteTimeout, True),
    ("ConnectError", ConnectFailed, False),
    ("ProxyError", ConnectFailed, False),
    ("ReadError", ConnectionLost, True),
    ("WriteError", ConnectionLost, True),
    ("RemoteProtocolError", ConnectionLost, True),
]
HTTPX_ONLY = [
    ("CloseError", ConnectionLost, True),
    ("DecodingError", ConnectionLost, True),
]


def connector_error(cls, cause):
    return cls(aiohttp.client_reqrep.ConnectionKey("x", 80, False, True, None, None, None), cause)


@pytest.mark.parametrize("library", [httpx, httpx2, httpcore, httpcore2])
@pytest.mark.parametrize(("name", "ours", "sent"), SHARED)
def test_the_errors_of_every_library_are_mapped_alike(library, name, ours, sent):
    error = translate(getattr(library, name)("what happened"))
    assert type(error) is ours
    assert error.sent is sent


@pytest.mark.parametrize("library", [httpx, httpx2])
@pytest.mark.parametrize(("name", "ours", "sent"), HTTPX_ONLY)
def test_errors_that_only_httpx_has_are_mapped_too(library, name, ours, sent):
    error = translate(getattr(library, name)("what happened"))
    assert (type(error), error.sent) == (ours, sent)


@pytest.mark.parametrize("library", [httpx, httpx2, httpcore, httpcore2])
def test_no_exception_of_a_library_is_unknown(library):
    base = {
        "httpx": "TransportError",
        "httpx2": "TransportError",
        "httpcore": "TimeoutException NetworkError ProtocolError",
        "httpcore2": "TimeoutException NetworkError ProtocolError",
    }[library.__name__]
    roots = [getattr(library, name) for name in base.split()]
    classes = [cls for root in roots for cls in (root, *root.__subclasses__())]
    assert len(classes) > 5
    for cls in classes:
        assert isinstance(translate(cls("what happened")), (TransportError, InvalidInput)), cls


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("UnsupportedProtocol", "must begin with http"),
        ("LocalProtocolError", "not valid HTTP"),
        ("InvalidURL", "not valid"),
    ],
)
def test_a_request_that_cannot_be_sent_is_invalid_input(name, text):
    error = translate(getattr(httpx, name)("Illegal header value b'Bearer s3cret'"))
    assert type(error) is InvalidInput
    assert text in str(error)
    assert "s3cret" not in str(error)


@pytest.mark.parametrize(
    ("cause", "ours", "sent"),
    [
        (aiohttp.ServerDisconnectedError(), ConnectionLost, True),
        (aiohttp.ClientOSError(104, "Connection reset by peer"), ConnectionLost, True),
        (aiohttp.ClientConnectionResetError("gone"), ConnectionLost, True),
        (aiohttp.ClientPayloadError("cut"), ConnectionLost, True),
        (aiohttp.ConnectionTimeoutError("slow"), ConnectTimeout, False),
        (aiohttp.SocketTimeoutError("slow"), ReadTimeout, True),
        (aiohttp.ServerTimeoutError("slow"), TimedOut, True),
        (connector_error(aiohttp.ClientConnectorError, OSError(111, "no")), ConnectFailed, False),
        (aiohttp.ClientResponseError(ASKED, (), message="bad"), ConnectionLost, True),
        (aiohttp.NonHttpUrlClientError("x"), InvalidInput, None),
    ],
)
def test_the_original_aiohttp_error_takes_precedence(cause, ours, sent):
    # httpx-aiohttp takes all of these for a connection that was never made.
    error = httpx.ConnectTimeout("")
    error.__cause__ = cause
    found = translate(error)
    assert type(found) is ours
    assert getattr(found, "sent", None) is sent


def test_a_protocol_error_of_h2_is_a_lost_connection():
    error = httpcore2.LocalProtocolError("bad frame")
    error.__context__ = h2.exceptions.ProtocolError("bad frame")
    assert type(translate(error)) is ConnectionLost


@pytest.mark.parametrize(
    "error",
    [
        ConnectionResetError(104, "Connection reset by peer"),
        BrokenPipeError(32, "Broken pipe"),
        ssl.SSLError(1, "[SSL: BAD] bad record mac (_ssl.c:2580)"),
        anyio.BrokenResourceError(),
        anyio.ClosedResourceError(),
        h2.exceptions.StreamClosedError(1),
    ],
)
def test_exceptions_from_below_the_libraries_are_a_lost_connection(error):
    assert type(translate(error)) is ConnectionLost


@pytest.mark.parametrize("error", [ValueError(), RuntimeError(), KeyError("x"), AssertionError()])
def test_an_exception_that_is_not_a_network_failure_is_not_mapped(error):
    assert translate(error) is None


def test_the_text_is_that_of_the_system_error_if_there_is_one():
    error = httpx.ConnectError("All connection attempts failed")
    error.__cause__ = OSError("several")
    error.__cause__.__cause__ = ConnectionRefusedError(111, "Connection refused")
    assert str(translate(error)) == "No connection: Connection refused"


def test_a_text_that_quotes_is_cut_before_the_quotation():
    error = httpx.RemoteProtocolError("illegal header line: bytearray(b'set-cookie: s3cret')")
    assert str(translate(error)) == "The server violated the HTTP protocol: illegal header line"
    assert "s3cret" not in str(error)


def test_the_cause_does_not_keep_the_request():
    error = httpx.ReadError("gone", request=REQUEST)
    try:
        raise error
    except httpx.ReadError:
        translate(error)
    with pytest.raises(RuntimeError, match="request"):
        _ = error.request
    assert (error.__traceback__, error.__cause__, error.__context__) == (None, None, None)


def test_a_cyclic_exception_chain_ends():
    error = httpx.ReadError("gone")
    error.__cause__ = error
    assert type(translate(error)) is ConnectionLost
