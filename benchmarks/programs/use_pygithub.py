"""PyGithub, its pauses off: ``use_pygithub.py TASK URL``."""

from __future__ import annotations

import sys

from github import Github
from report import report


def ten(github: Github) -> None:
    """Make one call of each of ten resources."""
    repository = github.get_repo("o/r")
    github.get_user("octocat").name  # noqa: B018  lazy: this asks
    list(repository.get_issues())
    github.get_gist("1").description  # noqa: B018
    repository.get_git_commit("abc").message  # noqa: B018
    list(repository.get_workflow_runs())
    list(github.search_repositories("x"))
    list(repository.get_stargazers())
    list(repository.get_commit("abc").get_check_runs())
    list(repository.get_issue(1).get_reactions())
    github.get_license("mit").name  # noqa: B018


def main(task: str, url: str) -> None:
    """Run the task."""
    options = {"seconds_between_requests": None, "seconds_between_writes": None, "lazy": True}
    github = Github(base_url=url, **options)
    if task == "first":
        github.get_user("octocat").name  # noqa: B018
    elif task == "ten":
        ten(github)
    else:
        page(github, int(task.removeprefix("page:")))
        return
    report()


def page(github: Github, count: int) -> None:
    """Fetch pages of 100 issues; report the CPU time of one, in microseconds."""
    from time import process_time

    repository = github.get_repo("o/hundred")
    list(repository.get_issues())
    begun = process_time()
    for _ in range(count):
        list(repository.get_issues())
    report(cpu=1e6 * (process_time() - begun) / count)


main(sys.argv[1], sys.argv[2])
