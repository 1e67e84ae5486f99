"""Responses of operations without JSON: texts and archives."""

from __future__ import annotations

import io
import zipfile
from functools import cache

from sdk.operations import OperationInfo

from .messages import Reply


def file_for(info: OperationInfo) -> Reply:
    """Return a small file of the operation's media type."""
    if info.returns() is str:
        return Reply(200, _text(info).encode(), {"content-type": "text/plain; charset=utf-8"})
    name = info.id.partition("/")[2]
    if "zip" in name or "log" in name or "artifact" in name:
        headers = {"content-disposition": f"attachment; filename={name}.zip"}
        return Reply(200, _archive(), {"content-type": "application/zip", **headers})
    return Reply(200, _text(info).encode(), {"content-type": "application/octet-stream"})


def _text(info: OperationInfo) -> str:
    return f"The fake server's response to {info.id}.\n"


@cache
def _archive() -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        # A fixed date, so that the same request returns the same bytes.
        archive.writestr(zipfile.ZipInfo("README.md", (2026, 1, 1, 0, 0, 0)), "# Fake server\n")
    return data.getvalue()
