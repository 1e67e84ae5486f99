"""The vocabulary of `prose`: how words are spelled, and what arguments of one name always mean."""

from __future__ import annotations

# How a word of GitHub's names is written in a sentence.
SPELLED = {
    "api": "API", "app": "app", "aws": "AWS", "codeowners": "CODEOWNERS", "codeql": "CodeQL",
    "copilot": "Copilot", "cve": "CVE", "dependabot": "Dependabot", "dns": "DNS",
    "env": "environment", "github": "GitHub", "gitignore": ".gitignore", "gpg": "GPG", "idp": "IdP",
    "ip": "IP", "jitconfig": "just-in-time configuration", "ldap": "LDAP", "lfs": "LFS",
    "nwo": "name", "oauth": "OAuth", "octocat": "Octocat", "oidc": "OIDC", "org": "organization",
    "orgs": "organizations", "pat": "personal access token", "pr": "pull request",
    "prs": "pull requests", "pulls": "pull requests", "readme": "README", "repo": "repository",
    "repos": "repositories", "saml": "SAML", "sarif": "SARIF", "sarifs": "SARIF uploads",
    "sbom": "SBOM", "scim": "SCIM", "sha": "SHA", "ssh": "SSH", "url": "URL", "webhook": "webhook",
    "zen": "Zen", "jit": "just-in-time", "config": "configuration", "configs": "configurations",
    "stats": "statistics", "params": "parameters", "prod": "production", "dir": "directory",
    "codespaces": "codespaces", "actions": "Actions", "id": "id", "ids": "ids", "hook": "webhook",
    "hooks": "webhooks",
}  # fmt: skip

# What one item of a tag is called; tags that are no things of their own have none.
TAG_ITEMS = {
    "agent-tasks": "agent task", "apps": "app", "campaigns": "campaign", "checks": "check run",
    "codes-of-conduct": "code of conduct", "codespaces": "codespace",
    "copilot-spaces": "Copilot space", "emojis": "emoji", "enterprise-teams": "enterprise team",
    "gists": "gist", "gitignore": ".gitignore template", "issues": "issue", "licenses": "license",
    "orgs": "organization", "packages": "package", "projects": "project", "pulls": "pull request",
    "reactions": "reaction", "repos": "repository", "teams": "team", "users": "user",
    "enterprise-team-memberships": "enterprise team membership",
    "enterprise-team-organizations": "organization assignment", "migrations": "migration",
    "rate-limit": "rate limit", "meta": "API overview",
}  # fmt: skip

# Words that belong together.
HYPHENATED = {
    "self hosted": "self-hosted", "GitHub owned": "GitHub-owned", "GitHub hosted": "GitHub-hosted",
    "sub issue": "sub-issue", "fine grained": "fine-grained", "pre flight": "pre-flight",
    "one day": "one-day", "1 day": "one-day", "ai credit": "AI credit", "pages ": "Pages ",
}  # fmt: skip

# Nouns that take "the": there is one of them, or they cannot be counted.
THE = {
    "access", "agent configuration", "agent policy", "authorization", "availability", "billing",
    "branch protection", "configuration status", "content", "content exclusion", "coverage",
    "default", "default setup", "dependency review", "history", "import status", "information",
    "jitconfig", "level", "license", "limit", "metadata", "overview", "permission level", "policy",
    "protection", "public key", "README", "root", "rule suite overview", "setup", "state",
    "stargazer count", "sub claim", "sub template", "subscription", "summary", "usage",
    "visibility", "webhook configuration", "creation cap", "LFS preference", "hash algorithm",
    "just-in-time configuration",
}  # fmt: skip

# What an argument of this name means wherever it occurs.
ARGUMENTS = {
    "account_id": "id of the account, which renaming does not change.",
    "after": "cursor of the page before the one wanted.",
    "alert_number": "number of the alert, as in its address.",
    "assignee": "login of a user.",
    "assignees": "logins of users.",
    "base": "the branch, tag or commit to start from.",
    "before": "cursor of the page after the one wanted.",
    "branch": "name of the branch.",
    "comment_id": "id of the comment.",
    "commit_sha": "SHA of the commit.",
    "cursor": "where to go on, from the page before.",
    "direction": "which way to sort.",
    "encrypted_value": "the value, sealed for the public key (libsodium) and in base64.",
    "enterprise": "slug of the enterprise.",
    "enterprise_team": "slug of the enterprise's team, or its id.",
    "environment_name": "name of the environment.",
    "ghsa_id": "the advisory's GHSA identifier.",
    "gist_id": "id of the gist.",
    "head": "the branch, tag or commit to end at.",
    "hook_id": "id of the webhook.",
    "issue_number": "number of the issue, as in its address.",
    "key_id": "id of the key.",
    "labels": "names of labels.",
    "milestone_number": "number of the milestone, as in its address.",
    "milestone": "number of a milestone.",
    "month": "a month of the year.",
    "new_name": "the name that it is to have from now on.",
    "order": "which way to sort.",
    "org": "login of the organization.",
    "owner": "login of the repository's owner.",
    "package_name": "name of the package.",
    "page": "number of the page to begin with.",
    "path": "a path in the repository.",
    "per_page": "how many items come in a page.",
    "pull_number": "number of the pull request, as in its address.",
    "q": "what to look for, in GitHub's search syntax.",
    "ref": "a branch, tag or commit.",
    "release_id": "id of the release.",
    "repo": "name of the repository, without its owner.",
    "run_id": "id of the workflow run.",
    "runner_id": "id of the runner.",
    "secret_name": "name of the secret.",
    "selected_repository_ids": "ids of repositories.",
    "sort": "what to sort by.",
    "team_id": "id of the team.",
    "team_slug": "slug of the team.",
    "username": "login of the user.",
    "workflow_id": "id of the workflow, or the name of its file.",
    "year": "a year such as 2026.",
}  # fmt: skip

# The same where a name means something else in one operation.
ARGUMENTS_OF = {
    ("code-scanning/upload-sarif", "ref"): "full name of a branch, tag or pull request.",
    ("issues/list-for-repo", "type"): "name of an issue type.",
    ("pulls/create", "base"): "the branch to merge into.",
    ("pulls/create", "head"): "the branch to merge.",
    ("pulls/list", "base"): "the branch to merge into.",
    ("pulls/list", "head"): "the branch to merge.",
    ("pulls/update", "base"): "the branch to merge into.",
    ("repos/merge", "base"): "the branch to merge into.",
    ("repos/merge", "head"): "the branch or commit to merge.",
}
