"""What the tests of downloads share: a file, the places it comes from, and its pieces."""

import httpx

from sdk import Operation, Resource, Retry
from tests.transport.support import Upstream

STORAGE = "https://storage.example.net/blob?signature=s3cret"
ARCHIVE = Operation(
    "GET", "/archives/{name}", id="archives/get", query=("ref",), multi_segment=(), returns=bytes
)
DATA = bytes(range(256)) * 1000
FAST = Retry(attempts=3, initial_delay=0.001)


class Token:
    async def headers(self):
        return {"authorization": "Bearer t0ken", "x-own-credential": "t0ken"}


class Pieces(httpx.AsyncByteStream):
    """A body in pieces; an exception among them is raised, a number is that many turns."""

    def __init__(self, *pieces):
        self.pieces = pieces
        self.given = 0
        self.closed = False

    async def __aiter__(self):
        for piece in self.pieces:
            if isinstance(piece, Exception):
                raise piece
            self.given += 1
            yield piece

    async def aclose(self):
        self.closed = True


def streamed(*pieces, status=200, **headers):
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.Response(status, stream=Pieces(*pieces), headers=names)


def found(location=STORAGE):
    return httpx.Response(302, headers={"location": location})


def download(*replies, **options):
    upstream = Upstream(*replies)
    resource = Resource(upstream.api(**{"retry": FAST, **options}))
    return resource._download(ARCHIVE, name="a.zip"), upstream
