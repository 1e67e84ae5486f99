"""The pytest plugin, in test runs of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from fastapi_integration import SdkDep
from sdk import models as m
from sdk.operations import OPERATIONS
from sdk.testing import GitHubMock


@pytest.fixture(autouse=True, scope="module")
def loaded():
    # Imported before the first test, so that not every inner run of pytest imports them again.
    return GitHubMock, SdkDep, m.PublicUser, OPERATIONS.match("GET", "/")


OPTIONS = {
    "pytest_asyncio.plugin": (
        *("-o", "asyncio_mode=auto"),
        *("-o", "asyncio_default_fixture_loop_scope=function"),
    ),
}


@pytest.fixture
def run(pytester, monkeypatch):
    # Only ours and one that runs coroutines: loading the other plugins takes time.
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")

    def run(code, *, runner="pytest_asyncio.plugin"):
        pytester.makepyfile(code)
        pytester.makeini("""
            [pytest]
            addopts = --strict-markers
            filterwarnings =
                error
                ignore:Module already imported:pytest.PytestAssertRewriteWarning
        """)
        plugins = ["-p", "sdk.testing.plugin", "-p", runner]
        # No summary of failures: where `CI` is set, pytest repeats their whole texts in it.
        return pytester.runpytest_inprocess("-rN", *plugins, *OPTIONS.get(runner, ()))

    return run


def test_a_first_test_with_both_fixtures_passes(run):
    result = run("""
        from sdk import Sdk

        async def greeting(sdk: Sdk, login: str) -> str:
            user = await sdk.users.get(login)
            return f"Hello, {user.name}!"

        async def test_greeting(github, sdk):
            github.on(sdk.users.get, "octocat").respond(name="Octo")
            assert await greeting(sdk, "octocat") == "Hello, Octo!"
    """)
    result.assert_outcomes(passed=1)


def test_an_unmocked_call_fails_the_test_even_when_the_app_swallows_it(run):
    result = run("""
        import contextlib

        async def test_app(github, sdk):
            with contextlib.suppress(Exception):
                await sdk.users.get("octocat")
    """)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "GET https://api.github.com/users/octocat is users/get-by-username, *",
            '    github.on(github.sdk.users.get_by_username, "octocat").respond()',
        ]
    )
    assert "github_mock.py" not in result.stdout.str()


def test_an_unmocked_call_is_shown_when_the_test_fails_afterwards(run):
    result = run("""
        async def test_app(github, sdk):
            try:
                await sdk.users.get("octocat")
            except Exception:
                answer = 500
            assert answer == 200
    """)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*assert 500 == 200*", "*github*", "GET https://*"])


def test_a_route_that_was_never_called_fails_the_test(run):
    result = run("""
        import pytest

        def test_strict(github, sdk):
            github.on(sdk.users.get, "octocat")

        @pytest.mark.github(assert_all_called=False)
        def test_lenient(github, sdk):
            github.on(sdk.users.get, "octocat")
    """)
    result.assert_outcomes(failed=1, passed=1)
    result.stdout.fnmatch_lines(["These routes were never called: users/get-by-username*"])


def test_a_fixture_can_add_routes(run):
    result = run("""
        import pytest

        @pytest.fixture
        def octocat(github):
            return github.on(github.sdk.users.get, "octocat").respond(login="octocat")

        async def test_one(octocat, sdk):
            assert (await sdk.users.get("octocat")).login == "octocat"
            octocat.assert_called_once_with("octocat")
    """)
    result.assert_outcomes(passed=1)


def test_a_test_can_replace_a_route_of_a_fixture(run):
    result = run("""
        import pytest

        @pytest.fixture
        def scene(github):
            github.on(github.sdk.users.get, "ada").respond(name="Ada")

        async def test_change(scene, github, sdk):
            github.on(sdk.users.get, "ada").not_found()
            with pytest.raises(Exception):
                await sdk.users.get("ada")
    """)
    result.assert_outcomes(passed=1)


def test_calls_in_the_teardown_of_a_fixture_count(run):
    result = run("""
        import contextlib
        import httpx
        import pytest

        @pytest.fixture
        def cleaned(github):
            yield
            with contextlib.suppress(AssertionError):
                httpx.delete("https://api.github.com/repos/o/r")

        def test_passes(cleaned):
            pass

        def test_swallows(cleaned):
            with contextlib.suppress(AssertionError):
                httpx.get("https://example.com/")
    """)
    result.assert_outcomes(passed=1, failed=1, errors=2)
    output = result.stdout.str()
    assert output.count('github.on(github.sdk.repos.delete, "o", "r")') == 2
    assert "GET https://example.com/ is not the API's" in output
    assert output.count("GET https://example.com/") == 1


def test_the_marker_sets_options_of_the_mock(run):
    result = run("""
        import pytest

        pytestmark = pytest.mark.github(base_url="https://ghe.example.com/api/v3")

        async def test_url(github, sdk):
            route = github.on(sdk.users.get, "x")
            await sdk.users.get("x")
            assert route.last_call.url == "https://ghe.example.com/api/v3/users/x"
    """)
    result.assert_outcomes(passed=1)


def test_the_fixtures_work_with_anyio(run):
    result = run(
        """
        import pytest

        pytestmark = pytest.mark.anyio

        @pytest.fixture
        def anyio_backend():
            return "asyncio"

        async def test_user(github, sdk):
            github.on(sdk.users.get, "x").respond(login="x")
            assert (await sdk.users.get("x")).login == "x"
        """,
        runner="anyio.pytest_plugin",
    )
    result.assert_outcomes(passed=1)


def test_a_fastapi_app_is_mocked_through_its_lifespan(run):
    result = run("""
        from fastapi import FastAPI
        from fastapi.testclient import TestClient

        from fastapi_integration import SdkDep, install_error_handlers, lifespan

        app = FastAPI(lifespan=lifespan)
        install_error_handlers(app)

        @app.get("/name/{login}")
        async def name(login: str, sdk: SdkDep) -> str:
            return (await sdk.users.get(login)).login

        def test_name(github):
            github.on(github.sdk.users.get, "octocat").rate_limited(5).respond(login="octocat")
            with TestClient(app) as client:
                assert client.get("/name/octocat").json() == "octocat"
            assert github.waits

        def test_not_found(github):
            github.on(github.sdk.users.get, "nobody").not_found()
            with TestClient(app) as client:
                assert client.get("/name/nobody").status_code == 404

        def test_unmocked(github):
            with TestClient(app, raise_server_exceptions=False) as client:
                assert client.get("/name/octocat").status_code == 500
    """)
    result.assert_outcomes(passed=2, failed=1)


def test_an_app_with_its_own_factory_and_observers_is_mocked(run):
    result = run("""
        from fastapi import FastAPI
        from fastapi.testclient import TestClient

        from fastapi_integration import SdkDep, sdk_lifespan
        from sdk import Sdk

        seen = []
        app = FastAPI(lifespan=sdk_lifespan(lambda: Sdk(token="app", observers=[seen.append])))

        @app.get("/name/{login}")
        async def name(login: str, sdk: SdkDep) -> str:
            return (await sdk.users.get(login)).login

        def test_name(github):
            route = github.on(github.sdk.users.get, "octocat").respond(login="octocat")
            with TestClient(app) as client:
                assert client.get("/name/octocat").json() == "octocat"
            assert route.last_call.headers["authorization"] == "Bearer app"
            assert seen
    """)
    result.assert_outcomes(passed=1)


def test_importing_the_plugin_loads_no_heavy_module():
    code = """if True:
        import sys
        import sdk.testing.plugin
        heavy = {"respx", "httpx", "httpcore", "pydantic", "sdk.models", "sdk.resources"}
        sys.exit(sorted(heavy & sys.modules.keys()) or 0)
    """
    subprocess.run([sys.executable, "-c", code], check=True)


def test_in_a_project_with_its_own_package_named_sdk_the_fixture_names_the_fix(tmp_path):
    (tmp_path / "sdk").mkdir()
    (tmp_path / "sdk" / "__init__.py").write_text("MINE = True\n")
    (tmp_path / "test_own.py").write_text(
        "import sdk\n\ndef test_own():\n    assert sdk.MINE\n\ndef test_ours(github): ...\n"
    )
    options = ["-p", "github_sdk_pytest", "-p", "no:github_sdk", "-p", "no:xdist", "-q"]
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", *options],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "1 passed, 1 error" in ran.stdout, ran.stdout + ran.stderr
    assert "pytest -p no:github_sdk" in ran.stdout
    assert str(tmp_path / "sdk" / "__init__.py") in ran.stdout


def test_a_project_s_own_fixture_of_that_name_replaces_ours(pytester):
    pytester.makepyfile(
        """
        import pytest, sys

        @pytest.fixture
        def github():
            return "mine"

        def test_own(github):
            assert github == "mine"
        """
    )
    pytester.runpytest("-p", "no:xdist", "-p", "no:asyncio").assert_outcomes(passed=1)


def test_assertions_of_the_sdk_are_not_rewritten(pytester):
    pytester.makepyfile(
        """
        def test_it(pytestconfig):
            marked = pytestconfig.pluginmanager.rewrite_hook._must_rewrite
            assert not {"sdk", "fastapi_integration"} & marked
        """
    )
    pytester.runpytest("-p", "no:xdist", "-p", "no:asyncio").assert_outcomes(passed=1)
