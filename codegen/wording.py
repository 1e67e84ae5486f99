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
    "stargazer count", "sub claim", "sub template", "subscription", "summary", "usage", "visibility",
    "webhook configuration", "LFS preference", "hash algorithm", "just-in-time configuration",
}  # fmt: skip

# One sentence each, where the rules of `prose` find no good one.
SENTENCES = {
    "actions/add-repo-access-to-self-hosted-runner-group-in-org":
        "Let a repository use a self-hosted runner group.",
    "actions/disable-selected-repository-github-actions-organization":
        "Disable Actions for one repository of an organization.",
    "actions/disable-selected-repository-self-hosted-runners-organization":
        "Keep one repository of an organization from self-hosted runners of its own.",
    "actions/enable-selected-repository-github-actions-organization":
        "Enable Actions for one repository of an organization.",
    "actions/enable-selected-repository-self-hosted-runners-organization":
        "Let one repository of an organization have self-hosted runners.",
    "actions/create-remove-token-for-org":
        "Create a token that removes a runner from an organization.",
    "actions/create-remove-token-for-repo": "Create a token that removes a runner from a repository.",
    "actions/create-workflow-dispatch": "Run a workflow.",
    "actions/get-actions-cache-list": "List the Actions caches of a repository.",
    "actions/get-allowed-actions-organization": "Get which actions an organization allows.",
    "actions/get-allowed-actions-repository": "Get which actions a repository allows.",
    "actions/set-allowed-actions-organization": "Set which actions an organization allows.",
    "actions/set-allowed-actions-repository": "Set which actions a repository allows.",
    "actions/list-repo-access-to-self-hosted-runner-group-in-org":
        "List the repositories that may use a self-hosted runner group.",
    "actions/list-repo-organization-secrets":
        "List the organization secrets that a repository can use.",
    "actions/list-repo-organization-variables":
        "List the organization variables that a repository can use.",
    "actions/list-selected-repositories-enabled-github-actions-organization":
        "List the repositories of an organization for which Actions are enabled.",
    "actions/list-selected-repositories-self-hosted-runners-organization":
        "List the repositories of an organization that may have self-hosted runners.",
    "actions/re-run-workflow": "Rerun a workflow run.",
    "actions/re-run-workflow-failed-jobs": "Rerun the failed jobs of a workflow run.",
    "actions/remove-repo-access-to-self-hosted-runner-group-in-org":
        "Keep a repository from using a self-hosted runner group.",
    "actions/set-repo-access-to-self-hosted-runner-group-in-org":
        "Set which repositories may use a self-hosted runner group.",
    "actions/set-selected-repositories-enabled-github-actions-organization":
        "Set for which repositories of an organization Actions are enabled.",
    "actions/set-selected-repositories-self-hosted-runners-organization":
        "Set which repositories of an organization may have self-hosted runners.",
    "activity/get-stargazer-count-for-repo": "Get how many have starred a repository.",
    "agents/list-repo-organization-secrets":
        "List the organization secrets that a repository can use.",
    "agents/list-repo-organization-variables":
        "List the organization variables that a repository can use.",
    "apps/list-repos-accessible-to-installation": "List the repositories of the calling installation.",
    "checks/list-annotations": "List the annotations of a check run.",
    "code-scanning/commit-autofix": "Commit an autofix to a branch.",
    "code-security/set-configuration-as-default": "Make a configuration the default.",
    "code-security/set-configuration-as-default-for-enterprise":
        "Make a configuration the default of an enterprise.",
    "codespaces/codespace-machines-for-authenticated-user":
        "List the machine types that a codespace can change to.",
    "codespaces/create-with-pr-for-authenticated-user": "Create a codespace for a pull request.",
    "codespaces/create-with-repo-for-authenticated-user": "Create a codespace for a repository.",
    "codespaces/delete-codespaces-access-users":
        "Take Codespaces access for an organization from users.",
    "codespaces/pre-flight-with-repo-for-authenticated-user":
        "Get the defaults of a new codespace for a repository.",
    "codespaces/repo-machines-for-authenticated-user":
        "List the machine types that codespaces of a repository can have.",
    "codespaces/set-codespaces-access": "Set who has Codespaces access in an organization.",
    "codespaces/set-codespaces-access-users":
        "Give users access to Codespaces in an organization.",
    "codespaces/stop-in-organization": "Stop a codespace of a member of an organization.",
    "copilot/copilot-enterprise-one-day-usage-metrics":
        "Get an enterprise's Copilot usage on one day, as links to a report.",
    "copilot/copilot-enterprise-repos-one-day-report":
        "Get an enterprise's Copilot usage on one day by repository, as links to a report.",
    "copilot/copilot-enterprise-usage-metrics":
        "Get an enterprise's Copilot usage in the last 28 days, as links to a report.",
    "copilot/copilot-enterprise-user-teams-one-day-report":
        "Get an enterprise's Copilot usage on one day by team, as links to a report.",
    "copilot/copilot-organization-one-day-usage-metrics":
        "Get an organization's Copilot usage on one day, as links to a report.",
    "copilot/copilot-organization-repos-one-day-report":
        "Get an organization's Copilot usage on one day by repository, as links to a report.",
    "copilot/copilot-organization-usage-metrics":
        "Get an organization's Copilot usage in the last 28 days, as links to a report.",
    "copilot/copilot-organization-user-teams-one-day-report":
        "Get an organization's Copilot usage on one day by team, as links to a report.",
    "copilot/copilot-organization-users-one-day-usage-metrics":
        "Get an organization's Copilot usage on one day by user, as links to a report.",
    "copilot/copilot-organization-users-usage-metrics":
        "Get an organization's Copilot usage in the last 28 days by user, as links to a report.",
    "copilot/copilot-users-one-day-usage-metrics":
        "Get an enterprise's Copilot usage on one day by user, as links to a report.",
    "copilot/copilot-users-usage-metrics":
        "Get an enterprise's Copilot usage in the last 28 days by user, as links to a report.",
    "copilot/get-copilot-organization-details": "Get the Copilot subscription of an organization.",
    "issues/add-blocked-by-dependency": "Say that an issue is blocked by another.",
    "issues/get-parent": "Get the issue of which an issue is a sub-issue.",
    "issues/list-dependencies-blocked-by": "List the issues that block an issue.",
    "issues/list-dependencies-blocking": "List the issues that an issue blocks.",
    "issues/list-events-for-timeline": "List everything on the timeline of an issue.",
    "issues/list-labels-on-issue": "List the labels of an issue.",
    "issues/remove-dependency-blocked-by": "Take back that an issue is blocked by another.",
    "orgs/custom-properties-for-repos-create-or-update-organization-definition":
        "Create or update the definition of one custom property.",
    "orgs/custom-properties-for-repos-create-or-update-organization-definitions":
        "Create or update definitions of custom properties.",
    "orgs/custom-properties-for-repos-create-or-update-organization-values":
        "Set custom properties of several repositories.",
    "orgs/custom-properties-for-repos-delete-organization-definition":
        "Delete the definition of a custom property.",
    "orgs/custom-properties-for-repos-get-organization-definition":
        "Get the definition of a custom property.",
    "orgs/custom-properties-for-repos-get-organization-definitions":
        "List the definitions of custom properties.",
    "orgs/custom-properties-for-repos-get-organization-values":
        "List the custom properties of the repositories of an organization.",
    "orgs/disable-selected-repository-immutable-releases-organization":
        "Disable immutable releases for one repository of an organization.",
    "orgs/enable-or-disable-security-product-on-all-org-repos":
        "Enable or disable a security feature on all repositories of an organization.",
    "orgs/enable-selected-repository-immutable-releases-organization":
        "Enable immutable releases for one repository of an organization.",
    "orgs/get-immutable-releases-settings-repositories":
        "List the repositories for which an organization enforces immutable releases.",
    "orgs/list-invitation-teams": "List the teams of an invitation.",
    "orgs/list-org-role-teams": "List the teams that have an organization role.",
    "orgs/list-org-role-users": "List the users who have an organization role.",
    "orgs/list-attestation-repositories": "List the repositories of an organization with attestations.",
    "orgs/revoke-all-org-roles-team": "Take all organization roles from a team.",
    "orgs/revoke-all-org-roles-user": "Take all organization roles from a user.",
    "orgs/revoke-org-role-team": "Take an organization role from a team.",
    "orgs/revoke-org-role-user": "Take an organization role from a user.",
    "orgs/set-immutable-releases-settings-repositories":
        "Set for which repositories an organization enforces immutable releases.",
    "orgs/update-pat-access": "Revoke a personal access token's access to an organization.",
    "orgs/update-pat-accesses": "Revoke personal access tokens' access to an organization.",
    "packages/list-docker-migration-conflicting-packages-for-authenticated-user":
        "List the packages of the authenticated user that could not move from Docker.",
    "packages/list-docker-migration-conflicting-packages-for-organization":
        "List the packages of an organization that could not move from Docker.",
    "packages/list-docker-migration-conflicting-packages-for-user":
        "List the packages of a user that could not move from Docker.",
    "projects/get-org-item": "Get an item of an organization's project.",
    "projects/get-user-item": "Get an item of a user's project.",
    "pull-request-stacks/add": "Add pull requests to a stack.",
    "pull-request-stacks/create": "Create a stack of pull requests.",
    "pull-request-stacks/get": "Get a stack of pull requests.",
    "pull-request-stacks/list": "List the stacks of pull requests of a repository.",
    "pull-request-stacks/unstack": "Take pull requests out of a stack.",
    "pulls/get-merge-async-result": "Get how an asynchronous merge went.",
    "pulls/list": "List the pull requests of a repository.",
    "pulls/merge-async": "Merge a pull request, without waiting for the result.",
    "pulls/update-branch": "Merge the base branch into the branch of a pull request.",
    "repos/create-or-update-file-contents": "Create or update a file.",
    "repos/create-using-template": "Create a repository from a template.",
    "repos/custom-properties-for-repos-create-or-update-repository-values":
        "Set custom properties of a repository.",
    "repos/custom-properties-for-repos-get-repository-values":
        "List the custom properties of a repository.",
    "repos/get-content": "Get a file, a directory, a symbolic link or a submodule.",
    "repos/get-pages": "Get the Pages site of a repository.",
    "repos/list-branches-for-head-commit": "List the branches whose newest commit is this one.",
    "repos/list-pull-requests-associated-with-commit":
        "List the pull requests that brought a commit in.",
    "repos/merge": "Merge a branch into another.",
    "repos/merge-upstream": "Bring a branch of a fork up to date with its upstream.",
    "repos/update-information-about-pages-site": "Update the Pages site of a repository.",
    "security-advisories/create-fork": "Create a private fork in which to fix a vulnerability.",
    "security-advisories/create-repository-advisory-cve-request":
        "Request a CVE for a repository advisory.",
    "teams/add-or-update-membership-for-user-in-org": "Add a user to a team, or change their role.",
    "teams/add-or-update-membership-for-user-legacy":
        "Add a user to a team, or change their role, by the team's id.",
    "teams/add-or-update-repo-permissions-in-org":
        "Give a team access to a repository, or change which.",
    "teams/add-or-update-repo-permissions-legacy":
        "Give a team access to a repository, or change which, by the team's id.",
    "teams/check-permissions-for-repo-in-org": "Check what a team may do in a repository.",
    "teams/check-permissions-for-repo-legacy":
        "Check what a team may do in a repository, by the team's id.",
    "teams/get-member-legacy": "Check whether a user is a member of a team, by the team's id.",
    "teams/get-membership-for-user-in-org": "Get the membership of a user in a team.",
    "teams/get-membership-for-user-legacy":
        "Get the membership of a user in a team, by the team's id.",
    "teams/list-child-in-org": "List the child teams of a team.",
    "teams/list-child-legacy": "List the child teams of a team, by the team's id.",
    "teams/list-repos-in-org": "List the repositories that a team has access to.",
    "teams/list-repos-legacy": "List the repositories that a team has access to, by the team's id.",
    "teams/remove-membership-for-user-in-org": "Remove a user from a team.",
    "teams/remove-membership-for-user-legacy": "Remove a user from a team, by the team's id.",
    "teams/remove-repo-in-org": "Take a team's access to a repository.",
    "teams/remove-repo-legacy": "Take a team's access to a repository, by the team's id.",
    "users/list-blocked-by-authenticated-user": "List the users whom the authenticated user blocks.",
    "activity/check-repo-is-starred-by-authenticated-user":
        "Check whether the authenticated user has starred a repository.",
    "activity/get-feeds": "List the feeds that the authenticated user can read.",
    "activity/list-public-events-for-repo-network":
        "List the public events of a repository and its forks.",
    "activity/list-received-events-for-user": "List the events that a user received.",
    "activity/list-received-public-events-for-user": "List the public events that a user received.",
    "activity/list-repos-starred-by-authenticated-user":
        "List the repositories that the authenticated user starred.",
    "activity/list-repos-starred-by-user": "List the repositories that a user starred.",
    "activity/list-repos-watched-by-user": "List the repositories that a user watches.",
    "activity/list-watched-repos-for-authenticated-user":
        "List the repositories that the authenticated user watches.",
    "apps/check-token": "Check an OAuth access token.",
    "apps/get-authenticated": "Get the app that is calling.",
    "apps/get-by-slug": "Get an app by its slug.",
    "apps/list-accounts-for-plan": "List the accounts on a Marketplace plan.",
    "apps/list-accounts-for-plan-stubbed": "List the accounts on a Marketplace plan, from test data.",
    "apps/list-plans": "List the Marketplace plans of the app.",
    "apps/list-plans-stubbed": "List the Marketplace plans of the app, from test data.",
    "apps/get-subscription-plan-for-account": "Get the Marketplace plan of an account.",
    "apps/get-subscription-plan-for-account-stubbed":
        "Get the Marketplace plan of an account, from test data.",
    "apps/list-subscriptions-for-authenticated-user":
        "List the Marketplace subscriptions of the authenticated user.",
    "apps/list-subscriptions-for-authenticated-user-stubbed":
        "List the Marketplace subscriptions of the authenticated user, from test data.",
    "apps/scope-token": "Make an access token that reaches less than a given one.",
    "checks/set-suites-preferences": "Set whether check suites are made for each push.",
    "codes-of-conduct/get-all-codes-of-conduct": "List the codes of conduct.",
    "codes-of-conduct/get-conduct-code": "Get a code of conduct.",
    "dependency-graph/diff-range": "Compare the dependencies of two commits.",
    "emojis/get": "Get every emoji and the address of its picture.",
    "gists/check-is-starred": "Check whether the authenticated user has starred a gist.",
    "gists/list": "List the gists of the authenticated user, or all public ones for nobody.",
    "gists/list-public": "List the public gists of everybody.",
    "gists/list-starred": "List the gists that the authenticated user starred.",
    "gitignore/get-all-templates": "List the names of the .gitignore templates.",
    "gitignore/get-template": "Get a .gitignore template.",
    "issues/check-user-can-be-assigned": "Check whether issues of a repository can go to a user.",
    "issues/check-user-can-be-assigned-to-issue": "Check whether an issue can go to a user.",
    "issues/list": "List issues assigned to the authenticated user, in all that they can see.",
    "licenses/get-all-commonly-used": "List the common licenses.",
    "licenses/get-for-repo": "Get the license of a repository.",
    "markdown/render": "Render Markdown to HTML.",
    "markdown/render-raw": "Render plain Markdown to HTML, without a context.",
    "meta/get": "Get what GitHub says about itself: addresses, keys, IP ranges.",
    "meta/get-all-versions": "List the versions of the REST API.",
    "meta/get-octocat": "Get the Octocat as ASCII art.",
    "meta/get-zen": "Get a sentence from the Zen of GitHub.",
    "meta/root": "Get the addresses of the API's main resources.",
    "orgs/check-blocked-user": "Check whether an organization blocks a user.",
    "orgs/check-membership-for-user": "Check whether a user is a member of an organization.",
    "orgs/check-public-membership-for-user":
        "Check whether a user is publicly a member of an organization.",
    "orgs/convert-member-to-outside-collaborator": "Make a member an outside collaborator.",
    "orgs/list": "List the organizations, in the order in which they were created.",
    "pulls/check-if-merged": "Check whether a pull request was merged.",
    "rate-limit/get": "Get the state of every rate limit; costs none of them.",
    "repos/check-collaborator": "Check whether a user is a collaborator of a repository.",
    "repos/check-vulnerability-alerts": "Check whether vulnerability alerts are on.",
    "repos/check-automated-security-fixes": "Check whether automated security fixes are on.",
    "repos/check-private-vulnerability-reporting":
        "Check whether private vulnerability reporting is on.",
    "repos/check-immutable-releases": "Check whether releases are immutable.",
    "repos/codeowners-errors": "List the errors in a repository's CODEOWNERS file.",
    "repos/compare-commits": "Compare two commits.",
    "repos/compare-commits-with-basehead": 'Compare two commits, given as "BASE...HEAD".',
    "repos/get-readme-in-directory": "Get the README of a directory.",
    "repos/list-public": "List the public repositories, in the order in which they were created.",
    "search/code": "Search for code.",
    "search/commits": "Search for commits.",
    "search/issues-and-pull-requests": "Search for issues and pull requests.",
    "search/labels": "Search for labels of a repository.",
    "search/repos": "Search for repositories.",
    "search/topics": "Search for topics.",
    "search/users": "Search for users.",
    "teams/get-by-name": "Get a team by its slug.",
    "users/check-blocked": "Check whether the authenticated user blocks a user.",
    "users/check-following-for-user": "Check whether a user follows another user.",
    "users/check-person-is-followed-by-authenticated":
        "Check whether the authenticated user follows a user.",
    "users/get-authenticated": "Get the authenticated user.",
    "users/get-by-id": "Get a user or an organization by account id.",
    "users/get-by-username": "Get a user or an organization by login.",
    "users/get-context-for-user": "Get what a user's hovercard would say.",
    "users/list": "List the users and organizations, in the order in which they signed up.",
    "users/list-followed-by-authenticated-user": "List who the authenticated user follows.",
    "users/list-following-for-user": "List who a user follows.",
    "users/update-authenticated": "Update the authenticated user.",
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
    "month": "a month of the year.",
    "new_name": "the name that it is to have from now on.",
    "order": "which way to sort.",
    "org": "login of the organization.",
    "owner": "login of the repository's owner.",
    "package_name": "name of the package.",
    "page": "number of the page to begin with.",
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
