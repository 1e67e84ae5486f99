from __future__ import annotations

from codegen.layout import arrange, in_order
from codegen.registry import Registry
from codegen.schemas import Reader
from tests.codegen.tiny import TEXT, described, record, ref

SCHEMAS = {
    "issue": record(user=ref("user"), label=ref("label")),
    "label": record(a=TEXT),
    "user": record(b=TEXT),
    "ping": record(user=ref("user"), zen=ref("zen")),
    "zen": record(c=TEXT),
    "left": record(right=ref("right")),
    "right": record(left=ref("left")),
}


def arranged(operations, webhooks=None):
    reader = Reader(described(schemas=SCHEMAS))
    registry = Registry(reader)
    registry.collect([reader.component(key) for key in SCHEMAS])
    return {
        module.path: module.definitions for module in arrange(registry, operations, webhooks or {})
    }


def test_models_of_the_same_operations_share_a_module():
    found = arranged({"get-issue": ["Issue"], "get-user": ["User"]})
    assert found["issue.py"] == ("Label", "Issue")
    assert found["user.py"] == ("User",)


def test_models_of_webhooks_have_their_own_package():
    found = arranged({"get-user": ["User"]}, {"ping": ["Ping"]})
    assert found["webhooks/ping.py"] == ("Zen", "Ping")
    assert found["user.py"] == ("User",)


def test_schemas_that_refer_to_each_other_share_a_module():
    assert set(arranged({"get": ["Left"]})["left.py"]) == {"Left", "Right"}


def test_used_definitions_come_first():
    reader = Reader(described(schemas=SCHEMAS))
    registry = Registry(reader)
    registry.collect([reader.component("issue")])
    assert in_order(registry, registry.definitions) == ("Label", "User", "Issue")
