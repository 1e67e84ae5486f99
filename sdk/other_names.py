"""Names that other libraries use for options and attributes, and what to write here.

Imported for the text of an error only.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence

_OWN_CLIENT = "pass a client of your own: http_client=httpx.AsyncClient({name}=...)"
_PACING = "write pacing=Pacing(max_wait=..., max_concurrency=...)"
_LOGGING = 'write logging.getLogger("sdk").setLevel(logging.DEBUG)'
_APP = "write app=GitHubApp(client_id=..., private_key=...)"

_OPTIONS = {
    **dict.fromkeys(
        ("access_token", "api_key", "login_or_token", "oauth_token", "password", "pat"),
        "write token=...",
    ),
    **dict.fromkeys(
        ("proxy", "proxies"),
        "set HTTPS_PROXY, or pass a client of your own: http_client=httpx.AsyncClient(proxy=...)",
    ),
    **dict.fromkeys(
        ("verify", "ssl", "ssl_context", "cert"),
        "set SSL_CERT_FILE, or pass a client of your own: "
        "http_client=httpx.AsyncClient(verify=...)",
    ),
    **dict.fromkeys(("transport", "mounts", "trust_env", "event_hooks"), _OWN_CLIENT),
    **dict.fromkeys(("max_retries", "retries", "attempts"), "write retry=Retry(attempts=...)"),
    **dict.fromkeys(("limits", "pool_size", "connector"), "write max_connections=..."),
    **dict.fromkeys(("rate_limit", "throttle", "throttler", "concurrency"), _PACING),
    **dict.fromkeys(("debug", "log_level", "logger", "verbose"), _LOGGING),
    **dict.fromkeys(("app_id", "client_id", "private_key", "app_auth"), _APP),
    **dict.fromkeys(("user_agent", "useragent"), 'write headers={"user-agent": "..."}'),
    **dict.fromkeys(("host", "api_url", "hostname"), "write base_url=..."),
    "enterprise": 'write base_url="https://HOST/api/v3"',
    "installation_id": f"{_APP}, and sdk.as_installation(installation_id) for the calls",
    "per_page": "pass it to the method: sdk.issues.list_for_repo(owner, repo, per_page=100)",
    "params": 'pass them to a call: options={"extra_query": {...}}',
    "cookies": 'write headers={"cookie": "..."}',
    "follow_redirects": "leave it out: redirects are followed where that is safe",
}
_ATTRIBUTES = {
    **dict.fromkeys(
        ("repositories", "repository", "repo", "get_repo"), "sdk.repos, as in sdk.repos.get(...)"
    ),
    **dict.fromkeys(("pull_requests", "pull_request", "pull"), "sdk.pulls"),
    **dict.fromkeys(("get_user", "user"), 'sdk.users.get("octocat"), or sdk.users.me()'),
    **dict.fromkeys(("get_organization", "organizations", "org"), 'sdk.orgs.get("octo-org")'),
    **dict.fromkeys(("rest", "api"), "the resources of the client itself, such as sdk.users"),
    "workflows": "sdk.actions",
    "releases": "sdk.repos, as in sdk.repos.list_releases(...)",
    "labels": "sdk.issues, as in sdk.issues.list_labels_for_repo(...)",
}


def no_option(name: str, known: Sequence[str]) -> TypeError:
    """Return the error for an option that ``Sdk`` does not have, with what to write."""
    instead = _OPTIONS.get(name)
    if instead is not None:
        hint = f" {instead[0].upper()}{instead[1:].replace('{name}', name)}."
    else:
        near = difflib.get_close_matches(name, known) or [each for each in known if name in each]
        hint = f" Do you mean {' or '.join(f'{each}=' for each in near)}?" if near else ""
    return TypeError(f"Sdk has no option {name!r}.{hint} help(Sdk) lists them.")


def attribute_here(name: str) -> str:
    """Return what to write for an attribute of another library's client; "" if not known."""
    return _ATTRIBUTES.get(name, "")
