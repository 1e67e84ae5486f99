"""The body of a form with files (``multipart/form-data``, RFC 7578), sent in chunks."""

from __future__ import annotations

import mimetypes
import os
import secrets
from collections.abc import AsyncIterable, Iterator, Mapping, Sequence
from pathlib import PurePath
from typing import Any, TypeAlias, cast

from sdk.transport.encoding import encode_json, plain, scalar_text
from sdk.transport.errors import InvalidInput
from sdk.transport.files import Progress
from sdk.transport.omit import OMIT

from .body import Content, Source
from .upload import Readable, UploadData, source_of

_FILES = (bytes, bytearray, memoryview, os.PathLike, Readable, AsyncIterable)
_UNKNOWN = "application/octet-stream"
# What a quoted parameter of a part's header must not hold (HTML, "multipart/form-data encoding").
_ESCAPED = {'"': "%22", "\r": "%0D", "\n": "%0A"}


class File:
    """A file of a form, with its name and media type.

    Args:
        data: bytes; text, sent as UTF-8; a path; a binary file; or an async iterator of bytes.
        name: the file's name; that of the path or the open file if not given, else "upload".
        content_type: its media type; by its name if not given.
    """

    __slots__ = ("content_type", "data", "name")

    def __init__(
        self, data: UploadData, name: str | None = None, content_type: str | None = None
    ) -> None:
        self.data = data
        self.name = name or _name_of(data)
        self.content_type = content_type or mimetypes.guess_type(self.name)[0] or _UNKNOWN

    def __repr__(self) -> str:
        return f"<File {self.name!r}, {self.content_type}>"


FileData: TypeAlias = UploadData | File
"""A file of a form: what can be uploaded, or a ``File`` that says its name and media type."""


def multipart(
    fields: Mapping[str, object],
    types: Mapping[str, str],
    *,
    files: frozenset[str] = frozenset(),
    naive_times: bool = False,
    progress: Progress | None = None,
) -> tuple[Content, str]:
    """Return a form as the body of a request, and its media type.

    The body has a length if all its files have one, and can be sent again if they can be read
    again. A list becomes a part for each item; a mapping or a model a part of JSON.

    Args:
        fields: the values, by the API's names.
        types: media types of fields that have one of their own.
        files: names of fields that are files even when given as text.
        naive_times: whether times without a zone are sent.
        progress: called with the bytes sent so far.

    Raises:
        InvalidInput: a value cannot be sent.
    """
    boundary = secrets.token_hex(16)
    sources: list[Source] = []
    for name, value in fields.items():
        for each in _repeated(name, value):
            head, source = _part(name, each, types.get(name), name in files, naive_times)
            sources += [_memory(f"--{boundary}\r\n{head}\r\n\r\n"), source, _memory("\r\n")]
    sources.append(_memory(f"--{boundary}--\r\n"))
    return Content(_Row(sources), progress), f"multipart/form-data; boundary={boundary}"


def _repeated(name: str, value: object) -> Iterator[object]:
    if isinstance(value, tuple) and _is_named(cast("tuple[object, ...]", value)):
        raise InvalidInput(
            f"{name!r} is a tuple of a name and its content, which would be sent as two files. "
            "Write File(content, name), or pass a list of several files."
        )
    if isinstance(value, Sequence) and not isinstance(value, (str, bytes, bytearray, memoryview)):
        yield from cast("Sequence[object]", value)
    elif value is not None and value is not OMIT:
        yield value


def _is_named(value: tuple[object, ...]) -> bool:
    """Return whether it is a file as other HTTP clients take it."""
    return len(value) > 1 and isinstance(value[0], str) and isinstance(value[1], _FILES)


def _part(
    name: str, value: object, media: str | None, is_file: bool, naive_times: bool
) -> tuple[str, Source]:
    """Return the headers of a part, and its content."""
    if is_file and isinstance(value, str):
        value = File(value)
    elif isinstance(value, _FILES):
        value = File(cast("UploadData", value), content_type=media)
    disposition = f'content-disposition: form-data; name="{_quoted(name)}"'
    if isinstance(value, File):
        head = f'{disposition}; filename="{_quoted(value.name)}"'
        return f"{head}\r\ncontent-type: {_header(media or value.content_type)}", source_of(
            value.data
        )
    value = plain(value)
    if isinstance(value, Mapping) or (media or "").endswith("json"):
        text = encode_json(cast("object", value), naive_times=naive_times).decode()
        media = media or "application/json"
    else:
        text = scalar_text(name, value, naive_times=naive_times)
    return disposition + (f"\r\ncontent-type: {_header(media)}" if media else ""), _memory(text)


def _memory(text: str) -> Source:
    return source_of(text)


def _quoted(text: str) -> str:
    return "".join(_ESCAPED.get(character, character) for character in text)


def _header(text: str) -> str:
    if not text.isascii() or not text.isprintable():
        raise InvalidInput(f"{text!r} is not a media type.")
    return text


def _name_of(data: Any) -> str:
    if isinstance(data, os.PathLike):
        return PurePath(cast("os.PathLike[str]", data)).name or "upload"
    name = getattr(data, "name", None)
    return (PurePath(name).name if isinstance(name, str) else "") or "upload"


class _Row:
    """Several sources, one after the other."""

    def __init__(self, sources: Sequence[Source]) -> None:
        self._sources = sources
        self._current = 0
        self._begun = False
        lengths = [source.length for source in sources]
        self.length: int | None = (
            None if None in lengths else sum(length or 0 for length in lengths)
        )
        self.replayable = all(source.replayable for source in sources)
        self._left: int | None = None

    async def rewind(self) -> None:
        self.close()
        self._current, self._begun = 0, False

    async def read(self, most: int) -> bytes:
        while self._current < len(self._sources):
            source = self._sources[self._current]
            if not self._begun:
                await source.rewind()
                self._begun, self._left = True, source.length
            wanted = most if self._left is None else min(most, self._left)
            chunk = await source.read(wanted) if wanted else b""
            if chunk:
                if self._left is not None:
                    self._left -= len(chunk)
                return chunk
            if self._left:
                raise InvalidInput("A file became shorter while it was sent.")
            source.close()
            self._current, self._begun = self._current + 1, False
        return b""

    def close(self) -> None:
        for source in self._sources[self._current : self._current + 1]:
            source.close()
