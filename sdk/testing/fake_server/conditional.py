"""Conditional requests (RFC 9110, 13), with GitHub's ETags."""

from __future__ import annotations

import hashlib

from .messages import Reply, Request

_VARY = "Accept, Authorization, Cookie, X-GitHub-OTP, Accept-Encoding, Accept, X-Requested-With"


def conditional(request: Request, reply: Reply, *, private: bool) -> Reply:
    """Add an ETag to a response, or return 304 without body and Link if the client has it.

    Like GitHub's, the tag depends on the Accept, Authorization and Cookie headers, so the same body
    has another tag for another token.

    Args:
        request: the request.
        reply: its response, of status 200.
        private: whether the request had credentials.
    """
    tag = etag(request, reply.content())
    headers = {
        "etag": tag,
        "cache-control": f"{'private' if private else 'public'}, max-age=60, s-maxage=60",
        "vary": _VARY,
    }
    known = [one.strip() for one in request.headers.get("if-none-match", "").split(",")]
    if tag in known or tag.removeprefix("W/") in known or "*" in known:
        return Reply(304, None, headers)
    return Reply(reply.status, reply.body, {**headers, **reply.headers})


def etag(request: Request, body: bytes) -> str:
    """Return the tag: ``W/"..."`` around sha256(Accept ":" Authorization ":" Cookie ":" body)."""
    parts = [request.headers.get(name, "") for name in ("accept", "authorization", "cookie")]
    digest = hashlib.sha256(":".join([*parts, ""]).encode("latin-1", "replace") + body)
    return f'W/"{digest.hexdigest()}"'
