"""Build the errors of calls: texts and attributes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urljoin, urlsplit

from sdk.transport.dialect import one_line
from sdk.transport.errors import ApiError, ConnectFailed, ConnectTimeout, SdkError, TransportError
from sdk.transport.urls import host_of

from .error_body import read_error_body
from .redaction import redacted

if TYPE_CHECKING:
    from sdk.transport.dialect import Failure
    from sdk.transport.request.request import Request
    from sdk.transport.response.response import Response

_NAMED = 3
_NAME = re.compile(r"[A-Za-z_][\w.\[\]-]{0,63}")
_LONGEST_TARGET = 100
_WEB_PAGE = "The response is a web page: check base_url and the proxy settings."


def api_error(
    request: Request,
    response: Response,
    failure: Failure,
    hint: str = "",
    secrets: Sequence[str] = (),
) -> ApiError:
    """Return the error for a response that reports one.

    Args:
        request: what was sent.
        response: the response.
        failure: what it says.
        hint: a sentence about it, in place of the usual one.
        secrets: what an API must not repeat in its messages.
    """
    operation = request.operation
    body = read_error_body(operation, response)
    if secrets:
        failure, body = _without(secrets, failure, body)
    message = failure.message or _phrase(response.status)
    request_id = response.request_id
    details = [f"request id {request_id}"] if request_id else []
    if response.attempts > 1:
        details.append(f"{response.attempts} attempts")
    if failure.retry_after is not None:
        details.append(f"retry after {failure.retry_after:g} s")
    text = f"{request} answered {response.status}: {message}"
    if named := _invalid_fields(failure.errors):
        text += f": {named}"
    if details:
        text += f" ({', '.join(details)})"
    if 300 <= response.status < 400:
        text = _with_sentence(text, _target(response.url, response.headers.get("location", "")))
    web_page = response.content_type == "text/html" and response.status < 500
    if response.api_headers is not None and response.status in (401, 403, 404):
        hint = _elsewhere(response.url)
    text = _with_sentence(text, _WEB_PAGE if web_page else hint or failure.error_class.hint)
    if failure.documentation_url:
        text = _with_sentence(text, f"See {failure.documentation_url}")
    return operation.call_error(
        failure.error_class,
        text,
        response,
        message=message,
        errors=failure.errors,
        documentation_url=failure.documentation_url,
        retry_after=failure.retry_after,
        headers=response.headers,
        body=body,
    )


def _invalid_fields(errors: Sequence[Any]) -> str:
    """Return the fields that an API refused, and why: ``title (missing_field)``.

    Only names and codes: a message may repeat the value.
    """
    named: list[str] = []
    for each in errors:
        if isinstance(each, Mapping):
            known = cast("Mapping[str, Any]", each)
            field, code = known.get("field"), known.get("code")
            if _is_name(field) and _is_name(code):
                named.append(f"{field} ({code})")
    more = f" and {len(named) - _NAMED} more" if len(named) > _NAMED else ""
    return ", ".join(named[:_NAMED]) + more


def _is_name(value: object) -> bool:
    return isinstance(value, str) and _NAME.fullmatch(value) is not None


def _without(secrets: Sequence[str], failure: Failure, body: Any) -> tuple[Failure, Any]:
    """Return what an API said without the credentials that it repeats."""
    return (
        replace(
            failure,
            message=redacted(failure.message, secrets),
            errors=redacted(failure.errors, secrets),
            documentation_url=redacted(failure.documentation_url, secrets),
        ),
        redacted(body, secrets),
    )


def with_call(error: SdkError, request: Request, attempts: int) -> SdkError:
    """Add the call, its host and a hint to the text of a transport error."""
    operation = request.operation
    reason = str(error)
    if isinstance(error, TransportError):
        error.host = error.host or host_of(request.url)
        if isinstance(error, (ConnectFailed, ConnectTimeout)):
            reason = _with_host(reason, error.host)
    text = f"{request} failed: {reason}"
    if attempts > 1:
        text += f" ({attempts} attempts)"
    hint = error.hint
    if operation.server is not None:
        # Not at base_url: the server of tokens, or of uploads.
        hint = hint.replace("base_url", "that address")
    error.args = (_with_sentence(text, hint),)
    error.method, error.route, error.attempts = operation.method, operation.path, attempts
    return error


def _with_host(reason: str, host: str) -> str:
    start = "No connection"
    if reason.startswith(start):
        return f"{start} to {host}{reason.removeprefix(start)}"
    return f"{reason} ({host})"


def _with_sentence(text: str, sentence: str) -> str:
    return f"{text.rstrip('.')}. {sentence}" if sentence else text


def _elsewhere(url: str) -> str:
    """Return the hint of a refusal by another host, or port, to which the API redirected."""
    return (
        f"It was redirected to {url.partition(':')[0]}://{host_of(url)}, where no credentials are "
        "sent: if the API has moved there, change base_url."
    )


def _target(url: str, location: str) -> str:
    """Return the sentence that says where a redirect leads that was not followed."""
    try:
        target = urljoin(url, location) if location else ""
        scheme, host = target.partition(":")[0], host_of(target)
    except ValueError:
        return ""
    # Without its query, which may be secret.
    shown = one_line(f"{scheme}://{host}{urlsplit(target).path}")
    return f"It redirects to {shown[:_LONGEST_TARGET]}" if host else ""


def _phrase(status: int) -> str:
    from http import HTTPStatus

    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "no reason given"
