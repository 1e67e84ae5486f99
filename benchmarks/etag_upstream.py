"""An upstream in a separate process that sends ETags as GitHub does, and 304s.

    python -m benchmarks.etag_upstream [--identity]

With ``--identity`` it does not compress. It prints its port, and ends when its standard input does.
``/_count`` returns the number of responses by status since the previous request for it; ``/_grow``
adds an item behind the full page.
"""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import json
import sys
from collections import Counter
from contextlib import AbstractContextManager
from typing import Any

from benchmarks import upstream

FULL = "/repos/o/full/issues"
_PER_PAGE = 30


def running(*options: str) -> AbstractContextManager[str]:
    """Run it in a separate process; the base URL is yielded."""
    return upstream.running(module="benchmarks.etag_upstream", options=options)


class _Api:
    def __init__(self, bodies: dict[str, Any]) -> None:
        issue: dict[str, Any] = bodies["/repos/o/hundred/issues"][0]
        self._issues: list[dict[str, Any]] = [
            {**issue, "id": number} for number in range(_PER_PAGE)
        ]
        self._bodies = {path: json.dumps(body).encode() for path, body in bodies.items()}
        self._compresses = "--identity" not in sys.argv
        self._zipped: dict[bytes, bytes] = {}
        self._tags: dict[tuple[str, bytes], str] = {}
        self._statuses: Counter[int] = Counter()

    def respond(self, head: bytes) -> bytes:
        """Return the response to the head of a request."""
        first, *lines = head.decode("latin-1").split("\r\n")
        target = first.split(" ", 2)[1]
        headers = {
            name.lower(): value.strip()
            for name, _, value in (line.partition(":") for line in lines)
        }
        if target == "/_count":
            counted, self._statuses = dict(self._statuses), Counter()
            return _response(200, json.dumps(counted).encode())
        if target == "/_grow":
            self._issues.append({**self._issues[0], "id": len(self._issues)})
            return _response(200, b"{}")
        status, body, more = self._found(target, headers)
        self._statuses[status] += 1
        if status != 200:
            return _response(status, b"", more)
        if self._compresses and "gzip" in headers.get("accept-encoding", ""):
            zipped = self._zipped.get(body) or self._zipped.setdefault(body, gzip.compress(body))
            return _response(200, zipped, {**more, "content-encoding": "gzip"})
        return _response(200, body, more)

    def _found(self, target: str, headers: dict[str, str]) -> tuple[int, bytes, dict[str, str]]:
        path, _, query = target.partition("?")
        more = {
            "cache-control": "private, max-age=60, s-maxage=60",
            "vary": "Accept, Authorization, Cookie, X-GitHub-OTP, Accept-Encoding, Accept, "
            "X-Requested-With",
            "x-github-request-id": "0000:00000:0000000:0000000:00000000",
            "x-ratelimit-limit": "5000",
            "x-ratelimit-remaining": "4000",
            "x-ratelimit-used": "1000",
            "x-ratelimit-reset": "4000000000",
            "x-ratelimit-resource": "core",
        }
        link = {}
        if path == FULL:
            number = int(dict(p.split("=") for p in query.split("&") if p).get("page", "1"))
            begin = (number - 1) * _PER_PAGE
            body = json.dumps(self._issues[begin : begin + _PER_PAGE]).encode()
            if begin + _PER_PAGE < len(self._issues):
                url = f"http://{headers['host']}{FULL}?page={number + 1}"
                link = {"link": f'<{url}>; rel="next"'}
        elif path in self._bodies:
            body = self._bodies[path]
            if path.endswith("/hundred/issues"):
                link = {"link": f'<http://{headers["host"]}{path}?page=2>; rel="next"'}
        else:
            return 404, b"", more
        seen = ":".join(headers.get(name, "") for name in ("accept", "authorization", "cookie"))
        tag = self._tags.get((seen, body))
        if tag is None:
            digest = hashlib.sha256(f"{seen}:".encode() + body).hexdigest()
            tag = self._tags[seen, body] = f'W/"{digest}"'
        more["etag"] = tag
        if headers.get("if-none-match") == tag:
            return 304, b"", more
        kind = {"content-type": "application/json; charset=utf-8"}
        return 200, body, {**more, **link, **kind}


def _response(status: int, content: bytes, headers: dict[str, str] | None = None) -> bytes:
    lines = [f"HTTP/1.1 {status} X", *(f"{k}: {v}" for k, v in (headers or {}).items())]
    if status != 304:
        lines.append(f"content-length: {len(content)}")
    return "\r\n".join([*lines, "", ""]).encode() + content


class _Connection(asyncio.Protocol):
    def __init__(self, api: _Api) -> None:
        self._api = api
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        *heads, self._received = (self._received + data).split(b"\r\n\r\n")
        for head in heads:
            self._transport.write(self._api.respond(head))  # type: ignore[attr-defined]


async def _serve() -> None:
    from benchmarks.payloads import written

    api = _Api(json.loads(written().read_bytes()))
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Connection(api), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(_serve())
