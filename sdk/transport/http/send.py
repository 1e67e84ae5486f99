"""One attempt: stamp, send, follow redirects, read to the end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sdk.transport.auth import headers_of, query_of
from sdk.transport.encoding import encode_form
from sdk.transport.errors import SdkError, TransportError
from sdk.transport.request.body import Content
from sdk.transport.request.request import checked_headers
from sdk.transport.response.response import Response

from .adapter import RawResponse, send
from .body import read_body, received_headers
from .direct import send_directly
from .engine.client import Engine
from .exceptions import translate
from .redirects import MOST_REDIRECTS, Follow, follow

if TYPE_CHECKING:
    from sdk.transport.auth import Auth, AuthCall
    from sdk.transport.request.request import Request

    from .adapter import HttpClient


async def exchange(
    client: HttpClient | Engine,
    request: Request,
    auth: Auth,
    call: AuthCall,
    *,
    most_bytes: int,
    trace_headers: Mapping[str, str],
) -> Response:
    """Send a request once and give its response, of whatever status, after redirects.

    Args:
        client: the open HTTP client.
        request: what to send.
        auth: asked for its headers now, so that none is older than this attempt.
        call: the call, for its credentials.
        most_bytes: the largest body to accept.
        trace_headers: what carries a trace to the API's own origin.

    Raises:
        TransportError: no complete answer arrived.
    """
    url, method, content = request.url, request.operation.method, request.content
    headers: Mapping[str, str] = request.headers
    # A body that is streamed may take longer than the call that began it.
    timeout = request.timeout.phases(None if request.streamed else call.time_left)
    query = query_of(auth)
    at_home, api_headers = True, None
    for hop in range(MOST_REDIRECTS + 1):
        try:
            response = await _response(
                client,
                method,
                url,
                # In no local name: frames outlive a failed call in its traceback, and what is
                # shown of a traceback must not show a token.
                {**headers, **trace_headers, **await _credentials(auth, call)}
                if at_home
                else headers,
                content,
                timeout,
                query=query if at_home else {},
                foreign=not at_home,
                most_bytes=most_bytes,
                streamed=request.streamed,
            )
        except TransportError as error:
            # What was sent before the redirect has arrived and may have had its effect.
            error.sent = not error.credentials and (error.sent or hop > 0)
            raise
        finally:
            if isinstance(content, Content):
                content.close()
        response.api_headers = api_headers
        target = _next(response, method, url, content)
        if target is None:
            return response
        if target.method != method:
            content = None
            headers = {
                name: value for name, value in headers.items() if not name.startswith("content-")
            }
        url, method = target.url, target.method
        if at_home and not target.same_origin:
            at_home, api_headers = False, response.headers
            headers = {name: value for name, value in headers.items() if name != "host"}
    raise TransportError(f"More than {MOST_REDIRECTS} redirects", sent=True)


async def _credentials(auth: Auth, call: AuthCall) -> dict[str, str]:
    try:
        return checked_headers(await headers_of(auth, call), credentials=True)
    except SdkError as error:
        # Without the frames that hold the headers.
        failed, cause = error, error.__cause__
    failed.credentials = True
    raise failed.with_traceback(None) from cause


async def _response(
    client: HttpClient | Engine,
    method: str,
    url: str,
    headers: Mapping[str, str],
    content: bytes | Content | None,
    timeout: Mapping[str, float | None],
    *,
    query: Mapping[str, str],
    foreign: bool,
    most_bytes: int,
    streamed: bool,
) -> Response:
    target = _with_query(url, query) if query else url
    try:
        response: RawResponse
        if isinstance(client, Engine):
            response = await send_directly(
                client,
                method,
                target,
                headers,
                content,
                timeout,
                foreign=foreign,
                most_bytes=None if streamed else most_bytes,
            )
        else:
            response = await send(
                client, method, target, headers, content, timeout, foreign=foreign
            )
        return await _read(response, url, most_bytes, streamed=streamed)
    except Exception as error:
        own = _own_failure(content)
        if own is None:
            translated = translate(error)
            if translated is None:
                raise
            raise translated from error
    finally:
        # The query may be a credential, too.
        del headers, query, target
    raise own


def _with_query(url: str, query: Mapping[str, str]) -> str:
    return f"{url}{'&' if '?' in url else '?'}{encode_form(query).decode()}"


def _next(
    response: Response, method: str, url: str, content: bytes | Content | None
) -> Follow | None:
    if not 300 <= response.status < 400:
        return None
    target = follow(response.status, method, url, response.headers.get("location", ""))
    if isinstance(content, Content) and not content.replayable:
        # What can be sent only once cannot be sent on.
        return target if target is not None and target.method != method else None
    return target


def _own_failure(content: bytes | Content | None) -> Exception | None:
    """What failed in what was to be sent, a file or the user's own iterator: not the network."""
    return content.own_failure() if isinstance(content, Content) else None


async def _read(response: RawResponse, url: str, most_bytes: int, *, streamed: bool) -> Response:
    if streamed and 200 <= response.status_code < 300:
        # Imported here, because few programs stream anything.
        from .streaming import open_response

        return await open_response(response, url)
    headers = received_headers(response)
    try:
        body = await read_body(response, headers, most_bytes)
    finally:
        await response.aclose()
    return Response(response.status_code, headers, body, url)
