"""GitHub's conventions for a call: headers, errors, rate limits.

Sources: https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api and
https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any, ClassVar, Literal, TypeAlias, get_args
from urllib.parse import urlsplit

from sdk.transport import Dialect, Failure, Operation, Response
from sdk.transport.dialect import one_line
from sdk.transport.errors import (
    InvalidInput,
    RateLimited,
    RateLimitExceeded,
    SecondaryRateLimited,
)
from sdk.transport.headers import DefaultHeader
from sdk.transport.urls import origin

BASE_URL = "https://api.github.com"
WEBSITE = "https://github.com"
UPLOADS = "https://uploads.github.com"
ApiVersion: TypeAlias = Literal["2026-03-10", "2022-11-28"]
"""The versions of GitHub's REST API."""

API_VERSIONS: tuple[str, ...] = get_args(ApiVersion)
VERSION_HEADER = "x-github-api-version"
_NEWEST: ApiVersion = "2026-03-10"
# Releases of GitHub Enterprise Server up to 3.19 support no other.
_SERVER_VERSION: ApiVersion = "2022-11-28"
_SERVER_PATH = "/api/v3"
_VERSION = re.compile(r"\d{4}-\d\d-\d\d")

# GitHub asks to wait for at least a minute if a rate-limit response has no time.
_UNNAMED_WAIT = 60.0


def check_not_website(base_url: str) -> None:
    """Refuse the address of GitHub's website as that of its API.

    Raises:
        InvalidInput: it is one; the text has the address of the API.
    """
    if urlsplit(base_url).hostname in ("github.com", "www.github.com"):
        raise InvalidInput(
            "base_url is GitHub's website. Leave it out for the API at https://api.github.com; "
            "GitHub Enterprise Server is https://HOST/api/v3."
        )


def default_api_version(base_url: str) -> ApiVersion:
    """Return the version to request: the newest, except of GitHub Enterprise Server."""
    return _SERVER_VERSION if _is_server(base_url) else _NEWEST


def _is_server(base_url: str) -> bool:
    return urlsplit(base_url).path.rstrip("/").endswith(_SERVER_PATH)


def supported_versions(message: object) -> list[str] | None:
    """Return the versions in GitHub's refusal of an API version; None for any other message."""
    _, found, rest = str(message).partition("is not a supported version")
    return _VERSION.findall(rest) if found else None


def default_version_header(base_url: str) -> dict[str, str]:
    """Return the header that requests the default version, which the API may replace."""
    return {VERSION_HEADER: DefaultHeader(default_api_version(base_url))}


def version_header(api_version: str) -> dict[str, str]:
    """Return the header that requests an API version; warn if the SDK does not know it."""
    if api_version not in API_VERSIONS:
        warnings.warn(
            f"api_version={api_version!r} is not known to this release of the SDK, which describes "
            f"{' and '.join(API_VERSIONS)}. Its models may not match the responses.",
            stacklevel=3,
        )
    return {VERSION_HEADER: api_version}


