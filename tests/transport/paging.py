"""A paged list of an invented API, and helpers for its responses."""

import httpx
from pydantic import BaseModel, ConfigDict, Field

from sdk import Operation, Resource
from tests.transport.support import BASE_URL, Upstream


class Item(BaseModel):
    id: int


class Found(BaseModel):
    model_config = ConfigDict(extra="allow")

    total_count: int
    incomplete_results: bool = False
    found: list[Item] | None = Field(default=None, alias="items")


LIST = Operation("GET", "/items", query=("per_page", "page"), returns=list[Item])


SEARCH = Operation("GET", "/search", query=("q",), returns=Found, items="items")


class Items(Resource):
    def list(self, *, options=None, **query):
        return self._paginate(LIST, options, **query)

    def search(self, q="x"):
        return self._paginate(SEARCH, q=q)


def response(ids, following=None, *, relation="next", **headers):
    if following:
        headers["link"] = f'<{following}>; rel="{relation}"'
    return httpx.Response(200, json=[{"id": number} for number in ids], headers=headers)


def page_url(number):
    return f"{BASE_URL}/items?page={number}"


def items(*replies, **options):
    upstream = Upstream(*replies)
    return Items(upstream.api(**options)), upstream


def ids(page):
    return [item.id for item in page]


def targets(upstream):
    return [str(request.url).removeprefix(BASE_URL) for request in upstream.requests]


async def take(items, into):
    """Iterate into a list that outlives the iteration's error."""
    async for item in items:
        into.append(item.id)
