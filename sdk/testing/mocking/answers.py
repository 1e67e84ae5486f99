"""The answers that a route can give: functions from a request to a reply."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import httpx

from sdk.testing.standin.messages import Reply, Request, parse_query
from sdk.testing.standin.pages import link, page
from sdk.testing.synthesis import build
from sdk.testing.synthesis.items import item_type
from sdk.transport import Operation
from sdk.transport.encoding import encode_json

Answer = Callable[[httpx.Request], Reply]


def whole(operation: Operation[Any], given: Any, status: int | None) -> Reply:
    """Give a 2xx answer: `given` is what is known of its body, and the rest is made up."""
    declared = operation.returns(status or 200)
    if declared in (None, bool) or given is None:
        return Reply(status or 204)
    if isinstance(given, bytes):
        return Reply(status or 200, given)
    if declared is str:
        return Reply(status or 200, str(given).encode())
    return as_json(status or 200, build(declared, given))


def made_up(operation: Operation[Any], fields: Mapping[str, Any], status: int | None) -> Reply:
    """Give a 2xx answer of which `fields` are known.

    Raises:
        TypeError: the operation answers with nothing that has fields.
    """
    declared = operation.returns(status or 200)
    if fields and declared in (None, bool, bytes, str):
        raise TypeError(
            f"{operation.id} answers with no object, so it has no field "
            f"{', '.join(map(repr, fields))}. Use respond() or respond_with(...)."
        )
    if declared is None:
        return Reply(status or 204)
    if declared is bool:
        return Reply(status or 204)
    if declared in (bytes, str):
        return Reply(status or 200, operation.id.encode(), {"content-type": "text/plain"})
    return as_json(status or 200, build(declared, fields) if fields else build(declared))


def cut_in_pages(operation: Operation[Any], items: Sequence[Any]) -> Answer:
    """Answer with the page of `items` that a request asks for, by ``page`` and ``per_page``."""
    made = _items(operation, items)

    def answer(request: httpx.Request) -> Reply:
        reply = page(_plain(request), made)
        return _wrapped(operation, reply.body, len(made), reply.headers)

    return answer


def given_pages(operation: Operation[Any], pages: Sequence[Sequence[Any]]) -> Answer:
    """Answer with these pages; each leads to the next one by ``page``."""
    flat = _items(operation, [item for one in pages for item in one])
    made: list[list[Any]] = []
    for one in pages:
        taken = sum(map(len, made))
        made.append(flat[taken : taken + len(one)])

    def answer(request: httpx.Request) -> Reply:
        asked = _plain(request)
        number = max(1, asked.number("page", 1))
        part = made[number - 1] if number <= len(made) else []
        following = {"next": {"page": str(number + 1)}} if number < len(made) else {}
        return _wrapped(operation, part, len(flat), link(asked, following))

    return answer


def broken(error: type[httpx.TransportError], text: str) -> Answer:
    """Answer with a failure of the network."""

    def answer(request: httpx.Request) -> Reply:
        raise error(text, request=request)

    return answer


def as_json(status: int, body: Any, headers: Mapping[str, str] | None = None) -> Reply:
    """Give a reply whose body may hold models and times."""
    content = None if body is ... else encode_json(body)
    return Reply(status, content, {"content-type": "application/json", **(headers or {})})


def _items(operation: Operation[Any], items: Sequence[Any]) -> list[Any]:
    """Complete the items of a list, each with a seed of its own."""
    kind = item_type(operation)
    return [build(kind, item, seed=number) for number, item in enumerate(items, 1)]


def _wrapped(operation: Operation[Any], part: Any, total: int, headers: Mapping[str, str]) -> Reply:
    if operation.items is None:
        return as_json(200, part, headers)
    body = build(operation.returns(200))
    return as_json(200, {**body, "total_count": total, operation.items: part}, headers)


def _plain(request: httpx.Request) -> Request:
    url = request.url
    path = url.raw_path.partition(b"?")[0].decode()
    return Request(
        method=request.method,
        path=path,
        query=parse_query(url.query),
        headers={},
        body=b"",
        base_url=f"{url.scheme}://{url.netloc.decode()}",
    )
