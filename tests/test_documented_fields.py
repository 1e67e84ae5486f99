"""Every field of a public dataclass, TypedDict or named tuple is described, with its unit."""

import dataclasses
import inspect
import re
import typing

import pytest

import fastapi_integration
import sdk.auth
import sdk.graphql
import sdk.stores
import sdk.testing
import sdk.transport.cache
import sdk.transport.page_rules
import sdk.webhooks

PACKAGES = [fastapi_integration, sdk, sdk.auth, sdk.graphql, sdk.stores, sdk.testing, sdk.transport]
PACKAGES += [sdk.webhooks]
MODULES = [sdk.transport.cache, sdk.transport.page_rules]
GENERATED = ("sdk.models.", "sdk.types.", "sdk.resources.")
SECTION = re.compile(r"^(?:Attributes|Keys|Args):\n((?: +.*\n|\n)+)", re.MULTILINE)
ENTRY = re.compile(r"^ {4}(\w[\w, ]*?)(?: \(.*?\))?:((?:.*\n)(?: {5,}.*\n)*)", re.MULTILINE)


def public_records():
    values = [getattr(package, name) for package in PACKAGES for name in package.__all__]
    values += [value for module in MODULES for value in vars(module).values()]
    classes = {value for value in values if inspect.isclass(value) and is_record(value)}
    return sorted(
        (cls for cls in classes if not cls.__module__.startswith(GENERATED)),
        key=lambda cls: (cls.__module__, cls.__name__),
    )


def is_record(cls):
    ours = cls.__module__.startswith(("sdk.", "fastapi_integration"))
    named_tuple = issubclass(cls, tuple) and hasattr(cls, "_fields")
    return ours and (dataclasses.is_dataclass(cls) or typing.is_typeddict(cls) or named_tuple)


def fields_of(cls):
    names = (
        [field.name for field in dataclasses.fields(cls)]
        if dataclasses.is_dataclass(cls)
        else [*getattr(cls, "_fields", cls.__annotations__)]
    )
    annotations = inspect.get_annotations(cls)
    return {name: str(annotations.get(name, "")) for name in names if not name.startswith("_")}


def descriptions_of(cls):
    docs = inspect.getdoc(cls) + "\n\n"
    return {
        name: text
        for section in SECTION.findall(docs)
        for names, text in ENTRY.findall(section)
        for name in names.split(", ")
    }


def test_there_are_records_of_every_kind():
    names = {cls.__name__ for cls in public_records()}
    assert {"RateLimit", "Failure", "Timeout", "CallOptions", "Drift", "Cursor"} <= names


@pytest.mark.parametrize("cls", public_records(), ids=lambda cls: cls.__name__)
def test_every_field_is_described(cls):
    assert {*fields_of(cls)} - {*descriptions_of(cls)} == set()


@pytest.mark.parametrize("cls", public_records(), ids=lambda cls: cls.__name__)
def test_a_number_that_is_a_time_or_a_size_has_its_unit(cls):
    docs = " ".join(inspect.getdoc(cls).split())
    for name, annotation in fields_of(cls).items():
        text = descriptions_of(cls)[name]
        if re.match(r"float\b", annotation):
            assert "seconds" in text or "in seconds" in docs, name
        if name.endswith("_bytes"):
            assert "bytes" in text, name
