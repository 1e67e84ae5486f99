"""Uploads to an invented API, from every kind of source."""

import io

from sdk import Operation, Resource, Retry
from tests.transport.support import Upstream

PUT = Operation(
    "PUT",
    "/files/{name}",
    id="files/put",
    body="data",
    media="application/octet-stream",
    headers={"content_type": "content-type"},
    returns=dict[str, int],
)


POST = Operation("POST", "/files", body="data", media="application/octet-stream", returns=None)


DATA = bytes(range(256)) * 4000


FAST = Retry(attempts=3, initial_delay=0.001)


class Files(Resource):
    async def put(self, data, *, progress=None, options=None, **values):
        return await self._upload(PUT, options, progress, name="a", data=data, **values)

    async def post(self, data, *, options=None):
        return await self._upload(POST, options, None, data=data)


def files(*replies, **options):
    upstream = Upstream(*replies)
    return Files(upstream.api(**{"retry": FAST, **options})), upstream


async def pieces(*parts):
    for part in parts:
        if isinstance(part, Exception):
            raise part
        yield part


class Pipe(io.RawIOBase):
    """A file that can be read once."""

    def __init__(self, data):
        self._data = io.BytesIO(data)

    def readable(self):
        return True

    def readinto(self, buffer):
        return self._data.readinto(buffer)
