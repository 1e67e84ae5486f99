"""A real redis-server on a free port."""

import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

import pytest

_BINARIES = ("redis-server", "valkey-server")


class RedisServer:
    """One server process, which a test may pause, stop, start again and fill."""

    def __init__(self, directory: Path, *options: str) -> None:
        self._directory = directory
        self._options = options
        self._binary = binary()
        self._process: subprocess.Popen[bytes] | None = None
        self.port = _free_port()
        self.start()

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self, *options: str) -> None:
        self._process = subprocess.Popen(
            [
                self._binary,
                *("--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self._directory)),
                *("--save", "", "--appendonly", "no", "--loglevel", "warning"),
                *self._options,
                *options,
            ],
            stdout=subprocess.DEVNULL,
        )
        ends = time.monotonic() + 10
        while not self._accepts():
            assert self._process.poll() is None, "redis-server did not start"
            assert time.monotonic() < ends, "redis-server did not start within 10 s"
            time.sleep(0.005)

    def stop(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.send_signal(signal.SIGCONT)
            process.kill()
            process.wait()

    def pause(self) -> None:
        """Let it accept and read, and answer nothing."""
        self._process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        self._process.send_signal(signal.SIGCONT)

    def command(self, *arguments: str | bytes) -> bytes:
        """Send one command and return the reply as it is on the wire."""
        parts = [each.encode() if isinstance(each, str) else each for each in arguments]
        lines = b"".join(b"$%d\r\n%s\r\n" % (len(part), part) for part in parts)
        with socket.create_connection(("127.0.0.1", self.port), timeout=5) as connection:
            connection.sendall(b"*%d\r\n%s" % (len(parts), lines))
            connection.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: connection.recv(65536), b""))

    def keys(self, pattern: str = "*") -> list[str]:
        """Return the names of all keys."""
        return self.command("KEYS", pattern).decode().split("\r\n")[2:-1:2]

    def dump(self) -> bytes:
        """Return all keys and values, whatever their types, as they are on the wire."""
        readers = {
            b"string": ("GET",),
            b"hash": ("HGETALL",),
            b"list": ("LRANGE", "0", "-1"),
            b"zset": ("ZRANGE", "0", "-1", "WITHSCORES"),
        }
        found = []
        for key in self.keys():
            kind = self.command("TYPE", key).strip()[1:]
            name, *rest = readers[kind]
            found += [key.encode(), self.command(name, key, *rest)]
        return b"\n".join(found)

    def _accepts(self) -> bool:
        try:
            return self.command("PING").startswith((b"+PONG", b"-NOAUTH"))
        except OSError:
            return False


def binary() -> str:
    """Return the program; skip the test if there is none, and fail it in CI."""
    for name in _BINARIES:
        found = shutil.which(name)
        if found:
            return found
    text = "There is no redis-server: install it (`apt-get install redis-server`)."
    if os.environ.get("CI") in ("1", "true"):
        pytest.fail(text)
    pytest.skip(text)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
