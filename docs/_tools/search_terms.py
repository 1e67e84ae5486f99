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
    "guide/errors.md": ["retry", "retries", "exception", "timeout", "backoff", "circuit breaker"],
    "guide/rate-limits.md": ["rate limit", "throttling", "429", "concurrency limit"],
    "guide/webhooks.md": ["webhook", "webhooks", "signature", "ngrok", "smee"],
    "guide/client.md": [
        "token",
        "personal access token",
        "GITHUB_TOKEN",
        "user agent",
        "proxy",
        "proxies",
        "https proxy",
        "environment variables",
        "custom header",
        "base url",
        "raw response",
        "singleton",
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
    "guide/caching.md": ["cache", "etag", "304", "conditional request"],
    "guide/several-workers.md": ["redis", "valkey", "gunicorn", "kubernetes", "shared state"],
    "guide/graphql.md": ["graphql"],
    "guide/files.md": ["download", "upload", "save file", "big file"],
    "guide/observability.md": [
        "logging",
        "verbose",
        "opentelemetry",
        "metrics",
        "prometheus",
        "datadog",
        "sentry",
    ],
    "guide/openapi-clients.md": ["openapi", "swagger", "codegen", "generate"],
    "guide/own-api.md": ["own api"],
    "guide/github-particulars.md": ["enterprise", "ghes"],
    "guide/scripts.md": ["script", "notebook", "resume", "continue", "semaphore"],
    "guide/common-tasks.md": [
        "create pull request",
        "merge pull request",
        "create issue",
        "close issue",
        "comment",
        "commit file",
        "create branch",
        "search issues",
        "run workflow",
        "create release",
        "read file",
    ],
    "guide/sync-code.md": [
        "sync",
        "synchronous",
        "threads",
        "thread safe",
        "multiprocessing",
        "django",
        "flask",
        "aws lambda",
        "serverless",
        "trio",
        "cron",
        "schedule",
        "starlette",
    ],
    "guide/omitted-and-null.md": ["missing", "optional fields"],
    "drift.md": ["enum unknown value", "unknown enum", "extra fields"],
    "quickstart.md": ["install", "installation", "getting started"],
    "troubleshooting.md": ["ssl", "certificate", "problem", "event loop"],
    "upgrading.md": ["upgrade", "deprecated"],
    "fastapi/from-httpx-or-aiohttp.md": ["migrate", "migration", "httpx", "aiohttp"],
    "examples.md": ["example"],
    "recipes/task-queues.md": ["celery", "arq", "worker", "queue"],
    "recipes/streaming.md": ["websocket", "sse", "server-sent events"],
    "recipes/background-refresh.md": ["background"],
    "recipes/api-keys.md": ["api key", "apikey"],
    "recipes/logging.md": ["uvicorn", "structlog", "json log"],
    "fastapi/index.md": ["fastapi", "dependency"],
    "fastapi/workers-and-reload.md": ["docker", "container", "health check"],
    "fastapi/timeouts-and-shutdown.md": ["cancel", "cancellation", "shutdown"],
    "fastapi/testing.md": ["test fastapi"],
    "fastapi/acting-for-a-user.md": ["on behalf", "multi tenant", "token per request"],
    "testing.md": ["mock", "pytest", "fixture", "fake server", "vcr", "cassette"],
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
