"""What was refused leaves no secret in the local variables that tracebacks show."""

import pytest

from sdk import ClientCredentials, InvalidInput, Sdk, TokenAuth
from sdk.transport.dialect import Failure
from sdk.transport.errors import NotFound
from sdk.transport.http.proxies import environment_mounts
from tests.tracebacks import frames

SECRET = "ghp_" + "S3cr3t" * 6


def _shown(failure):
    return [
        (frame.f_code.co_qualname, name)
        for frame in frames(failure)
        for name, value in frame.f_locals.items()
        if SECRET in repr(value)
    ]


@pytest.mark.parametrize(
    ("error", "options"),
    [
        (InvalidInput, {"token": f"{SECRET}\n"}),
        (InvalidInput, {"token": SECRET.encode()}),
        (InvalidInput, {"token": SECRET, "timeout": "x"}),
        (InvalidInput, {"token": SECRET, "auth": TokenAuth("x")}),
        (InvalidInput, {"token": None, "headers": {"x-key": f"{SECRET}\n"}}),
        (InvalidInput, {"token": None, "base_url": f"https://u:{SECRET}@api.example.com"}),
        (TypeError, {"token": SECRET, "tokne": 1}),
    ],
)
def test_a_client_whose_constructor_refuses(error, options):
    with pytest.raises(error) as caught:
        Sdk(**options)
    assert list(frames(caught.value))
    assert _shown(caught.value) == []


def test_a_token_that_is_refused():
    with pytest.raises(InvalidInput) as caught:
        TokenAuth(f"{SECRET}\n")
    assert _shown(caught.value) == []


@pytest.mark.parametrize("address", ["htp://u:{}@proxy", "http://u:{}@proxy:x", "http://u:{}@[::1"])
def test_a_proxy_whose_address_is_broken(address, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", address.format(SECRET))
    with pytest.raises(InvalidInput, match="A proxy in the environment") as caught:
        environment_mounts(None, None)
    assert _shown(caught.value) == []


def test_the_parsed_error_does_not_show_what_the_api_repeats():
    told = Failure(NotFound, f"no {SECRET}", ({"value": SECRET},), f"https://x/{SECRET}", 5.0)
    assert SECRET not in repr(told)
    assert "NotFound" in repr(told)


def test_credentials_that_were_refused_have_a_repr():
    made = ClientCredentials.__new__(ClientCredentials)
    with pytest.raises(InvalidInput):
        ClientCredentials.__init__(made, "http://login.example.com/token", "id", SECRET)
    assert SECRET not in repr(made)
