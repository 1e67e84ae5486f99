"""Values in paths: each is exactly one segment."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdk import InvalidInput, Operation, Resource
from sdk.transport.paths import parameter_names, render_path
from tests.property_tests import unhurried
from tests.transport.support import Upstream


async def path_sent(value, template="/users/{name}/keys"):
    upstream = Upstream()
    await upstream.api().request("GET", template, path_params={"name": value})
    return upstream.last.url.raw_path.decode()


def test_parameter_names_are_listed_in_order():
    assert parameter_names("/repos/{owner}/{repo}/compare/{base}...{head}") == (
        "owner",
        "repo",
        "base",
        "head",
    )


@pytest.mark.parametrize(
    ("value", "segment"),
    [
        ("octocat", "octocat"),
        ("a/b", "a%2Fb"),
        ("a\\b", "a%5Cb"),
        ("x?y", "x%3Fy"),
        ("x#y", "x%23y"),
        ("x%2Fy", "x%252Fy"),
        ("100%", "100%25"),
        ("a b", "a%20b"),
        ("line\nbreak", "line%0Abreak"),
        ("tab\tand\0nul", "tab%09and%00nul"),
        ("naïve", "na%C3%AFve"),
        ("🐙", "%F0%9F%90%99"),
        ("...", "..."),
        ("..a", "..a"),
        (".github", ".github"),
        ("a@b:c;d=e+f", "a@b:c;d=e+f"),
    ],
)
async def test_a_value_is_sent_as_one_segment(value, segment):
    assert await path_sent(value) == f"/users/{segment}/keys"


@pytest.mark.parametrize(
    ("value", "segment"),
    [(7, "7"), (-1, "-1"), (True, "true"), (False, "false"), (date(2026, 1, 2), "2026-01-02")],
)
async def test_plain_values_that_are_not_strings_are_encoded_as_the_api_expects(value, segment):
    assert await path_sent(value) == f"/users/{segment}/keys"


@pytest.mark.parametrize(
    "value",
    [".", "..", "../user", "a/../b", "..\\user", "%2e%2e", "%2E", ".%2e", "..%2fuser", "..%5Cuser"],
)
async def test_a_value_that_could_lead_to_another_route_is_refused(value):
    with pytest.raises(InvalidInput, match="would lead to another path") as caught:
        await path_sent(value)
    assert "'name'" in str(caught.value)


async def test_an_empty_value_is_refused():
    with pytest.raises(InvalidInput, match="'name' is part of the path and must not be empty"):
        await path_sent("")


async def test_a_missing_value_is_refused_by_name():
    with pytest.raises(InvalidInput, match="'name'"):
        await Upstream().api().request("GET", "/users/{name}")


@pytest.mark.parametrize("value", [None, b"octocat", ["octocat"], object()])
async def test_a_value_of_another_type_is_refused_by_name_and_type(value):
    with pytest.raises(InvalidInput, match=f"'name'.*{type(value).__name__}"):
        await path_sent(value)


async def test_a_lone_surrogate_is_refused():
    with pytest.raises(InvalidInput, match="lone surrogate"):
        await path_sent("\ud800")


async def test_a_long_value_is_shortened_in_the_error():
    with pytest.raises(InvalidInput) as caught:
        await path_sent("../" + "x" * 10_000)
    assert len(str(caught.value)) < 200


async def test_nothing_is_sent_when_a_value_is_refused():
    upstream = Upstream()
    with pytest.raises(InvalidInput):
        await upstream.api().request("GET", "/users/{name}", path_params={"name": ".."})
    assert upstream.requests == []


async def test_two_values_in_one_segment_are_encoded_each():
    assert (
        render_path("/compare/{base}...{head}", {"base": "a/b", "head": "c?d"})
        == "/compare/a%2Fb...c%3Fd"
    )


def test_a_multi_segment_value_keeps_its_slashes_and_nothing_else():
    assert (
        render_path("/contents/{path}", {"path": "src/a b/c#d.py"}, ("path",))
        == "/contents/src/a%20b/c%23d.py"
    )


@pytest.mark.parametrize("value", ["a//b", "/a", "a/", "", "a/./b", "a/../b", "..", "%2e%2e/a"])
def test_a_multi_segment_value_with_an_empty_or_dot_part_is_refused(value):
    with pytest.raises(InvalidInput):
        render_path("/contents/{path}", {"path": value}, ("path",))


def test_a_value_that_may_be_empty_leaves_the_slash_before_it():
    assert render_path("/contents/{path}", {"path": ""}, (), ("path",)) == "/contents/"


@pytest.mark.parametrize("value", ["/", "a/", "a//b", ".", ".."])
def test_a_value_that_may_be_empty_may_have_no_empty_or_dot_part(value):
    with pytest.raises(InvalidInput):
        render_path("/contents/{path}", {"path": value}, ("path",), ("path",))


async def test_only_what_an_operation_marks_may_be_empty():
    listing = Operation("GET", "/trees/{tree}/{path}", may_be_empty=("path",))

    class Trees(Resource):
        async def list(self, tree: str, path: str) -> None:
            await self._call(listing, tree=tree, path=path)

    upstream = Upstream()
    trees = Trees(upstream.api())
    await trees.list("t", "")
    assert upstream.last.url.raw_path == b"/trees/t/"
    with pytest.raises(InvalidInput, match="'tree' is part of the path and must not be empty"):
        await trees.list("", "p")


@unhurried
@given(st.text())
def test_no_text_adds_a_segment_or_ends_the_path(value):
    try:
        path = render_path("/a/{x}/b", {"x": value})
    except InvalidInput:
        return
    assert path.count("/") == 3
    assert path.isascii()
    assert not set("?#\\ \n\r\0") & set(path)
    assert "/../" not in path


@pytest.mark.parametrize(
    "path", ["users", "", "//evil.example/x", "https://evil.example/", "/x?y=1", "/x#y"]
)
async def test_a_path_that_is_not_one_below_base_url_is_refused(path):
    with pytest.raises(InvalidInput, match="path must be one below base_url"):
        await Upstream().api().request("GET", path)


@pytest.mark.parametrize("value", ["..;", "..;x", ".;a=b", "%2e%2e;"])
async def test_a_dot_segment_with_a_parameter_is_encoded(value):
    upstream = Upstream()
    api = upstream.api()
    await api.request("GET", "/files/{name}", path_params={"name": value})
    assert b";" not in upstream.requests[0].url.raw_path
