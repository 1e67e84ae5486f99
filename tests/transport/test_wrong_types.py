"""Options, paths and uploads of the wrong type or with characters that have no place in them."""

import io

import pytest

from sdk import InvalidInput, Pacing, Retry, Sdk, Timeout
from sdk.transport.request.upload import source_of
from tests.transport.support import Upstream


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"base_url": 5}, "base_url must be a str, not int"),
        ({"headers": ["a"]}, "headers must be a mapping"),
        ({"link_origins": 5}, "link_origins must be a list of addresses, not int"),
        ({"clock": 5}, "clock must be a Clock"),
        ({"strict": "no"}, "strict must be True or False, not 'no'"),
        ({"http2": 1}, "http2 must be True or False, not 1"),
        ({"max_connections": True}, "max_connections must be a whole number"),
        ({"timeout": True}, "Timeout.total must be a positive number"),
        ({"fresh_for": True}, "fresh_for must be a number of seconds"),
    ],
)
def test_an_option_of_the_wrong_type_is_refused_by_name(options, text):
    with pytest.raises(InvalidInput, match=text):
        Sdk(**{"token": None, **options})


@pytest.mark.parametrize(
    ("policy", "options", "text"),
    [
        (Retry, {"attempts": "3"}, "Retry.attempts"),
        (Retry, {"attempts": True}, "Retry.attempts"),
        (Retry, {"max_delay": True}, "Retry.max_delay"),
        (Pacing, {"max_wait": "x"}, "Pacing.max_wait"),
        (Pacing, {"max_wait": float("nan")}, "Pacing.max_wait"),
        (Pacing, {"max_concurrency": 2.5}, "max_concurrency"),
        (Timeout, {"read": True}, "Timeout.read"),
    ],
)
def test_a_number_of_the_wrong_type_is_refused_by_name(policy, options, text):
    with pytest.raises(InvalidInput, match=text):
        policy(**options)


async def test_options_that_are_no_mapping_are_refused():
    with pytest.raises(InvalidInput, match="options must be a mapping"):
        await Upstream().api().request("GET", "/x", options=[1])


@pytest.mark.parametrize("method", [None, 5, "GE\nT", "GET /", ""])
async def test_a_method_that_is_not_one_of_http_is_refused(method):
    with pytest.raises(InvalidInput, match="is not a method of HTTP"):
        await Upstream().api().request(method, "/x")


@pytest.mark.parametrize("character", ["\n", "\r", "\x1b", "\x00", "\u2028"])
async def test_a_path_that_would_break_a_line_of_the_log_is_refused(character):
    upstream = Upstream()
    with pytest.raises(InvalidInput, match="path holds a line break or a control character") as e:
        await upstream.api().request("GET", f"/users/x{character}y")
    assert character not in str(e.value)
    await upstream.api().request("GET", "/users/zoë m")


def test_a_file_that_cannot_be_read_is_refused_at_once(tmp_path):
    closed = io.BytesIO(b"x")
    closed.close()
    with pytest.raises(InvalidInput, match="The file is closed"):
        source_of(closed)
    with (
        (tmp_path / "new").open("wb") as written,
        pytest.raises(InvalidInput, match=r'for writing only.* mode "rb"'),
    ):
        source_of(written)
