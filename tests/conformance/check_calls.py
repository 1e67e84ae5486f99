"""Call every operation of the clients of published descriptions, with responses that drift.

    python -m tests.conformance.check_calls named
    python -m tests.conformance.check_calls directory --every 70

Each operation is called with arguments of its types, in memory. Of each declared success a value
that fits is answered, and the same with null, another type, an unknown value or nothing in some
places: all must be returned. Each declared error must raise ``ApiError``.
"""

from __future__ import annotations

import argparse
import asyncio
import inspect
import json
import logging
import sys
import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx

from sdk import ApiError
from sdk.codegen.answers import is_json
from sdk.codegen.build import Client
from sdk.codegen.document import Response
from sdk.codegen.methods import Method
from sdk.codegen.schemas import Reader
from tests.conformance.check_descriptions import descriptions, each_alone, made
from tests.conformance.example_values import argument, drifting, fitting
from tests.openapi_clients.made import import_files

_DRIFTS = 4
# With these keys alone, and those of no field, an object is an error.
_OF_ERRORS = {
    "anyKey",
    "message",
    "status",
    "error",
    "detail",
    "errors",
    "success",
    "code",
    "title",
    "type",
}


@dataclass
class Api:
    """An API in memory: its response to the next request, and that request."""

    response: httpx.Response
    request: httpx.Request | None = None

    def answer(self, request: httpx.Request) -> httpx.Response:
        """Answer a request."""
        self.request = request
        return self.response


class Calls:
    """The calls of one client."""

    def __init__(self, client: Client, folder: Path) -> None:
        self._made = client
        self._api = Api(httpx.Response(200))
        self._schemas = client.document.schemas
        self._sent = Reader(client.document.schemas, "sent")
        self._client = self._opened(folder)
        self.counts: Counter[str] = Counter()

    def _opened(self, folder: Path) -> Any:
        modules = import_files(self._made, folder)
        cls = getattr(modules[next(iter(modules)).partition(".")[0]], self._made.name)
        transport = httpx.MockTransport(self._api.answer)
        options: dict[str, Any] = {"http_client": httpx.AsyncClient(transport=transport)}
        options |= {"retry": None, "pacing": None, "on_drift": lambda drift: None}
        known = inspect.signature(cls.__init__).parameters
        options |= {name: "key" for name, each in known.items() if each.annotation == "str | None"}
        if "client_secret" in options:
            # No token is fetched in memory.
            del options["client_secret"], options["client_id"]
        return cls(**{**options, "base_url": "https://api.example"})

    async def all(self) -> Counter[str]:
        """Make them; raise for the first one that fails."""
        for method in self._made.methods:
            try:
                await self._successes(method)
                await self._errors(method)
            except Exception as error:
                error.add_note(f"{method.named.dotted}, {method.operation.id}")
                raise
            self.counts["operations"] += 1
        return self.counts

    async def _successes(self, method: Method) -> None:
        for response in method.operation.succeeded():
            # A file that is not there yet, or nothing in its place, is an error that is documented.
            if method.answer.kind == "file" and not response.content:
                continue
            status = response.code if 200 <= response.code < 300 else 200
            media, value = self._body(method, response)
            await self._call(method, status, media, value)
            request = self._api.request
            assert request is not None
            assert "{" not in request.url.path, request.url
            self.counts["calls"] += 1
            if method.answer.kind in {"value", "pages"} and isinstance(value, dict | list):
                for how, changed in drifting(value, _DRIFTS):
                    if self._is_drift(method, changed):
                        await self._noted(method, status, media, changed, how)
                        self.counts["drifts"] += 1

    @staticmethod
    def _is_drift(method: Method, value: Any) -> bool:
        """Whether a value is not another response: an empty one, an error, or no list."""
        if not isinstance(value, dict):
            return bool(value)
        listed: Any = value
        for key in (method.answer.items or "").split("."):
            listed = listed.get(key) if key and isinstance(listed, dict) else listed
        is_page = method.answer.items is None or isinstance(listed, list)
        return is_page and not set(value) <= _OF_ERRORS

    async def _noted(self, method: Method, status: int, media: str, value: Any, how: str) -> None:
        try:
            await self._call(method, status, media, value)
        except Exception as error:
            error.add_note(how)
            raise

    async def _errors(self, method: Method) -> None:
        for response in method.operation.responses:
            if response in method.operation.succeeded() or 0 < response.code < 400:
                continue
            usual = {"default": 500, "4XX": 418, "5XX": 503}
            status = usual.get(response.status, response.code)
            if method.answer.kind == "check" and status == 404:
                continue
            media, value = self._body(method, response)
            try:
                await self._call(method, status, media, value)
            except ApiError as error:
                self.counts["errors"] += error.status == status
            else:
                raise AssertionError(f"{status} was not raised")

    def _body(self, method: Method, response: Response) -> tuple[str, Any]:
        for media, content in response.content.items():
            if is_json(media) and content.schema is not None:
                return media, fitting(content.schema, self._schemas)
        media = method.answer.accept or next(iter(response.content), "")
        content = response.content.get(media)
        schema = content and (content.item_schema or content.schema)
        return media, fitting(schema, self._schemas) if schema else "text"

    async def _call(self, method: Method, status: int, media: str, value: Any) -> None:
        text = json.dumps(value)
        if method.answer.kind == "events":
            text = f"data: {text}\n\n" if "event-stream" in media else f"{text}\n"
        nothing = not media or status in {204, 205} or method.operation.method == "HEAD"
        headers = {} if nothing else {"content-type": media.replace("*/*", "application/json")}
        content = b"" if nothing else text.encode()
        self._api.response = httpx.Response(status, content=content, headers=headers)
        call = getattr(getattr(self._client, method.named.resource), method.name)
        result = call(**dict(self._arguments(method)))
        if method.answer.kind == "events":
            async with result as events:
                assert nothing or [each async for each in events]
        else:
            await result

    def _arguments(self, method: Method) -> Iterator[tuple[str, Any]]:
        in_json = method.media is None or is_json(method.media)
        for each in method.arguments:
            is_file = not in_json and each.place in {"field", "body"}
            yield each.name, argument(each.type, self._sent.definition, is_file=is_file)


def called(path: Path) -> Counter[str]:
    """Make the client of a description, and all its calls."""
    with TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return asyncio.run(Calls(made(path), Path(folder)).all())


def main() -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m tests.conformance.check_calls")
    parser.add_argument("corpus", choices=["directory", "examples", "named", "small"])
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--gigabytes", type=int, default=10)
    options = parser.parse_args()
    # Each drift is a warning in the log.
    logging.disable()
    paths = list(descriptions(options.corpus, options.folder))[:: options.every]
    failed = each_alone(called, paths, options)
    print(f"{len(paths) - failed} of {len(paths)} without a failure")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
