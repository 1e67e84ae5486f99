"""The responses of a route: functions from a request to a reply."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

import httpx

from sdk.github import API_VERSIONS, VERSION_HEADER
from sdk.models._base import Model
from sdk.testing.fake_server.messages import Reply, Request, parse_query
from sdk.testing.fake_server.pagination import link, page
from sdk.testing.synthesis import build
from sdk.testing.synthesis.api_version import api_version
from sdk.testing.synthesis.builder import CannotGenerate, member_for, with_distinguishing_fields
from sdk.testing.synthesis.fit_errors import fit_error
from sdk.testing.synthesis.item_types import item_types
from sdk.testing.synthesis.success_status import success_status
from sdk.testing.synthesis.to_json import to_json
from sdk.testing.synthesis.type_shapes import UnionOf, shape_of
from sdk.transport import Operation
from sdk.transport import Response as RawResponse
from sdk.transport.encoding import encode_json

from .ruled_pages import BySize, Cut, Given, body_of, wanted_size

Responder = Callable[[httpx.Request], Reply]

_FILE = ', here respond_with(b"...")'

_DELIBERATE = "For an invalid response, use respond_raw(200, json=...)."


def complete_response(operation: Operation[Any], given: Any, status: int | None) -> Reply:
    """Return a 2xx response with `given` in its body, and generated values for the rest.

    Raises:
        TypeError: the operation does not respond with such a value.
    """
    if given is None:
        return Reply(status or success_status(operation, content=False))
    status = status or success_status(operation, content=True)
    declared = operation.returns(status)
    if declared in (None, bool):
        return Reply(status)
    if declared is bytes and not isinstance(given, (bytes, str)):
        raise TypeError(f'{operation.id} responds with a file: use respond_with(b"...").')
    if isinstance(given, bytes):
        return Reply(status, given)
    if isinstance(given, RawResponse):
        return Reply(given.status, given.body, dict(given.headers))
    if declared in (bytes, str):
        return Reply(status, str(given).encode(), {"content-type": "text/plain; charset=utf-8"})
    return json_response(status, _body(operation, declared, given))


def generated_response(
    operation: Operation[Any], fields: Mapping[str, Any], status: int | None
) -> Reply:
    """Return a 2xx response with these `fields`, and generated values for the rest.

    Raises:
        TypeError: the operation's response has no such fields, or does not allow such values.
    """
    status = status or success_status(operation, content=True)
    if not isinstance(status, int):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise TypeError(
            f"respond() takes fields by name, not {type(status).__name__}. Pass a complete value "
            f"to respond_with(...){_FILE if operation.returns(200) is bytes else ''}."
        )
    declared = operation.returns(status)
    if fields and declared in (None, bool, bytes, str):
        file = _FILE if declared is bytes else ""
        raise TypeError(
            f"{operation.id} does not respond with an object, so it has no field "
            f"{', '.join(map(repr, fields))}. Use respond() or respond_with(...){file}."
        )
    if declared in (None, bool):
        return Reply(status)
    if declared in (bytes, str):
        return Reply(status, operation.id.encode(), {"content-type": "text/plain"})
    if declared is RawResponse:
        return json_response(status, fields)
    return json_response(status, _body(operation, declared, fields or ...))


def by_version(make: Callable[[], Responder]) -> Responder:
    """Respond in the API version of a request; by default in the newest."""
    usual = make()
    older: dict[str, Responder] = {}

    def response(request: httpx.Request) -> Reply:
        version = request.headers.get(VERSION_HEADER)
        if version not in API_VERSIONS or version == max(API_VERSIONS):
            return usual(request)
        if version not in older:
            with api_version(version):
                older[version] = make()
        return older[version](request)

    return response


def paginated(operation: Operation[Any], items: Sequence[Any], count: int = 0) -> Responder:
    """Respond with the requested page of `items`, by the operation's rule.

    Without a rule that is ``page`` and ``per_page``, with a Link header. `count` is the number of
    further items to generate, of the type of the last given one.
    """
    made = _items(operation, items, count)
    if operation.pages is not None:
        return lambda request: _ruled(
            operation, request, made, BySize(made, wanted_size(operation, str(request.url)))
        )

    def response(request: httpx.Request) -> Reply:
        reply = page(_plain(request), made)
        return _wrapped(operation, reply.body, len(made), reply.headers)

    return response


def fixed_pages(operation: Operation[Any], pages: Sequence[Sequence[Any]]) -> Responder:
    """Respond with these pages; each leads to the next one by the operation's rule, or ``page``."""
    flat = _items(operation, [item for one in pages for item in one])
    made: list[list[Any]] = []
    for one in pages:
        taken = sum(map(len, made))
        made.append(flat[taken : taken + len(one)])
    if operation.pages is not None:
        return lambda request: _ruled(operation, request, flat, Given(made))

    def response(request: httpx.Request) -> Reply:
        asked = _plain(request)
        number = max(1, asked.number("page", 1))
        part = made[number - 1] if number <= len(made) else []
        following = {"next": {"page": str(number + 1)}} if number < len(made) else {}
        return _wrapped(operation, part, len(flat), link(asked, following))

    return response


