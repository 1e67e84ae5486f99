"""``python -m sdk.testing`` serves the stand-in from a shell."""

import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

COMMAND = [sys.executable, "-m", "sdk.testing"]


def test_the_command_prints_its_address_and_serves_there():
    with subprocess.Popen([*COMMAND, "--rate-limit", "9"], stdout=subprocess.PIPE) as process:
        try:
            line = process.stdout.readline().decode()
            [address] = re.findall(r"http://127\.0\.0\.1:\d+", line)
            response = httpx.get(f"{address}/users/octocat")
            assert response.json()["login"] == "octocat"
            assert response.headers["x-ratelimit-limit"] == "9"
        finally:
            process.terminate()


def test_with_an_app_it_prints_settings_for_a_shell():
    command = [*COMMAND, "--app", "--webhook-secret", "it's mine", "--callback-url", "http://x/cb"]
    script = """
import asyncio, os
from sdk import GitHubApp, Sdk

async def main():
    app = GitHubApp.from_env()
    print(*app.webhook_secrets)
    async with Sdk(app=app, base_url=os.environ["GITHUB_API_URL"]) as sdk:
        print((await sdk.apps.get_authenticated()).slug)

asyncio.run(main())
"""
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        try:
            lines = [process.stdout.readline().decode() for _ in range(8)]
            shell = "".join(lines) + f'exec {sys.executable} -c "$SCRIPT"'
            result = subprocess.run(
                ["sh", "-c", shell],  # noqa: S607
                env={**os.environ, "SCRIPT": script},
                capture_output=True,
                check=True,
                timeout=30,
            )
            key = Path(re.findall(r"PRIVATE_KEY_PATH=(\S+)", shell)[0])
            assert key.stat().st_mode & 0o777 == 0o600
        finally:
            process.terminate()
    assert result.stdout.decode().splitlines() == ["it's mine", "octo-app"]
    assert not key.exists()


def test_after_load_no_response_imports_a_module():
    code = """
import asyncio, sys
import httpx
from sdk.testing import StandIn

async def main():
    app = StandIn()
    app.load()
    loaded = set(sys.modules)
    headers = {"authorization": "Bearer any"}
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(
        transport=transport, base_url="http://stand-in", headers=headers
    ) as client:
        for path in ("/users/octocat", "/repos/octocat/hello-world/issues", "/gists", "/events"):
            (await client.get(path)).raise_for_status()
    print(sorted(name for name in sys.modules if name.startswith("sdk.") and name not in loaded))

asyncio.run(main())
"""
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert result.stdout.decode() == "[]\n"


def test_a_port_in_use_is_an_error_message():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        result = subprocess.run([*COMMAND, "--port", port], capture_output=True, check=False)
    assert result.returncode == 1
    assert result.stderr.decode().startswith(f"Cannot listen on 127.0.0.1:{port}: ")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--port", "99999"], 2, "99999 is not a port number"),
        (["--port", "-1"], 2, "-1 is not a port number"),
        (["--port", "http"], 2, "'http' is not a number"),
        (["--rate-limit", "-5"], 2, "-5 is negative"),
        (["--webhook-url", "http://x"], 2, "--webhook-url is a setting of an App: pass --app, too"),
        (["--host", "x" * 300], 1, "Cannot listen on xxx"),
    ],
)
def test_invalid_arguments_are_refused_without_a_traceback(arguments, code, said):
    result = subprocess.run([*COMMAND, *arguments], capture_output=True, check=False, timeout=30)
    assert result.returncode == code
    assert said in result.stderr.decode()
    assert "Traceback" not in result.stderr.decode()


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_a_signal_ends_the_command_without_output(name):
    with subprocess.Popen(COMMAND, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.readline()
        process.send_signal(getattr(signal, name))
        _, said = process.communicate(timeout=30)
    assert (process.returncode, said) == (0, b"")


def test_a_signal_during_the_start_ends_the_command_without_a_traceback():
    command = [sys.executable, "-X", "importtime", *COMMAND[1:]]
    with subprocess.Popen(command, stderr=subprocess.PIPE) as process:
        # What it imports first of the stand-in: the whole table of operations is still to come.
        said = next(line for line in process.stderr if b"sdk.testing.synthesis.type_shapes" in line)
        process.send_signal(signal.SIGINT)
        said += process.stderr.read()
        process.wait(30)
    assert b"Traceback" not in said
    assert b"KeyboardInterrupt" not in said
