"""Our own words for operations and arguments: data files, written by hand, and their spelling.

`summaries/` has a file for each group of operations, with one line per operation. `arguments.toml`
has the meaning of arguments. None of it is GitHub's text. An operation that is not listed yet gets
its own name as a summary, and `python -m codegen` lists it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import TypeAlias

from codegen import names

HERE = Path(__file__).parent

Texts: TypeAlias = dict[str, str]

# How a word of GitHub's names is written in a sentence.
_SPELLED = {
    "1": "1", "actions": "Actions", "ai": "AI", "api": "API", "aws": "AWS",
    "codeowners": "CODEOWNERS", "codeql": "CodeQL", "config": "configuration",
    "configs": "configurations", "copilot": "Copilot", "cve": "CVE", "cvss": "CVSS", "cwe": "CWE",
    "dependabot": "Dependabot", "dir": "directory", "dns": "DNS", "env": "environment",
    "epss": "EPSS", "ghas": "GHAS", "github": "GitHub", "gitignore": ".gitignore", "gpg": "GPG",
    "hook": "webhook", "hooks": "webhooks", "http": "HTTP", "https": "HTTPS", "idp": "IdP",
    "ip": "IP", "jit": "just-in-time", "jitconfig": "just-in-time configuration", "ldap": "LDAP",
    "lfs": "LFS", "nwo": "name", "oauth": "OAuth", "octocat": "Octocat", "oidc": "OIDC",
    "org": "organization", "orgs": "organizations", "params": "parameters",
    "pat": "personal access token", "pr": "pull request", "prs": "pull requests",
    "pulls": "pull requests", "readme": "README", "repo": "repository", "repos": "repositories",
    "saml": "SAML", "sarif": "SARIF", "sarifs": "SARIF uploads", "sbom": "SBOM", "scim": "SCIM",
    "sha": "SHA", "spdx": "SPDX", "ssh": "SSH", "stats": "statistics", "url": "URL",
    "urls": "URLs", "zen": "Zen",
}  # fmt: skip

_HYPHENATED = {
    "self hosted": "self-hosted", "GitHub owned": "GitHub-owned", "GitHub hosted": "GitHub-hosted",
    "sub issue": "sub-issue", "fine grained": "fine-grained", "pre receive": "pre-receive",
}  # fmt: skip


def summary(operation_id: str) -> str:
    """Return one sentence that describes an operation."""
    group, _, name = operation_id.partition("/")
    if text := _summaries(group).get(name):
        return text
    return sentence(name if "-" in name else f"{name} {group}")


def missing(operation_ids: Iterable[str]) -> list[str]:
    """Return the operations that have no summary of their own."""
    return [each for each in operation_ids if not _has_summary(each)]


def unknown(operation_ids: Iterable[str]) -> list[str]:
    """Return the summaries and argument notes that belong to none of the operations."""
    known = set(operation_ids)
    listed = [
        f"{path.stem}/{name}"
        for path in sorted((HERE / "summaries").glob("*.toml"))
        for name in _summaries(path.stem)
    ]
    return [each for each in [*listed, *_arguments()[1]] if each not in known]


def argument(operation_id: str, name: str) -> str | None:
    """Return the meaning of an argument, without a full stop, or None if its name says it."""
    anywhere, by_operation = _arguments()
    return by_operation.get(operation_id, {}).get(name) or anywhere.get(name)


def spelled(name: str) -> str:
    """Return a name of GitHub's as words: "code-scanning" is "code scanning"."""
    words = " ".join(_SPELLED.get(word, word) for word in names.words(name))
    for apart, joined in _HYPHENATED.items():
        words = words.replace(apart, joined)
    return words


def sentence(name: str) -> str:
    """Return a name of GitHub's as a sentence: "simple-user" is "Simple user."."""
    text = spelled(name)
    return f"{text[:1].upper()}{text[1:]}."


def _has_summary(operation_id: str) -> bool:
    group, _, name = operation_id.partition("/")
    return name in _summaries(group)


@cache
def _summaries(group: str) -> Texts:
    path = HERE / "summaries" / f"{group}.toml"
    return tomllib.loads(path.read_text()) if path.is_file() else {}


@cache
def _arguments() -> tuple[Texts, dict[str, Texts]]:
    found = tomllib.loads((HERE / "arguments.toml").read_text())
    return found["anywhere"], found["in"]