class GitHubDialect(Dialect):
    """The conventions of api.github.com and of GitHub Enterprise Server."""

    headers: ClassVar[Mapping[str, str]] = {
        "accept": "application/vnd.github+json",
        VERSION_HEADER: _NEWEST,
    }
    request_id_headers: ClassVar[tuple[str, ...]] = ("x-github-request-id",)
    # If a name is repeated without brackets, GitHub reads the last value only.
    list_suffix: ClassVar[str] = "[]"
    # GitHub allows 80 content-creating requests a minute, and asks for a second between them.
    write_rate: ClassVar[tuple[float, float] | None] = (1.0, 20.0)

    # It returns when the limits are reset, and works when they are used up.
    uncounted: ClassVar[frozenset[str]] = frozenset({"/rate_limit"})

    # These describe the token, which may be another one when the response is used again.
    uncached_headers: ClassVar[frozenset[str]] = frozenset(
        {"github-authentication-token-expiration", "x-oauth-client-id", "x-oauth-scopes"}
    )

    def tag(self, headers: Mapping[str, str], body: bytes) -> str:
        """Return the ETag of a response body: GitHub's ETags depend on the token."""
        parts = [headers.get(name, "") for name in ("accept", "authorization", "cookie")]
        from hashlib import sha256

        digest = sha256(":".join([*parts, ""]).encode())
        digest.update(body)
        return f'W/"{digest.hexdigest()}"'

    def page_may_be_full(self, url: str, count: int) -> bool:
        """Return whether a page has the maximum number of items."""
        from sdk.transport.page_rules import number_in

        asked = number_in(url, "per_page")
        # Without per_page it is 30, for some lists 10, 50 or 100; it is never more than 100.
        return count % 10 == 0 if asked is None else count >= min(asked, 100)

    def bucket(self, operation: Operation[Any]) -> str:
        """Return GitHub's name of the rate limit; a response with another name corrects it."""
        if operation.id.startswith("search/"):
            return "code_search" if operation.id == "search/code" else "search"
        return "graphql" if operation.id.startswith("graphql/") else "core"

    def assumed_limit(self, bucket: str) -> int:
        """Return a little less than GitHub allows for calls without a token."""
        return 50 if bucket in ("core", "graphql") else 9

    def server(self, declared: str, base_url: str) -> str:
        """Return the server for uploads, for GraphQL, or the website, for the API's address.

        An address that is not GitHub's, such as a fake server or a proxy, serves as all of them.
        """
        return _server(declared, base_url)

    def hint(self, operation: Operation[Any], response: Response) -> str:
        """Return a hint if the server does not support the API version or the operation."""
        release = response.headers.get("x-github-enterprise-version", "").rpartition("@")[2]
        if response.status == 400:
            return _version_hint(supported_versions(self.error_body(response).get("message")))
        if response.status != 404 or not release:
            return ""
        from sdk.enterprise import lacking_release

        newest = lacking_release(operation.id, release)
        if newest is None:
            return ""
        return (
            f"GitHub Enterprise Server {release} does not have {operation.id}; releases "
            f"up to {newest} do not."
        )

    def preferred_headers(self, sent: Mapping[str, str], response: Response) -> Mapping[str, str]:
        """Return the newest API version that client and server know, unless one was chosen."""
        version = sent.get(VERSION_HEADER)
        if not isinstance(version, DefaultHeader):
            return {}
        supported = supported_versions(self.error_body(response).get("message")) or []
        known = [each for each in supported if each in API_VERSIONS and each != version]
        return {VERSION_HEADER: DefaultHeader(max(known))} if known else {}

    def accepts(self, removed_in: str, sent: Mapping[str, str]) -> bool:
        """Return whether the requested API version is older than the one that removed a value."""
        return sent.get(VERSION_HEADER, "") < removed_in

    def failure(self, response: Response, now: float) -> Failure:
        """Read an error response; distinguish rate limits, often sent as 403, from refusals."""
        failure = super().failure(response, now)
        documentation_url = self.error_body(response).get("documentation_url")
        if isinstance(documentation_url, str) and documentation_url:
            failure = replace(failure, documentation_url=one_line(documentation_url))
        error_class = _rate_limit_class(response, failure)
        if error_class is None:
            if response.status == 403 and "retry-after" not in response.headers:
                # The end of the rate-limit window does not lift a missing permission.
                failure = replace(failure, retry_after=None)
            return failure
        wait = _UNNAMED_WAIT if failure.retry_after is None else failure.retry_after
        return replace(failure, error_class=error_class, retry_after=wait)

    def failure_in_success(self, response: Response, now: float) -> Failure | None:
        """Read the response to a GraphQL operation: rate limits are sent with status 200."""
        if b'"errors"' not in response.body:
            return None
        from sdk.graphql.github_errors import failure_in_success

        return failure_in_success(response, now)


def _version_hint(supported: list[str] | None) -> str:
    if not supported:
        return ""
    known = [each for each in supported if each in API_VERSIONS]
    if known:
        return f'Choose a version that the server supports: Sdk(api_version="{max(known)}").'
    return (
        f"The server supports {', '.join(supported)}, which this release of the SDK does not "
        "describe: update the SDK."
    )


def _rate_limit_class(response: Response, failure: Failure) -> type[RateLimited] | None:
    if response.status not in (403, 429):
        return None
    message = failure.message.lower()
    secondary = ("secondary rate limit", "abuse detection")
    if any(words in message for words in secondary) or "secondary-rate-limits" in (
        failure.documentation_url or ""
    ):
        return SecondaryRateLimited
    named = response.status == 429 or "rate limit" in message
    if response.headers.integer("x-ratelimit-remaining") == 0 and (named or not message):
        # The last call before the limit may lack a permission too: its message says so.
        return RateLimitExceeded
    if "retry-after" in response.headers:
        return SecondaryRateLimited
    return RateLimited if named else None


@lru_cache(maxsize=64)
def _server(declared: str, base_url: str) -> str:
    # Used by each GraphQL query and each upload, with few distinct arguments.
    of_github = {origin(known) for known in (BASE_URL, UPLOADS, WEBSITE)}
    if origin(base_url) == origin(BASE_URL) or origin(declared) not in of_github:
        return declared
    kind = origin(declared)
    parts = urlsplit(base_url)
    if _is_server(base_url):
        # Beside the REST API, not below it; a gateway may have a path of its own before it.
        path = parts.path.removesuffix(_SERVER_PATH)
        beside = {origin(BASE_URL): "/api", origin(UPLOADS): "/api/uploads"}.get(kind, "")
        return f"{parts.scheme}://{parts.netloc.lower()}{path}{beside}"
    host = parts.netloc.lower()
    if kind != origin(BASE_URL) and host.startswith("api.") and host.endswith(".ghe.com"):
        name = host.removeprefix("api.")
        return f"{parts.scheme}://{name if kind == origin(WEBSITE) else f'uploads.{name}'}"
    return base_url
