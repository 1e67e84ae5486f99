"""The lifecycle of one HTTP client: open, close, borrow, share, leak."""

import asyncio
import gc
import logging
import warnings

import httpx
import httpx2
import pytest

from sdk import ApiClient, ClientClosed, ClientNotOpen, InvalidInput, Sdk, Session, WrongEventLoop
from tests.transport.support import Api, Upstream

# ------------------------------------------------------------------ open and close


async def test_a_client_of_our_own_is_open_inside_async_with():
    async with Api() as api:
        assert api.session.is_open
        assert isinstance(api.http_client, httpx.AsyncClient)
    assert not api.session.is_open


async def test_open_and_close_may_be_called_twice():
    api = Api()
    assert await api.open() is api
    client = api.http_client
    assert await api.open() is api
    assert api.http_client is client
    await api.aclose()
    await api.aclose()
    assert client.is_closed


async def test_a_client_that_was_never_opened_may_be_closed():
    await Api().aclose()


async def test_use_before_open_names_the_fix():
    with pytest.raises(ClientNotOpen, match=r"Write `async with Sdk\(\) as sdk:`"):
        await Api().request("GET", "/x")


async def test_use_after_close_names_the_fix():
    async with Api() as api:
        pass
    with pytest.raises(ClientClosed, match=r"inside `async with`, or build a new client"):
        await api.request("GET", "/x")


async def test_a_closed_client_is_not_opened_again():
    async with Api() as api:
        pass
    with pytest.raises(ClientClosed):
        await api.open()


async def test_the_client_is_closed_when_the_block_raises():
    api = Api()
    with pytest.raises(ZeroDivisionError):
        async with api:
            raise ZeroDivisionError
    assert not api.session.is_open


async def test_opening_at_once_from_two_tasks_opens_one_client(caplog):
    caplog.set_level(logging.INFO, "sdk")
    api = Api()
    await asyncio.gather(api.open(), api.open())
    await api.aclose()
    assert [record.message.partition(" ")[0] for record in caplog.records] == ["Opened", "Closed"]


# ------------------------------------------------------------------ borrowed clients


@pytest.mark.parametrize("library", [httpx, httpx2])
async def test_a_borrowed_client_is_used_and_never_closed(library):
    client = library.AsyncClient(transport=library.MockTransport(lambda _: library.Response(204)))
    async with client:
        async with Api(http_client=client) as api:
            assert (await api.request("GET", "/x")).status == 204
        assert not client.is_closed
        assert (await api.request("GET", "/x")).status == 204


async def test_a_borrowed_client_needs_no_opening():
    assert (await Upstream().api().request("GET", "/x")).status == 200


async def test_a_borrowed_client_that_its_owner_closed_names_the_fix():
    upstream = Upstream()
    async with upstream.http_client() as client:
        api = Api(http_client=client)
    with pytest.raises(ClientClosed, match="closed by its owner: close it after the last call"):
        await api.request("GET", "/x")


@pytest.mark.parametrize("library", [httpx, httpx2])
def test_a_synchronous_client_is_refused_with_the_fix(library):
    with library.Client() as client, pytest.raises(InvalidInput, match=r"Pass an httpx\.AsyncCl"):
        Api(http_client=client)


@pytest.mark.parametrize("value", [object(), httpx.AsyncClient, "client", 0])
def test_an_http_client_of_another_type_is_refused(value):
    with pytest.raises(InvalidInput, match=r"must be an httpx\.AsyncClient or httpx2\.AsyncClient"):
        Api(http_client=value)


async def test_a_subclass_of_a_client_is_a_client():
    class Client(httpx.AsyncClient):
        pass

    async with Client(transport=httpx.MockTransport(lambda _: httpx.Response(204))) as client:
        assert (await Api(http_client=client).request("GET", "/x")).status == 204


# ------------------------------------------------------------------ shared sessions


async def test_a_session_is_shared_and_closed_by_its_owner_alone():
    async with Api() as owner:
        async with Api(session=owner.session) as guest:
            assert guest.http_client is owner.http_client
        assert owner.session.is_open
    with pytest.raises(ClientClosed):
        await guest.request("GET", "/x")


