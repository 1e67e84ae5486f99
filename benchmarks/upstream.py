"""An upstream in a separate process: plain HTTP/1.1 on a loopback port, fixed responses.

    python -m benchmarks.upstream [--delay SECONDS] [--certificate FILE]

It prints its port, and ends when its standard input does. ``GET /_cpu`` returns the CPU time that
it has used so far, in seconds.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import ssl
import subprocess
import sys
import time
from collections.abc import Generator
from email.utils import formatdate

_MODULE = "benchmarks.upstream"


@contextlib.contextmanager
def running(
    delay: float = 0.0, *, module: str = _MODULE, options: tuple[str, ...] = ()
) -> Generator[str]:
    """Run it, or another module, in a separate process; yield the base URL."""
    with _process(module, *(("--delay", str(delay)) if delay else ()), *options) as port:
        yield f"http://127.0.0.1:{port}"


@contextlib.contextmanager
def running_over_tls(*, module: str = _MODULE) -> Generator[str]:
    """Run it over TLS; programs that are started meanwhile trust its certificate."""
    import trustme

    authority = trustme.CA()
    certificate = authority.issue_cert("localhost")
    with (
        authority.cert_pem.tempfile() as trusted,
        certificate.private_key_and_cert_chain_pem.tempfile() as own,
        _process(module, "--certificate", own) as port,
    ):
        os.environ["SSL_CERT_FILE"] = trusted
        try:
            yield f"https://localhost:{port}"
        finally:
            del os.environ["SSL_CERT_FILE"]


@contextlib.contextmanager
def _process(module: str, *arguments: str) -> Generator[int]:
    server = subprocess.Popen(
        [sys.executable, "-m", module, "--serve", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        if server.stdout is None:
            raise RuntimeError("the upstream cannot print its port")
        yield int(server.stdout.readline())
    finally:
        server.terminate()
        server.wait()


class _Connection(asyncio.Protocol):
    def __init__(self, responses: dict[bytes, bytes], delay: float) -> None:
        self._responses = responses
        self._delay = delay
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        *heads, self._received = (self._received + data).split(b"\r\n\r\n")
        for head in heads:
            path = head.split(b" ", 2)[1].partition(b"?")[0]
            response = self._responses.get(path) or _other(path)
            if self._delay:
                asyncio.get_running_loop().call_later(self._delay, self._write, response)
            else:
                self._write(response)

    def _write(self, response: bytes) -> None:
        if not self._transport.is_closing():
            self._transport.write(response)  # type: ignore[attr-defined]


_NOT_FOUND = b"HTTP/1.1 404 Not Found\r\ncontent-length: 2\r\n\r\n{}"
_CPU = b"/_cpu"


def _other(path: bytes) -> bytes:
    return _response(time.process_time()) if path == _CPU else _NOT_FOUND


def cpu_seconds(url: str) -> float:
    """Return the CPU time that the upstream has used so far, in seconds."""
    # Imported here: the process that starts this one must stay small.
    import urllib.request

    with urllib.request.urlopen(url + _CPU.decode()) as response:  # noqa: S310  loopback
        return float(response.read())


# The headers of a response of api.github.com.
_HEADERS = """\
Server: github.com
Date: {date}
Content-Type: application/json; charset=utf-8
Cache-Control: public, max-age=60, s-maxage=60
Vary: Accept,Accept-Encoding, Accept, X-Requested-With
ETag: W/"a6e5c0ee1a0d8f0f4c4bb1a2f0f8d6a4b1c0e4ff3d9a8b7c6d5e4f3a2b1c0d9e"
Last-Modified: Sat, 22 Aug 2026 14:00:52 GMT
X-GitHub-Media-Type: github.v3; format=json
x-github-api-version-selected: 2026-03-10
X-RateLimit-Limit: 5000
X-RateLimit-Remaining: 4987
X-RateLimit-Reset: {reset}
X-RateLimit-Used: 13
X-RateLimit-Resource: core
Access-Control-Expose-Headers: ETag, Link, Location, Retry-After, X-GitHub-OTP, X-RateLimit-Limit
Access-Control-Allow-Origin: *
Strict-Transport-Security: max-age=31536000; includeSubdomains; preload
X-Frame-Options: deny
X-Content-Type-Options: nosniff
X-XSS-Protection: 0
Referrer-Policy: origin-when-cross-origin, strict-origin-when-cross-origin
Content-Security-Policy: default-src 'none'
Accept-Ranges: bytes
X-GitHub-Request-Id: 0000:00000:0000000:0000000:00000000
Content-Length: {length}
"""


def _response(body: object) -> bytes:
    content = json.dumps(body).encode()
    headers = _HEADERS.format(
        date=formatdate(usegmt=True), reset=int(time.time()) + 3000, length=len(content)
    )
    head = "HTTP/1.1 200 OK\n" + headers + "\n"
    return head.replace("\n", "\r\n").encode() + content


async def _serve(delay: float, certificate: str) -> None:
    # Imported here: the process that starts this one must stay small, because its size is part of
    # what the kernel reports about the processes that it measures.
    from benchmarks.payloads import written

    bodies = json.loads(written().read_bytes())
    responses = {path.encode(): _response(body) for path, body in bodies.items()}
    loop = asyncio.get_running_loop()
    context = None
    if certificate:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate)
    server = await loop.create_server(
        lambda: _Connection(responses, delay), "127.0.0.1", 0, backlog=1024, ssl=context
    )
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--serve", action="store_true", help="as by default")
    parser.add_argument("--delay", type=float, default=0.0, help="seconds before each response")
    parser.add_argument("--certificate", default="", help="serve over TLS with this key and chain")
    options = parser.parse_args()
    asyncio.run(_serve(options.delay, options.certificate))
