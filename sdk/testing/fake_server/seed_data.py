"""The seed data, as facts by path; the rest of each response is generated around them.

All of it is invented, except octocat, GitHub's mascot.
"""

from __future__ import annotations

from typing import Any

Facts = dict[str, Any]

# login, account id, name, company, place.
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

# owner, name, repository id, description, language, stars.
_REPOSITORIES = (
    ("octocat", "hello-world", 1296269, "My first repository", None, 2500),
    ("octocat", "spoon-knife", 1300192, "A place to try forks", "HTML", 12000),
    ("octocat", "sdk-example", 1300193, "A client written in Python", "Python", 42),
    ("ada-example", "engine", 2001, "Cards, gears and steam", "Python", 1843),
    ("grace-example", "compiler", 2002, "Turns English into machine code", "C", 1906),
    ("octo-org", "handbook", 3001, "How we work", "Markdown", 7),
)

_ISSUES = (
    ("Found a bug", "It says hello twice.", "ada-example", ["bug"]),
    ("Say goodbye too", "One should.", "grace-example", ["enhancement"]),
    ("Explain the first line", "I do not get it.", "linus-example", ["documentation"]),
)

_LABELS = (
    ("bug", "d73a4a", "Something is not working"),
    ("documentation", "0075ca", "Improvements or additions to documentation"),
    ("enhancement", "a2eeef", "New feature or request"),
)

# The keys of the seeded resources, by plain route. A route that is not listed has three, with the
# numbers 1 to 3 or the names "example", "example-2" and "example-3".
KEYS: dict[str, tuple[str, ...]] = {
    "/users/{}": tuple(person[0] for person in _PEOPLE),
    "/orgs/{}": ("octo-org",),
    "/repos/{}/{}": (),
    "/repos/{}/{}/comments/{}": ("1",),
    "/repos/{}/{}/issues/comments/{}": ("1",),
    "/repos/{}/{}/pulls/comments/{}": ("1",),
    "/repos/{}/{}/releases/assets/{}": ("1",),
    # Pull requests share their numbers with issues, which are 1 to 3.
    "/repos/{}/{}/pulls/{}": ("4", "5", "6"),
    "/repos/{}/{}/assignees/{}": tuple(person[0] for person in _PEOPLE),
    "/repos/{}/{}/labels/{}": tuple(label[0] for label in _LABELS),
    "/repos/{}/{}/branches/{}": ("main",),
    "/repos/{}/{}/git/refs/{}": ("heads/main",),
    "/repos/{}/{}/contents/{}": ("README.md",),
    "/repos/{}/{}/issues/{}/labels/{}": (),
    "/user/blocks/{}": (),
    "/user/following/{}": (),
    "/user/starred/{}": (),
}

# The same by the name of the last parameter, for resources that have several routes.
KEYS_BY_PARAMETER: dict[str, tuple[str, ...]] = {
    "org": ("octo-org",),
    "repo": ("hello-world",),
    "username": ("octocat", "ada-example", "grace-example"),
}

NUMBERS = ("1", "2", "3")
NAMES = ("example", "example-2", "example-3")


def facts() -> dict[str, Facts]:
    """Return the facts of the seeded resources, by path in lower case."""
    known: dict[str, Facts] = {}
    for person in _PEOPLE:
        known[f"/users/{person[0]}"] = _user(*person)
    known["/orgs/octo-org"] = {
        **_account("octo-org", 4001, "Organization"),
        "hooks_url": "https://api.github.com/orgs/octo-org/hooks",
        "issues_url": "https://api.github.com/orgs/octo-org/issues",
        "members_url": "https://api.github.com/orgs/octo-org/members{/member}",
        "public_members_url": "https://api.github.com/orgs/octo-org/public_members{/member}",
        "name": "Octo Org",
        "description": "Where the examples live",
    }
    for repository in _REPOSITORIES:
        owner = repository[0]
        account = known.get(f"/users/{owner}") or known[f"/orgs/{owner}"]
        known[f"/repos/{owner}/{repository[1]}"] = _repository(account, *repository[1:])
    # Of the stars that the repository counts, these are of seeded users.
    known["/repos/octocat/hello-world"]["_stars"] = {
        person[0]: f"2026-01-{day:02}T12:00:00Z" for day, person in enumerate(_PEOPLE[1:4], 1)
    }
    home = "/repos/octocat/hello-world"
    for number, (name, color, description) in enumerate(_LABELS, 1):
        known[f"{home}/labels/{name}"] = {
            "id": 5000 + number,
            "node_id": f"LA_{number:08}",
            "url": f"https://api.github.com{home}/labels/{name}",
            "name": name,
            "color": color,
            "description": description,
            "default": True,
        }
    for number, (title, body, author, labels) in enumerate(_ISSUES, 1):
        known[f"{home}/issues/{number}"] = {
            "number": number,
            "title": title,
            "body": body,
            "state": "open",
            "user": known[f"/users/{author}"],
            "labels": [known[f"{home}/labels/{label}"] for label in labels],
        }
    known[f"{home}/issues/comments/1"] = {
        "id": 1,
        "body": "So do I.",
        "user": known["/users/octocat"],
        "_issue": 1,
    }
    return known


