"""The call path of a warm ``await sdk.users.get()``: functions, files, and frames at the wire.

    python -m benchmarks.call_path

It prints the functions of this package that run, the files they are in, how often execution
switches between files, and the most coroutines of this package that wait for each other.
"""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import itertools
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, FrameType

import sdk
from sdk import Sdk
from sdk.models import PublicUser
from sdk.testing import fake

PACKAGE = str(Path(sdk.__file__).parent)
BODY = fake(PublicUser).model_dump_json(by_alias=True).encode()
HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n"
RESPONSE = HEAD % len(BODY) + BODY


class Trace:
    """A profile function that counts function calls."""

    def __init__(self) -> None:
        self.functions: list[CodeType] = []
        self.waiting: list[str] = []

    def __call__(self, frame: FrameType, event: str, _: object) -> None:
        """Count a call."""
        if event != "call":
            return
        if _is_ours(frame):
            self.functions.append(frame.f_code)
        stack = [each for each in _stack(frame) if _is_ours(each) and _is_coroutine(each)]
        at_the_wire = bool(stack) and f"{os.sep}http{os.sep}" in stack[0].f_code.co_filename
        if at_the_wire and len(stack) > len(self.waiting):
            self.waiting = [each.f_code.co_qualname for each in reversed(stack)]


def _is_ours(frame: FrameType) -> bool:
    return frame.f_code.co_filename.startswith(PACKAGE)


def _is_coroutine(frame: FrameType) -> bool:
    return bool(frame.f_code.co_flags & inspect.CO_COROUTINE)


def _stack(frame: FrameType | None) -> Iterator[FrameType]:
    while frame is not None:
        yield frame
        frame = frame.f_back


async def _serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(asyncio.IncompleteReadError):
        while await reader.readuntil(b"\r\n\r\n"):
            writer.write(RESPONSE)
    writer.close()


async def main() -> None:
    """Measure one call and print the figures."""
    server = await asyncio.start_server(_serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with Sdk(base_url=f"http://127.0.0.1:{port}", token="t") as client:  # noqa: S106
        for _ in range(3):
            await client.users.get("octocat")
        path = Trace()
        sys.setprofile(path)
        try:
            await client.users.get("octocat")
        finally:
            sys.setprofile(None)
    server.close()
    await asyncio.sleep(0.05)
    files = [code.co_filename for code in path.functions]
    switches = sum(one != other for one, other in itertools.pairwise(files))
    print(f"functions {len(set(path.functions))}, calls {len(path.functions)}")
    engine = {file for file in files if f"{os.sep}engine{os.sep}" in file}
    print(f"files     {len(set(files))}, of the HTTP engine {len(engine)}")
    print(f"switches  {switches}")
    print(f"waiting   {len(path.waiting)}: {' > '.join(path.waiting)}")
    if "-v" in sys.argv:
        for code in path.functions:
            print(f"  {Path(code.co_filename).relative_to(PACKAGE)}: {code.co_qualname}")


if __name__ == "__main__":
    asyncio.run(main())
