"""The reference and the page on errors leave out no public name."""

import pytest

import fastapi_integration
import sdk
import sdk.graphql
import sdk.stores
import sdk.testing
import sdk.webhooks
from tests.docs.blocks import ROOT

ERRORS = {
    name
    for name in sdk.__all__
    if isinstance(getattr(sdk, name), type) and issubclass(getattr(sdk, name), sdk.SdkError)
}


@pytest.mark.parametrize(
    "package", [sdk, sdk.graphql, sdk.stores, sdk.testing, sdk.webhooks, fastapi_integration]
)
def test_every_public_name_is_in_the_reference(package):
    pages = "".join(page.read_text() for page in (ROOT / "docs" / "reference").glob("*.md"))
    # The page of the errors shows their whole module.
    names = set(package.__all__) - ERRORS - {"__version__"}
    assert {name for name in names if f".{name}\n" not in pages} == set()


def test_every_error_is_explained():
    page = (ROOT / "docs" / "guide" / "errors.md").read_text()
    assert {name for name in ERRORS if f" {name}" not in page} == set()
