"""Which redirects are followed, and with what."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdk.transport.http.redirects import Follow, follow, origin
from tests.property_tests import unhurried

HERE = "https://api.example.com/repos/old?page=2"
THERE = "https://api.example.com/repositories/1"
ELSEWHERE = "https://files.example.net/blob?sig=x"


@pytest.mark.parametrize(
    ("status", "method", "next_method"),
    [
        (301, "GET", "GET"),
        (301, "HEAD", "HEAD"),
        (301, "PUT", "PUT"),
        (301, "PATCH", "PATCH"),
        (301, "DELETE", "DELETE"),
        (302, "GET", "GET"),
        (302, "PUT", "PUT"),
        (303, "GET", "GET"),
        (303, "HEAD", "HEAD"),
        (303, "POST", "GET"),
        (303, "PUT", "GET"),
        (303, "DELETE", "GET"),
        (307, "GET", "GET"),
        (307, "POST", "POST"),
        (307, "PATCH", "PATCH"),
        (308, "POST", "POST"),
        (308, "DELETE", "DELETE"),
    ],
)
def test_a_redirect_within_the_origin_is_followed(status, method, next_method):
    assert follow(status, method, HERE, THERE) == Follow(THERE, next_method, same_origin=True)


@pytest.mark.parametrize("status", [301, 302])
def test_301_and_302_on_a_post_are_not_followed(status):
    assert follow(status, "POST", HERE, THERE) is None


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_download_may_lead_to_another_origin_without_credentials(status, method):
    assert follow(status, method, HERE, ELSEWHERE) == Follow(ELSEWHERE, method, same_origin=False)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_request_with_an_effect_never_leads_to_another_origin(status, method):
    assert follow(status, method, HERE, ELSEWHERE) is None


@pytest.mark.parametrize("status", [300, 304, 305, 306, 399])
def test_other_3xx_are_not_followed(status):
    assert follow(status, "GET", HERE, THERE) is None


def test_https_never_leads_to_http():
    assert follow(302, "GET", HERE, "http://api.example.com/repositories/1") is None


def test_http_may_lead_to_https_but_that_is_another_origin():
    step = follow(302, "GET", "http://api.example.com/x", "https://api.example.com/x")
    assert step == Follow("https://api.example.com/x", "GET", same_origin=False)


@pytest.mark.parametrize(
    ("location", "url"),
    [
        ("/repositories/1", THERE),
        ("1", "https://api.example.com/repos/1"),
        ("?page=3", "https://api.example.com/repos/old?page=3"),
        ("//api.example.com/repositories/1", THERE),
        (f"{THERE}#part", THERE),
        ("HTTPS://API.EXAMPLE.COM:443/x", "https://API.EXAMPLE.COM:443/x"),
    ],
)
def test_a_location_is_resolved_against_the_address_it_came_from(location, url):
    assert follow(301, "GET", HERE, location) == Follow(url, "GET", same_origin=True)


@pytest.mark.parametrize(
    "location",
    [
        "",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "ftp://api.example.com/x",
        "data:text/plain,x",
        "ftp:///x",
        "https://[::1/x",
        "https://api.example.com:99999/x",
        "https://api.example.com:port/x",
        "https://user:password@api.example.com/x",
        "https://user@files.example.net/x",
    ],
)
def test_a_location_that_is_not_a_plain_http_url_is_not_followed(location):
    assert follow(302, "GET", HERE, location) is None


@pytest.mark.parametrize(
    "other",
    [
        "https://api.example.com:8443/x",
        "https://API.example.com.evil.net/x",
        "https://example.com/x",
        "http://api.example.com/x",
    ],
)
def test_another_host_scheme_or_port_is_another_origin(other):
    assert origin(other) != origin(HERE)


def test_case_and_default_port_make_no_other_origin():
    assert origin("HTTPS://Api.Example.Com:443") == origin(HERE)
    assert origin("http://api.example.com:80") == origin("http://API.example.com/x")


@unhurried
@given(st.text())
def test_no_location_raises_an_exception(location):
    step = follow(302, "GET", HERE, location)
    assert step is None or step.url.startswith("http")
