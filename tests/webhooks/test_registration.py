"""Registering handlers: by event, by action, for everything."""

import functools
from typing import Any

import pytest

from sdk import InvalidInput
from sdk.models.webhooks import WebhookIssuesClosed, WebhookIssuesOpened
from sdk.webhooks import Delivery, Webhooks

from .support import SECRET, issue_opened, send


@pytest.fixture
def hooks():
    return Webhooks(secret=SECRET)


async def test_handlers_by_event_by_action_and_for_everything(hooks):
    called = []

    @hooks.on("issues", "opened")
    async def opened(delivery: Delivery[WebhookIssuesOpened]) -> None:
        called.append("opened")

    @hooks.on("issues", "closed")
    async def closed(delivery: Delivery[WebhookIssuesClosed]) -> None:
        called.append("closed")

    @hooks.on("issues")
    async def issues(delivery: Delivery[Any]) -> None:
        called.append("issues")

    @hooks.on("*")
    async def everything(delivery: Delivery[object]) -> None:
        called.append("*")

    async with hooks.running():
        await send(hooks, "issues", issue_opened())
    assert called == ["opened", "issues", "*"]


@pytest.mark.parametrize(
    ("event", "action", "nearest"),
    [
        ("issue", None, "'issues'"),
        ("pull-request", "opened", "'pull_request'"),
        ("Issues", None, "'issues'"),
        ("issues", "open", "'opened'"),
        ("push", "opened", r'Write on\("push"\)'),
        ("*", "opened", r"delivery\.action"),
    ],
)
def test_a_handler_for_an_unknown_event_is_refused_with_the_nearest_names(
    hooks, event, action, nearest
):
    with pytest.raises(InvalidInput, match=nearest):
        hooks.on(event, action)


def test_decorating_without_parentheses_is_refused(hooks):
    with pytest.raises(InvalidInput, match=r'on\("issues", "opened"\)'):

        @hooks.on
        async def handler(delivery):
            pass


async def without_arguments(): ...
async def with_two_arguments(delivery, database): ...


@pytest.mark.parametrize("handler", [without_arguments, with_two_arguments])
def test_a_handler_that_cannot_be_called_with_a_delivery_is_refused(hooks, handler):
    with pytest.raises(InvalidInput, match=rf"`async def {handler.__name__}\(delivery\)`"):
        hooks.on("issues")(handler)


def test_a_handler_that_is_not_async_is_refused(hooks):
    with pytest.raises(InvalidInput, match="async def"):

        @hooks.on("issues")
        def handler(delivery):
            pass


def test_a_handler_annotated_with_another_payload_is_refused(hooks):
    with pytest.raises(InvalidInput, match=r"WebhookIssuesClosed.*WebhookIssuesOpened"):

        @hooks.on("issues", "opened")
        async def handler(delivery: Delivery[WebhookIssuesClosed]) -> None:
            pass


async def test_methods_partials_and_callable_objects_are_handlers(hooks):
    called = []

    class Handler:
        async def method(self, delivery):
            called.append("method")

        async def __call__(self, delivery):
            called.append("object")

    async def with_more(word, delivery):
        called.append(word)

    hooks.on("issues")(Handler().method)
    hooks.on("issues")(Handler())
    hooks.on("issues")(functools.partial(with_more, "partial"))
    async with hooks.running():
        await send(hooks, "issues", issue_opened())
    assert called == ["method", "object", "partial"]
