"""A browser driven by the WebDriver protocol (W3C): what the tests need of it, and no more."""

import base64
import os
import shutil
import socket
import subprocess
import time
from pathlib import Path

import httpx
import pytest

# As root in a container, and without any traffic of the browser's own.
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=800,600",
)
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"


def programs():
    """Find browser and driver; without them the test is skipped, but not in CI."""
    browser, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if browser and driver:
        return browser, driver
    missing = "chromium and chromedriver are not installed (Debian: chromium, chromium-driver)"
    if os.environ.get("CI"):
        pytest.fail(missing)
    pytest.skip(f"BROWSER NOT TESTED: {missing}")


class Refused(AssertionError):
    """The driver refused a command."""


class Browser:
    """One browser with one profile."""

    def __init__(self, folder):
        browser, driver = programs()
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        self._process = subprocess.Popen(
            [driver, f"--port={port}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self._http = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=20, trust_env=False)
        self._wait()
        options = {"binary": browser, "args": [*FLAGS, f"--user-data-dir={folder}"]}
        capabilities = {"alwaysMatch": {"goog:chromeOptions": options}}
        session = self._http.post("/session", json={"capabilities": capabilities}).json()["value"]
        self._session = f"/session/{session['sessionId']}"
        self._marks = 0

    def _wait(self):
        for _ in range(200):
            try:
                if self._http.get("/status").json()["value"]["ready"]:
                    return
            except httpx.TransportError:
                # Two hundred times, at most.
                time.sleep(0.05)
        raise AssertionError("chromedriver did not start")

    def _do(self, method, path, **body):
        json = body if method == "POST" else None
        response = self._http.request(method, f"{self._session}{path}", json=json).json()
        value = response["value"]
        if isinstance(value, dict) and "error" in value:
            raise Refused(f"{path}: {value['error']}: {value.get('message')}")
        return value

    def open(self, url):
        self._do("POST", "/url", url=url)

    @property
    def url(self):
        return self._do("GET", "/url")

    @property
    def text(self):
        return self._do(
            "POST",
            "/execute/sync",
            script="return document.body ? document.body.innerText : ''",
            args=[],
        )

    def shows(self, text):
        """Wait until the page shows a text: a click may return before the next page is there."""
        for _ in range(100):
            if text in self.text:
                return True
            time.sleep(0.05)
        return False

    def click(self, selector):
        """Click what leads to another page, and wait for that page."""
        left = self._leave()
        found = self._do("POST", "/element", using="css selector", value=selector)
        self._do("POST", f"/element/{found[ELEMENT]}/click")
        self._arrive(left)

    def back(self):
        left = self._leave()
        self._do("POST", "/back")
        self._arrive(left)

    def _leave(self):
        """Mark the page of now, with a mark that no page from the history has."""
        self._marks += 1
        self._do("POST", "/execute/sync", script=f"window.left = {self._marks}", args=[])
        return self._marks

    def _arrive(self, left):
        """Wait until another page than the marked one is complete.

        The driver answers a click before the navigation that it starts, and a command that comes
        in the middle of a navigation is refused or goes to the page before.
        """
        script = f"return window.left !== {left} && document.readyState === 'complete'"
        for _ in range(200):
            try:
                if self._do("POST", "/execute/sync", script=script, args=[]):
                    return
            except Refused:
                # The page that the command went to is being replaced.
                pass
            time.sleep(0.05)
        raise AssertionError(f"no other page after ten seconds: {self.url}")

    def cookies(self):
        return {cookie["name"]: cookie for cookie in self._do("GET", "/cookie")}

    def script_cookies(self):
        return self._do("POST", "/execute/sync", script="return document.cookie", args=[])

    def forget_cookies(self):
        self._do("DELETE", "/cookie")

    def set_cookie(self, name, value):
        self._do("POST", "/cookie", cookie={"name": name, "value": value, "path": "/"})

    def new_tab(self):
        """Open a tab, go there, and return the handle of the one before."""
        before = self._do("GET", "/window")
        opened = self._do("POST", "/window/new", type="tab")["handle"]
        self.switch_to(opened)
        return before

    def switch_to(self, handle):
        self._do("POST", "/window", handle=handle)

    def screenshot(self, path):
        Path(path).write_bytes(base64.b64decode(self._do("GET", "/screenshot")))

    def close(self):
        try:
            self._http.delete(self._session)
        except httpx.TransportError:
            pass
        finally:
            self._http.close()
            self._process.terminate()
            self._process.wait(10)
