"""octokit's example payloads, signed by octokit, received by ours."""

import json
import shutil
import subprocess

import pytest

from sdk.webhooks import CommonPayload, Webhooks
from tests.conformance.fidelity import losses, plain
from tests.conformance.npm import installed, unpacked

SECRET = "It's a Secret to Everybody"
_SCRIPT = """
const { sign } = await import(process.argv[1]);
let input = "";
for await (const piece of process.stdin) input += piece;
const { secret, bodies } = JSON.parse(input);
console.log(JSON.stringify(await Promise.all(bodies.map((body) => sign(secret, body)))));
"""


@pytest.fixture(scope="module")
def deliveries():
    index = unpacked("@octokit/webhooks-examples") / "api.github.com" / "index.json"
    return [
        (event["name"], json.dumps(payload, ensure_ascii=False))
        for event in json.loads(index.read_text())
        for payload in event["examples"]
    ]


@pytest.fixture(scope="module")
def signatures(deliveries):
    package = installed("@octokit/webhooks-methods") / "dist-node" / "index.js"
    done = subprocess.run(
        [shutil.which("node") or "node", "--input-type=module", "-e", _SCRIPT, package.as_uri()],
        input=json.dumps({"secret": SECRET, "bodies": [body for _, body in deliveries]}),
        capture_output=True,
        check=True,
        text=True,
    )
    return json.loads(done.stdout)


async def test_every_example_is_received_typed_and_whole(deliveries, signatures):
    drifts = []
    hooks = Webhooks(secret=SECRET, run="inline", on_drift=drifts.append)
    received = []

    @hooks.on("*")
    async def keep(delivery):
        received.append(delivery)

    drifted, untyped, lost = set(), set(), []
    for number, ((event, body), signature) in enumerate(zip(deliveries, signatures, strict=True)):
        before = len(drifts)
        receipt = await hooks.receive(_headers(event, str(number), signature), body.encode())
        assert receipt.status == 200, (event, receipt)
        payload = received[-1].payload
        lost += losses(json.loads(body), plain(payload), f"{event} {number}")
        if len(drifts) > before:
            drifted.add(number)
        if type(payload) is CommonPayload:
            untyped.add(event)
    assert len(received) == len(deliveries) == 329
    assert lost == []
    assert untyped == set()
    assert len(drifted) <= 112


async def test_one_flipped_bit_is_refused(deliveries, signatures):
    hooks = Webhooks(secret=SECRET, run="inline")
    for number, ((event, body), signature) in enumerate(zip(deliveries, signatures, strict=True)):
        raw = bytearray(body.encode())
        raw[number * 7919 % len(raw)] ^= 1 << number % 8
        receipt = await hooks.receive(_headers(event, str(number), signature), bytes(raw))
        assert receipt.status == 401


def _headers(event, guid, signature):
    return {
        "x-github-event": event,
        "x-github-delivery": guid,
        "x-hub-signature-256": signature,
        "content-type": "application/json",
    }
