"""Bodies that are not JSON: forms, files, and the choice between several media types."""

import httpx
import pytest

from tests.openapi_clients.made import described, imported
from tests.transport.support import Upstream

_TEXTS = {"type": "array", "items": {"type": "string"}}


def _sending(content, **more):
    operation = {
        "operationId": "send",
        "requestBody": {"required": True, "content": content},
        "responses": {"204": {"description": ""}},
    }
    return described({"/x": {"post": operation}}, **more)


def _swagger(fields, consumes):
    operation = {
        "operationId": "send",
        "consumes": [consumes],
        "parameters": [{"in": "formData", "type": "string", **field} for field in fields],
        "responses": {"204": {"description": ""}},
    }
    info = {"title": "Tiny", "version": "1"}
    paths = {"/x": {"post": operation}}
    return {"swagger": "2.0", "info": info, "host": "tiny.example", "paths": paths}


async def _sent(description, tmp_path, *args, **values):
    client_class, _ = imported(description, tmp_path)
    upstream = Upstream(httpx.Response(204))
    await client_class(http_client=upstream.http_client()).root.send(*args, **values)
    return upstream.last


async def test_lists_and_objects_of_a_form_are_written_as_its_encoding_says(tmp_path):
    properties = {
        "repeated": _TEXTS,
        "joined": _TEXTS,
        "piped": _TEXTS,
        "deep": {"type": "object", "properties": {"a": _TEXTS}},
    }
    encoding = {
        "joined": {"explode": False},
        "piped": {"style": "pipeDelimited"},
        "deep": {"style": "deepObject", "explode": True},
    }
    schema = {"type": "object", "properties": properties}
    form = {"application/x-www-form-urlencoded": {"schema": schema, "encoding": encoding}}
    values = {"repeated": ["a", "b"], "joined": ["a", "b"], "piped": ["a", "b"]}
    request = await _sent(_sending(form), tmp_path, **values, deep={"a": ["x", "y"]})
    assert httpx.QueryParams(request.content.decode()).multi_items() == [
        ("repeated", "a"),
        ("repeated", "b"),
        ("joined", "a,b"),
        ("piped", "a|b"),
        ("deep[a][0]", "x"),
        ("deep[a][1]", "y"),
    ]


@pytest.mark.parametrize(
    ("collection", "text"),
    [({}, "a,b"), ({"collectionFormat": "tsv"}, "a\tb"), ({"collectionFormat": "ssv"}, "a b")],
)
async def test_lists_in_forms_of_swagger_2_are_joined(collection, text, tmp_path):
    field = {"name": "tags", **_TEXTS, **collection}
    description = _swagger([field], "application/x-www-form-urlencoded")
    request = await _sent(description, tmp_path, tags=["a", "b"])
    assert httpx.QueryParams(request.content.decode())["tags"] == text


async def test_lists_beside_files_of_swagger_2_are_joined_or_repeated(tmp_path):
    fields = [
        {"name": "file", "type": "file", "required": True},
        {"name": "joined", **_TEXTS},
        {"name": "repeated", **_TEXTS, "collectionFormat": "multi"},
    ]
    description = _swagger(fields, "multipart/form-data")
    values = {"joined": ["a", "b"], "repeated": ["c", "d"]}
    request = await _sent(description, tmp_path, file=b"x", **values)
    texts = [part.partition(b"\r\n\r\n")[2].strip() for part in request.content.split(b"\r\n--")]
    assert texts[:4] == [b"x", b"a,b", b"c", b"d"]


async def test_a_part_of_several_media_types_has_that_of_the_file(tmp_path):
    properties = {"cover": {"type": "string", "format": "binary"}}
    schema = {"type": "object", "properties": properties}
    encoding = {"cover": {"contentType": "image/png, image/jpeg"}}
    form = {"multipart/form-data": {"schema": schema, "encoding": encoding}}
    image = tmp_path / "cover.png"
    image.write_bytes(b"x")
    request = await _sent(_sending(form), tmp_path, cover=image)
    assert b"content-type: image/png\r\n" in request.content


async def test_the_caller_says_the_type_of_a_file_of_any_type(tmp_path):
    content = {"image/*": {"schema": {"type": "string", "format": "binary"}}}
    request = await _sent(_sending(content), tmp_path, b"x", content_type="image/png")
    assert (request.headers["content-type"], request.content) == ("image/png", b"x")


async def test_a_merge_patch_is_preferred_to_a_list_of_changes(tmp_path):
    fields = {"type": "object", "properties": {"title": {"type": ["string", "null"]}}}
    content = {
        "application/json-patch+json": {"schema": {"type": "array", "items": {"type": "object"}}},
        "application/merge-patch+json": {"schema": fields},
    }
    request = await _sent(_sending(content), tmp_path, title=None)
    assert request.headers["content-type"] == "application/merge-patch+json"
    assert request.content == b'{"title":null}'
