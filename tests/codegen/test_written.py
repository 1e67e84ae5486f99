"""What is written, run: the output of tiny descriptions is imported and looked at."""

from __future__ import annotations

import importlib
import sys
from datetime import UTC, datetime

import pytest
from pydantic import TypeAdapter, ValidationError

from codegen.output import formatted
from tests.codegen.tiny import NUMBER, TEXT, answering, parameter, record, ref, taking, written

THING = record(
    "id", "+1", id=NUMBER, **{"+1": NUMBER, "_links": TEXT, "from": TEXT, "schema": TEXT}
)
SCHEMAS = {
    "thing": THING,
    "special-thing": {
        "allOf": [ref("thing"), record("when", when={"type": "string", "format": "date-time"})]
    },
    "measure": record(
        size={"type": "number"},
        rate={"type": "number"},
        either={"oneOf": [{"type": "integer"}, {"type": "number"}]},
    ),
    "state": {"type": "string", "enum": ["on", "off", None]},
    "tree": record("state", state=ref("state"), children={"type": "array", "items": ref("tree")}),
}  # fmt: skip


@pytest.fixture
def models(tmp_path, monkeypatch):
    """Import the models that a description is written to."""

    def imported(*names, webhooks=None):
        operations = {
            f"GET /{name}": {"operationId": f"things/{name}", "responses": answering(ref(name))}
            for name in names
        }
        for path, text in written(operations, SCHEMAS, webhooks).items():
            if path.startswith("sdk/models/"):
                target = tmp_path / "made" / path.removeprefix("sdk/models/")
                target.parent.mkdir(parents=True, exist_ok=True)
                own = text.replace("sdk.models._base", "SDK_BASE").replace("sdk.models", "made")
                target.write_text(own.replace("SDK_BASE", "sdk.models._base"))
        monkeypatch.syspath_prepend(tmp_path)
        return importlib.import_module("made")

    yield imported
    for name in [name for name in sys.modules if name.partition(".")[0] == "made"]:
        del sys.modules[name]


def test_a_model_is_imported_on_first_access(models):
    made = models("thing", "tree")
    assert not [name for name in sys.modules if name.startswith("made.")]
    assert made.Thing.__name__ == "Thing"
    assert "made.thing" in sys.modules
    assert "made.tree" not in sys.modules


def test_an_unknown_model_is_an_attribute_error(models):
    made = models("thing")
    with pytest.raises(AttributeError, match="Nothing"):
        _ = made.Nothing


def test_the_package_lists_its_models(models):
    assert {"Thing", "Tree"} <= set(dir(models("thing", "tree")))


def test_names_that_python_cannot_have_get_an_alias(models):
    thing = models("thing").Thing.model_validate(
        {"id": 1, "+1": 2, "_links": "l", "from": "f", "schema": "s", "new": True}
    )
    assert (thing.plus_one, thing.links, thing.from_, thing.schema_) == (2, "l", "f", "s")
    assert thing.new is True
    assert thing.model_dump(by_alias=True)["+1"] == 2


def test_an_optional_field_can_be_missing(models):
    thing = models("thing").Thing.model_validate({"id": 1, "+1": 2})
    assert thing.links is None
    assert "links" not in thing.model_fields_set


def test_a_required_field_must_be_present(models):
    with pytest.raises(ValidationError):
        models("thing").Thing.model_validate({"id": 1})


def test_a_schema_that_extends_another_is_its_subclass(models):
    made = models("thing", "special-thing")
    assert issubclass(made.SpecialThing, made.Thing)
    special = made.SpecialThing.model_validate({"id": 1, "+1": 2, "when": "2026-01-02T03:04:05Z"})
    assert special.when == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def test_a_number_stays_an_int_or_a_float(models):
    module = models("measure")

    sent = module.Measure.model_validate_json('{"size": 5, "rate": 0.5, "either": 7}')

    assert [sent.size, sent.rate, sent.either] == [5, 0.5, 7]
    assert [type(sent.size), type(sent.rate), type(sent.either)] == [int, float, int]


def test_a_time_without_a_zone_is_refused(models):
    with pytest.raises(ValidationError):
        models("special-thing").SpecialThing.model_validate(
            {"id": 1, "+1": 2, "when": "2026-01-02T03:04:05"}
        )


def test_a_model_can_contain_itself_and_an_enum_null(models):
    tree = TypeAdapter(models("tree").Tree).validate_python(
        {"state": "on", "children": [{"state": None}]}
    )
    assert tree.children[0].state is None


