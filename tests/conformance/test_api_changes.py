"""Each breaking change of an API version: what is valid before it and after it is read whole."""

import json

import pytest

from codegen import names, source, versions
from sdk import models
from sdk.models import webhooks
from sdk.transport.decoding import Decoder
from tests.conformance import operations
from tests.conformance.samples import Sampler
from tests.conformance.upstream import Upstream, response

COUNT = 120


def changes():
    try:
        return versions.changes(source.load())
    except source.SourceError:
        return []


CHANGES = changes()


def test_all_changes_are_tested(document):
    found = versions.changes(document)
    kinds = {(change.path[0], change.path[1]) for change in found if change.path[0] != "paths"}
    assert kinds == {("components", "schemas"), ("components", "examples")}
    assert len(found) == len(CHANGES) == COUNT


def of_kind(*path):
    found = [change for change in CHANGES if change.path[: len(path)] == path]
    return pytest.mark.parametrize("change", found, ids=["/".join(each.path) for each in found])


@of_kind("components", "schemas")
def test_a_schema_is_read_in_both_versions(change, document):
    name = names.class_name(change.path[-1].removeprefix("nullable-"))
    model = getattr(models, name, None) or getattr(webhooks, name)
    for node in (change.before, change.after):
        body = Sampler(operations.resolver(document)).value(node)
        _, drifts = Decoder(model, operation=name).decode(json.dumps(body).encode())
        assert list(drifts) == []


@of_kind("components", "examples")
async def test_an_example_drifts_in_no_new_place(change, document, described, methods):
    upstream, resolve = Upstream(), operations.resolver(document)
    sampler = Sampler(resolve, optional=False)
    count = 0
    async with upstream.sdk() as sdk:
        for operation in described:
            for status, media in uses(operation, change.path[-1]):
                count += 1
                places = []
                for node in (change.before, change.after):
                    upstream.respond_with(response(int(status), node["value"], media))
                    method = methods.answering(operation.id, media)
                    await method.call(sdk, operation, sampler.values(operation))
                    places.append({(drift.place, drift.kind) for drift in upstream.drifts})
                assert places[1] <= places[0]
    assert count > 0


def uses(operation, example):
    reference = {"$ref": f"#/components/examples/{example}"}
    for status, declared in operation.responses.items():
        for media, content in declared.get("content", {}).items():
            found = content.get("examples", {}).values()
            # One is referred to in a way of its own.
            referred = any(reference in (each, each.get("value")) for each in found)
            if status.startswith("2") and referred:
                yield status, media


@of_kind("paths")
async def test_an_operation_is_called_and_read_in_both_versions(change, document, methods):
    _, path, verb = change.path
    upstream, resolve = Upstream(), operations.resolver(document)
    sampler = Sampler(resolve)
    # A directory as an object, which no method requests, drifts in both.
    places = []
    async with upstream.sdk() as sdk:
        for node in (change.before, change.after):
            found = set()
            places.append(found)
            [operation] = operations.described({**document, "paths": {path: {verb: node}}})
            values = sampler.values(operation)
            method = methods[operation.id]
            for status, media, body in successes(operation, sampler):
                upstream.respond_with(response(int(status), body, media))
                await method.call(sdk, operation, values)
                found.update((drift.place, drift.kind) for drift in upstream.drifts)
                if isinstance(values.body, dict):
                    assert json.loads(upstream.requests[-1].content) == values.body
    assert places[1] <= places[0]
    assert len(places[0]) <= 1


def successes(operation, sampler):
    for status, declared in operation.responses.items():
        if status.startswith("2"):
            for media, content in (declared.get("content") or {"": {}}).items():
                schema = content.get("schema")
                yield status, media, None if schema is None else sampler.value(schema)
