from __future__ import annotations

import re

import pytest

from sdk.operations import OPERATIONS
from sdk.transport.errors import InvalidInput


def test_an_entry_has_the_method_and_the_request():
    info = OPERATIONS["users/get-by-username"]
    assert (info.method, info.path) == ("GET", "/users/{username}")
    assert (info.resource, info.name) == ("users", "get_by_username")
    assert info.docs == "https://docs.github.com/rest/users/users#get-a-user"
    assert info.return_type == "m.PrivateUser | m.PublicUser"
    assert not info.is_paged


def test_every_entry_has_the_address_of_its_documentation():
    lacking = [
        info.id
        for info in OPERATIONS.values()
        if not (info.docs or "").startswith("https://docs.github.com/")
    ]
    assert lacking == []


def test_parameters_have_the_name_of_github_and_of_the_method():
    found = {each.name: each for each in OPERATIONS["actions/update-repo-variable"].parameters}
    assert [each.place for each in found.values()] == ["path", "path", "path", "field", "field"]
    assert (found["new_name"].github_name, found["new_name"].type) == ("name", "str")
    assert found["repo"].required
    assert not found["value"].required


def test_a_path_has_the_parameter_names_of_github():
    info = OPERATIONS["enterprise-team-memberships/list"]
    assert info.path == "/enterprises/{enterprise}/teams/{enterprise-team}/memberships"
    assert info.arguments({"enterprise": "e", "enterprise-team": "t"}) == {
        "enterprise": "e",
        "enterprise_team": "t",
    }


def test_a_name_in_the_path_and_the_body_means_the_path():
    info = OPERATIONS["actions/update-repo-variable"]
    values = {"owner": "o", "repo": "r", "name": "n", "new_name": "m"}
    assert info.arguments(values) == values


def test_an_error_names_a_wrong_or_missing_parameter():
    info = OPERATIONS["users/get-by-username"]
    with pytest.raises(InvalidInput, match="no parameter 'login'; it has 'username'"):
        info.arguments({"login": "octocat"})
    with pytest.raises(InvalidInput, match="needs 'username'"):
        info.arguments({})


def test_methods_for_other_media_types_are_found_by_media_type():
    forms = OPERATIONS["pulls/get"].forms
    assert [form.name for form in forms.values()] == ["get_diff", "get_patch"]
    form = forms["application/vnd.github.diff"]
    assert (form.id, form.resource, form.return_type) == ("pulls/get", "pulls", "str")
    assert OPERATIONS["users/get-by-username"].forms == {}


@pytest.mark.parametrize(
    ("id", "statuses"),
    [
        ("users/get-by-username", (200,)),
        ("issues/create", (201,)),
        ("repos/create-or-update-file-contents", (200, 201)),
        ("activity/mark-thread-as-read", (205,)),
        # Described with a redirect alone, to the file.
        ("repos/download-zipball-archive", (200,)),
        # 202 says that the file is not there yet.
        ("dependency-graph/fetch-sbom-report", (200,)),
    ],
)
def test_the_statuses_of_success(id, statuses):
    assert OPERATIONS[id].statuses == statuses


def test_lists_and_deprecated_operations_are_marked():
    assert OPERATIONS["users/list-followers-for-user"].is_paged
    assert OPERATIONS["teams/get-legacy"].is_deprecated
    assert not OPERATIONS["teams/get-by-name"].is_deprecated


@pytest.mark.parametrize(
    ("method", "path", "id"),
    [
        ("GET", "/users/octocat", "users/get-by-username"),
        ("get", "/user/repos", "repos/list-for-authenticated-user"),
        ("GET", "/user/583231", "users/get-by-id"),
        ("GET", "/repos/o/r/contents/a/b/c.txt", "repos/get-content"),
        ("GET", "/repos/o/r/contents/", "repos/get-content"),
        ("DELETE", "/repos/o/r/git/refs/heads/a/b", "git/delete-ref"),
        ("GET", "/repos/o/r/branches/a/b", "repos/get-branch"),
        ("GET", "/repos/o/r/branches/a/b/protection", "repos/get-branch-protection"),
        ("GET", "/repos/o/r/commits/heads/a/status", "repos/get-combined-status-for-ref"),
        ("GET", "/repos/o/r/compare/a...b", "repos/compare-commits-with-basehead"),
    ],
)
def test_a_request_matches_its_operation(method, path, id):
    assert OPERATIONS.match(method, path).id == id


def test_every_route_matches_its_own_operation():
    for info in OPERATIONS.values():
        path = re.sub(r"\{[^}]*\}", "1", info.path)
        if "..." not in path:
            assert OPERATIONS.match(info.method, path) is info


def test_an_unknown_request_matches_no_operation():
    assert OPERATIONS.match("GET", "/nothing/of/the/kind") is None


def test_it_is_a_mapping():
    assert "meta/get-zen" in OPERATIONS
    assert "meta/get-nothing" not in OPERATIONS
    assert next(iter(OPERATIONS)) == "actions/add-custom-labels-to-self-hosted-runner-for-org"
    assert repr(OPERATIONS) == "<Operations: 1223>"
    with pytest.raises(KeyError):
        OPERATIONS["nothing"]
