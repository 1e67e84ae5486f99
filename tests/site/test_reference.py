"""The reference shows every public name as what it is, with every public member."""

import inspect
import re
import sys

import pytest

import fastapi_integration
import sdk
import sdk.graphql
import sdk.testing
import sdk.webhooks
from tests.site.pages import ids, text

PACKAGES = [sdk, sdk.graphql, sdk.testing, sdk.webhooks, fastapi_integration]
# What users of the transport subclass or pass in; its other names are for the packages of the SDK.
FROM_TRANSPORT = {("sdk.transport", name) for name in ("Clock", "Dialect", "Failure")}
PAGES = text("reference")
IDS = ids("reference")

EVENTS = ("CallStarted", "AttemptFinished", "RetryScheduled", "CallFinished")
INTERNAL = {
    **{name: {"is_logged"} for name in EVENTS},
    # What the SDK's own packages call; not for users, and without a promise.
    "GitHubMock": {"failure_message"},
    "GraphQLError": {"read"},
    "HasGraphQL": {"graphql"},
    "Operation": {"call_error", "decoder", "error_decoder", "known", "may_be_none", "parameters"},
    "Pacing": {"checked"},
    "Page": {"next_request"},
    "RateLimit": {"of"},
    "Retry": {"of"},
    "SdkError": {"hint"},
    "Session": {
        "until_closed",
        "is_closed",
        "closing",
        "http_client",
        "check",
        "sender",
        "limit",
        "closed_during_call",
    },
    "SharedClient": {"running_in"},
    "StandIn": {"load", "respond"},
    "Timeout": {"changed", "phases"},
    "TokenFromEnvironment": {"read"},
}
# What the transport asks of credentials; shown at ``Auth``.
AUTH_METHODS = {
    "identity",
    "fixed_headers",
    "headers",
    "query",
    "headers_for",
    "for_operation",
    "refused",
    "retained",
    "sees",
}


def _public(kind):
    found = {(package.__name__, name) for package in PACKAGES for name in package.__all__}
    found |= FROM_TRANSPORT
    values = {name: getattr(sys.modules[package], name) for package, name in found}
    return sorted((name, value) for name, value in values.items() if kind(value))


def _ours(cls):
    return inspect.isclass(cls) and cls.__module__.startswith(("sdk", "fastapi_integration"))


@pytest.mark.parametrize(("name", "function"), _public(inspect.isfunction))
def test_a_function_is_shown_as_a_function(name, function):
    assert f'doc-function-name">{name}</span>' in PAGES


@pytest.mark.parametrize(("name", "cls"), _public(_ours))
def test_a_class_is_shown_with_its_public_methods(name, cls):
    places = [place for place in IDS if place.endswith(f".{name}")]
    assert f'doc-class-name">{name}</span>' in PAGES
    members = [
        member
        for member, value in vars(cls).items()
        if not member.startswith("_")
        and (inspect.isfunction(value) or isinstance(value, (property, classmethod, staticmethod)))
        and value.__doc__
        and member not in INTERNAL.get(name, ())
        and not (hasattr(cls, "headers") and name != "Auth" and member in AUTH_METHODS)
    ]
    shown = {member for member in members if any(f"{place}.{member}" in IDS for place in places)}
    assert set(members) - shown == set()


@pytest.mark.parametrize(("name", "cls"), _public(_ours))
def test_a_class_is_shown_with_its_attributes(name, cls):
    internal = INTERNAL.get(name, ())
    names = inspect.get_annotations(cls)
    attributes = [item for item in names if not item.startswith("_") and item not in internal]
    hidden = [
        item for item in attributes if not re.search(rf"[>.]{item}<|\.{name}\.{item}\b", PAGES)
    ]
    assert hidden == []
