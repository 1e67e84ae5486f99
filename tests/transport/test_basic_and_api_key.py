"""Ready-made credentials: HTTP Basic and API keys."""

import httpx
import pytest

from sdk import (
    ApiKey,
    Basic,
    InvalidInput,
    OnBehalf,
)
from tests.transport.support import Upstream


async def test_basic_is_sent_as_the_rfc_says():
    # RFC 7617, 2.
    assert await Basic("Aladdin", "open sesame").headers() == {
        "authorization": "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="
    }


async def test_a_key_is_sent_in_a_header_a_query_or_a_cookie():
    upstream = Upstream()
    async with upstream.api(auth=ApiKey("k3y", header="X-Api-Key")) as api:
        await api.request("GET", "/x")
        assert upstream.last.headers["x-api-key"] == "k3y"
        answer = await api.with_options(auth=ApiKey("k&3y", query="key")).request(
            "GET", "/x", params={"a": "1"}
        )
        assert upstream.last.url.params["key"] == "k&3y"
        assert upstream.last.url.params["a"] == "1"
        assert "3y" not in answer.url
        await api.with_options(auth=OnBehalf(ApiKey("k3y", query="key"))).request("GET", "/x")
        assert str(upstream.last.url).endswith("/x?key=k3y")
        await api.with_options(auth=ApiKey("k3y", cookie="session")).request("GET", "/x")
        assert upstream.last.headers["cookie"] == "session=k3y"


async def test_a_key_in_the_query_does_not_leave_with_a_redirect():
    upstream = Upstream(
        httpx.Response(302, headers={"location": "https://elsewhere.example/y"}),
        httpx.Response(200, json={}),
    )
    async with upstream.api(auth=ApiKey("k3y", query="key")) as api:
        await api.request("GET", "/x")
    assert str(upstream.last.url) == "https://elsewhere.example/y"


SECRET = "pl4nted"


WRONG = {
    "no place": (lambda: ApiKey(SECRET), "Pass one of header=, query= and cookie="),
    "two places": (lambda: ApiKey(SECRET, header="a", query="b"), "Pass one of"),
    "no name": (lambda: ApiKey(SECRET, header="a b"), "is not the name of a header"),
    "empty": (lambda: ApiKey("", header="x"), "key is empty"),
    "line break": (lambda: ApiKey(f"{SECRET}\n", header="x"), "line break"),
    "cookie": (lambda: ApiKey(f"{SECRET};", cookie="x"), "cookie cannot contain"),
    "colon": (lambda: Basic("a:b", SECRET), "must not contain a colon"),
    "no user": (lambda: Basic("", SECRET), "user name is empty"),
    "password": (lambda: Basic("a", f"{SECRET}\n"), "line break"),
    "bytes": (lambda: Basic(b"a", SECRET), "as text"),
}


@pytest.mark.parametrize("name", WRONG)
def test_credentials_that_cannot_be_sent_are_refused_and_not_shown(name):
    make, said = WRONG[name]
    with pytest.raises(InvalidInput, match=said) as caught:
        make()
    assert SECRET not in str(caught.value)
    frame = caught.value.__traceback__.tb_next.tb_next
    while frame is not None:
        assert SECRET not in repr(frame.tb_frame.f_locals)
        frame = frame.tb_next


def test_the_reprs_show_no_secret():
    assert repr(Basic("a", SECRET)) == "Basic(***)"
    assert repr(ApiKey(SECRET, query="key")) == "ApiKey(***, query='key')"
    assert SECRET not in ApiKey(SECRET, query="key").identity