def network_failure(error: type[httpx.TransportError], text: str) -> Responder:
    """Respond with a network failure."""

    def response(request: httpx.Request) -> Reply:
        raise error(text, request=request)

    return response


def json_response(status: int, body: Any, headers: Mapping[str, str] | None = None) -> Reply:
    """Return a reply with a JSON body, which may contain models, times and the like."""
    content = None if body is ... else encode_json(to_json(body))
    return Reply(status, content, {"content-type": "application/json", **(headers or {})})


def _body(operation: Operation[Any], type_: Any, given: Any, seed: int = 1) -> Any:
    """Generate a body around the given values, and check that a client can decode it.

    Raises:
        TypeError: it has no such field, or a value is not valid.
    """
    shape = shape_of(type_)
    stated: Mapping[str, Any] = (
        cast("Mapping[str, Any]", given) if isinstance(given, Mapping) else {}
    )
    try:
        made = build(type_, given, seed=seed)
        if isinstance(shape, UnionOf) and stated:
            type_ = member_for(shape.members, stated)
    except CannotGenerate:
        raise
    except TypeError as error:
        raise TypeError(f"{error} {_DELIBERATE}") from None
    # Bodies generated from GitHub's models alone are always valid.
    ours = isinstance(type_, type) and issubclass(type_, Model)
    if stated or (given is ... and not ours):
        complaint = fit_error(type_, stated, made)
        if complaint is not None:
            raise TypeError(f"{operation.id}: {complaint} {_DELIBERATE}")
    return made


def _items(operation: Operation[Any], items: Sequence[Any], count: int = 0) -> list[Any]:
    """Generate the rest of each item of a list, each with a seed of its own."""
    kind = item_types(operation)
    made = [_body(operation, kind, item, number) for number, item in enumerate(items, 1)]
    one = _kind_of(kind, items[-1]) if items and count else kind
    for number in range(len(items) + 1, len(items) + 1 + count):
        another = _body(operation, one, ..., number)
        shape = shape_of(kind)
        members = shape.members if isinstance(shape, UnionOf) else ()
        made.append(with_distinguishing_fields(one, members, another))
    return made


def _kind_of(kind: Any, item: Any) -> Any:
    """Return the union member of an item, so that all items of a list have the same type."""
    shape = shape_of(kind)
    if isinstance(shape, UnionOf):
        kinds = [member for member in shape.members if type(item) is member]
        if kinds:
            return kinds[0]
        if isinstance(item, Mapping):
            return member_for(shape.members, cast("Mapping[str, Any]", item))
    return kind


def _ruled(
    operation: Operation[Any], request: httpx.Request, items: Sequence[Any], cut: Cut
) -> Reply:
    around = None if operation.items is None else to_json(build(operation.returns(200)))
    return json_response(200, body_of(operation, str(request.url), items, cut, around))


def _wrapped(operation: Operation[Any], part: Any, total: int, headers: Mapping[str, str]) -> Reply:
    if operation.items is None:
        return json_response(200, part, headers)
    body = to_json(build(operation.returns(200)))
    return json_response(200, {**body, "total_count": total, operation.items: part}, headers)


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
