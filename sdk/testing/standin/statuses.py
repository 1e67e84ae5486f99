"""The status of success, where it is another than the method leads one to expect.

GitHub's description has them. The table of operations does not: it keeps the types of answers.
"""

from __future__ import annotations

from sdk.operations import OperationInfo

from .messages import Reply

_UNUSUAL: dict[int, frozenset[str]] = {
    200: frozenset(
        {
            "actions/add-custom-labels-to-self-hosted-runner-for-org",
            "actions/add-custom-labels-to-self-hosted-runner-for-repo",
            "actions/create-workflow-dispatch",
            "actions/review-pending-deployments-for-run",
            "apps/check-token",
            "apps/scope-token",
            "billing/create-organization-budget",
            "campaigns/create-campaign",
            "code-scanning/create-autofix",
            "codespaces/start-for-authenticated-user",
            "codespaces/stop-for-authenticated-user",
            "codespaces/stop-in-organization",
            "enterprise-team-memberships/bulk-add",
            "enterprise-team-memberships/bulk-remove",
            "enterprise-team-organizations/bulk-add",
            "issues/add-issue-field-values",
            "issues/add-labels",
            "issues/approve-suggestion",
            "issues/dismiss-suggestion",
            "markdown/render",
            "markdown/render-raw",
            "orgs/create-artifact-deployment-record",
            "orgs/create-artifact-storage-record",
            "orgs/create-issue-field",
            "orgs/create-issue-type",
            "orgs/delete-attestations-bulk",
            "orgs/list-attestations-bulk",
            "orgs/set-cluster-deployment-records",
            "pull-request-stacks/add",
            "pull-request-stacks/unstack",
            "pulls/create-review",
            "pulls/submit-review",
            "repos/add-app-access-restrictions",
            "repos/add-status-check-contexts",
            "repos/add-team-access-restrictions",
            "repos/add-user-access-restrictions",
            "repos/create-commit-signature-protection",
            "repos/create-deployment-branch-policy",
            "repos/create-pages-deployment",
            "repos/generate-release-notes",
            "repos/merge-upstream",
            "repos/set-admin-branch-protection",
            "secret-scanning/create-push-protection-bypass",
            "users/delete-attestations-bulk",
            "users/list-attestations-bulk",
        }
    ),
    201: frozenset(
        {
            "actions/approve-workflow-run",
            "actions/create-environment-variable",
            "actions/create-org-variable",
            "actions/create-repo-variable",
            "actions/re-run-job-for-workflow-run",
            "actions/re-run-workflow",
            "actions/re-run-workflow-failed-jobs",
            "actions/set-custom-oidc-sub-claim-for-repo",
            "agents/create-org-variable",
            "agents/create-repo-variable",
            "checks/rerequest-run",
            "checks/rerequest-suite",
            "dependency-graph/generate-sbom-report",
            "enterprise-team-memberships/add",
            "enterprise-team-organizations/add",
            "migrations/start-import",
            "oidc/update-oidc-custom-sub-template-for-org",
            "repos/add-collaborator",
        }
    ),
    202: frozenset(
        {
            "actions/cancel-workflow-run",
            "actions/delete-hosted-runner-for-org",
            "actions/force-cancel-workflow-run",
            "apps/redeliver-webhook-delivery",
            "code-scanning/upload-sarif",
            "code-security/attach-configuration",
            "code-security/attach-enterprise-configuration",
            "codespaces/delete-for-authenticated-user",
            "codespaces/delete-from-organization",
            "codespaces/export-for-authenticated-user",
            "credentials/revoke",
            "orgs/create-cluster-deployment-records-job",
            "orgs/delete",
            "orgs/redeliver-webhook-delivery",
            "orgs/review-pat-grant-requests-in-bulk",
            "orgs/update-pat-accesses",
            "pulls/update-branch",
            "repos/create-fork",
            "repos/redeliver-webhook-delivery",
            "repos/transfer",
            "security-advisories/create-fork",
            "security-advisories/create-repository-advisory-cve-request",
        }
    ),
    205: frozenset(
        {
            "activity/mark-notifications-as-read",
            "activity/mark-repo-notifications-as-read",
            "activity/mark-thread-as-read",
        }
    ),
}

_STATUSES = {name: status for status, names in _UNUSUAL.items() for name in names}

# Those that say by the status whether the thing is new.
_EITHER = ("repos/create-or-update-file-contents",)


def settled(info: OperationInfo, reply: Reply) -> Reply:
    """Give an answer of success the status that GitHub gives it."""
    if reply.status // 100 != 2 or info.id in _EITHER:
        return reply
    status = _STATUSES.get(info.id) or _usual(info)
    return Reply(status, None if status in (204, 205) else reply.body, reply.headers)


def _usual(info: OperationInfo) -> int:
    if info.returns() in (None, bool) and info.returns(204) in (None, bool):
        return 204
    return 201 if info.method == "POST" else 200