def test_webhooks_have_a_package_of_their_own(models):
    post = {
        "operationId": "ping",
        "requestBody": taking(ref("tree")),
        "x-github": {"subcategory": "ping"},
    }
    made = models("thing", webhooks={"ping": {"post": post}})
    assert "Tree" not in dir(made)
    assert importlib.import_module("made.webhooks").Tree.__name__ == "Tree"


def resource(operations, schemas=None):
    files = written(operations, schemas)
    return formatted({"things.py": files["sdk/resources/things.py"]})["things.py"]


def test_a_whole_resource_module():
    operation = {
        "operationId": "things/get",
        "parameters": [
            parameter("owner", "path"),
            parameter("state", enum=["on", "off"], default="on"),
        ],
        "responses": {**answering(ref("thing")), **answering(status=404)},
        "externalDocs": {"url": "https://example.com/things#get"},
    }
    assert (
        resource({"GET /things/{owner}": operation}, SCHEMAS)
        == '''\
# Code generated by codegen. DO NOT EDIT.
"""GitHub's operations on things: ``sdk.things``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from sdk import models as m
from sdk.transport import OMIT, Operation, Resource

if TYPE_CHECKING:
    from sdk.transport import CallOptions, Omit


class Things(Resource):
    """``sdk.things``: GitHub's 1 operation on things."""

    async def get(
        self,
        owner: str,
        *,
        state: Literal["on", "off"] | Omit = OMIT,
        options: CallOptions | None = None,
    ) -> m.Thing:
        """Get things.

        ``GET /things/{owner}``

        Args:
            owner: login of the repository's owner.
            state: default "on".

        Raises:
            NotFound: GitHub responds with 404.

        See: https://example.com/things#get
        """
        return await self._call(GET, options, owner=owner, state=state)


GET = Operation(
    "GET", "/things/{owner}", id="things/get", query=("state",), returns=lambda: m.Thing
)
'''
    )


def test_a_method_called_list_does_not_break_annotations():
    things = {"type": "array", "items": ref("thing")}
    paged = [parameter("page", type="integer")]
    text = resource(
        {
            "GET /a": {
                "operationId": "things/list",
                "parameters": paged,
                "responses": answering(things),
            },
            "GET /b": {"operationId": "things/get-all", "responses": answering(things)},
        },
        SCHEMAS,
    )
    assert "-> Paged[m.Thing]:" in text
    assert "-> builtins.list[m.Thing]:" in text
    assert "returns=lambda: list[m.Thing]" in text


def test_operations_with_unusual_parameters():
    text = resource(
        {
            "PUT /a/{some-path}": {
                "parameters": [{**parameter("some-path", "path"), "x-multi-segment": True}],
                "requestBody": taking({"type": "string", "format": "binary"}, media="image/png"),
                "responses": answering(status=204),
                "servers": [{"url": "https://elsewhere.example.com"}],
                "deprecated": True,
            }
        }
    )
    assert '"/a/{some_path}"' in text
    assert 'names={"some_path": "some-path"}' in text
    assert 'multi_segment=("some_path",)' in text
    assert 'body="data"' in text
    assert "data: UploadData" in text
    assert "progress: Progress | None = None" in text
    assert 'media="image/png"' in text
    assert 'server="https://elsewhere.example.com"' in text
    assert '@deprecated("GitHub has deprecated things/do.")' in text


def test_a_file_is_downloaded():
    text = resource({"GET /a": {"responses": answering(status=302)}})
    assert "    def do(self, *, options: CallOptions | None = None) -> Download:" in text
    assert "return self._download(DO, options)" in text


def test_nested_objects_of_a_body_are_typed_dicts():
    output = record("title", title=TEXT, **{"x-y": TEXT})
    body = taking(record(output=output, tags={"type": "array", "items": TEXT}))
    operation = {"operationId": "things/create", "requestBody": body}
    files = written({"POST /things": operation})
    types = formatted({"types.py": files["sdk/types/__init__.py"]})["types.py"]
    assert "ThingsCreateOutput = TypedDict(" in types
    text = resource({"POST /things": operation})
    assert "output: t.ThingsCreateOutput | Omit = OMIT" in text
    assert "tags: Sequence[str] | Omit = OMIT" in text


def test_the_client_has_an_attribute_for_each_tag():
    files = written({"GET /a": {"tags": ["code-things"]}})
    assert 'code_things = LazyResource("CodeThings")' in files["sdk/resources/__init__.py"]
    assert "def code_things(self) -> CodeThings:" in files["sdk/resources/__init__.pyi"]


def test_the_index_and_the_page_list_every_operation():
    files = written({"GET /a": {"operationId": "things/get"}})
    assert '"things/get": "things.get",' in files["sdk/resources/_index.py"]
    assert "| `get` | Get things | `GET /a` |" in files["docs/reference/methods.md"]
