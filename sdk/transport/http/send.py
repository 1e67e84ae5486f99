"""One attempt: add credentials, send, follow redirects, read the body."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from sdk.transport.auth import headers_of, is_on_behalf, query_of
from sdk.transport.encoding import encode_form
from sdk.transport.errors import InvalidInput, SdkError, TransportError
from sdk.transport.headers import FixedHeaders, Headers
from sdk.transport.request.body import Content
from sdk.transport.request.request import StreamRequest, checked_headers
from sdk.transport.response.response import Response
from sdk.transport.urls import Origin, host_of

from .adapter import FOREIGN_HEADERS, bad_redirect, send
from .engine.client import Engine
from .engine.exchange import Exchange, limits
from .redirects import MOST_REDIRECTS, Follow, follow, from_inner_origin

if TYPE_CHECKING:
    from sdk.transport.auth import Auth, AuthCall
    from sdk.transport.caching.lookup import Lookup
    from sdk.transport.options import Timeout
    from sdk.transport.request.request import Request

    from .adapter import HttpClient, RawResponse


NO_HEADERS: Mapping[str, str] = {}


_NO_ORIGINS: frozenset[Origin] = frozenset()


async def exchange(
    client: HttpClient | Engine,
    request: Request,
    auth: Auth,
    call: AuthCall,
    trace_headers: Mapping[str, str] = NO_HEADERS,
    *,
    max_bytes: int,
    lookup: Lookup | None = None,
) -> Response:
    """Send a request once and return its response, of any status, after redirects.

    Args:
        client: the open HTTP client.
        request: the request.
        auth: the credentials; their headers are read now, so that none is older than this attempt.
        call: the call, for its credentials.
        trace_headers: the headers that propagate a trace to the API's own origin.
        max_bytes: the largest body to accept, in bytes.
        lookup: what a response cache holds for this request.

    Raises:
        TransportError: no complete response arrived.
    """
    url, method, content = request.url, request.operation.method, request.content
    headers = request.headers
    stream = isinstance(request, StreamRequest)
    # Reading a streamed body may take longer than the time limit of the call.
    left = None if stream else call.time_left
    at_home, api_headers = True, None
    for hop in range(MOST_REDIRECTS + 1):
        target, added = url, NO_HEADERS
        if at_home:
            fixed = _fixed_headers(auth, call, trace_headers)
            added = await _credentials(auth, call, trace_headers) if fixed is None else fixed
            target = _with_credentials(url, auth) if fixed is None else url
            if lookup is not None:
                added = lookup.stamp(headers, added, trace_headers)
        response: Response | None = None
        failure: BaseException | None = None
        try:
            raw = await _send(
                client,
                method,
                target,
                headers,
                added,
                content,
                request.timeout,
                left,
                most=None if stream else max_bytes,
                foreign=not at_home,
                auth=auth,
            )
            response = _complete(raw, url, max_bytes) or await _read(
                raw, url, max_bytes, stream=stream
            )
            if lookup is not None:
                lookup.note(response, headers, added)
        except BaseException as error:  # noqa: BLE001  raised again below
            failure = _failure(error, content)
        finally:
            # The traceback of a failed call keeps its frames alive: none may refer to a token.
            del target, added
            if isinstance(content, Content):
                content.close()
        if response is None:
            failure = _noted(failure, url, hop)
            # As above: nor to what the caller sends, if the caller gives up.
            del content, headers, url
            raise failure
        response.api_headers = api_headers
        inner = call.caller.settings.link_origins if at_home else _NO_ORIGINS
        redirected = 300 <= response.status < 400
        onward = _next(response, method, url, content, inner) if redirected else None
        if onward is None:
            return response
        same_method = onward.method == method
        content = content if same_method else None
        headers = headers if same_method else _without_content(headers)
        url, method = onward.url, onward.method
        if at_home and not onward.same_origin:
            at_home, api_headers = False, response.headers
            headers = {name: value for name, value in headers.items() if name != "host"}
    raise TransportError(f"More than {MOST_REDIRECTS} redirects", sent=True)


def _send(
    client: HttpClient | Engine,
    method: str,
    url: str,
    headers: Mapping[str, str],
    added: Mapping[str, str],
    content: bytes | Content | None,
    timeout: Timeout,
    left: float | None,
    *,
    most: int | None,
    foreign: bool,
    auth: Auth,
) -> Awaitable[RawResponse]:
    """Return what sends a request when it is awaited: no coroutine of its own, which costs."""
    if isinstance(client, Engine):
        if foreign:
            headers = {name: value for name, value in headers.items() if name in FOREIGN_HEADERS}
        exchange = Exchange(method, limits(timeout, left), most_bytes=most)
        return client.send(exchange, url, headers, content, added)
    return send(
        client,
        method,
        url,
        {**headers, **added},
        content,
        timeout.phases(left),
        foreign=foreign,
        on_behalf=is_on_behalf(auth),
    )


def _noted(failure: BaseException | None, url: str, hop: int) -> BaseException:
    """Return the error that ended an attempt, with the host and whether anything was sent."""
    if hop > 0 and isinstance(failure, InvalidInput):
        # The request's own URL was valid.
        failure = bad_redirect()
    if isinstance(failure, TransportError):
        # The request before the redirect has arrived, and may have had its effect.
        failure.sent = failure.sent or hop > 0
        failure.host = host_of(url)
    return failure or RuntimeError("The attempt ended without a response and without an error.")


def _without_content(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if not name.startswith("content-")}


def _fixed_headers(
    auth: Auth, call: AuthCall, trace_headers: Mapping[str, str]
) -> Mapping[str, str] | None:
    """Return all headers to add if the credentials are headers that never change; else None."""
    # A subclass or a proxy of such credentials is asked for its headers.
    if "fixed_headers" not in vars(type(auth)):
        return None
    fixed: FixedHeaders | None = getattr(auth, "fixed_headers", None)
    if fixed is None:
        return None
    call.sent = fixed
    return {**trace_headers, **fixed} if trace_headers else fixed


async def _credentials(
    auth: Auth, call: AuthCall, trace_headers: Mapping[str, str]
) -> Mapping[str, str]:
    try:
        headers = await headers_of(auth, call)
        # Fixed ones were checked when they were made: 2 us less.
        if type(headers) is not FixedHeaders:
            headers = checked_headers(headers, credentials=True)
    except SdkError as error:
        # Without the frames that refer to the headers.
        failed, cause = error, error.__cause__
        headers = NO_HEADERS
    else:
        return {**trace_headers, **headers} if trace_headers else headers
    failed.credentials = True
    if isinstance(failed, TransportError):
        failed.sent = False
    raise failed.with_traceback(None) from cause


def _with_credentials(url: str, auth: Auth) -> str:
    query = query_of(auth)
    return f"{url}{'&' if '?' in url else '?'}{encode_form(query).decode()}" if query else url


def _next(
    response: Response,
    method: str,
    url: str,
    content: bytes | Content | None,
    inner: frozenset[Origin],
) -> Follow | None:
    location = response.headers.get("location", "")
    if inner:
        location = from_inner_origin(url, location, inner)
    target = follow(response.status, method, url, location)
    if isinstance(content, Content) and not content.replayable:
        # A body that can be sent only once cannot be sent to the new URL.
        return target if target is not None and target.method != method else None
    return target


def _failure(error: BaseException, content: bytes | Content | None) -> BaseException:
    """Return the error to raise for an exception of sending or reading."""
    if not isinstance(error, Exception) or isinstance(error, SdkError):
        # Cancelled, or failed. The frames below hold the request, and in it the token.
        return error.with_traceback(None)
    # A file that could not be read, or an error of the user's own iterator: not the network.
    own = content.own_failure() if isinstance(content, Content) else None
    if own is not None:
        return own
    from .exceptions import translate

    translated = translate(error)
    if translated is None:
        return error
    translated.__cause__ = error
    return translated


def _complete(raw: RawResponse, url: str, max_bytes: int) -> Response | None:
    """Return the response if the engine has read all of it; None if its body is to be read.

    So most calls need neither a coroutine nor a generator for the body: 3 us less.
    """
    if not isinstance(raw, Exchange) or raw.streamed:
        return None
    headers = Headers.parse(raw.head)
    body = _whole_body()(raw, headers, max_bytes) if raw.compressed else raw.content
    return None if body is None else Response(raw.status_code, headers, body, url)


async def _read(response: RawResponse, url: str, max_bytes: int, *, stream: bool) -> Response:
    if stream and 200 <= response.status_code < 300 and response.status_code not in (204, 205):
        # Imported here, because few programs stream responses.
        from .streaming import open_response

        return await open_response(response, url)
    from .body import read_body, received_headers

    headers = received_headers(response)
    try:
        body = await read_body(response, headers, max_bytes)
    finally:
        await response.aclose()
    return Response(response.status_code, headers, body, url)


@lru_cache(maxsize=1)
def _whole_body() -> Callable[[Exchange, Headers, int], bytes | None]:
    # Imported with zlib for the first body that is compressed; kept, because an import takes 2 us.
    from .body import whole_body

    return whole_body
