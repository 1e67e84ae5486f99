"""A server made of GitHub's description accepts a well-formed call of every operation.

It takes a minute, and so is no part of the usual run: ``poe conformance-prism``.
"""

from __future__ import annotations

import contextlib

import httpx

from codegen import source
from sdk import Sdk, SdkError
from tests.conformance.operations import resolver
from tests.conformance.prism import Prism, serving
from tests.conformance.samples import Sampler


async def test_every_call_is_accepted(document, described, methods, package, report, tmp_path):
    # Prism knows no path parameter with slashes in it, and takes the number 1 for text too, which
    # its "exactly one of" forbids: it refuses legal calls of 74 operations. The values here are
    # such that nothing but the call is judged.
    sampler = Sampler(resolver(document), segments=False)
    prism = package("installed", "@stoplight/prism-cli")
    described_in = source.CACHE / source.VERSION / f"{source.FLAVOR}.json"
    objections = {}
    with serving(prism, described_in, tmp_path / "prism.log") as port:
        server = Prism(port)
        async with (
            httpx.AsyncClient(transport=server) as client,
            Sdk(http_client=client, token=None, retry=None, pacing=None) as sdk,
        ):
            for operation in described:
                # What it answers, errors among them, is looked at by other tests.
                with contextlib.suppress(SdkError):
                    await methods[operation.id].call(sdk, operation, sampler.values(operation))
                if server.objections:
                    objections[operation.id] = server.objections
    report(f"prism: {len(described) - len(objections)} of {len(described)} calls accepted")
    assert objections == {}
