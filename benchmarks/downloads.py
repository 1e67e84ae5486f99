"""Downloads of 200 MB over a local socket, dropped piece by piece or saved to disk.

python -m benchmarks.downloads
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import ssl
import sys

from benchmarks.measure import median, program, rounds, table
from benchmarks.peers import OURS, python
from benchmarks.upstream import running, running_over_tls

SIZE = 200_000_000
_PIECE = bytes(256 * 1024)
_MODULE = "benchmarks.downloads"

LANES = {"this SDK": "download_ours", "aiohttp": "download_aiohttp"}
TASKS = {"pieces": "dropped", "save": "saved to disk"}


async def _respond(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
        while await reader.readuntil(b"\r\n\r\n"):
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: application/zip\r\n")
            writer.write(b"content-length: %d\r\n\r\n" % SIZE)
            left = SIZE
            while left:
                writer.write(_PIECE[:left])
                left -= min(left, len(_PIECE))
                await writer.drain()
    writer.close()


async def _serve(certificate: str) -> None:
    context = None
    if certificate:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate)
    server = await asyncio.start_server(_respond, "127.0.0.1", 0, ssl=context)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    server.close()


def main(count: int = 5) -> None:
    """Measure and print."""
    rows: list[list[object]] = []
    for scheme, upstream in (("HTTP", running), ("HTTPS", running_over_tls)):
        with upstream(module=_MODULE) as url:
            found = rounds(
                {
                    (task, name): lambda task=task, name=name, url=url: program(
                        python(OURS), LANES[name], task, url
                    )
                    for task in TASKS
                    for name in LANES
                },
                count,
            )
        for task, title in TASKS.items():
            row: list[object] = [f"{scheme}, {title}"]
            for figure in ("cpu", "rate"):
                ours, aiohttp = (
                    median(found[task, name], lambda run, figure=figure: run.reported[figure])
                    for name in LANES
                )
                row += [ours, aiohttp, f"{ours / aiohttp:.2f}x"]
            rows.append(row)
    header = [
        "",
        "CPU, ms",
        "aiohttp",
        "this SDK / aiohttp",
        "MB/s",
        "aiohttp",
        "this SDK / aiohttp",
    ]
    table("A download of 200 MB", header, rows)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--certificate", default="", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        asyncio.run(_serve(options.certificate))
    else:
        main()
