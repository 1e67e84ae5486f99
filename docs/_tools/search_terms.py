"""Rank the guides first in the search, also for words that their titles do not use.

A title counts a thousand times as much as a text in the theme's search, so that names of methods
would come before every guide. Pages of the reference get a lower weight, and guides get the words
that people search for as tags.
"""

from typing import Any

from mkdocs.structure.pages import Page

_LOW = {
    "reference/": 0.0001,
    "contributing": 0.01,
    "codegen": 0.01,
    "changelog": 0.01,
}

_TAGS = {
    "guide/pagination.md": ["pagination", "paging", "pages", "cursor"],
    "guide/errors.md": ["retry", "retries", "exception", "timeout", "backoff"],
    "guide/rate-limits.md": ["rate limit", "throttling", "429"],
    "guide/webhooks.md": ["webhook", "webhooks", "signature"],
    "guide/client.md": [
        "token",
        "personal access token",
        "GITHUB_TOKEN",
        "user agent",
        "proxy",
        "authentication",
    ],
    "guide/github-apps.md": ["github app", "installation", "private key", "authentication"],
    "guide/signing-users-in.md": [
        "oauth",
        "sign in",
        "sign out",
        "login",
        "refresh token",
        "session cookie",
        "authentication",
    ],
    "guide/device-flow.md": ["device flow"],
    "guide/github-actions.md": ["actions", "oidc"],
    "guide/caching.md": ["cache", "etag", "304"],
    "guide/several-workers.md": ["redis", "valkey", "gunicorn", "kubernetes", "shared state"],
    "guide/graphql.md": ["graphql"],
    "guide/files.md": ["download", "upload"],
    "guide/observability.md": ["logging", "opentelemetry", "metrics", "prometheus"],
    "guide/openapi-clients.md": ["openapi", "swagger", "codegen", "generate"],
    "guide/own-api.md": ["own api"],
    "guide/github-particulars.md": ["enterprise", "ghes"],
    "guide/scripts.md": ["script", "sync", "synchronous", "notebook"],
    "quickstart.md": ["install", "installation", "getting started"],
    "troubleshooting.md": ["ssl", "certificate", "problem", "event loop"],
    "upgrading.md": ["upgrade", "migrate", "deprecated"],
    "examples.md": ["example"],
    "recipes/task-queues.md": ["celery", "arq", "worker", "queue"],
    "recipes/streaming.md": ["websocket", "sse", "server-sent events"],
    "recipes/background-refresh.md": ["background"],
    "recipes/api-keys.md": ["api key", "apikey"],
    "recipes/logging.md": ["uvicorn"],
    "fastapi/index.md": ["fastapi", "dependency"],
    "fastapi/workers-and-reload.md": ["docker", "container", "health check"],
    "fastapi/timeouts-and-shutdown.md": ["cancel", "cancellation", "shutdown"],
    "fastapi/testing.md": ["test fastapi"],
    "fastapi/acting-for-a-user.md": ["on behalf"],
    "testing.md": ["mock", "pytest", "fixture", "fake server"],
}


def on_page_markdown(markdown: str, *, page: Page, **_: Any) -> str:
    """Set the weight and the tags, which the search index reads from a page's metadata."""
    path = page.file.src_uri
    for start, weight in _LOW.items():
        if path.startswith(start):
            page.meta.setdefault("search", {"boost": weight})
            break
    page.meta.setdefault("tags", _TAGS.get(path, []))
    return markdown
