"""The app's client with a response cache: each caller has separate responses."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, FastAPI
from fastapi.security import HTTPBearer
from fastapi.testclient import TestClient

from fastapi_integration import SdkDep, sdk_lifespan, shared_sdk
from sdk import Sdk
from tests.caching.origin import Origin, Shelf, github_tag

CallerSdk = Annotated[Sdk, Depends(shared_sdk.as_caller(HTTPBearer()))]


def test_callers_share_the_cache_and_not_its_content() -> None:
    origin, shelf = Origin(github_tag), Shelf()
    origin.documents["/users/octocat"] = {"login": "octocat"}
    app = FastAPI(lifespan=sdk_lifespan(lambda: origin.sdk(token="app", cache=shelf)))

    async def ours(sdk: SdkDep) -> str:
        return (await sdk.users.get("octocat")).login

    async def mine(sdk: CallerSdk) -> str:
        return (await sdk.users.get("octocat")).login

    app.get("/ours")(ours)
    app.get("/mine")(mine)
    with TestClient(app) as client:
        for _ in range(2):
            assert client.get("/ours").json() == "octocat"
            for token in ("alice", "bob"):
                got = client.get("/mine", headers={"authorization": f"Bearer {token}"})
                assert got.json() == "octocat"
    assert origin.statuses == [200, 200, 200, 304, 304, 304]
    assert len(shelf.values) == 3
    # The lifespan has closed it.
    assert shelf.closed == 1
