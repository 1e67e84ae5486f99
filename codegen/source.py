"""Loads the description: from the npm package at its pinned version, another version, or a file."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import subprocess
import tarfile
from pathlib import Path
from typing import Any

PACKAGE = "@octokit/openapi"
VERSION = "23.0.2"
INTEGRITY = "sha512-pV8M7L9GY23AybNvTmo2nyjmpmnt6+2sRE/tqr0ZLQcPS4lnw7u5eZGNmwRNkBC3D7gZXbFx5AHzLUVRBXGDhg=="  # noqa: E501
FLAVOR = "api.github.com"
_SERVER = "ghes-"

CACHE = Path(__file__).resolve().parent.parent / ".cache" / "openapi"


class SourceError(Exception):
    """The description could not be loaded; the text has the reason and the fix."""


def load(source: str | None = None) -> dict[str, Any]:
    """Return the description as a dictionary.

    `source` is a path to a JSON file, a version of the package ("22.0.0"), or a version and the
    name of one of its descriptions ("23.0.2/ghec"). Without it, the pinned version is read.
    """
    if source is not None and source.endswith(".json"):
        return _read_json(Path(source))
    version, _, flavor = (source or VERSION).partition("/")
    return _read_json(_unpacked(version, flavor or FLAVOR))


def load_servers(source: str | None = None) -> dict[str, dict[str, Any]]:
    """Return the descriptions of GitHub Enterprise Server by release; none beside a local file."""
    if source is not None and source.endswith(".json"):
        return {}
    version = (source or VERSION).partition("/")[0]
    return {
        release.removeprefix(_SERVER): load(f"{version}/{release}")
        for release in sorted(_flavors(version))
        if release.startswith(_SERVER)
    }


def _flavors(version: str) -> set[str]:
    """Return the descriptions in a version of the package; the list is cached beside them."""
    listing = CACHE / version / "flavors.txt"
    if not listing.is_file():
        with tarfile.open(_downloaded(version)) as archive:
            names = {Path(member.name).name for member in archive.getmembers()}
        listing.parent.mkdir(parents=True, exist_ok=True)
        listing.write_text("\n".join(sorted(names)))
    return {
        name.removesuffix(".json")
        for name in listing.read_text().split()
        if name.endswith(".json") and not name.endswith(".deref.json")
    }


def _read_json(path: Path) -> dict[str, Any]:
    if not path.is_file():
        raise SourceError(f"{path} is not a file")
    document: dict[str, Any] = json.loads(path.read_bytes())
    return document


def _unpacked(version: str, flavor: str) -> Path:
    target = CACHE / version / f"{flavor}.json"
    if not target.is_file():
        tarball = _downloaded(version)
        if version == VERSION:
            check_integrity(tarball.read_bytes(), INTEGRITY)
        member = f"package/generated/{flavor}.json"
        target.parent.mkdir(parents=True, exist_ok=True)
        with tarfile.open(tarball) as archive:
            try:
                content = archive.extractfile(member)
            except KeyError:
                raise SourceError(f"{PACKAGE} {version} does not contain {member}") from None
            if content is None:
                raise SourceError(f"{member} of {PACKAGE} {version} is not a file")
            # Write to another name first, so that an interrupted run leaves no partial file.
            partial = target.with_suffix(".partial")
            partial.write_bytes(content.read())
            partial.replace(target)
    return target


def _downloaded(version: str) -> Path:
    CACHE.mkdir(parents=True, exist_ok=True)
    tarball = CACHE / f"{PACKAGE.lstrip('@').replace('/', '-')}-{version}.tgz"
    if not tarball.is_file():
        command = [
            "npm",
            "pack",
            "--silent",
            f"{PACKAGE}@{version}",
            "--pack-destination",
            str(CACHE),
        ]
        try:
            # The command is fixed apart from the version, and no shell is involved.
            subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
        except FileNotFoundError:
            raise SourceError(
                "npm is required to download the description; install it or give a --source file"
            ) from None
        except subprocess.CalledProcessError as failure:
            raise SourceError(f"{' '.join(command)} failed: {failure.stderr.strip()}") from None
    return tarball


def pin(version: str, path: Path) -> None:
    """Write a version and the hash of its package to `path`, which is this file."""
    content = _downloaded(version).read_bytes()
    digest = base64.b64encode(hashlib.sha512(content).digest()).decode()
    text = path.read_text()
    text = re.sub(r'^VERSION = ".*"$', f'VERSION = "{version}"', text, flags=re.MULTILINE)
    text = re.sub(r'^INTEGRITY = ".*?"', f'INTEGRITY = "sha512-{digest}"', text, flags=re.MULTILINE)
    path.write_text(text)


def check_integrity(content: bytes, expected: str) -> None:
    """Raise unless `content` has the hash that npm's `dist.integrity` states."""
    algorithm, _, digest = expected.partition("-")
    found = base64.b64encode(hashlib.new(algorithm, content).digest()).decode()
    if found != digest:
        raise SourceError(f"the package does not match its pinned hash: {algorithm}-{found}")
