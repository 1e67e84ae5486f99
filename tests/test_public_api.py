"""The public names are those of the committed list, and every one can be imported."""

import importlib

import pytest

from tests import public_api

EXPORTING = [
    name for name in public_api.PACKAGES if hasattr(importlib.import_module(name), "__all__")
]


def test_the_names_are_those_of_the_list():
    changes = public_api.difference()
    assert not changes, (
        f"{changes}\n\nIf that is meant: python -m tests.public_api --write, and a line in "
        "CHANGELOG.md; for a name that is gone also in docs/upgrading.md."
    )


def test_every_name_can_be_imported():
    for name in public_api.names():
        package, _, attribute = name.rpartition(".")
        assert hasattr(importlib.import_module(package), attribute), name


@pytest.mark.parametrize("name", EXPORTING)
def test_exported_names_are_sorted_unique_and_in_dir(name):
    package = importlib.import_module(name)

    # The order of ruff: constants, then classes, then functions.
    def order(exported):
        return (not exported.isupper(), not exported[0].isupper(), exported)

    assert list(package.__all__) == sorted(set(package.__all__), key=order)
    assert set(package.__all__) <= set(dir(package))


@pytest.mark.parametrize("name", EXPORTING)
def test_an_unknown_name_is_an_attribute_error(name):
    with pytest.raises(AttributeError, match="has no attribute 'Skd'"):
        _ = importlib.import_module(name).Skd
