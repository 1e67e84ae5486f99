"""mypy and pyright, both strict, agree on the types of generated methods and models."""

import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent


@pytest.mark.parametrize("checker", ["mypy", "pyright"])
def test_types_of_calls(checker):
    result = subprocess.run(
        [sys.executable, "-m", checker, HERE / "typed_calls.py"],
        cwd=HERE.parents[1],
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout
