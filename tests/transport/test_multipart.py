"""Forms with files, as FastAPI receives them."""

import io
from typing import Annotated, Any

import httpx
import pytest
from fastapi import FastAPI, Form, UploadFile

from sdk import File, InvalidInput, Operation, Resource
from tests.transport.support import Api, Upstream

pytest.importorskip("python_multipart")


files_app = FastAPI()


@files_app.post("/files")
async def receive(
    file: UploadFile, title: Annotated[str, Form()], tags: Annotated[list[str], Form()]
) -> dict[str, Any]:
    content = await file.read()
    return {
        "name": file.filename,
        "type": file.content_type,
        "size": len(content),
        "title": title,
        "tags": tags,
    }


class Calls(Resource):
    async def go(self, operation, **values):
        return await self._call(operation, **values)


UPLOAD = Operation(
    "POST",
    "/files",
    body=("file", "title", "tags"),
    media="multipart/form-data",
    files=("file",),
    returns=dict[str, Any],
)


async def uploaded(**values):
    transport = httpx.ASGITransport(files_app)
    async with httpx.AsyncClient(transport=transport) as http:
        return await Calls(Api(http_client=http)).go(UPLOAD, **values)


@pytest.mark.parametrize("kind", ["bytes", "text", "path", "open file", "File", "iterator"])
async def test_a_file_of_any_kind_arrives_as_a_file(kind, tmp_path):
    path = tmp_path / "report.csv"
    path.write_bytes(b"a,b\n1,2\n")

    async def pieces():
        yield b"a,b\n"
        yield b"1,2\n"

    with path.open("rb") as opened:
        data = {
            "bytes": b"a,b\n1,2\n",
            "text": "a,b\n1,2\n",
            "path": path,
            "open file": opened,
            "File": File(io.BytesIO(b"a,b\n1,2\n"), name='odd "name".csv'),
            "iterator": pieces(),
        }[kind]
        answer = await uploaded(file=data, title="ü", tags=["x", "y"])
    names = {"path": "report.csv", "open file": "report.csv", "File": "odd %22name%22.csv"}
    assert answer["name"] == names.get(kind, "upload")
    assert (answer["size"], answer["title"], answer["tags"]) == (8, "ü", ["x", "y"])


async def test_a_form_has_a_length_and_is_retried_whole(tmp_path):
    path = tmp_path / "data.bin"
    path.write_bytes(b"x" * 300_000)
    upstream = Upstream(httpx.Response(503), httpx.Response(200, json={}))
    operation = Operation("PUT", "/x", body=("file", "n"), media="multipart/form-data", returns=Any)
    await Calls(upstream.api()).go(operation, file=path, n=1)
    first, second = upstream.requests
    assert first.content == second.content
    assert int(first.headers["content-length"]) == len(first.content) > 300_000


@pytest.mark.parametrize(
    "file",
    [("a.txt", b"abc"), ("a.txt", io.BytesIO(b"abc"), "text/plain"), ("a", b"")],
)
async def test_a_name_with_its_content_in_a_tuple_is_refused_with_the_fix(file):
    upstream = Upstream()
    with pytest.raises(InvalidInput, match=r"Write File\(content, name\)"):
        await Calls(upstream.api()).go(UPLOAD, file=file)
    assert upstream.requests == []


async def test_tuples_of_several_values_are_sent_one_by_one():
    upstream = Upstream()
    await Calls(upstream.api()).go(UPLOAD, file=(b"a", b"b"), tags=("x", 1))
    assert upstream.last.content.count(b'name="file"; filename="upload"') == 2
    assert upstream.last.content.count(b'name="tags"') == 2
