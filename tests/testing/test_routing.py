"""From method and path to what serves it."""

import pytest

from sdk.testing.standin.routing import Router


@pytest.fixture
def router():
    router = Router()
    for template in (
        "/users/{username}",
        "/users/list",
        "/",
        "/repos/{o}/{r}/contents/{path}",
        "/repos/{o}/{r}/branches/{branch}",
        "/repos/{o}/{r}/branches/{branch}/protection",
    ):
        router.add("GET", template, template, ("path", "branch"), ("path",))
    return router


@pytest.mark.parametrize(
    ("path", "template", "values"),
    [
        ("/", "/", {}),
        ("/users/list", "/users/list", {}),
        ("/users/a%20b", "/users/{username}", {"username": "a b"}),
        ("/users/a%2Fb", "/users/{username}", {"username": "a/b"}),
        ("/users/x/", "/users/{username}", {"username": "x"}),
        (
            "/repos/a/b/contents/c/d.py",
            "/repos/{o}/{r}/contents/{path}",
            {"o": "a", "r": "b", "path": "c/d.py"},
        ),
        (
            "/repos/a/b/contents/",
            "/repos/{o}/{r}/contents/{path}",
            {"o": "a", "r": "b", "path": ""},
        ),
        (
            "/repos/a/b/branches/x/y/protection",
            "/repos/{o}/{r}/branches/{branch}/protection",
            {"o": "a", "r": "b", "branch": "x/y"},
        ),
    ],
)
def test_finds(router, path, template, values):
    assert router.find("GET", path) == (template, values)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/nowhere"),
        ("POST", "/users/x"),
        ("GET", "/users//x"),
        ("GET", "/repos/a/b/branches/"),
    ],
)
def test_finds_nothing(router, method, path):
    assert router.find(method, path) is None
