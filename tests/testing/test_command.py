"""``python -m sdk.testing`` serves the stand-in from a shell."""

import re
import socket
import subprocess
import sys

import httpx

COMMAND = [sys.executable, "-m", "sdk.testing"]


def test_it_prints_its_address_and_answers_there():
    with subprocess.Popen([*COMMAND, "--rate-limit", "9"], stdout=subprocess.PIPE) as process:
        try:
            line = process.stdout.readline().decode()
            [address] = re.findall(r"http://127\.0\.0\.1:\d+", line)
            answer = httpx.get(f"{address}/users/octocat")
            assert answer.json()["login"] == "octocat"
            assert answer.headers["x-ratelimit-limit"] == "9"
        finally:
            process.terminate()


def test_a_port_that_is_taken_is_said_so():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        result = subprocess.run([*COMMAND, "--port", port], capture_output=True, check=False)
    assert result.returncode == 1
    assert result.stderr.decode().startswith(f"Cannot listen on 127.0.0.1:{port}: ")
