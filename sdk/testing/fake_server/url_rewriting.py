"""Rewrite URLs of the API to those of this server, so that clients can follow them."""

from __future__ import annotations

from typing import Any, cast

_API = "https://api.github.com"
_WEBSITE = "https://github.com"
_SERVER_PATH = "/api/v3"


def with_local_urls(value: Any, base_url: str) -> Any:
    """Return `value` with every URL of the API replaced by one of this server.

    URLs of web pages (``html_url``) stay on github.com; those of GitHub Enterprise Server are on
    its own host, and so are uploads.
    """
    places = {_API: base_url}
    uploads = base_url
    if base_url.endswith(_SERVER_PATH):
        server = base_url.removesuffix(_SERVER_PATH)
        places[_WEBSITE] = server
        uploads = f"{server}/api/uploads"
    return _rewritten(value, places, {**places, _API: uploads})


def _rewritten(value: Any, places: dict[str, str], uploads: dict[str, str]) -> Any:
    if isinstance(value, str):
        return _moved(value, places)
    if isinstance(value, list):
        return [_rewritten(item, places, uploads) for item in cast("list[Any]", value)]
    if isinstance(value, dict):
        items = cast("dict[str, Any]", value).items()
        return {
            key: _rewritten(item, uploads if key == "upload_url" else places, uploads)
            for key, item in items
        }
    return value


def _moved(text: str, places: dict[str, str]) -> str:
    if not text.startswith("https://"):
        return text
    for old, new in places.items():
        rest = text.removeprefix(old)
        if text.startswith(old) and rest[:1] in ("", "/", "{", "?"):
            return new + rest
    return text
