"""The public names are those of the committed list, and every one can be imported."""

import importlib

from tests import public_api


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
