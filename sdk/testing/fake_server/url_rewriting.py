"""Rewrite URLs of the API to those of this server, so that clients can follow them."""

from __future__ import annotations

from typing import Any, cast

_API = "https://api.github.com"


def with_local_urls(value: Any, base_url: str) -> Any:
    """Return `value` with every URL of the API replaced by one of this server.

    URLs of web pages (``html_url``) stay on github.com.
    """
    if isinstance(value, str):
        return base_url + value.removeprefix(_API) if value.startswith(_API) else value
    if isinstance(value, list):
        return [with_local_urls(item, base_url) for item in cast("list[Any]", value)]
    if isinstance(value, dict):
        items = cast("dict[str, Any]", value).items()
        return {key: with_local_urls(item, base_url) for key, item in items}
    return value
