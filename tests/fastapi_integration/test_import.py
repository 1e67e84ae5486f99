"""Importing the integration opens and reads nothing before the app starts."""

import subprocess
import sys

from tests.fastapi_integration.support import ROOT

PROGRAM = """
import os, ssl, sys

opened = []
sys.addaudithook(lambda event, args: opened.append(event) if event == "socket.__new__" else None)


class Watched(type(os.environ)):
    def __getitem__(self, key):
        frame = sys._getframe(1)
        while frame:
            if f"{os.sep}{NAME}{os.sep}" in frame.f_code.co_filename:
                opened.append(f"{key} read by {frame.f_code.co_filename}")
            frame = frame.f_back if frame.f_code.co_filename.startswith("<frozen") else None
        return super().__getitem__(key)


NAME = "sdk"
os.environ.__class__ = Watched
real_context = ssl.SSLContext.__new__


def context(cls, *args, **kwargs):
    opened.append("TLS context")
    return real_context(cls, *args, **kwargs)


ssl.SSLContext.__new__ = context

import fastapi_integration
from fastapi import FastAPI

app = FastAPI(lifespan=fastapi_integration.lifespan)


@app.get("/")
async def read(sdk: fastapi_integration.SdkDep, http: fastapi_integration.HttpClientDep): ...


print("on import:", opened)

import asyncio
from sdk import Sdk


async def start():
    async with Sdk():
        # The SDK needs it at the first HTTPS host.
        ssl.create_default_context()


asyncio.run(start())
print("at startup:", sorted({entry.partition(" read by")[0] for entry in opened}))
"""


def test_importing_opens_no_socket_no_tls_context_and_reads_no_environment():
    result = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=ROOT, capture_output=True, text=True, check=True
    )
    on_import, at_startup = result.stdout.splitlines()
    assert on_import == "on import: []"
    # The watch itself works: it sees what opening a client does.
    for seen in ("GITHUB_TOKEN", "SSL_CERT_FILE", "TLS context", "socket.__new__"):
        assert seen in at_startup


def test_without_fastapi_the_error_names_the_extra():
    program = """
import sys

sys.modules["fastapi"] = None  # as if it were not installed
try:
    import fastapi_integration
except ModuleNotFoundError as error:
    print(error, error.name)
"""
    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert "install github-sdk[fastapi]. fastapi" in ran.stdout
