"""Which operations have a rule of their own; all others go by ``generic``."""

from __future__ import annotations

from collections.abc import Callable

from sdk.operations import OperationInfo

from . import accounts, conversations, others
from .generic import Generic
from .messages import Reply, Request

Rule = Callable[[Generic, OperationInfo, Request], Reply]

RULES: dict[str, Rule] = {
    "activity/check-repo-is-starred-by-authenticated-user": accounts.is_starred,
    "activity/list-repos-starred-by-authenticated-user": accounts.list_starred,
    "activity/list-repos-starred-by-user": accounts.list_starred,
    "activity/list-stargazers-for-repo": accounts.list_stargazers,
    "activity/star-repo-for-authenticated-user": accounts.star,
    "activity/unstar-repo-for-authenticated-user": accounts.star,
    "gists/create": others.create_gist,
    "gists/update": others.update_gist,
    "issues/add-labels": conversations.labels,
    "issues/create": conversations.create,
    "issues/create-comment": conversations.create,
    "issues/list-labels-on-issue": conversations.labels,
    "issues/lock": conversations.lock,
    "issues/remove-all-labels": conversations.labels,
    "issues/remove-label": conversations.labels,
    "issues/set-labels": conversations.labels,
    "issues/unlock": conversations.lock,
    "issues/update": conversations.update,
    "issues/update-comment": conversations.update,
    "markdown/render": others.render,
    "markdown/render-raw": others.render,
    "pulls/check-if-merged": conversations.merge,
    "pulls/create": conversations.create,
    "pulls/merge": conversations.merge,
    "pulls/update": conversations.update,
    "repos/create-for-authenticated-user": accounts.create_repository,
    "repos/create-in-org": accounts.create_repository,
    "repos/get-content": others.get_contents,
    "repos/list-for-authenticated-user": accounts.list_repositories,
    "repos/list-for-org": accounts.list_repositories,
    "repos/list-for-user": accounts.list_repositories,
    "repos/list-public": others.list_public,
    "repos/update": accounts.update_repository,
    "search/code": others.search,
    "search/commits": others.search,
    "search/issues-and-pull-requests": others.search,
    "search/labels": others.search,
    "search/repos": others.search,
    "search/topics": others.search,
    "search/users": others.search,
    "users/get-authenticated": accounts.get_authenticated,
    "users/get-by-id": accounts.get_by_id,
    "users/list": accounts.list_users,
    "users/list-followed-by-authenticated-user": accounts.list_following,
    "users/list-followers-for-authenticated-user": accounts.list_followers,
    "users/list-followers-for-user": accounts.list_followers,
    "users/list-following-for-user": accounts.list_following,
    "users/update-authenticated": accounts.get_authenticated,
}
