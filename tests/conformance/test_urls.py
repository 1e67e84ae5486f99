"""Each operation sends what octokit sends: the same URL, the same body."""

from __future__ import annotations

import json
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest

from sdk import ApiError
from tests.conformance import octokit
from tests.conformance.operations import Values, resolver
from tests.conformance.samples import AWKWARD, Sampler
from tests.conformance.upstream import Upstream


def meaning(url):
    """What a URL says, however it is spelled: a segment may hold `&` as it is or encoded."""
    parts = urlsplit(url)
    return (
        parts.netloc,
        [unquote(segment) for segment in (parts.path or "/").split("/")],
        sorted(parse_qsl(parts.query, keep_blank_values=True)),
        parts.fragment,
    )


def body_of(request):
    """The body as a value, parsed where it is JSON; "" where its length is told to be nothing."""
    if not request.content:
        return "" if "content-length" in request.headers else None
    if request.headers["content-type"] == "application/json":
        return json.loads(request.content)
    return request.content.decode()


async def sent(described, methods, values_of):
    """The request of each operation, with the values that it was made of."""
    upstream = Upstream()
    async with upstream.sdk() as sdk:
        for operation in described:
            values = values_of(operation)
            with pytest.raises(ApiError):
                await methods[operation.id].call(sdk, operation, values)
            yield operation, values, upstream.requests[-1]


@pytest.mark.parametrize("text", [None, AWKWARD], ids=["plain", "awkward"])
async def test_urls_and_bodies_are_those_of_octokit(
    text, document, described, methods, package, report
):
    sampler = Sampler(resolver(document), text=text)
    ours = [entry async for entry in sent(described, methods, sampler.values)]
    theirs = octokit.sent(
        package("installed", "@octokit/endpoint"),
        [octokit.request(o, values, f"https://{r.url.host}") for o, values, r in ours],
    )
    identical, urls, bodies = 0, {}, {}
    for (operation, _, request), expected in zip(ours, theirs, strict=True):
        assert request.method == expected["method"]
        url, body = str(request.url), body_of(request)
        identical += url == expected["url"]
        if meaning(url) != meaning(expected["url"]):
            urls[operation.id] = (url, expected["url"])
        if body != expected.get("body") and (body, expected.get("body")) != ("", None):
            bodies[operation.id] = (body, expected.get("body"))
    report(
        f"octokit, {'plain' if text is None else 'awkward'} values: "
        f"{len(ours) - len(urls)} of {len(ours)} URLs agree ({identical} byte for byte), "
        f"{len(ours) - len(bodies)} bodies"
    )
    assert urls == {}
    assert bodies == {}


async def test_lists_in_a_query_are_sent_as_github_reads_them(document, described, methods):
    # octokit joins a list with commas, which some of these operations take and others do not. All
    # take the brackets, and GitHub's pages show them: `owner[]=octocat1&owner[]=octocat2`. Of a
    # name that is only repeated, a Rails application such as GitHub reads the last value.
    resolve = resolver(document)
    lists = {
        operation.id: {p["name"]: ["a", "b"] for p in operation.parameters if _is_list(p, resolve)}
        for operation in described
    }
    sampler = Sampler(resolve, optional=False)

    def values_of(operation):
        required = sampler.values(operation)
        return Values(path=required.path, query=required.query | lists[operation.id])

    operations = [operation for operation in described if lists[operation.id]]
    assert len(operations) > 15
    async for operation, values, request in sent(operations, methods, values_of):
        sent_pairs = parse_qsl(request.url.query.decode())
        expected = [(f"{name}[]", text) for name in lists[operation.id] for text in ("a", "b")]
        assert [pair for pair in sent_pairs if pair[0] not in values.query] == expected


def _is_list(parameter, resolve):
    schema = resolve(parameter.get("schema", {}))
    options = [schema, *schema.get("oneOf", ()), *schema.get("anyOf", ())]
    return parameter["in"] == "query" and any(resolve(o).get("type") == "array" for o in options)
