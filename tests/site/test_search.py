"""The search of the site, asked through the worker that the page itself runs."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.site.pages import SITE

GUIDES = {
    "pagination": "guide/pagination/",
    "paging": "guide/pagination/",
    "webhook": "guide/webhooks/",
    "graphql": "guide/graphql/",
    "oauth": "guide/signing-users-in/",
    "retry": "guide/errors/",
    "timeout": "guide/errors/",
    "rate limit": "guide/rate-limits/",
    "logging": "guide/observability/",
    "download": "guide/files/",
    "mock": "testing/",
    "proxy": "guide/client/",
    "fastapi": "fastapi/",
    "install": "quickstart/",
    "openapi": "guide/openapi-clients/",
    "swagger": "guide/openapi-clients/",
    "codegen": "guide/openapi-clients/",
    "celery": "recipes/task-queues/",
    "websocket": "recipes/streaming/",
    "sse": "recipes/streaming/",
    "api key": "recipes/api-keys/",
    "background task": "recipes/background-refresh/",
    "uvicorn": "recipes/logging/",
    "github app": "guide/github-apps/",
    "login": "guide/signing-users-in/",
    "cancel": "fastapi/timeouts-and-shutdown/",
    "lifespan": "fastapi/lifespans/",
    "null": "guide/omitted-and-null/",
    "enterprise": "guide/github-particulars/",
    "upgrade": "upgrading/",
    "migrate": "fastapi/from-httpx-or-aiohttp/",
    "aiohttp": "fastapi/from-httpx-or-aiohttp/",
    "httpx migrate": "fastapi/from-httpx-or-aiohttp/",
    "example": "examples/",
    "bad credentials": "troubleshooting/",
    "never awaited": "troubleshooting/",
    "event loop": "troubleshooting/",
    "certificate": "troubleshooting/",
    "sync": "guide/sync-code/",
    "synchronous": "guide/sync-code/",
    "threads": "guide/sync-code/",
    "thread safe": "guide/sync-code/",
    "django": "guide/sync-code/",
    "flask": "guide/sync-code/",
    "aws lambda": "guide/sync-code/",
    "serverless": "guide/sync-code/",
    "multiprocessing": "guide/sync-code/",
    "cron": "guide/sync-code/",
    "resume": "guide/scripts/",
    "proxies": "guide/client/",
    "https proxy": "guide/client/",
    "environment variables": "guide/client/",
    "custom header": "guide/client/",
    "base url": "guide/client/",
    "create pull request": "guide/common-tasks/",
    "merge pull request": "guide/common-tasks/",
    "commit file": "guide/common-tasks/",
    "search issues": "guide/common-tasks/",
    "run workflow": "guide/common-tasks/",
    "create release": "guide/common-tasks/",
    "save file": "guide/files/",
    "enum unknown value": "drift/",
    "ngrok": "guide/webhooks/",
    "structlog": "recipes/logging/",
    "verbose": "guide/observability/",
    "circuit breaker": "guide/errors/",
    "vcr": "testing/",
    "multi tenant": "fastapi/acting-for-a-user/",
    "token per request": "fastapi/acting-for-a-user/",
    "cache": "guide/caching/",
    "etag": "guide/caching/",
    "docker": "fastapi/workers-and-reload/",
    "container": "fastapi/workers-and-reload/",
    "health check": "fastapi/workers-and-reload/",
    "kubernetes": "guide/several-workers/",
    "gunicorn": "guide/several-workers/",
    "csrf": "guide/signing-users-in/",
    "refresh token": "guide/signing-users-in/",
    "sign out": "guide/signing-users-in/",
    "logout": "guide/signing-users-in/",
    "prometheus": "guide/observability/",
    "tracing": "guide/observability/",
    "opentelemetry": "guide/observability/",
    "decimal": "guide/openapi-clients/",
    "discriminator": "guide/openapi-clients/",
    "multipart": "guide/openapi-clients/",
    "fake server": "testing/",
    "self-signed certificate": "troubleshooting/",
    "private key": "guide/github-apps/",
    "multiple accounts": "guide/client/",
    "personal access token": "guide/client/",
    "GITHUB_TOKEN": "guide/client/",
    "user agent": "guide/client/",
    "session cookie": "guide/signing-users-in/",
    "serialize": "guide/naming/",
    "conditional request": "guide/caching/",
    "redeliver": "guide/webhooks/",
    "jupyter": "guide/scripts/",
    "progress bar": "guide/files/",
}
# Wherever the answer stands, the guides come before the reference.
GUIDES_FIRST = ["token", "test", "upload", "error", "redis", "mypy", "session"]
NAMES = ["SimpleUser", "RetryScheduled"]


@pytest.fixture(scope="module")
def results():
    (worker,) = (SITE / "assets" / "javascripts" / "workers").glob("search.*.min.js")
    script = Path(__file__).with_name("search.mjs")
    index = SITE / "search" / "search_index.json"
    command = ["node", script, worker, index, *GUIDES, *GUIDES_FIRST, *NAMES]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


@pytest.mark.parametrize(("query", "guide"), GUIDES.items())
def test_a_topic_leads_to_its_guide(results, query, guide):
    assert results[query][0].startswith(guide)


@pytest.mark.parametrize("query", GUIDES_FIRST)
def test_the_guides_come_before_the_reference(results, query):
    assert not results[query][0].startswith("reference/")


@pytest.mark.parametrize("name", NAMES)
def test_a_name_leads_to_its_reference(results, name):
    assert any(place.endswith(f".{name}") for place in results[name][:3])
