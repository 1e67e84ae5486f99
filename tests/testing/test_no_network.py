"""While GitHub is mocked, nothing leaves this machine."""

import asyncio
import contextlib
import socket
import sys
import types
import urllib.request

import pytest

from sdk.testing import GitHubMock, NetworkBlocked, StandIn, serve


@pytest.fixture
def unchecked():
    with GitHubMock(assert_all_called=False) as mock:
        yield mock


def test_names_are_not_looked_up(unchecked):
    with pytest.raises(NetworkBlocked, match=r"example\.com .* allow_hosts"):
        urllib.request.urlopen("http://example.com")
    with pytest.raises(AssertionError, match=r"example\.com"):
        unchecked.check()


@pytest.mark.parametrize("address", ["192.0.2.1", "2001:db8::1"])
async def test_addresses_are_not_connected_to(unchecked, address):
    with pytest.raises(NetworkBlocked):
        await asyncio.open_connection(address, 80)
    assert len(unchecked.unexpected) == 1


def test_a_function_that_was_kept_works_after_the_mock():
    with GitHubMock(assert_all_called=False):
        # As a module does that a test is the first to import.
        kept, by_name = socket.getaddrinfo, socket.gethostbyname
    assert kept("127.0.0.1", 80)
    assert by_name("127.0.0.1") == "127.0.0.1"


def test_datagrams_are_not_sent(unchecked):
    with socket.socket(type=socket.SOCK_DGRAM) as sock, pytest.raises(NetworkBlocked):
        sock.sendto(b"x", ("192.0.2.1", 53))
    assert unchecked.unexpected


async def test_this_machine_is_reachable(unchecked):
    async with serve(StandIn()) as base_url:
        host, port = base_url.removeprefix("http://").split(":")
        for name in (host, "localhost"):
            _, writer = await asyncio.open_connection(name, int(port), family=socket.AF_INET)
            writer.close()
    unchecked.check()


def test_allowed_hosts_are_reachable(monkeypatch):
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("192.0.2.7", 80))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    monkeypatch.setattr(socket.socket, "connect", lambda *_: None)
    with GitHubMock(allow_hosts=["db"]), socket.socket() as sock:
        [(*_, address)] = socket.getaddrinfo("db", 80)
        sock.connect(address)
        with pytest.raises(NetworkBlocked):
            sock.connect(("192.0.2.8", 80))


def test_unix_sockets_are_not_blocked(unchecked, tmp_path):
    with socket.socket(socket.AF_UNIX) as server, socket.socket(socket.AF_UNIX) as client:
        server.bind(str(tmp_path / "s"))
        server.listen()
        client.connect(str(tmp_path / "s"))
    unchecked.check()


def test_the_network_is_restored_afterwards(unchecked):
    before = socket.socket.connect
    with GitHubMock():
        pass
    assert socket.socket.connect is before


@pytest.mark.parametrize(
    "look_up",
    [
        lambda: socket.gethostbyname("example.com"),
        lambda: socket.gethostbyname_ex("example.com"),
        lambda: socket.gethostbyaddr("192.0.2.1"),
        lambda: socket.getnameinfo(("192.0.2.1", 80), 0),
    ],
)
def test_every_way_of_looking_up_a_name_is_blocked(unchecked, look_up):
    with pytest.raises(NetworkBlocked):
        look_up()
    assert unchecked.unexpected


def test_messages_are_not_sent(unchecked):
    with socket.socket(type=socket.SOCK_DGRAM) as sock, pytest.raises(NetworkBlocked):
        sock.sendmsg([b"x"], [], 0, ("192.0.2.1", 53))
    assert unchecked.unexpected


@pytest.mark.parametrize(
    "name",
    [
        "LOCALHOST",
        "localhost.",
        "127.1",
        "0.0.0.0",
        "::ffff:127.0.0.1",
        "::1",
        socket.gethostname(),
    ],
)
def test_this_machine_is_reachable_by_any_of_its_names(unchecked, name):
    with contextlib.suppress(socket.gaierror):
        socket.getaddrinfo(name, 80)
    unchecked.check()


async def test_connections_of_uvloop_are_blocked_too(monkeypatch):
    class Loop:
        async def create_connection(self, protocol_factory, host=None, port=None):
            return "connected"

    monkeypatch.setitem(sys.modules, "uvloop", types.SimpleNamespace(Loop=Loop))
    with GitHubMock() as github:
        assert await Loop().create_connection(None, "127.0.0.1", 80) == "connected"
        with pytest.raises(NetworkBlocked):
            await Loop().create_connection(None, host="example.com", port=80)
        assert github.unexpected
