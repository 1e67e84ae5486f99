"""Schemas that others extend: a response that declares the parent is what its tag says."""

import httpx
import pytest

from tests.openapi_clients.made import client_of, described, get, imported
from tests.transport.support import Upstream

TEXT = {"type": "string"}


def ref(name):
    return {"$ref": f"#/components/schemas/{name}"}


def family(discriminator, **tag):
    """A pet, a cat, a dog, and a lion that is a cat."""
    pet = {
        "type": "object",
        "required": ["kind"],
        "properties": {"kind": {**TEXT, **tag}, "name": TEXT},
    }
    return {
        "Pet": {**pet, "discriminator": discriminator},
        "Cat": {"allOf": [ref("Pet"), {"properties": {"meows": {"type": "boolean"}}}]},
        "Dog": {"allOf": [ref("Pet"), {"properties": {"barks": {"type": "boolean"}}}]},
        "Lion": {"allOf": [ref("Cat"), {"properties": {"roars": {"type": "boolean"}}}]},
    }


async def fetched(schemas, sent, tmp_path, schema=None, drifts=None):
    paths = {"/x": get(schema or ref("Pet"), operationId="fetch")}
    client_class, models = imported(described(paths, schemas), tmp_path)
    upstream = Upstream(httpx.Response(200, json=sent))
    options = {"on_drift": drifts.append} if drifts is not None else {"strict": True}
    async with client_class(http_client=upstream.http_client(), **options) as client:
        return await client.root.fetch(), models


@pytest.mark.parametrize(
    ("schemas", "tags"),
    [
        (family({"propertyName": "kind"}), ("Cat", "Lion")),
        (
            family({"propertyName": "kind", "mapping": {"c": "#/components/schemas/Cat", "l": "Lion"}}),
            ("c", "l"),
        ),
        (family({"propertyName": "kind"}, enum=["cat", "dog", "lion"]), ("cat", "lion")),
    ],
)  # fmt: skip
async def test_the_tag_says_which_of_those_that_extend_it_a_value_is(schemas, tags, tmp_path):
    cat, models = await fetched(schemas, {"kind": tags[0], "name": "n", "meows": True}, tmp_path)
    assert isinstance(cat, models.Cat)
    assert cat.meows is True
    lion, models = await fetched(
        schemas, {"kind": tags[1], "roars": True, "meows": False}, tmp_path
    )
    assert isinstance(lion, models.Lion)
    assert (lion.roars, lion.meows, lion.name) == (True, False, None)


async def test_a_kind_that_is_not_declared_is_the_parent_and_reported(tmp_path):
    drifts = []
    schemas = family({"propertyName": "kind"})
    bird, models = await fetched(schemas, {"kind": "Bird", "wings": 2}, tmp_path, drifts=drifts)
    assert isinstance(bird, models.PetBase)
    assert (bird.kind, bird.wings) == ("Bird", 2)
    assert [(drift.path, drift.kind) for drift in drifts] == [("kind", "unknown_value")]


async def test_parents_in_lists_and_behind_null_and_in_swagger_two(tmp_path):
    schema = {"type": "array", "items": {"nullable": True, "allOf": [ref("Pet")]}}
    sent = [{"kind": "Dog", "barks": True}, None, {"kind": "Pet", "name": "n"}]
    schemas = family({"propertyName": "kind"})
    (dog, nothing, pet), models = await fetched(schemas, sent, tmp_path, schema)
    assert isinstance(dog, models.Dog)
    assert nothing is None
    assert isinstance(pet, models.PetBase)
    definitions = {
        "Pet": {"type": "object", "properties": {"kind": TEXT}, "discriminator": "kind"},
        "Cat": {
            "allOf": [{"$ref": "#/definitions/Pet"}, {"properties": {"meows": TEXT}}],
            "x-ms-discriminator-value": "#cat",
        },
    }
    found = {"200": {"description": "ok", "schema": {"$ref": "#/definitions/Pet"}}}
    made = client_of(
        {
            "swagger": "2.0",
            "info": {"title": "x"},
            "paths": {"/x": {"get": {"operationId": "fetch", "responses": found}}},
            "definitions": definitions,
        }
    )
    assert 'kind: Literal["#cat"]' in made.files["models.py"]
    assert "Pet: TypeAlias = Cat | PetBase" in made.files["models.py"]


async def test_a_parent_that_lists_those_that_extend_it(tmp_path):
    schemas = family({"propertyName": "kind"})
    schemas["Pet"]["oneOf"] = [ref("Cat"), ref("Dog")]
    cat, models = await fetched(schemas, {"kind": "Cat", "meows": True}, tmp_path)
    assert isinstance(cat, models.Cat)


def test_an_argument_that_is_a_parent_takes_any_of_them():
    body = {"required": True, "content": {"application/json": {"schema": ref("Pet")}}}
    paths = {"/x": {"post": {"operationId": "add", "requestBody": body, "responses": {}}}}
    files = client_of(described(paths, family({"propertyName": "kind"}))).files
    assert "def add(self, data: t.Pet, *" in files["resources/root.py"]
    assert "Pet: TypeAlias = Cat | Dog | Lion | PetBase" in files["types.py"]


def test_more_than_fifty_are_read_as_the_parent_and_noted():
    schemas = family({"propertyName": "kind"})
    schemas |= {f"Pet{n}": {"allOf": [ref("Pet"), {"properties": {"n": TEXT}}]} for n in range(50)}
    made = client_of(described({"/x": get(ref("Pet"))}, schemas))
    assert "class Pet(Model)" in made.files["models.py"]
    assert made.document.notes.lines() == [
        "schemas that more than 50 extend are read as themselves: Pet"
    ]
