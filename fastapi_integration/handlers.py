"""Exception handlers: failed upstream calls become responses of the app."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any, cast

import httpx
from fastapi import FastAPI, Response, WebSocketDisconnect
from fastapi.websockets import WebSocket, WebSocketState
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect

from sdk.transport import errors, translate

from .problems import problem_for, problem_response

logger = logging.getLogger("fastapi_integration")

# Not LifecycleError and InvalidInput, which are mistakes in the app, and remain a 500.
_UPSTREAM = (
    errors.ApiError,
    errors.CredentialsError,
    errors.TransportError,
    errors.DecodeError,
    errors.StoreUnavailable,
    httpx.HTTPError,
)


def install_error_handlers(
    app: FastAPI, *, statuses: Mapping[type[errors.SdkError], int] | None = None
) -> None:
    """Respond to failed upstream calls like a gateway, with ``application/problem+json``.

    NotFound is a 404. An error of the app's own requests is a 502, or a 503 for a rate limit; a
    failed API is a 502, a slow one a 504. With the caller's own credentials
    (``as_caller``), 401, 403 and 429 are passed on. A response never holds the API's text, its
    address or a token: the log has the error's text. A websocket is closed with 1011.

    Errors of ``HttpClientDep`` and exception groups are handled in the same way. A mounted sub-app
    has handlers of its own: install them there too.

    Args:
        app: the app.
        statuses: other statuses by error class, such as ``{ValidationFailed: 422}``.

    Raises:
        RuntimeError: the app has started, and would not use the handlers.
        TypeError: `app` is not an app, a key of `statuses` is not an error class, or
            a value is not a status of a failure.
    """
    if not isinstance(app, Starlette):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise TypeError(
            "install_error_handlers() takes the FastAPI app, not "
            f"{type(app).__name__}: its handlers are for all its routers."
        )
    _check_statuses(statuses or {})
    if app.middleware_stack is not None:
        raise RuntimeError("Call install_error_handlers(app) before the app starts.")
    chosen = dict(statuses or {})
    expected = (*_UPSTREAM, *chosen)

    async def answer(connection: Any, exception: Exception) -> Any:
        failures = list(_failures(exception, expected))
        if None in failures:
            raise exception
        # Of several failures, respond to the one with the highest status.
        problem, error = max(
            ((problem_for(error, chosen), error) for error in failures if error),
            key=lambda pair: pair[0].status,
        )
        level = logging.WARNING if problem.status >= 500 else logging.INFO
        logger.log(level, "Answered %d: %s", problem.status, error)
        response = problem_response(problem, error)
        if isinstance(connection, WebSocket):
            return await _close(cast("WebSocket", connection), response, problem.title)
        return response

    for cls in (*expected, ExceptionGroup):
        app.add_exception_handler(cls, answer)
    app.add_exception_handler(ClientDisconnect, _hung_up)


def _check_statuses(statuses: Mapping[type[errors.SdkError], int]) -> None:
    for key in statuses:
        if not (isinstance(key, type) and issubclass(key, errors.SdkError)):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise TypeError(
                "statuses= has error classes for keys, such as {NotFound: 410} with "
                f"`from sdk import NotFound`, not {key!r}."
            )
    for value in statuses.values():
        if not isinstance(value, int) or not 400 <= value <= 599:  # pyright: ignore[reportUnnecessaryIsInstance]
            raise TypeError(
                "statuses= has statuses of failures for values, whole numbers from 400 to 599, "
                f"such as {{NotFound: 410}}, not {value!r}."
            )


def _failures(
    exception: Exception, expected: tuple[type[Exception], ...]
) -> Iterator[errors.SdkError | None]:
    """Yield the failed calls in an exception or a group of them; None for anything else."""
    if isinstance(exception, ExceptionGroup):
        for inner in cast("ExceptionGroup[Exception]", exception).exceptions:
            yield from _failures(inner, expected)
        return
    error: Exception | None = exception
    if isinstance(exception, httpx.HTTPStatusError):
        # Without its own text, which contains the URL.
        status = exception.response.status_code
        error = errors.error_class_for(status)(f"A plain HTTP call was answered {status}")
    elif isinstance(exception, httpx.HTTPError):
        error = translate(exception)
    yield error if isinstance(error, errors.SdkError) and isinstance(error, expected) else None


async def _close(websocket: WebSocket, response: Response, reason: str) -> None:
    state = websocket.application_state
    if state is WebSocketState.CONNECTING and "websocket.http.response" in websocket.scope.get(
        "extensions", {}
    ):
        await websocket.send_denial_response(response)
    elif state is not WebSocketState.DISCONNECTED:
        with suppress(WebSocketDisconnect):
            await websocket.close(1011, reason)


async def _hung_up(_request: Any, _exception: Exception) -> Response:
    # The status in access logs; no client receives it.
    return Response(status_code=499)
