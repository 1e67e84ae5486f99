"""Uploads over HTTP/2: whole ones, and those that are answered before their end."""

import h2.events
import pytest

from sdk import PayloadTooLarge, Retry
from tests.transport.lanes import TIMEOUT
from tests.transport.secure import Http2Server, end, whole
from tests.transport.support import Api
from tests.transport.uploads import DATA, Files, pieces

OPTIONS = {"http2": True, "retry": Retry(initial_delay=0, max_delay=0), "timeout": TIMEOUT}


class Receiving(Http2Server):
    """Answers ``whole()`` after the end of the request, and grants room for its body till then."""

    def __init__(self, authority):
        super().__init__(authority, lambda *_: None)
        self.received = bytearray()

    def _response(self, event, connection, writer):
        super()._response(event, connection, writer)
        if isinstance(event, h2.events.DataReceived):
            self.received += event.data
            connection.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
        elif isinstance(event, h2.events.StreamEnded):
            whole()(connection, event.stream_id, writer)


def answered(status, then):
    """Respond before the body; it is not read, and no room is granted for it."""

    def respond(connection, stream, writer):
        body = b'{"message": "no"}'
        headers = {":status": status, "content-length": str(len(body))}
        connection.send_headers(stream, headers.items())
        connection.send_data(stream, body, end_stream=True)
        if then == "reset":
            connection.reset_stream(stream, 0)
        elif then == "closed":
            connection.close_connection()
            end(connection, writer)

    return respond


@pytest.mark.parametrize("streamed", [False, True])
async def test_a_large_upload_arrives_whole(trusted, streamed):
    async with Receiving(trusted) as server, Api(base_url=server.url, **OPTIONS) as api:
        for _ in range(2):
            server.received.clear()
            data = pieces(DATA[:7], b"", DATA[7:]) if streamed else DATA
            assert await Files(api).put(data) == {}
            assert server.received == DATA
        assert server.connections == 1


@pytest.mark.parametrize("streamed", [False, True])
@pytest.mark.parametrize("then", ["open", "reset", "closed"])
async def test_a_refusal_before_the_end_of_an_upload_is_read(trusted, then, streamed):
    async with (
        Http2Server(trusted, answered("413", then), whole()) as server,
        Api(base_url=server.url, **OPTIONS) as api,
    ):
        with pytest.raises(PayloadTooLarge, match="no"):
            await Files(api).put(pieces(DATA, DATA) if streamed else DATA)
        assert len(server.requests) == 1
        assert (await api.request("POST", "/x", json={})).status == 200


async def test_a_success_before_the_end_of_an_upload_is_read(trusted):
    async with (
        Http2Server(trusted, answered("200", "open")) as server,
        Api(base_url=server.url, **OPTIONS) as api,
    ):
        response = await api.request("PUT", "/x", json={"a": "x" * 1_000_000})
        assert (response.status, len(server.requests)) == (200, 1)
