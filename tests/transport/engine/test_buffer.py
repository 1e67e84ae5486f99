"""The buffer that the connections of one event loop share to receive into."""

import asyncio
import socket
import ssl
import threading
import tracemalloc

import pytest

from sdk.transport.http.engine.exchange import Exchange
from tests.faults import head
from tests.transport.engine.calling import LIMITS, MOST, engine
from tests.transport.secure import SecureServer
from tests.transport.servers import HandlerServer

SIZE, PART = 300_000, 30_000


async def respond_in_pieces(reader, writer):
    """Send a body of the letter that is the path, in pieces that arrive beside those of others."""
    while request := await reader.read(4096):
        letter = request.split()[1][1:2]
        writer.write(head(headers={"content-length": str(SIZE)}))
        for _ in range(SIZE // PART):
            writer.write(letter * PART)
            await writer.drain()
            await asyncio.sleep(0)


class SecureHandler(SecureServer):
    async def _serve(self, reader, writer):
        await respond_in_pieces(reader, writer)


async def body_of(made, url, letter, *, streamed):
    exchange = Exchange("GET", LIMITS, most_bytes=None if streamed else MOST)
    await made.send(exchange, f"{url}/{letter}", {}, None)
    return b"".join([piece async for piece in exchange]) if streamed else exchange.content


@pytest.mark.parametrize("secure", [False, True])
async def test_bodies_that_arrive_at_the_same_time_are_not_mixed(trusted, secure):
    context = ssl.create_default_context(cafile=trusted.path)
    server_of = SecureHandler(trusted) if secure else HandlerServer(respond_in_pieces)
    async with server_of as server, engine(tls=lambda: context) as made:
        # Each connection serves streamed and other responses in turn.
        for turn in range(2):
            letters = "abcdefgh"
            bodies = await asyncio.gather(
                *(
                    body_of(made, server.url, letter, streamed=(number + turn) % 2 == 0)
                    for number, letter in enumerate(letters)
                )
            )
            assert bodies == [letter.encode() * SIZE for letter in letters]
        assert server.connections == len(letters)


async def test_reading_a_small_response_allocates_no_more_than_its_size():
    response = head(headers={"content-length": "2"}) + b"{}"

    def serve(listener):
        # Not on the event loop: asyncio's own streams allocate 256 KiB for each read.
        connection, _ = listener.accept()
        with connection:
            while connection.recv(4096):
                connection.sendall(response)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, args=(listener,))
        thread.start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        async with engine() as made:
            await body_of(made, url, "a", streamed=False)
            tracemalloc.start()
            try:
                for _ in range(3):
                    await body_of(made, url, "a", streamed=False)
                _, peak = tracemalloc.get_traced_memory()
            finally:
                tracemalloc.stop()
        thread.join(10)
    assert peak < 64 * 1024
