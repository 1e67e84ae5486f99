from __future__ import annotations

import pytest

from codegen import names


@pytest.mark.parametrize(
    ("github", "ours"),
    [
        ("per_page", "per_page"),
        ("+1", "plus_one"),
        ("-1", "minus_one"),
        ("from", "from_"),
        ("_links", "links"),
        ("spdxVersion", "spdx_version"),
        ("SPDXID", "spdxid"),
        ("enterprise-team", "enterprise_team"),
        ("2fa", "n2fa"),
        ("list", "list_"),
        ("options", "options_"),
        ("id", "id"),
        ("type", "type"),
    ],
)
def test_a_name_becomes_an_identifier(github, ours):
    assert names.identifier(github) == ours
    assert ours.isidentifier()


@pytest.mark.parametrize("taken", ["schema", "json", "copy", "model_fields"])
def test_a_field_never_replaces_a_method_of_the_model(taken):
    assert names.field(taken) == f"{taken}_"


def test_a_method_is_named_after_the_operation():
    assert names.method("users/list-followers-for-user") == "list_followers_for_user"


@pytest.mark.parametrize(
    ("many", "one"),
    [
        ("repositories", "repository"),
        ("branches", "branch"),
        ("caches", "cache"),
        ("aliases", "alias"),
        ("statuses", "status"),
        ("usageItems", "usageItem"),
        ("total_usage_items", "total_usage_item"),
        ("status", "status"),
        ("analysis", "analysis"),
    ],
)
def test_the_singular_of_a_name(many, one):
    assert names.singular(many) == one


def test_common_prefixes_and_suffixes():
    assert names.common_suffix(["MinimalRepository", "FullRepository"]) == "Repository"
    assert names.common_prefix(["ProjectsV2Item", "ProjectsV2Field"]) == "ProjectsV2"
    assert names.common_suffix(["Issue", "Label"]) == ""


def test_a_class_never_hides_a_builtin_or_an_import():
    assert names.class_name("warning") == "WarningModel"
    assert names.class_name("model") == "ModelModel"
    assert names.class_name("simple-user") == "SimpleUser"
