"""Mistakes in tests that use the kit: one sentence says what to write."""

import json

import httpx
import pytest

from sdk import Sdk
from sdk.testing import (
    ApiMock,
    AppSeed,
    GitHubMock,
    StandIn,
    UnmockedCall,
    assert_current,
    in_process,
    serve,
)


@pytest.fixture
def unchecked():
    with GitHubMock() as mock:
        yield mock


@pytest.mark.parametrize(
    ("mistake", "advice"),
    [
        (lambda route: route.respond(404), r"write fails\(404, \.\.\.\), or .* not_found\(\)"),
        (lambda route: route.server_error(404), r"Write fails\(404, \.\.\.\)"),
        (lambda route: route.fails(200, "ok"), r"write respond\(\)"),
    ],
)
def test_a_status_that_does_not_fit_is_refused(unchecked, mistake, advice):
    with pytest.raises(TypeError, match=advice):
        mistake(unchecked.on_any(unchecked.sdk.users.get))


def test_names_of_unittest_mock_are_refused(unchecked):
    route = unchecked.on_any(unchecked.sdk.users.get)
    for name in ("return_value", "side_effect"):
        with pytest.raises(AttributeError, match=r"write \.respond\(\.\.\.\)"):
            setattr(route, name, 1)


def test_items_in_the_place_of_pages_are_refused(unchecked):
    route = unchecked.on_any(unchecked.sdk.issues.list_for_repo)
    with pytest.raises(TypeError, match=r"write pages\(\[\.\.\.\], \[\.\.\.\]\)"):
        route.pages({"title": "a"}, {"title": "b"})


async def test_the_classes_and_instances_that_are_mixed_up_are_refused():
    for mistake in (lambda: ApiMock(Sdk(token=None)), lambda: ApiMock("Sdk")):
        with pytest.raises(TypeError, match="Pass the client's class"):
            mistake()
    with pytest.raises(TypeError, match="Pass the client's class"):
        async with in_process(Sdk(token=None), StandIn()):
            pass
    with pytest.raises(TypeError, match=r"serve\(StandIn\(\)\)"):
        async with serve(StandIn):
            pass


@pytest.mark.parametrize("apps", [AppSeed(), [{"name": "octo-bot"}]])
def test_apps_that_are_no_list_of_seeds_are_refused(apps):
    with pytest.raises(TypeError, match=r"StandIn\(apps=\[AppSeed\(\.\.\.\)\]\)"):
        StandIn(apps=apps)


def test_a_host_in_the_place_of_the_list_is_refused():
    with pytest.raises(TypeError, match=r"allow_hosts=\['db'\]"):
        GitHubMock(allow_hosts="db")


async def test_fetching_a_token_without_a_response_says_what_to_mock(unchecked):
    with pytest.raises(UnmockedCall, match=r'respx_mock\.post\("https://login\.example/token"\)'):
        async with httpx.AsyncClient() as client:
            await client.post(
                "https://login.example/token", data={"grant_type": "client_credentials"}
            )


def test_a_client_is_compared_with_the_file_of_its_description(tmp_path):
    from examples.two_services import orders_app

    description = tmp_path / "orders.json"
    description.write_text(json.dumps(orders_app.app.openapi()))
    assert_current("examples.two_services.orders", description)
    assert_current("examples.two_services.orders", str(description))
    with pytest.raises(TypeError, match="the path of its file, not int"):
        assert_current("examples.two_services.orders", 5)
