"""The environments of the compared programs: one virtual environment each, in .cache.

    python -m benchmarks.peers

creates those that are missing; the benchmarks do so by themselves.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / ".cache" / "peers"

PEERS = {
    "githubkit": ["githubkit==0.16.1", "hishel<2"],
    "githubkit_app": ["githubkit[auth-app]==0.16.1", "hishel<2"],
    "pygithub": ["PyGithub==2.10.*"],
    "gidgethub": ["gidgethub==6.*", "httpx2", "aiohttp"],
    "aiogithubapi": ["aiogithubapi>=25.5"],
    "ariadne_codegen": ["ariadne-codegen==0.19.0"],
    "openapi_python_client": ["openapi-python-client==0.29.1", "ruff"],
    "datamodel_codegen": ["datamodel-code-generator==0.89.0", "httpx2", "email-validator"],
}
OURS = "ours"
INSTALLED = "installed"
_OUR_EXTRAS = ("aiohttp", "httpx2")


def python(name: str) -> str:
    """Return the interpreter of an environment, which is created if it is missing."""
    target = CACHE / name
    if not target.is_dir():
        # The next run must not take an incomplete environment for a complete one.
        partial = target.with_suffix(".partial")
        shutil.rmtree(partial, ignore_errors=True)
        venv.create(partial, with_pip=True, symlinks=True)
        pip(str(partial / "bin" / "python"), *requirements(name))
        partial.rename(target)
    return str(target / "bin" / "python")


def requirements(name: str) -> list[str]:
    """List the packages to install; for the SDK its dependencies, as its sources are here."""
    if name in PEERS:
        return PEERS[name]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    return [*project["dependencies"], *(each for extra in _OUR_EXTRAS for each in extras[extra])]


def pip(interpreter: str, *arguments: str) -> None:
    """Install into an environment."""
    command = [interpreter, "-m", "pip", "install", "--quiet", "--quiet", *arguments]
    subprocess.run(command, check=True, stdout=sys.stderr)


if __name__ == "__main__":
    for each in (OURS, *PEERS):
        print(python(each))
