"""The invented users and repositories that are there from the start."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_SEEDED = "2011-01-25T18:44:36Z"

# login, account id, name, company, place. All invented but octocat, GitHub's mascot.
_PEOPLE = (
    ("octocat", 583231, "The Octocat", "@octo-org", "San Francisco"),
    ("ada-example", 1001, "Ada Example", "Analytical Engines", "London"),
    ("grace-example", 1002, "Grace Example", "@octo-org", "Arlington"),
    ("linus-example", 1003, "Linus Example", None, "Helsinki"),
    ("barbara-example", 1004, "Barbara Example", "Substitutions Ltd", "Los Angeles"),
    ("donald-example", 1005, "Donald Example", None, None),
    ("edsger-example", 1006, "Edsger Example", "Shortest Paths", "Rotterdam"),
    ("margaret-example", 1007, "Margaret Example", "Moonshot", "Boston"),
)

# full name, repository id, description, language, stars.
_REPOSITORIES = (
    ("octocat/hello-world", 1296269, "My first repository", None, 2500),
    ("octocat/spoon-knife", 1300192, "A place to try forks", "HTML", 12000),
    ("octocat/sdk-example", 1300193, "A client written in Python", "Python", 42),
    ("ada-example/engine", 2001, "Cards, gears and steam", "Python", 1843),
    ("grace-example/compiler", 2002, "Turns English into machine code", "C", 1906),
)


class World:
    """What exists, and who follows whom. Everyone follows octocat.

    Attributes:
        users: full users by login in lower case.
        repositories: repositories by full name in lower case.
    """

    def __init__(self) -> None:
        self.users = {person[0].lower(): _user(*person) for person in _PEOPLE}
        self.repositories: dict[str, dict[str, Any]] = {}
        for repository in _REPOSITORIES:
            full_name = repository[0]
            owner = self.users[full_name.partition("/")[0]]
            self.repositories[full_name.lower()] = _repository(owner, *repository)
        for login, user in self.users.items():
            user["public_repos"] = len(self.repositories_of(login))
            user["followers"] = len(self.followers_of(login))
            user["following"] = int(login != "octocat")

    def followers_of(self, login: str) -> list[dict[str, Any]]:
        """List who follows `login`."""
        if login.lower() != "octocat":
            return []
        return [user for name, user in self.users.items() if name != "octocat"]

    def repositories_of(self, login: str) -> list[dict[str, Any]]:
        """List the repositories that `login` owns."""
        prefix = f"{login.lower()}/"
        return [item for name, item in self.repositories.items() if name.startswith(prefix)]


_SIMPLE_USER = (
    "login",
    "id",
    "node_id",
    "avatar_url",
    "gravatar_id",
    "url",
    "html_url",
    "followers_url",
    "following_url",
    "gists_url",
    "starred_url",
    "subscriptions_url",
    "organizations_url",
    "repos_url",
    "events_url",
    "received_events_url",
    "type",
    "user_view_type",
    "site_admin",
)


def simple(user: Mapping[str, Any]) -> dict[str, Any]:
    """Give the short form of a user, as it is in lists."""
    return {name: user[name] for name in _SIMPLE_USER}


def located(value: Any, base_url: str) -> Any:
    """Give `value` with every address of the API replaced by one of ours, so that it can be called.

    Pages meant for people (``html_url``) stay on github.com.
    """
    if isinstance(value, str):
        return value.replace("https://api.github.com", base_url, 1)
    if isinstance(value, list):
        return [located(item, base_url) for item in value]  # pyright: ignore[reportUnknownVariableType]
    if isinstance(value, dict):
        return {key: located(item, base_url) for key, item in value.items()}  # pyright: ignore[reportUnknownVariableType]
    return value


def _user(
    login: str, id: int, name: str, company: str | None, location: str | None
) -> dict[str, Any]:
    api = f"https://api.github.com/users/{login}"
    return {
        "login": login,
        "id": id,
        "node_id": f"U_{id:08}",
        "avatar_url": f"https://avatars.githubusercontent.com/u/{id}?v=4",
        "gravatar_id": "",
        "url": api,
        "html_url": f"https://github.com/{login}",
        "followers_url": f"{api}/followers",
        "following_url": f"{api}/following{{/other_user}}",
        "gists_url": f"{api}/gists{{/gist_id}}",
        "starred_url": f"{api}/starred{{/owner}}{{/repo}}",
        "subscriptions_url": f"{api}/subscriptions",
        "organizations_url": f"{api}/orgs",
        "repos_url": f"{api}/repos",
        "events_url": f"{api}/events{{/privacy}}",
        "received_events_url": f"{api}/received_events",
        "type": "User",
        "user_view_type": "public",
        "site_admin": False,
        "name": name,
        "company": company,
        "blog": "",
        "location": location,
        "email": None,
        "hireable": None,
        "bio": None,
        "twitter_username": None,
        "public_repos": 0,
        "public_gists": 0,
        "followers": 0,
        "following": 0,
        "created_at": _SEEDED,
        "updated_at": _SEEDED,
    }


def _repository(
    owner: Mapping[str, Any],
    full_name: str,
    id: int,
    description: str,
    language: str | None,
    stars: int,
) -> dict[str, Any]:
    api = f"https://api.github.com/repos/{full_name}"
    html = f"https://github.com/{full_name}"
    return {
        "id": id,
        "node_id": f"R_{id:08}",
        "name": full_name.partition("/")[2],
        "full_name": full_name,
        "private": False,
        "owner": simple(owner),
        "html_url": html,
        "description": description,
        "fork": False,
        "url": api,
        **{
            f"{name}_url": f"{api}/{name}"
            for name in (
                "forks",
                "teams",
                "hooks",
                "events",
                "tags",
                "languages",
                "stargazers",
                "contributors",
                "subscribers",
                "subscription",
                "merges",
                "downloads",
                "deployments",
            )
        },
        "keys_url": f"{api}/keys{{/key_id}}",
        "collaborators_url": f"{api}/collaborators{{/collaborator}}",
        "issue_events_url": f"{api}/issues/events{{/number}}",
        "assignees_url": f"{api}/assignees{{/user}}",
        "branches_url": f"{api}/branches{{/branch}}",
        "blobs_url": f"{api}/git/blobs{{/sha}}",
        "git_tags_url": f"{api}/git/tags{{/sha}}",
        "git_refs_url": f"{api}/git/refs{{/sha}}",
        "trees_url": f"{api}/git/trees{{/sha}}",
        "statuses_url": f"{api}/statuses/{{sha}}",
        "commits_url": f"{api}/commits{{/sha}}",
        "git_commits_url": f"{api}/git/commits{{/sha}}",
        "comments_url": f"{api}/comments{{/number}}",
        "issue_comment_url": f"{api}/issues/comments{{/number}}",
        "contents_url": f"{api}/contents/{{+path}}",
        "compare_url": f"{api}/compare/{{base}}...{{head}}",
        "archive_url": f"{api}/{{archive_format}}{{/ref}}",
        "issues_url": f"{api}/issues{{/number}}",
        "pulls_url": f"{api}/pulls{{/number}}",
        "milestones_url": f"{api}/milestones{{/number}}",
        "notifications_url": f"{api}/notifications{{?since,all,participating}}",
        "labels_url": f"{api}/labels{{/name}}",
        "releases_url": f"{api}/releases{{/id}}",
        "created_at": _SEEDED,
        "updated_at": _SEEDED,
        "pushed_at": _SEEDED,
        "git_url": f"git://github.com/{full_name}.git",
        "ssh_url": f"git@github.com:{full_name}.git",
        "clone_url": f"{html}.git",
        "svn_url": html,
        "mirror_url": None,
        "homepage": "",
        "size": 108,
        "stargazers_count": stars,
        "watchers_count": stars,
        "language": language,
        "has_issues": True,
        "has_projects": True,
        "has_downloads": True,
        "has_wiki": True,
        "has_pages": False,
        "has_discussions": False,
        "forks_count": 9,
        "archived": False,
        "disabled": False,
        "open_issues_count": 0,
        "license": None,
        "allow_forking": True,
        "is_template": False,
        "web_commit_signoff_required": False,
        "topics": [],
        "visibility": "public",
        "forks": 9,
        "open_issues": 0,
        "watchers": stars,
        "default_branch": "main",
    }