def _account(login: str, id: int, kind: str) -> Facts:
    api = f"https://api.github.com/{'users' if kind == 'User' else 'orgs'}/{login}"
    return {
        "login": login,
        "id": id,
        "node_id": f"{kind[0]}_{id:08}",
        "avatar_url": f"https://avatars.githubusercontent.com/u/{id}?v=4",
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
        "type": kind,
        "user_view_type": "public",
        "site_admin": False,
    }


def _user(login: str, id: int, name: str, company: str | None, location: str | None) -> Facts:
    return {
        **_account(login, id, "User"),
        "gravatar_id": "",
        "name": name,
        "company": company,
        "blog": "",
        "location": location,
        "email": None,
        "hireable": None,
        "bio": None,
        "twitter_username": None,
        "public_repos": sum(repository[0] == login for repository in _REPOSITORIES),
        "public_gists": 0,
        "followers": len(_PEOPLE) - 1 if login == "octocat" else 0,
        "following": int(login != "octocat"),
        "created_at": "2011-01-25T18:44:36Z",
        "updated_at": "2026-01-22T12:25:23Z",
    }


def _repository(
    owner: Facts, name: str, id: int, description: str, language: str | None, stars: int
) -> Facts:
    return {
        "id": id,
        "node_id": f"R_{id:08}",
        **named(owner, name),
        **NEW_REPOSITORY,
        "description": description,
        "language": language,
        "stargazers_count": stars,
        "watchers_count": stars,
        "watchers": stars,
        "created_at": "2011-01-26T19:01:12Z",
        "pushed_at": "2026-01-20T10:00:00Z",
    }


NEW_REPOSITORY: Facts = {
    "private": False,
    "visibility": "public",
    "fork": False,
    "default_branch": "main",
}


# The parts of a repository that its URL fields point to.
_PARTS = {
    **{
        part: part
        for part in (
            *("contributors", "deployments", "downloads", "events", "forks", "hooks", "languages"),
            *("merges", "stargazers", "subscribers", "subscription", "tags", "teams"),
        )
    },
    "archive": "{archive_format}{/ref}",
    "assignees": "assignees{/user}",
    "blobs": "git/blobs{/sha}",
    "branches": "branches{/branch}",
    "collaborators": "collaborators{/collaborator}",
    "comments": "comments{/number}",
    "commits": "commits{/sha}",
    "compare": "compare/{base}...{head}",
    "contents": "contents/{+path}",
    "git_commits": "git/commits{/sha}",
    "git_refs": "git/refs{/sha}",
    "git_tags": "git/tags{/sha}",
    "issue_comment": "issues/comments{/number}",
    "issue_events": "issues/events{/number}",
    "issues": "issues{/number}",
    "keys": "keys{/key_id}",
    "labels": "labels{/name}",
    "milestones": "milestones{/number}",
    "notifications": "notifications{?since,all,participating}",
    "pulls": "pulls{/number}",
    "releases": "releases{/id}",
    "statuses": "statuses/{sha}",
    "trees": "git/trees{/sha}",
}


def named(owner: Facts, name: str) -> Facts:
    """Return the name fields and URLs of a repository."""
    full_name = f"{owner['login']}/{name}"
    api = f"https://api.github.com/repos/{full_name}"
    return {
        "name": name,
        "full_name": full_name,
        "owner": owner,
        "url": api,
        "html_url": f"https://github.com/{full_name}",
        "svn_url": f"https://github.com/{full_name}",
        "clone_url": f"https://github.com/{full_name}.git",
        "git_url": f"git://github.com/{full_name}.git",
        "ssh_url": f"git@github.com:{full_name}.git",
        **{f"{part}_url": f"{api}/{path}" for part, path in _PARTS.items()},
    }
