"""The SQLite file of a response cache: one connection, used by one thread."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
from pathlib import Path

# In the header of the file ("PRAGMA application_id"): only a file with it is ever replaced.
_APPLICATION = 0x53444B43
_APPLICATION_AT = 68
_MAGIC = b"SQLite format 3\x00"

# The wait for another process, in seconds: shorter than a call's time limit for the cache.
_BUSY = 0.03

# "used" is not updated at each read, which would turn every read into a write.
_USED_STEP = 3600.0

# The number of values deleted at a time when the file is full: about as many as are added.
_BATCH = 4

_KEY_BYTES = 32

# How long opening waits for other processes that open the file, in seconds.
_OPENING = 1.0

# One transaction: another process sees all of it or nothing.
_SCHEMA = f"""
BEGIN IMMEDIATE;
PRAGMA application_id = {_APPLICATION};
CREATE TABLE IF NOT EXISTS responses (
    key TEXT PRIMARY KEY,
    until REAL NOT NULL,
    used REAL NOT NULL,
    value BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS responses_used ON responses (used);
COMMIT;
"""


class SqliteFile:
    """The values in one file; the constructor opens the file, or recreates it if it is damaged.

    Raises:
        sqlite3.Error, OSError: the file cannot be used, or is not a cache.
    """

    def __init__(self, path: Path, max_bytes: int) -> None:
        self._path = path
        self._max_bytes = max_bytes
        self._connection = self._connect()

    def get(self, key: str, now: float) -> bytes | None:
        """Return the value under a key; None if there is none, or it has expired."""
        try:
            return self._get(key, now)
        except sqlite3.DatabaseError as error:
            self._repair(error)
            return None

    def put(self, key: str, value: bytes, now: float, seconds: int) -> None:
        """Store a value, unless another process is writing."""
        try:
            self._put(key, value, now, seconds)
        except sqlite3.DatabaseError as error:
            if not _is_busy(error):
                self._repair(error)

    def drop(self, prefix: str) -> None:
        """Delete the values whose keys begin with `prefix`."""
        statement, values = "DELETE FROM responses", tuple[str, ...]()
        if prefix:
            # The keys between the prefix and the first text after all that begin with it.
            statement += " WHERE key >= ? AND key < ?"
            values = (prefix, prefix[:-1] + chr(ord(prefix[-1]) + 1))
        try:
            self._connection.execute(statement, values)
        except sqlite3.DatabaseError as error:
            self._repair(error)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _get(self, key: str, now: float) -> bytes | None:
        row: tuple[float, float, bytes] | None = self._connection.execute(
            "SELECT until, used, value FROM responses WHERE key = ?", (key,)
        ).fetchone()
        if row is None:
            return None
        until, used, value = row
        if now >= until:
            return None
        if now - used > _USED_STEP:
            self._touch(key, now)
        return value

    def _touch(self, key: str, now: float) -> None:
        try:
            self._connection.execute("UPDATE responses SET used = ? WHERE key = ?", (now, key))
        except sqlite3.OperationalError as error:
            if not _is_busy(error):
                raise

    def _put(self, key: str, value: bytes, now: float, seconds: int) -> None:
        connection = self._connection
        connection.execute("BEGIN IMMEDIATE")
        try:
            connection.execute(
                "REPLACE INTO responses (key, until, used, value) VALUES (?, ?, ?, ?)",
                (key, now + seconds, now, value),
            )
            self._make_room()
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")

    def _make_room(self) -> None:
        """Delete the least recently used values while the file is too large."""
        while self._taken() > self._max_bytes:
            deleted = self._connection.execute(
                "DELETE FROM responses WHERE key IN "
                "(SELECT key FROM responses ORDER BY used LIMIT ?)",
                (_BATCH,),
            )
            if not deleted.rowcount:
                return

    def _taken(self) -> int:
        """Return the number of bytes in use in the file, in constant time."""
        pages, free, size = (
            int(self._connection.execute(f"PRAGMA {name}").fetchone()[0])
            for name in ("page_count", "freelist_count", "page_size")
        )
        return (pages - free) * size

    def _repair(self, error: sqlite3.DatabaseError) -> None:
        """Recreate the file if it is damaged; raise any other error."""
        if not _is_damage(error):
            raise error
        self._connection.close()
        self._delete()
        self._connection = self._open()

    def _connect(self) -> sqlite3.Connection:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            return self._open()
        except sqlite3.DatabaseError as error:
            # A file that is not a cache is somebody's data: leave it unchanged.
            if not _is_damage(error) or not _is_ours(self._path):
                raise
        self._delete()
        return self._open()

    def _delete(self) -> None:
        for name in (self._path.name, f"{self._path.name}-wal", f"{self._path.name}-shm"):
            self._path.with_name(name).unlink(missing_ok=True)

    def _open(self) -> sqlite3.Connection:
        # SQLite would create it readable for others; its other files get the mode of this one.
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            if hasattr(os, "fchmod"):
                os.fchmod(descriptor, 0o600)
        finally:
            os.close(descriptor)
        until = time.monotonic() + _OPENING
        while True:
            connection = sqlite3.connect(
                self._path, timeout=_BUSY, isolation_level=None, check_same_thread=False
            )
            try:
                self._prepare(connection)
            except BaseException as error:
                connection.close()
                # SQLite does not wait by itself for a change of the journal mode.
                if not _is_busy(error) or time.monotonic() > until:
                    raise
                time.sleep(_BUSY)
            else:
                return connection

    def _prepare(self, connection: sqlite3.Connection) -> None:
        # In one transaction, because another process may be making the tables.
        connection.execute("BEGIN")
        [application] = connection.execute("PRAGMA application_id").fetchone()
        [tables] = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        connection.execute("COMMIT")
        if application != _APPLICATION and (application or tables):
            raise OSError(f"{self._path.name} is a database of another program")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        if application != _APPLICATION:
            connection.executescript(_SCHEMA)
        # A damaged page that is read later is noticed then.
        connection.execute("SELECT 1 FROM responses LIMIT 1")


def own_key(path: Path) -> bytes:
    """Return the key in the file beside a cache, ``<name>.key``; create it if there is none.

    Raises:
        OSError: it cannot be read or written, or is not a key.
    """
    place = path.with_name(f"{path.name}.key")
    if not place.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Written completely before it is linked: another process may create one at the same time.
        made = place.with_name(f"{place.name}.{os.urandom(4).hex()}")
        descriptor = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(os.urandom(_KEY_BYTES))
            with contextlib.suppress(FileExistsError):
                os.link(made, place)
        finally:
            made.unlink()
    key = place.read_bytes()
    if len(key) != _KEY_BYTES:
        raise OSError(f"{place.name} does not hold a key of {_KEY_BYTES} bytes: delete it")
    return key


def _is_busy(error: BaseException) -> bool:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def _is_damage(error: sqlite3.DatabaseError) -> bool:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def _is_ours(path: Path) -> bool:
    """Return whether a file has the header of a cache."""
    with path.open("rb") as file:
        header = file.read(_APPLICATION_AT + 4)
    return header.startswith(_MAGIC) and header[_APPLICATION_AT:] == _APPLICATION.to_bytes(4, "big")
