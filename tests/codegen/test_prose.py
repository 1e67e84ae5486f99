from __future__ import annotations

import pytest

from codegen import prose
from tests.codegen.tiny import described


@pytest.mark.parametrize(
    ("tag", "name", "route", "sentence"),
    [
        ("issues", "create", "POST /repos/{o}/{r}/issues", "Create an issue."),
        ("repos", "list-branches", "GET /repos/{o}/{r}/branches",
         "List the branches of a repository."),
        ("issues", "list-comments", "GET /repos/{o}/{r}/issues/{n}/comments",
         "List the comments of an issue."),
        ("issues", "add-assignees", "POST /repos/{o}/{r}/issues/{n}/assignees",
         "Add assignees to an issue."),
        ("actions", "get-workflow-run", "GET /runs/{id}", "Get a workflow run."),
        ("actions", "list-org-secrets", "GET /orgs/{org}/secrets",
         "List the secrets of an organization."),
        ("actions", "get-github-actions-permissions-organization", "GET /orgs/{org}/permissions",
         "Get the GitHub Actions permissions of an organization."),
        ("actions", "create-or-update-repo-secret", "PUT /secrets",
         "Create or update a repository secret."),
        ("gists", "star", "PUT /gists/{gist_id}/star", "Star a gist."),
        ("users", "list-emails-for-authenticated-user", "GET /user/emails",
         "List the emails of the authenticated user."),
        ("things", "bulk-delete-patterns", "DELETE /patterns", "Delete the patterns in bulk."),
        ("teams", "delete-legacy", "DELETE /teams/{id}", "Delete a team, by the team's id."),
    ],
)  # fmt: skip
def test_a_sentence_says_what_an_operation_does(tag, name, route, sentence):
    (operation,) = described({route: {"operationId": f"{tag}/{name}", "tags": [tag]}}).operations
    assert prose.method(operation) == sentence


def test_a_sentence_written_by_hand_goes_before_the_rules():
    (operation,) = described(
        {"GET /zen": {"operationId": "meta/get-zen", "tags": ["meta"]}}
    ).operations
    assert prose.method(operation) == "Get a sentence from the Zen of GitHub."


def test_a_model_is_a_noun():
    assert prose.noun_sentence("issue-comment") == "An issue comment."
    assert prose.noun_sentence("gpg-key") == "A GPG key."
