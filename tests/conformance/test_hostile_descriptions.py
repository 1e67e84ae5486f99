"""Every hostile value in every place of a description: none runs, and none breaks the output."""

import pytest

from tests.openapi_clients import hostile


@pytest.mark.parametrize("place", hostile.PLACES)
def test_no_value_runs_or_breaks(place, tmp_path):
    variants = [each for each in hostile.variants() if each.place == place]
    for variant in variants:
        hostile.check(variant, tmp_path)
