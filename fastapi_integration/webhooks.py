"""Receive webhooks in a FastAPI app: a router, and the lifespan that runs the handlers."""

# No `from __future__ import annotations` here: FastAPI reads the annotations of endpoints.

from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from inspect import getclosurevars
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.responses import PlainTextResponse
from fastapi.routing import APIRoute

from sdk import InvalidInput, Sdk
from sdk.webhooks import Webhooks

from .bounded_body import read_body
from .shared import SharedClient

_OPENAPI = {
    "requestBody": {
        "required": True,
        "description": "A webhook payload of GitHub's, signed in X-Hub-Signature-256.",
        "content": {"application/json": {"schema": {"type": "object"}}},
    }
}
_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {"description": "A ping, or a delivery whose handlers have finished"},
    202: {"description": "Accepted, received before, or without a handler"},
    400: {"description": "Not a webhook delivery"},
    401: {"description": "The signature does not match the body"},
    408: {"description": "The payload did not arrive in time"},
    413: {"description": "The payload is larger than 25 MB"},
    415: {"description": "The content type is neither JSON nor a form"},
    503: {"description": "Too many deliveries are waiting: see Retry-After"},
}


def webhook_router(hooks: Webhooks, *, path: str = "/webhooks") -> APIRouter:
    """Return a router with the one endpoint that GitHub sends deliveries to.

    The handlers run in ``webhooks_lifespan(hooks)``, unless they are ``run="inline"``::

        app = FastAPI(lifespan=combine_lifespans(sdk_lifespan(), webhooks_lifespan(hooks)))
        app.include_router(webhook_router(hooks, path="/github/webhooks"))

    A response holds a constant text: nothing of the delivery, nor of what a handler raised.

    Args:
        hooks: the handlers.
        path: where the endpoint is; the address to enter in the webhook's settings ends in it.

    Raises:
        TypeError: `hooks` is not a ``Webhooks``.
        InvalidInput: `path` does not begin with a slash.
    """
    if not isinstance(hooks, Webhooks):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise TypeError("Pass the Webhooks object: webhook_router(hooks, path=...).")
    if path and not path.startswith("/"):
        raise InvalidInput(f"path must begin with a slash: path='/{path}'.")
    router = APIRouter(tags=["webhooks"], route_class=_Route)

    @router.post(
        path,
        status_code=202,
        summary="Receive a GitHub webhook",
        response_class=PlainTextResponse,
        responses=_RESPONSES,
        openapi_extra=_OPENAPI,
    )
    async def receive_webhook(request: Request) -> Response:
        body = await read_body(request)
        if not isinstance(body, bytes):
            return PlainTextResponse(body[1], body[0], {"Connection": "close"})
        receipt = await hooks.receive(request.scope["headers"], body)
        headers = {} if receipt.retry_after is None else {"Retry-After": str(receipt.retry_after)}
        return PlainTextResponse(receipt.message, receipt.status, headers)

    return router


class _Route(APIRoute):
    """A route that calls its endpoint at once, where there are no dependencies to solve.

    The endpoint takes the request and returns the response, so that FastAPI's own handling would
    only add time to each delivery.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handler = super().get_route_handler()
        # Only the handler knows the dependencies of the app and of `include_router`.
        dependant = getclosurevars(handler).nonlocals.get("dependant")
        if isinstance(dependant, Dependant) and not dependant.dependencies:
            return self.endpoint
        return handler


def webhooks_lifespan(
    hooks: Webhooks, *, on: SharedClient[Sdk] | None = None
) -> Callable[[Any], AbstractAsyncContextManager[None]]:
    """Return the lifespan that runs the handlers, and waits for them when the app stops.

    ::

        lifespan = combine_lifespans(sdk_lifespan(), webhooks_lifespan(hooks, on=shared_sdk))

    Args:
        hooks: the handlers.
        on: the shared client for ``delivery.sdk``. Its lifespan must come first.

    Raises:
        TypeError: `on` is not a ``SharedClient``.
    """
    if on is not None and not isinstance(on, SharedClient):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise TypeError(
            "on= takes the SharedClient, not its Sdk: webhooks_lifespan(hooks, on=shared_sdk)."
        )
    return partial(_running, hooks, on)


@asynccontextmanager
async def _running(
    hooks: Webhooks, on: SharedClient[Sdk] | None, app: object
) -> AsyncGenerator[None]:
    async with hooks.running(None if on is None else on.running_in(app)):
        yield
