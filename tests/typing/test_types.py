"""mypy and pyright, both strict, agree with what the files beside this one say about their types.

Each file is code as a user writes it, with ``assert_type`` for what must come back and a
``type: ignore`` at what must be refused: one that is needless fails as well.
"""

import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
MYPY = ["mypy"]
# It would look into the first Python of PATH, which need not be the one that runs the tests.
PYRIGHT = ["pyright", "--pythonpath", sys.executable]


@pytest.mark.parametrize("checker", [MYPY, PYRIGHT], ids=["mypy", "pyright"])
def test_types(checker):
    code = [path for path in HERE.glob("*.py") if path != Path(__file__)]
    assert len(code) == 3
    result = subprocess.run(
        [sys.executable, "-m", *checker, *code],
        cwd=HERE.parents[1],
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout
