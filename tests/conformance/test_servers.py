"""The generator reads GitHub's other descriptions, and the SDK's table of servers is right."""

from __future__ import annotations

import ast

import pytest

from codegen import source
from codegen.build import build
from codegen.description import Description
from sdk.operations import OPERATIONS

RELEASES = ["3.17", "3.18", "3.19"]


@pytest.mark.parametrize("flavor", [*(f"ghes-{release}" for release in RELEASES), "ghec"])
def test_a_description_becomes_valid_code(flavor, report):
    document = source.load(f"{source.VERSION}/{flavor}")
    files = build(document)
    for path, text in files.items():
        if path.endswith(".py"):
            ast.parse(text, path)
    count = len(Description(document).operations)
    assert files["sdk/resources/_index.py"].count('",\n') >= count
    report(f"{flavor}: {count} operations become {len(files)} files")


@pytest.mark.parametrize("release", RELEASES)
def test_the_table_tells_what_a_release_has(release):
    document = source.load(f"{source.VERSION}/ghes-{release}")
    there = {(each.method, each.path) for each in Description(document).operations}
    for info in OPERATIONS.values():
        assert info.is_on_server(release) is ((info.method, info.path) in there), info.id
