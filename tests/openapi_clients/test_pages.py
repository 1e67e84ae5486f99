"""Five items in three pages, as APIs turn them: all are collected, and no page is asked for twice."""

import httpx
import pytest

from tests.openapi_clients.made import client_of, described, get, imported
from tests.transport.support import Upstream

TEXT, NUMBER = {"type": "string"}, {"type": "integer"}
MAYBE = {"type": ["string", "null"]}


def record(**properties):
    return {"type": "object", "properties": properties}


THINGS = {"type": "array", "items": record(id=NUMBER)}
PAGES = [[{"id": 1}, {"id": 2}], [{"id": 3}, {"id": 4}], [{"id": 5}]]


def wrapped(key, *rest):
    """Three bodies: the items at a key, and other fields of each."""
    return [{key: items, **more} for items, more in zip(PAGES, rest, strict=True)]


def hal(*nexts):
    links = [{"next": {"href": each}} if each else {} for each in nexts]
    return [
        {"_embedded": {"things": items}, "_links": each}
        for items, each in zip(PAGES, links, strict=True)
    ]


HREF = record(next=record(href=TEXT))
INFO = record(hasNextPage={"type": "boolean"}, endCursor=TEXT)


@pytest.mark.parametrize(
    ("query", "schema", "bodies", "asked"),
    [
        ({"page": NUMBER, "per_page": NUMBER}, THINGS, [*PAGES, []], ["", "page=2", "page=3", "page=4"]),
        ({"page": {**NUMBER, "default": 0}}, record(content=THINGS, totalPages=NUMBER), wrapped("content", *[{"totalPages": 3}] * 3), ["", "page=1", "page=2"]),
        ({"page": NUMBER, "size": NUMBER}, record(items=THINGS, pages=NUMBER), wrapped("items", *[{"pages": 3}] * 3), ["", "page=2", "page=3"]),
        ({"offset": NUMBER, "limit": NUMBER}, record(items=THINGS, total=NUMBER), wrapped("items", *[{"total": 5}] * 3), ["", "offset=2", "offset=4"]),
        ({"skip": NUMBER, "take": NUMBER}, THINGS, [*PAGES, []], ["", "skip=2", "skip=4", "skip=5"]),
        ({"cursor": TEXT}, record(data=THINGS, next_cursor=MAYBE), wrapped("data", {"next_cursor": "a"}, {"next_cursor": "b"}, {"next_cursor": None}), ["", "cursor=a", "cursor=b"]),
        ({"pageToken": TEXT}, record(things=THINGS, nextPageToken=TEXT), wrapped("things", {"nextPageToken": "a"}, {"nextPageToken": "b"}, {}), ["", "pageToken=a", "pageToken=b"]),
        ({"continue": TEXT}, record(items=THINGS, metadata=record(**{"continue": TEXT})), wrapped("items", *[{"metadata": {"continue": each}} for each in ("a", "b", "")]), ["", "continue=a", "continue=b"]),
        ({"after": TEXT}, record(edges=THINGS, pageInfo=INFO), wrapped("edges", *[{"pageInfo": {"hasNextPage": each != "c", "endCursor": each}} for each in "abc"]), ["", "after=a", "after=b"]),
        ({"starting_after": TEXT}, record(data=THINGS, has_more={"type": "boolean"}), wrapped("data", {"has_more": True}, {"has_more": True}, {"has_more": False}), ["", "starting_after=2", "starting_after=4"]),
        ({"page": NUMBER}, record(items=THINGS, next_page=NUMBER), wrapped("items", {"next_page": 2}, {"next_page": 3}, {}), ["", "page=2", "page=3"]),
        ({}, record(results=THINGS, next=MAYBE, previous=MAYBE), wrapped("results", {"next": "https://tiny.example/x?p=2"}, {"next": "/x?p=3"}, {"next": None}), ["", "p=2", "p=3"]),
        ({}, record(_embedded=record(things=THINGS), _links=HREF), hal("/x?p=2", "/x?p=3", None), ["", "p=2", "p=3"]),
        ({"$skip": NUMBER}, record(value=THINGS, **{"@odata.nextLink": TEXT}), wrapped("value", {"@odata.nextLink": "/x?p=2"}, {"@odata.nextLink": "/x?p=3"}, {}), ["", "p=2", "p=3"]),
    ],
)  # fmt: skip
async def test_all_pages_are_collected(query, schema, bodies, asked, tmp_path):
    parameters = [{"name": name, "in": "query", "schema": each} for name, each in query.items()]
    description = described({"/x": get(schema, operationId="list", parameters=parameters)})
    client_class, _ = imported(description, tmp_path)
    upstream = Upstream(*[httpx.Response(200, json=body) for body in bodies])
    async with client_class(http_client=upstream.http_client()) as client:
        found = await client.root.list().collect()
    assert [each.id for each in found] == [1, 2, 3, 4, 5]
    assert [request.url.query.decode() for request in upstream.requests] == asked


def test_next_alone_is_no_address():
    schema = record(items=THINGS, next=TEXT)
    made = client_of(described({"/x": get(schema, operationId="list")}))
    assert "Paged" not in made.files["resources/root.py"]
