"""Links to the next page: which are followed, and which are an error."""

import httpx
import pytest

from sdk.transport.errors import DecodeError
from tests.transport.paging import Item, Items, ids, items, page_url, response, take
from tests.transport.support import BASE_URL, Upstream


@pytest.mark.parametrize(
    "link",
    [
        f"{BASE_URL}/repositories/1000/items?page=2",
        "/repositories/1000/items?page=2",
        "HTTPS://API.EXAMPLE.COM:443/repositories/1000/items?page=2",
    ],
)
async def test_a_link_to_another_path_on_the_same_origin_is_followed(link):
    resource, upstream = items(response([1], link), response([2]))
    assert ids(await resource.list().collect()) == [1, 2]
    assert upstream.last.url.path == "/repositories/1000/items"


async def test_with_a_path_in_base_url_the_link_is_followed_unchanged():
    base_url = "https://github.example.com/api/v3"
    resource, upstream = items(
        response([1], f"{base_url}/items?page=2"), response([2]), base_url=base_url
    )
    assert ids(await resource.list().collect()) == [1, 2]
    assert str(upstream.last.url) == f"{base_url}/items?page=2"


@pytest.mark.parametrize(
    "link",
    [
        f"{BASE_URL}/items?after=Y3Vyc29yOjE%3D&per_page=1",
        f"{BASE_URL}/items?cursor=abc",
        f"{BASE_URL}/items?since=135",
    ],
)
async def test_cursors_are_sent_back_unchanged(link):
    resource, upstream = items(response([1], link), response([2]))
    pages = [page async for page in resource.list().pages()]
    assert [page.number for page in pages] == [1, 2]
    assert str(upstream.last.url) == link


@pytest.mark.parametrize(
    "link",
    [
        "https://evil.example.com/items?page=2",
        "http://api.example.com/items?page=2",
        "https://api.example.com:8443/items?page=2",
        "//evil.example.com/items?page=2",
        "file:///etc/passwd",
    ],
)
async def test_a_link_to_another_origin_is_not_followed(link):
    resource, upstream = items(response([1], link), auth=None)
    given = []

    with pytest.raises(DecodeError, match="leads to another host") as caught:
        await take(resource.list(), given)

    assert given == [1]
    assert len(upstream.requests) == 1
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "link",
    [
        "https://api.example.com@evil.example.com/items?page=2",
        "https://someone:secret@api.example.com/items?page=2",
        "https://[broken/items?page=2",
        "https://api.example.com:99999999/items?page=2",
        "https://api.example.com/a b?page=2",
        "?page=2 3",
        "https://api.example.com\\@evil.example.com/",
    ],
)
async def test_the_error_of_an_invalid_link_does_not_name_another_host(link):
    resource, upstream = items(response([1], link), auth=None)
    given = []

    with pytest.raises(DecodeError, match="is not a URL that can be followed") as caught:
        await take(resource.list(), given)

    assert given == [1]
    assert len(upstream.requests) == 1
    assert "another host" not in str(caught.value)
    assert "secret" not in str(caught.value)


async def test_a_page_with_a_foreign_link_is_returned_and_only_its_next_fails():
    resource, _ = items(response([1], "https://evil.example.com/"))
    page = await resource.list()
    assert ids(page) == [1]
    assert page.has_next
    with pytest.raises(DecodeError, match="another host"):
        await page.next()


@pytest.mark.parametrize(
    "links",
    [
        [page_url(2), page_url(3), page_url(2)],
        [page_url(2), page_url(3), page_url(3)],
        [f"{BASE_URL}/items?after=b", f"{BASE_URL}/items?after=c", f"{BASE_URL}/items?after=b"],
        [f"{BASE_URL}/items?after=b", f"{BASE_URL}/items?after=c", f"{BASE_URL}/items"],
    ],
)
async def test_a_link_to_an_earlier_page_is_an_error(links):
    resource, upstream = items(*(response([1], link) for link in links))
    given = []

    with pytest.raises(DecodeError, match="page after page 3 leads back"):
        await take(resource.list(), given)

    assert given == [1, 1, 1]
    assert len(upstream.requests) == 3


async def test_a_link_to_an_earlier_page_is_an_error_of_next_too():
    resource, _ = items(response([1], page_url(2)), response([2], f"{BASE_URL}/items"))
    second = await (await resource.list()).next()
    assert second is not None
    with pytest.raises(DecodeError, match="leads back"):
        await second.next()


async def test_raw_utf_8_in_a_link_is_followed_and_encoded_once():
    raw = [(b"link", '<https://api.example.com/items?q=ü&page=2>; rel="next"'.encode())]
    upstream = Upstream(
        httpx.Response(200, json=[{"id": 1}], headers=raw), httpx.Response(200, json=[{"id": 2}])
    )
    assert await Items(upstream.api()).list().collect() == [Item(id=1), Item(id=2)]
    assert upstream.requests[1].url.raw_path == b"/items?q=%C3%BC&page=2"


async def test_pages_without_items_and_without_end_are_an_error():
    numbers = iter(range(2, 100_000))

    def page(_):
        link = f'<https://api.example.com/items?page={next(numbers)}>; rel="next"'
        return httpx.Response(200, json=[], headers={"link": link})

    upstream = Upstream(page)
    with pytest.raises(DecodeError, match="100 pages in a row without items"):
        await Items(upstream.api()).list().collect()
    assert len(upstream.requests) == 100


async def test_a_few_pages_without_items_are_skipped():
    link = '<https://api.example.com/items?page={}>; rel="next"'
    replies = [
        httpx.Response(200, json=[], headers={"link": link.format(number)})
        for number in range(2, 32)
    ]
    upstream = Upstream(*replies, httpx.Response(200, json=[{"id": 7}]))
    assert await Items(upstream.api()).list().collect() == [Item(id=7)]
