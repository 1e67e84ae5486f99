"""Real uvicorn processes: signals, workers, reload."""

import asyncio
import os
import re

import httpx
import pytest

from sdk.testing import deliver
from tests.fastapi_integration.served_webhooks import SECRET
from tests.fastapi_integration.support import ROOT, Process

APP = "tests.fastapi_integration.served:app"
CLOSED = "Closed HTTP client"


@pytest.fixture
def uvicorn_process(upstream):
    def start(*arguments, app=APP, cwd=ROOT):
        return Process(
            "uvicorn", app, "--port", "0", *arguments, cwd=cwd, GITHUB_API_URL=upstream.url
        )

    return start


def order(output, *texts):
    """Return the positions of texts; each must occur."""
    return [output.index(text) for text in texts]


async def test_sigterm_finishes_the_call_under_way_then_closes(upstream, uvicorn_process):
    async with uvicorn_process() as process, httpx.AsyncClient() as client:
        call = asyncio.create_task(client.get(f"{await process.url()}/users/slow"))
        await upstream.waiting.wait()
        process.terminate()
        await process.saw("Waiting for connections to close")
        assert CLOSED not in process.output
        upstream.release.set()
        response = await call
        await process.ended()
    assert (response.status_code, response.json()) == (200, "octocat")
    positions = order(process.output, "Call over", CLOSED)
    assert positions == sorted(positions)
    assert process.output.count(CLOSED) == 1


async def test_sigterm_waits_for_the_handlers_of_every_accepted_delivery(uvicorn_process):
    app = "tests.fastapi_integration.served_webhooks:app"
    async with uvicorn_process(app=app) as process:
        url = f"{await process.url()}/webhooks"
        guids = [f"delivery-{number}." for number in range(30)]
        responses = [await deliver(url, "push", secret=SECRET, guid=guid) for guid in guids]
        process.terminate()
        await process.ended()
    assert {response.status_code for response in responses} == {202}
    assert [guid for guid in guids if f"Handled {guid}" not in process.output] == []


async def test_forced_shutdown_cancels_the_call_then_closes(upstream, uvicorn_process):
    async with (
        uvicorn_process("--timeout-graceful-shutdown", "1") as process,
        httpx.AsyncClient() as client,
    ):
        call = asyncio.create_task(client.get(f"{await process.url()}/users/slow"))
        await upstream.waiting.wait()
        process.terminate()
        await upstream.hung_up.wait()
        await asyncio.gather(call, return_exceptions=True)
        await process.ended()
    positions = order(process.output, "Call over", CLOSED)
    assert positions == sorted(positions)
    assert process.output.count(CLOSED) == 1


async def test_four_workers_have_a_client_each(uvicorn_process):
    async with uvicorn_process("--workers", "4") as process:
        await process.saw("Opened HTTP client", 4)
        await process.saw("Application startup complete", 4)
        process.terminate()
        await process.ended()
    opened = [line.split()[0] for line in process.output.splitlines() if "Opened" in line]
    closed = [line.split()[0] for line in process.output.splitlines() if CLOSED in line]
    assert len(set(opened)) == 4
    assert sorted(opened) == sorted(closed)


async def test_reload_closes_the_old_client_and_opens_a_new_one(tmp_path, uvicorn_process):
    source = (ROOT / "tests/fastapi_integration/served.py").read_text()
    module = tmp_path / "reloaded.py"
    module.write_text(source)
    async with uvicorn_process(
        "--reload", "--reload-dir", str(tmp_path), app="reloaded:app", cwd=tmp_path
    ) as process:
        await process.saw("Application startup complete")
        # The watcher compares modification times.
        os.utime(module, (2_000_000_000, 2_000_000_000))
        await process.saw("Application startup complete", 2)
        process.terminate()
        await process.ended()
    assert process.output.count("Opened HTTP client") == 2
    assert process.output.count(CLOSED) == 2


async def test_the_documented_lines_show_each_call_in_one_readable_line(tmp_path, uvicorn_process):
    guide = (ROOT / "docs/fastapi/troubleshooting.md").read_text()
    found = re.search(r"## No log lines under uvicorn.*?```python\n(.*?)```", guide, re.DOTALL)
    assert found
    app = (ROOT / "tests/fastapi_integration/served.py").read_text()
    own = 'logging.basicConfig(level=logging.INFO, format="%(process)d %(message)s")'
    assert own in app
    (tmp_path / "logged.py").write_text(app.replace(own, found[1]))
    async with (
        uvicorn_process(app="logged:app", cwd=tmp_path) as process,
        httpx.AsyncClient() as client,
    ):
        await client.get(f"{await process.url()}/users/octocat")
        await process.saw("DEBUG sdk: GET")
        process.terminate()
        await process.ended()
    lines = [line for line in process.output.splitlines() if "DEBUG sdk:" in line]
    assert len(lines) == 1
    expected = r"DEBUG sdk: GET /users/\{username\} 200 \d+ ms, 1 attempt(, request \S+)?"
    assert re.fullmatch(expected, lines[0])
    assert process.output.count("INFO sdk: Opened HTTP client") == 1
