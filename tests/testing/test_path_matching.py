"""From the method and path of a request to the operation and its path parameters."""

import pytest

from sdk.testing.path_matching import find_operation


@pytest.mark.parametrize(
    ("path", "operation", "values"),
    [
        ("/", "meta/root", {}),
        ("/user/repos", "repos/list-for-authenticated-user", {}),
        ("/user/12", "users/get-by-id", {"account_id": "12"}),
        ("/users/a%20b", "users/get-by-username", {"username": "a b"}),
        ("/users/a%2Fb", "users/get-by-username", {"username": "a/b"}),
        ("/users/x/", "users/get-by-username", {"username": "x"}),
        (
            "/repos/a/b/contents/c/d.py",
            "repos/get-content",
            {"owner": "a", "repo": "b", "path": "c/d.py"},
        ),
        ("/repos/a/b/contents/", "repos/get-content", {"owner": "a", "repo": "b", "path": ""}),
        ("/repos/a/b/contents", "repos/get-content", {"owner": "a", "repo": "b", "path": ""}),
        (
            "/repos/a/b/branches/x/y/protection",
            "repos/get-branch-protection",
            {"owner": "a", "repo": "b", "branch": "x/y"},
        ),
    ],
)
def test_a_path_matches_its_operation_with_decoded_parameters(path, operation, values):
    info, found = find_operation("GET", path)
    assert (info.id, found) == (operation, values)


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/nowhere"), ("POST", "/users/x"), ("GET", "/users//x")],
)
def test_an_unknown_path_matches_no_operation(method, path):
    assert find_operation(method, path) is None
