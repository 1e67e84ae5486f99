"""A mocked list is turned by the rule that the client has for it."""

import pytest

from sdk.testing import ApiMock
from tests.openapi_clients.made import described, get, imported

ITEM = {"type": "object", "properties": {"id": {"type": "integer"}, "name": {"type": "string"}}}
TEXT, NUMBER = {"type": "string"}, {"type": "integer"}


def _wrapped(**fields):
    return {
        "type": "object",
        "required": ["data", *fields],
        "properties": {"data": {"type": "array", "items": ITEM}, **fields},
    }


RULES = {
    "page": (_wrapped(total=NUMBER), {"page": NUMBER, "per_page": NUMBER}),
    "pages": (_wrapped(total_pages=NUMBER), {"page": NUMBER, "per_page": NUMBER}),
    "offset": ({"type": "array", "items": ITEM}, {"offset": NUMBER, "limit": NUMBER}),
    "cursor": (
        _wrapped(meta={"type": "object", "properties": {"next_cursor": TEXT}}),
        {"cursor": TEXT, "limit": NUMBER},
    ),
    "last": (_wrapped(has_more={"type": "boolean"}), {"starting_after": TEXT, "limit": NUMBER}),
    "next": (_wrapped(next=TEXT), {"limit": NUMBER}),
}


@pytest.fixture(scope="module")
def client_class(tmp_path_factory):
    paths = {
        f"/{name}": get(
            schema,
            operationId=name,
            tags=["lists"],
            parameters=[
                {"name": each, "in": "query", "schema": kind} for each, kind in query.items()
            ],
        )
        for name, (schema, query) in RULES.items()
    }
    return imported(described(paths), tmp_path_factory.mktemp("rules"))[0]


@pytest.fixture
def api(client_class):
    with ApiMock(client_class) as mock:
        yield mock


def _method(api, name):
    return getattr(api.client.lists, name)


@pytest.mark.parametrize("name", RULES)
async def test_items_are_cut_by_the_size_that_the_call_asks_for(name, api):
    method = _method(api, name)
    size = {"per_page" if name in {"page", "pages"} else "limit": 2}
    route = api.on_any(method).respond(*({"id": n} for n in range(1, 6)))
    assert [each.id async for each in method(**size)] == [1, 2, 3, 4, 5]
    assert route.call_count == 3


@pytest.mark.parametrize("name", RULES)
async def test_pages_are_those_that_the_test_passes(name, api):
    method = _method(api, name)
    api.on_any(method).pages([{"id": 1}, {"id": 2}, {"id": 3}], [{"id": 4}], [{"id": 5}])
    pages = [page async for page in method().pages()]
    assert [[each.id for each in page] for page in pages if page] == [[1, 2, 3], [4], [5]]


@pytest.mark.parametrize("name", RULES)
async def test_a_list_without_items_is_one_empty_page(name, api):
    method = _method(api, name)
    route = api.on_any(method)
    assert [each async for each in method()] == []
    assert route.call_count == 1


async def test_the_body_says_where_the_next_page_is(api):
    api.on_any(api.client.lists.cursor).respond(count=3)
    page = await api.client.lists.cursor(limit=2)
    assert page.body.meta.next_cursor == "2"
