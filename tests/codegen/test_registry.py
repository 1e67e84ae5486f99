from __future__ import annotations

from sdk.codegen.places import Place
from tests.codegen.tiny import NUMBER, TEXT, named, record, ref


def nested(step, **fields):
    return record(**{step: record(**fields)})


def test_a_component_has_its_own_name():
    assert named(ref("simple-user"), components={"simple-user": record(a=TEXT)})[1] == [
        "SimpleUser"
    ]


def test_nullable_is_dropped_from_a_name():
    components = {"nullable-label": {**record(a=TEXT), "nullable": True}}
    assert named(ref("nullable-label"), components=components)[1] == ["Label"]


def test_an_inline_object_is_named_after_its_owner_and_its_field():
    registry, _ = named(ref("issue"), components={"issue": nested("pull_request", url=TEXT)})
    assert set(registry.definitions) == {"Issue", "IssuePullRequest"}


def test_equal_inline_objects_are_one_class_named_after_shared_words():
    fields = {"admin": TEXT, "push": TEXT, "pull": TEXT}
    components = {
        "full-repository": nested("permissions", **fields),
        "team-repository": nested("permissions", **fields),
    }
    registry, _ = named(ref("full-repository"), ref("team-repository"), components=components)
    assert set(registry.definitions) == {
        "FullRepository",
        "TeamRepository",
        "RepositoryPermissions",
    }


def test_a_large_inline_object_that_equals_a_component_is_that_component():
    fields = dict.fromkeys("abcde", TEXT)
    registry, names = named(record(**fields), ref("five"), components={"five": record(**fields)})
    assert names == ["Five", "Five"]
    assert set(registry.definitions) == {"Five"}


def test_a_small_inline_object_stays_separate_from_an_equal_component():
    components = {"one": record(a=TEXT), "issue": nested("kind", a=TEXT)}
    registry, _ = named(ref("one"), ref("issue"), components=components)
    assert set(registry.definitions) == {"One", "Issue", "IssueKind"}


def test_a_small_object_behind_many_names_is_named_after_its_fields():
    components = {"a": nested("left", href=TEXT), "b": nested("right", href=TEXT)}
    registry, _ = named(ref("a"), ref("b"), components=components)
    assert set(registry.definitions) == {"A", "B", "Href"}


def test_a_response_is_named_after_its_operation():
    response = record(a=TEXT, b=TEXT, c=TEXT)
    assert named(response, places=[Place("ThingsGet")])[1] == ["ThingsGetResponse"]


def test_a_list_with_a_count_is_named_after_its_items():
    wrapped = record(total_count=NUMBER, runs={"type": "array", "items": ref("run")})
    components = {"run": record(a=TEXT)}
    assert named(wrapped, components=components, places=[Place("ListRuns")])[1] == ["RunList"]


def test_alternatives_are_named_after_their_own_fields():
    union = {"oneOf": [record(kind=TEXT, wait=TEXT), record(kind=TEXT, who=TEXT)]}
    components = {"rule": record(check=union)}
    registry, _ = named(ref("rule"), components=components)
    assert set(registry.definitions) == {"Rule", "RuleWait", "RuleWho"}


def test_names_do_not_depend_on_the_order_of_the_description():
    components = {"a": nested("left", x=TEXT, y=TEXT, z=TEXT), "b": nested("left", x=TEXT)}
    forward, _ = named(ref("a"), ref("b"), components=components)
    backward, _ = named(ref("b"), ref("a"), components=dict(reversed(components.items())))
    assert set(forward.definitions) == set(backward.definitions)
