"""Pages of a list, and the Link header to the other pages (RFC 8288)."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from .messages import Reply, Request

_MOST_PER_PAGE = 100
_PER_PAGE = 30


def page(request: Request, items: Sequence[Any], *, key: str | None = None) -> Reply:
    """Return the requested page of `items`, by ``page`` and ``per_page``.

    With `key` the list is wrapped, as in ``{"total_count": 2, "workflow_runs": [...]}``.
    """
    size = per_page(request)
    number = max(1, request.number("page", 1))
    last = max(1, -(-len(items) // size))
    part = list(items[(number - 1) * size : number * size])
    targets: dict[str, dict[str, str]] = {}
    if number > 1:
        targets["prev"] = {"page": str(min(number - 1, last))}
    if number < last:
        targets["next"] = {"page": str(number + 1)}
        targets["last"] = {"page": str(last)}
    if number > 1:
        targets["first"] = {"page": "1"}
    body: Any = part if key is None else {"total_count": len(items), key: part}
    return Reply(200, body, link(request, targets))


def since(request: Request, items: Sequence[Any]) -> Reply:
    """Return the items whose id is greater than ``since``, as ``GET /users`` does."""
    size = per_page(request)
    after = request.number("since", 0)
    rest = sorted((item for item in items if item["id"] > after), key=lambda item: item["id"])
    part = rest[:size]
    targets = {"next": {"since": str(part[-1]["id"])}} if len(rest) > size else {}
    return Reply(200, part, link(request, targets))


def by_cursor(request: Request, items: Sequence[Any]) -> Reply:
    """Return a page of `items`, which have ids, the newest first.

    The next page is requested with ``cursor``, the id of the last item of this one.
    """
    cursor = request.number("cursor", sys.maxsize)
    older = [item for item in items if item.id < cursor]
    part = older[: per_page(request)]
    targets = {"next": {"cursor": str(part[-1].id)}} if len(older) > len(part) else {}
    return Reply(200, part, link(request, targets))


def per_page(request: Request) -> int:
    """Return the requested number of items per page: 30 by default, and at most 100."""
    return min(request.number("per_page", _PER_PAGE) or _PER_PAGE, _MOST_PER_PAGE)


def link(request: Request, targets: dict[str, dict[str, str]]) -> dict[str, str]:
    """Return the Link header to other pages of the same list; none if there are no others."""
    if not targets:
        return {}
    place = request.base_url + request.path
    return {
        "link": ", ".join(
            f'<{place}?{urlencode({**request.query, **changed})}>; rel="{relation}"'
            for relation, changed in targets.items()
        )
    }
