# pyright: strict, reportUnnecessaryTypeIgnoreComment=true
"""What type checkers make of an app on ``fastapi_integration``; it is checked, not run."""

from collections.abc import AsyncGenerator, Awaitable, Mapping
from contextlib import asynccontextmanager
from typing import Annotated, Any, assert_type

import httpx
from fastapi import Depends, FastAPI, Request
from fastapi.security import HTTPBearer

from fastapi_integration import (
    UPSTREAM_RESPONSES,
    HttpClientDep,
    SdkDep,
    SharedClient,
    SharedSdk,
    combine_lifespans,
    install_error_handlers,
    lifespan,
    sdk_lifespan,
    shared_sdk,
    until_disconnect,
)
from sdk import ApiClient, Sdk, ValidationFailed
from sdk.models import PrivateUser, PublicUser


class Billing(ApiClient):
    """An API of our own."""

    base_url = "https://billing.example.com"


def make_sdk() -> Sdk:
    return Sdk(timeout=5)


billing = SharedClient(Billing)
assert_type(billing, SharedClient[Billing])
assert_type(SharedClient(make_sdk), SharedClient[Sdk])
assert_type(SharedClient(lambda: Sdk(timeout=5)), SharedClient[Sdk])
assert_type(shared_sdk, SharedSdk)

BillingDep = Annotated[Billing, Depends(billing)]
CallerSdk = Annotated[Sdk, Depends(shared_sdk.as_caller(HTTPBearer()))]


@asynccontextmanager
async def my_lifespan(app: FastAPI) -> AsyncGenerator[dict[str, Any]]:
    async with billing.lifespan(app) as state:
        assert_type(state, Mapping[str, Billing])
        assert_type(billing.of(state), Billing)
        yield {**state, "mine": 1}


FastAPI(lifespan=lifespan)
FastAPI(lifespan=sdk_lifespan())
FastAPI(lifespan=sdk_lifespan(lambda: Sdk(token=None)))
FastAPI(lifespan=billing.lifespan)
assert_type(
    SharedClient(lambda sdk: Billing(session=sdk.session), on=shared_sdk), SharedClient[Billing]
)

app = FastAPI(lifespan=combine_lifespans(lifespan, billing.lifespan, my_lifespan))
install_error_handlers(app)
install_error_handlers(app, statuses={ValidationFailed: 422})


@app.get("/users/{username}", responses=UPSTREAM_RESPONSES)
async def read_user(
    username: str,
    request: Request,
    sdk: SdkDep,
    caller_sdk: CallerSdk,
    own: BillingDep,
    http: HttpClientDep,
) -> str:
    assert_type(sdk, Sdk)
    assert_type(caller_sdk, Sdk)
    assert_type(own, Billing)
    assert_type(http, httpx.AsyncClient)
    assert_type(await until_disconnect(request, sdk.users.get(username)), PrivateUser | PublicUser)
    assert_type(own.with_options(timeout=1), Billing)
    return (await sdk.users.get(username)).login


assert_type(shared_sdk.as_caller(HTTPBearer())(), Awaitable[Sdk])

# ------------------------------------------------------------------ what checkers must refuse

SharedClient(Sdk())  # type: ignore[call-overload]
SharedClient(lambda sdk: Billing(session=sdk.pool), on=shared_sdk)  # type: ignore[attr-defined]
SharedClient(dict[str, Any])  # type: ignore[type-var]
sdk_lifespan(Billing)  # type: ignore[arg-type]
install_error_handlers(app, statuses={ValueError: 422})  # type: ignore[dict-item]
