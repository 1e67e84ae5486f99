"""The few decisions made by hand, all of them: everything else follows from the description."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ById:
    """A method that takes text or a number and calls one operation or the other."""

    tag: str
    name: str
    argument: str
    text: str
    number: str
    summary: str


MERGED = [
    ById(
        tag="users",
        name="get",
        argument="id",
        text="users/get-by-username",
        number="users/get-by-id",
        summary="Get a user or an organization, by login or by account id.",
    ),
]

# Second names of methods, where GitHub's own says too much or too little.
ALIASES = {
    "users/get-authenticated": "me",
    "search/issues-and-pull-requests": "issues",
    "actions/create-workflow-dispatch": "run_workflow",
}

# Names of methods whose operations GitHub files under another tag than their own name says.
NAMES = {
    "pull-request-stacks/add": "add_to_stack",
    "pull-request-stacks/create": "create_stack",
    "pull-request-stacks/get": "get_stack",
    "pull-request-stacks/list": "list_stacks",
}
