"""A GraphQL server in memory."""

import json

import httpx
import pytest

from sdk import Sdk
from tests.transport.support import FakeClock


class Server:
    """Answers GraphQL requests with the next of its replies; the last one is used again."""

    def __init__(self):
        self.replies = []
        self.sent = []
        self.urls = []
        self.tokens = []
        self.gate = None

    async def __call__(self, request):
        if self.gate is not None:
            await self.gate.wait()
        self.sent.append(json.loads(request.content))
        self.urls.append(str(request.url))
        self.tokens.append(request.headers.get("authorization"))
        reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        if isinstance(reply, Exception):
            raise reply
        return reply if isinstance(reply, httpx.Response) else httpx.Response(200, json=reply)

    def data(self, **data):
        self.replies.append({"data": data})

    def errors(self, *errors, data=None, headers=None):
        body = {"data": data, "errors": list(errors)}
        self.replies.append(httpx.Response(200, json=body, headers=headers))

    def status(self, status, **options):
        self.replies.append(httpx.Response(status, **options))


@pytest.fixture
def server():
    return Server()


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
async def client(server):
    async with httpx.AsyncClient(transport=httpx.MockTransport(server)) as client:
        yield client


@pytest.fixture
async def sdk(client, clock):
    async with Sdk(token="any", http_client=client, clock=clock.clock) as sdk:
        yield sdk
