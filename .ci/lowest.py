"""Serve nested models through FastAPI and unpickle them elsewhere, with the lowest versions."""

import asyncio
import json
import pickle
import subprocess
import sys
from importlib.metadata import version

from fastapi import FastAPI
from fastapi.testclient import TestClient

from sdk import Sdk
from sdk.models import FullRepository, Issue
from sdk.testing import StandIn, serve

_NAMES = ("pydantic", "fastapi", "httpx", "httpcore2", "anyio", "tenacity", "typing-extensions")
_UNPICKLE = "import pickle, sys; print(pickle.load(sys.stdin.buffer).model_dump_json())"


async def _fetched() -> tuple[Issue, FullRepository]:
    async with serve(StandIn()) as url, Sdk(base_url=url, token="token") as client:  # noqa: S106
        issue = await client.issues.get("octocat", "hello-world", 1)
        return issue, await client.repos.get("octocat", "hello-world")


issue, repository = asyncio.run(_fetched())
app = FastAPI()


@app.get("/issues")
def issues() -> list[Issue]:
    """Return a list of nested models."""
    return [issue]


with TestClient(app) as client:
    served = client.get("/issues")
assert served.status_code == 200, served.text
assert served.json() == [issue.model_dump(mode="json")]
for model in (issue, repository):
    dumped = subprocess.run(  # noqa: S603 - this interpreter, our own program
        [sys.executable, "-c", _UNPICKLE],
        input=pickle.dumps(model),
        capture_output=True,
        check=True,
    )
    assert json.loads(dumped.stdout) == model.model_dump(mode="json")
print("works with", ", ".join(f"{name} {version(name)}" for name in _NAMES))
