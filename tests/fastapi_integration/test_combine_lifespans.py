"""Several lifespans as one."""

from contextlib import asynccontextmanager

import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient

from fastapi_integration import combine_lifespans


def recorder(name, log, state=None):
    @asynccontextmanager
    async def lifespan(app):
        log.append(f"+{name}")
        try:
            yield state
        finally:
            log.append(f"-{name}")

    return lifespan


def test_lifespans_exit_in_reverse_order():
    log = []
    with TestClient(FastAPI(lifespan=combine_lifespans(recorder("a", log), recorder("b", log)))):
        assert log == ["+a", "+b"]
    assert log == ["+a", "+b", "-b", "-a"]


def test_states_are_merged():
    app = FastAPI(
        lifespan=combine_lifespans(
            recorder("a", [], {"a": 1}), recorder("none", []), recorder("b", [], {"b": 2})
        )
    )

    @app.get("/")
    async def read(request: Request) -> list[int]:
        return [request.state.a, request.state.b]

    with TestClient(app) as client:
        assert client.get("/").json() == [1, 2]


def test_a_key_that_two_lifespans_yield_is_named():
    log = []
    both = combine_lifespans(recorder("a", log, {"db": 1}), recorder("b", log, {"db": 2}))
    with pytest.raises(RuntimeError, match="yield 'db'"):
        TestClient(FastAPI(lifespan=both)).__enter__()
    assert log == ["+a", "+b", "-b", "-a"]


def test_an_undecorated_generator_function_is_accepted():
    log = []

    async def lifespan(app):
        log.append("+")
        yield
        log.append("-")

    with TestClient(FastAPI(lifespan=combine_lifespans(lifespan))):
        pass
    assert log == ["+", "-"]


def test_every_lifespan_gets_the_app():
    apps = []

    @asynccontextmanager
    async def lifespan(app):
        apps.append(app)
        yield

    app = FastAPI(lifespan=combine_lifespans(lifespan))
    with TestClient(app):
        assert apps == [app]