async def test_a_guest_does_not_open_its_owner_s_session():
    owner = Api()
    with pytest.raises(ClientNotOpen):
        async with Api(session=owner.session):
            pass


def test_a_session_and_a_client_at_once_are_refused():
    with pytest.raises(InvalidInput, match="either session or http_client, not both"):
        Api(session=Session(), http_client=Upstream().http_client())


async def test_a_view_opens_and_closes_nothing():
    async with Api() as api:
        async with api.with_options(timeout=5) as view:
            assert view.http_client is api.http_client
        await view.aclose()
        assert api.session.is_open


async def test_a_view_works_after_its_client_object_is_gone():
    api = await Api().open()
    session, view = api.session, api.with_options(timeout=5)
    del api
    gc.collect()
    assert view.http_client is session.http_client()
    await session.aclose()
    with pytest.raises(ClientClosed):
        await view.request("GET", "/x")


# ------------------------------------------------------------------ event loops


def test_use_on_another_event_loop_names_the_fix():
    api = Api()
    with asyncio.Runner() as first, asyncio.Runner() as second:
        first.run(api.open())
        with pytest.raises(WrongEventLoop, match=r"open one client per loop.*loop_scope"):
            second.run(api.request("GET", "/x"))
        with pytest.raises(WrongEventLoop):
            second.run(api.open())
        with pytest.raises(WrongEventLoop):
            second.run(api.aclose())
        first.run(api.aclose())


def test_a_borrowed_client_is_bound_to_the_loop_of_its_first_call():
    api = Upstream().api()
    asyncio.run(api.request("GET", "/x"))
    with pytest.raises(WrongEventLoop):
        asyncio.run(api.request("GET", "/x"))


def test_one_client_per_run_works_every_time():
    async def run():
        async with Api() as api:
            return api.session.is_open

    assert asyncio.run(run())
    assert asyncio.run(run())


def test_a_client_left_open_by_an_earlier_run_is_an_error_and_can_be_closed():
    api = Api()
    asyncio.run(api.open())
    with pytest.raises(WrongEventLoop):
        asyncio.run(api.request("GET", "/x"))
    asyncio.run(api.aclose())
    with pytest.raises(ClientClosed):
        asyncio.run(api.request("GET", "/x"))


# ------------------------------------------------------------------ leaks and logs


async def test_a_client_that_nobody_closed_is_a_resource_warning():
    api = await Api().open()
    name = api.session.id
    with pytest.warns(ResourceWarning, match=rf"HTTP client {name} was never closed.*`async with`"):
        del api


async def test_an_unclosed_client_with_views_warns_without_a_garbage_collection():
    sdk = await Sdk(token=None).open()
    sdk.with_options(timeout=5)
    assert sdk.users
    gc.disable()
    try:
        with pytest.warns(ResourceWarning, match="was never closed"):
            del sdk
    finally:
        gc.enable()


async def test_closed_borrowed_and_unopened_clients_warn_of_nothing():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        async with Api():
            pass
        await Upstream().api().request("GET", "/x")
        Api()
        with pytest.raises(InvalidInput):
            Session(object())
        gc.collect()


async def test_opening_and_closing_are_logged_once_with_the_client_s_id(caplog):
    caplog.set_level(logging.INFO, "sdk")
    async with Api(max_connections=7) as api, Api(session=api.session):
        await api.open()
    await api.aclose()
    name = api.session.id
    assert [(record.name, record.levelname, record.message) for record in caplog.records] == [
        ("sdk", "INFO", f"Opened HTTP client {name}, 7 connections"),
        ("sdk", "INFO", f"Closed HTTP client {name}"),
    ]


async def test_every_client_has_an_id_of_its_own_and_shows_it():
    first, second = Api(), Api()
    assert first.session.id != second.session.id
    assert repr(first) == f"<Api https://api.example.com, {first.session.id} not open>"
    async with first:
        assert repr(first).endswith(f"{first.session.id} open>")


def test_the_base_client_has_no_address_of_its_own():
    with pytest.raises(InvalidInput, match="base_url must be"):
        ApiClient()
