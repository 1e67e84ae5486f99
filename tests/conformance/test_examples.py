"""Every example of a response that GitHub publishes goes through its method and comes out whole."""

from __future__ import annotations

from collections import Counter

from tests.conformance.fidelity import losses, plain
from tests.conformance.operations import resolver
from tests.conformance.samples import Sampler
from tests.conformance.upstream import Upstream, response

# Examples of another outermost shape than GitHub declares beside them: one item for a list of them
# or for an object that holds it, or the reverse. Nothing tells such a response from one of quite
# another thing.
ANOTHER_SHAPE = {
    "actions/get-hosted-runners-github-owned-images-for-org",
    "actions/get-hosted-runners-machine-specs-for-org",
    "actions/get-hosted-runners-partner-images-for-org",
    "classroom/list-accepted-assignments-for-an-assignment",
    "classroom/list-assignments-for-a-classroom",
    "classroom/list-classrooms",
    "enterprise-team-organizations/get-assignments",
    "projects/list-for-org",
    "projects/list-for-user",
    "projects/list-items-for-org",
    "projects/list-items-for-user",
    "projects/list-view-items-for-org",
    "projects/list-view-items-for-user",
    "repos/list-custom-deployment-rule-integrations",
}


# Whose examples are no responses: GitHub left a reference in them, ``{"$ref": ...}``.
REFERENCES = {
    "code-scanning/create-variant-analysis",
    "issues/get",
    "projects/add-item-for-org",
    "projects/add-item-for-user",
    "projects/create-view-for-org",
    "projects/create-view-for-user",
}


# Examples, by their names, of what another media type brings than the one they stand beside.
OF_ANOTHER_FORM = {
    "alternative-response-with-star-creation-timestamps": "application/vnd.github.v3.star+json",
}


def is_reference(body):
    """Whether an example is a reference that was left in it, and no response at all."""
    return isinstance(body, dict) and body.keys() == {"$ref"}


def examples(described, resolve):
    """Status, media type and body of each example of a 2xx answer."""
    for status, declared in described.responses.items():
        if status.startswith("2"):
            for media, content in declared.get("content", {}).items():
                for name, example in content.get("examples", {}).items():
                    form = OF_ANOTHER_FORM.get(name, media)
                    yield int(status), form, resolve(example)["value"]


async def test_every_example_is_read_and_nothing_of_it_is_lost(
    document, described, methods, report, listing
):
    upstream, resolve = Upstream(), resolver(document)
    sampler = Sampler(resolve, optional=False)
    raised, lost, drifted, differences, count = {}, [], Counter(), [], 0
    references = set()
    async with upstream.sdk() as sdk:
        for operation in described:
            values = sampler.values(operation)
            for status, media, body in examples(operation, resolve):
                count += 1
                if is_reference(body):
                    references.add(operation.id)
                    continue
                method = methods.answering(operation.id, media)
                upstream.respond_with(response(status, body, media))
                try:
                    value = await method.call(sdk, operation, values)
                except Exception as error:  # noqa: BLE001  all of them are counted
                    raised[operation.id] = f"{status} {media}: {error!r}"
                    continue
                if upstream.drifts:
                    drifted[operation.id] += 1
                    differences += [
                        f"{operation.id} {status}: {each.path} {each.kind} ({each.expected})"
                        for each in upstream.drifts
                    ]
                if media.endswith("json"):
                    found = losses(body, plain(value))
                    lost += [f"{operation.id} {status} {media}: {each}" for each in found]
    report(
        f"examples: {count}, raised {len(raised)}, drifted {drifted.total()} "
        f"(in {len(drifted)} operations, see {listing('drifted', differences)}), "
        f"places lost {len(lost)}"
    )
    assert {name: raised[name] for name in raised.keys() - ANOTHER_SHAPE} == {}
    assert set(raised) == ANOTHER_SHAPE
    assert references == REFERENCES
    assert lost == []
    assert count > len(described) / 2
