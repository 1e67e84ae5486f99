"""A service on one shared client: ``python -m examples.serve``, or ``uvicorn examples.app:app``.

Environment, read when the app starts:

    GITHUB_API_URL  the API's address, if it is not https://api.github.com
    GITHUB_TOKEN    a token; public data needs none
    EXTERNAL_HOSTS  what /test-call-external may call besides the API: host or host:port, by commas
"""

import asyncio
import os
from contextlib import suppress
from typing import Annotated, Any

import httpx
from fastapi import Depends, FastAPI, HTTPException, Path, Query
from pydantic import BaseModel
from pydantic_core import from_json

from fastapi_integration import (
    UPSTREAM_RESPONSES,
    HttpClientDep,
    SdkDep,
    install_error_handlers,
    sdk_lifespan,
)
from sdk import Sdk
from sdk.models import PrivateUser, PublicUser, SimpleUser

EXTERNAL_BYTES = 1024 * 1024
EXTERNAL_SECONDS = 10
CHARSETS = frozenset(
    {"ascii", "us-ascii", "utf-8", "utf8", "utf-16", "iso-8859-1", "latin-1", "iso-8859-15"}
    | {"windows-1252", "windows-1251", "shift_jis", "euc-jp", "euc-kr", "gb18030", "gbk", "big5"}
)

# Validated here, an invalid name is the caller's mistake (422), and no call is made.
Username = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]+(\[bot\])?$", max_length=100)]


class Followers(BaseModel):
    """One page of a user's followers."""

    items: list[SimpleUser]
    next_page: int | None


class External(BaseModel):
    """The response of an external URL: parsed if it is JSON, else its text."""

    result: Any
    status: int


def api_url() -> str:
    """Return the address of the API that this service talks to."""
    return os.environ.get("GITHUB_API_URL") or Sdk.base_url


def external_hosts() -> frozenset[str]:
    """Return the hosts that may be called, as ``host`` or ``host:port``."""
    names = map(str.strip, os.environ.get("EXTERNAL_HOSTS", "").lower().split(","))
    return frozenset((httpx.URL(api_url()).netloc.decode(), *filter(None, names)))


app = FastAPI(
    title="Example service",
    lifespan=sdk_lifespan(lambda: Sdk(base_url=api_url())),
)
install_error_handlers(app)


@app.get("/users/{username}", responses=UPSTREAM_RESPONSES)
async def read_user(username: Username, sdk: SdkDep) -> PublicUser | PrivateUser:
    """Return a GitHub user."""
    return await sdk.users.get(username)


@app.get("/users/{username}/followers", responses=UPSTREAM_RESPONSES)
async def list_followers(
    username: Username,
    sdk: SdkDep,
    page: Annotated[int, Query(ge=1)] = 1,
    per_page: Annotated[int, Query(ge=1, le=100)] = 30,
) -> Followers:
    """Return one page of a GitHub user's followers."""
    followers = await sdk.users.list_followers_for_user(username, page=page, per_page=per_page)
    return Followers(items=followers.items, next_page=page + 1 if followers.has_next else None)


@app.get("/test-call-external", responses=UPSTREAM_RESPONSES)
async def call_external(
    url: str, http: HttpClientDep, hosts: Annotated[frozenset[str], Depends(external_hosts)]
) -> External:
    """Call a URL of a listed host, through the connection pool of the SDK.

    Calling any URL that a client sends is a vulnerability (server-side request forgery): it gives
    access to hosts that only this machine can reach. So the host must be listed, redirects are not
    followed, and the size and the time of the response are limited.
    """
    try:
        address = httpx.URL(url)
    except httpx.InvalidURL:
        raise HTTPException(400, "This is not a valid URL.") from None
    # The checked object itself is sent: parsed twice, a URL may have two meanings.
    if address.scheme not in ("http", "https") or address.netloc.decode() not in hosts:
        raise HTTPException(400, "This address may not be called.")
    if address.userinfo:
        raise HTTPException(400, "A URL with a user name or password is not called.")
    try:
        async with (
            asyncio.timeout(EXTERNAL_SECONDS),
            # Uncompressed, because a few compressed bytes can become megabytes.
            http.stream(
                "GET", address, headers={"accept-encoding": "identity"}, follow_redirects=False
            ) as response,
        ):
            return External(result=await _result(response), status=response.status_code)
    except TimeoutError:
        raise HTTPException(504, "The external service took too long.") from None


async def _result(response: httpx.Response) -> Any:
    body = bytearray()
    async for chunk in response.aiter_raw():
        body += chunk
        if len(body) > EXTERNAL_BYTES:
            raise HTTPException(502, "The external service's response is too large.")
    if "json" in response.headers.get("content-type", ""):
        with suppress(ValueError):
            # Unlike json.loads, it refuses NaN and lone surrogates, which JSON cannot represent.
            return from_json(body, allow_inf_nan=False)
    charset = (response.charset_encoding or "utf-8").lower()
    # Some of Python's other codecs are not charsets of the web, and slow or dangerous.
    return body.decode(charset if charset in CHARSETS else "utf-8", "replace")
