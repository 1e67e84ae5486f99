"""Every operation of the table, through the Sdk, answered by the stand-in without any drift."""

import ast
import warnings

import httpx
import pytest

from sdk import Sdk
from sdk.operations import OPERATIONS
from sdk.testing import StandIn

# What is there from the start, by the parameter that names it.
THERE = {
    "account_id": 583231,
    "branch": "main",
    "org": "octo-org",
    "owner": "octocat",
    "path": "README.md",
    "pull_number": 4,
    "repo": "hello-world",
    "target_user": "ada-example",
    "template_owner": "octocat",
    "template_repo": "hello-world",
    "user_id": "octocat",
    "username": "octocat",
}


# What has to be something in particular.
SAID = {
    ("repos/create-using-template", "name"): "generated",
    ("repos/transfer", "new_owner"): "octocat",
    ("repos/create-or-update-file-contents", "content"): "MQ==",
    ("repos/create-release", "tag_name"): "v1",
    ("git/create-ref", "ref"): "refs/heads/fresh",
    ("repos/get-readme-in-directory", "dir"): "docs",
}


def argument(info, parameter):
    name, spelled = parameter.name, parameter.type.removesuffix(" | None")
    if parameter.place == "path":
        if name == "ref" and "/git/" in info.path:
            return "heads/main"
        if name == "name" and "/labels/" in info.path and "/runners/" not in info.path:
            return "bug"
        if name in THERE:
            return THERE[name]
    if spelled.startswith("Literal["):
        return ast.literal_eval(spelled.removeprefix("Literal"))[0]
    if spelled.startswith("Sequence["):
        items = {"Sequence[int": [1], "Sequence[t.": [{}]}
        return items.get(spelled[:12], ["example"])
    if spelled.startswith(("Mapping", "t.")):
        return {}
    if "bytes" in spelled:
        return b"content"
    if name in ("name", "ref") and info.method == "POST":
        return "fresh"
    return {"int": 1, "float": 1.0, "bool": True}.get(spelled.partition(" | ")[0], "example")


def call(sdk, info):
    arguments = {
        parameter.name: SAID.get((info.id, parameter.name)) or argument(info, parameter)
        for parameter in info.parameters
        if parameter.required
    }
    return getattr(getattr(sdk, info.resource), info.name)(**arguments)


async def failures(operations, app, sdk, answered):
    failed = []
    for info in operations:
        if info.method == "DELETE":
            app.reset()
            put = [
                other
                for other in OPERATIONS.values()
                if (other.method, other.path) == ("PUT", info.path)
            ]
            for other in put:
                # Only what is there can be deleted.
                await call(sdk, other)
        try:
            await call(sdk, info)
        except Exception as error:  # noqa: BLE001  every failure of any kind is listed
            failed.append((info.id, repr(error)))
        if answered[-1] not in info.statuses and not (answered[-1] == 404 and is_check(info)):
            failed.append((info.id, answered[-1]))
    return failed


def is_check(info):
    """Whether 404 is a response as good as any: "no"."""
    return info.returns() is bool


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
async def test_every_operation_is_answered_as_declared():
    warnings.simplefilter("ignore", DeprecationWarning)
    app = StandIn(rate_limit=10_000)
    transport = httpx.ASGITransport(app)
    answered = []

    async def note(response):
        answered.append(response.status_code)

    async with httpx.AsyncClient(transport=transport, event_hooks={"response": [note]}) as client:
        sdk = Sdk(
            base_url="http://stand-in",
            http_client=client,
            token="any",
            strict=True,
            retry=None,
            pacing=None,
        )
        assert len(OPERATIONS) > 1200
        await sdk.repos.create_or_update_file_contents(
            "octocat", "hello-world", "docs/README.md", message="m", content="MQ=="
        )
        # What deletes comes last: it would be missed.
        operations = sorted(OPERATIONS.values(), key=lambda info: info.method == "DELETE")
        assert await failures(operations, app, sdk, answered) == []
