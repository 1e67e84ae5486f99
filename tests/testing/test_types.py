"""mypy and pyright, both strict, agree with what ``typed_routes.py`` says about its types."""

import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent


@pytest.mark.parametrize(
    "checker", [["mypy", "--strict", "--warn-unused-ignores"], ["pyright"]], ids=["mypy", "pyright"]
)
def test_types_of_the_router(checker):
    result = subprocess.run(
        [sys.executable, "-m", *checker, HERE / "typed_routes.py"],
        cwd=HERE.parents[1],
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout
