"""Bodies of error responses have the types that the description declares for their status."""

import httpx
import pytest

from sdk import ApiError
from tests.openapi_clients.made import client_of, described, get, imported
from tests.transport.support import Upstream

_TEXT = {"type": "string"}


def _object(*names):
    return {"type": "object", "properties": dict.fromkeys(names, _TEXT)}


def _answers(schema):
    return {"description": "", "content": {"application/json": {"schema": schema}}}


def _described():
    schemas = {
        "Thing": _object("id"),
        "Denied": _object("error", "status"),
        "Gone": {**_object("error", "status"), "required": ["error"]},
        "Locked": _object("message", "status"),
        "Missing": _object("error", "status"),
        "Base": _object("code"),
        "Extended": {"allOf": [{"$ref": "#/components/schemas/Base"}, _object("status")]},
    }
    errors = {
        "400": _TEXT,
        "403": {"$ref": "#/components/schemas/Denied"},
        "404": {"$ref": "#/components/schemas/Missing"},
        "409": {"$ref": "#/components/schemas/Extended"},
        "410": {"$ref": "#/components/schemas/Gone"},
        "423": {"$ref": "#/components/schemas/Locked"},
    }
    paths = {"/x": get({"$ref": "#/components/schemas/Thing"}, operationId="fetch")}
    paths["/x"]["get"]["responses"] |= {key: _answers(each) for key, each in errors.items()}
    return described(paths, schemas)


@pytest.mark.parametrize(
    ("status", "body", "name"),
    [
        (403, {"error": "no", "status": "x"}, "Denied"),
        (404, {"error": "no", "status": "x"}, "Missing"),
        (409, {"code": "no", "status": "x"}, "Extended"),
        (410, {"error": "no", "status": "x"}, "Gone"),
        (423, {"message": "no", "status": "x"}, "Locked"),
    ],
)
async def test_each_status_has_its_own_type(status, body, name, tmp_path):
    client_class, models = imported(_described(), tmp_path)
    upstream = Upstream(httpx.Response(status, json=body))
    with pytest.raises(ApiError) as caught:
        await client_class(http_client=upstream.http_client()).root.fetch()
    assert type(caught.value.body) is getattr(models, name)
    assert caught.value.body.model_dump() == body


async def test_text_beside_models_is_text(tmp_path):
    client_class, _ = imported(_described(), tmp_path)
    upstream = Upstream(httpx.Response(400, json="no"))
    with pytest.raises(ApiError) as caught:
        await client_class(http_client=upstream.http_client()).root.fetch()
    assert caught.value.body == "no"


def test_models_that_mypy_cannot_join_are_in_separate_mappings():
    """mypy reports an error for one mapping of classes with equally many, different fields."""
    (resource,) = [text for name, text in client_of(_described()).files.items() if "root" in name]
    parts = resource.partition("errors=")[2].split(" | ")
    assert [each.count("lambda") for each in parts] == [3, 1, 1, 1]
    assert "m.Denied" in parts[0]
    assert "m.Missing" in parts[0]
    assert "m.Extended" in parts[1]
    assert "m.Gone" in parts[2]
    assert "m.Locked" in parts[3]
