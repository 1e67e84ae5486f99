"""Raw responses of a user, and a call that decodes them."""

import json

from pydantic import BaseModel

from sdk import (
    Retry,
)
from tests.faults import (
    FaultServer,
)

FAST = Retry(initial_delay=0, max_delay=0)


USER = {"name": "Zoë"}


JSON = json.dumps(USER).encode()


class User(BaseModel):
    name: str


def response(body=b"", *, status="200 OK", **headers):
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"{name}: {value}" for name, value in names.items()]
    lines = [f"HTTP/1.1 {status}", *lines, f"content-length: {len(body)}", "", ""]
    return ["\r\n".join(lines).encode() + body]


def json_response(body=JSON, **headers):
    return response(body, **{"content_type": "application/json", **headers})


async def call(lane, script, *, returns=User, method="GET", **options):
    async with FaultServer(script) as server:
        api = await lane.api(server.url, **options)
        return await api.request(method, "/users/zoe", returns=returns)
