"""Every Python block of the README and the documentation runs here.

The blocks of a page run in order and share their names, as if typed one after the other. Around
them:

- ``Sdk()`` calls a stand-in of the API on this machine, and nothing else can be reached.
- ``await``, ``async with`` and ``async for`` work at the top, and ``sdk`` is an open client.
- A block with ``title="app.py"`` is that file, for later blocks to import; pytest runs the files
  called ``test_*.py``.
- ``<!-- raises: NotFound -->`` on the line before a block says how it must end.
- ``<!-- needs: celery -->`` there names a package of the extra `dev`; without it, it does not run.
- A text block with ``title="Output"`` after it is what it must print.
"""

import asyncio
import contextlib
import io
import logging
import os
import sys
import threading
from ast import PyCF_ALLOW_TOP_LEVEL_AWAIT
from importlib.util import find_spec
from inspect import CO_COROUTINE
from pathlib import Path

import pytest
from opentelemetry import trace
from opentelemetry.util._once import Once

from sdk import Sdk
from sdk.testing import StandIn, serve
from sdk.testing.mocking.network_guard import NetworkGuard
from tests.docs.blocks import pages, python_blocks


@pytest.fixture
def stand_in():
    """Serve the stand-in on an event loop of its own, and give its address.

    A new one for each page: pages create issues, and count them.
    """
    addresses, over = [], threading.Event()

    async def run():
        async with serve(StandIn()) as address:
            addresses.append(address)
            started.set()
            await asyncio.to_thread(over.wait)

    started = threading.Event()
    thread = threading.Thread(target=asyncio.run, args=(run(),), name="stand-in")
    thread.start()
    assert started.wait(10)
    yield addresses[0]
    over.set()
    thread.join()


@pytest.fixture(scope="module")
def event_loop_runner():
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture
def client(stand_in, event_loop_runner):
    sdk = Sdk(base_url=stand_in)
    event_loop_runner.run(sdk.open())
    yield sdk
    event_loop_runner.run(sdk.aclose())


@pytest.fixture(autouse=True)
def surroundings(stand_in, monkeypatch, tmp_path):
    """Lead ``Sdk()`` to the stand-in, close every other way, and start in an empty folder."""
    monkeypatch.setattr(Sdk, "base_url", stand_in)
    monkeypatch.setenv("GITHUB_APP_WEBHOOK_SECRET", "only for the pages")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    known = set(sys.modules)
    environment = dict(os.environ)
    refused = []
    way = NetworkGuard((), refused.append)
    way.start()
    level = logging.getLogger("sdk").level
    # OpenTelemetry lets a process set its provider once, and a page sets one.
    monkeypatch.setattr(trace, "_TRACER_PROVIDER", None)
    monkeypatch.setattr(trace, "_TRACER_PROVIDER_SET_ONCE", Once())
    yield
    way.stop()
    os.environ.clear()
    os.environ.update(environment)
    logging.getLogger("sdk").setLevel(level)
    for name in set(sys.modules) - known:
        if str(tmp_path) in str(getattr(sys.modules[name], "__file__", None)):
            del sys.modules[name]
    assert not refused


@pytest.mark.parametrize("page", pages(), ids=str)
def test_the_blocks_of_a_page_run(page, client, event_loop_runner, record_property):
    names = {"__name__": "__main__", "sdk": client}
    blocks = python_blocks(page)
    for block in blocks:
        if block.needs and find_spec(block.needs) is None:
            continue
        printed = io.StringIO()
        try:
            with _expected_error(block.raises), contextlib.redirect_stdout(printed):
                if block.file:
                    names |= _written(block)
                else:
                    _run(block, names, event_loop_runner)
        finally:
            print(printed.getvalue())  # noqa: T201  shown when the block fails
        if block.output is not None:
            assert printed.getvalue().strip() == block.output.strip(), f"{page}:{block.line}"
    record_property("python_blocks", len(blocks))


def _run(block, names, runner):
    # Empty lines in front, so that a traceback shows the page's own lines.
    source = "\n" * (block.line - 1) + block.code
    code = compile(source, block.page, "exec", PyCF_ALLOW_TOP_LEVEL_AWAIT)
    if code.co_flags & CO_COROUTINE:
        runner.run(eval(code, names))  # noqa: S307  that is the purpose
    else:
        exec(code, names)  # noqa: S102  that is the purpose


def _written(block):
    """Write a block to its file; give what the module defines, or run it if it is a test."""
    path = Path(block.file)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(block.code)
    name = path.stem
    if name.startswith("test_"):
        options = ["-q", "-p", "no:cacheprovider", "--capture=no", "-oasyncio_mode=auto"]
        options += ["-oasyncio_default_fixture_loop_scope=function"]
        # Whether or not the package is installed, with its entry point.
        options += ["-p", "no:github_sdk", "-p", "sdk.testing.plugin"]
        assert pytest.main([*options, str(path)]) == 0, f"{block.page}:{block.line} failed"
        return {}
    if path.suffix != ".py" or name == "conftest":
        return {}
    sys.modules.pop(name, None)
    return {key: value for key, value in vars(__import__(name)).items() if key[:2] != "__"}


def _expected_error(name):
    if name is None:
        return contextlib.nullcontext()
    import builtins

    import sdk

    return pytest.raises(getattr(sdk, name, None) or getattr(builtins, name))
