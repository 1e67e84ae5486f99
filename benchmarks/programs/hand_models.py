"""Models written by hand, with the needed fields only."""

# ruff: noqa: D101  hand-written models are not documented either

from datetime import datetime

from pydantic import BaseModel


class SimpleUser(BaseModel):
    login: str
    id: int
    avatar_url: str
    html_url: str
    type: str
    site_admin: bool


class User(SimpleUser):
    node_id: str
    name: str | None
    company: str | None
    blog: str | None
    location: str | None
    email: str | None
    bio: str | None
    public_repos: int
    public_gists: int
    followers: int
    following: int
    created_at: datetime
    updated_at: datetime


class Label(BaseModel):
    id: int
    name: str
    color: str
    description: str | None = None


class Milestone(BaseModel):
    id: int
    number: int
    title: str
    state: str
    due_on: datetime | None = None


class Issue(BaseModel):
    id: int
    number: int
    title: str
    body: str | None = None
    state: str
    user: SimpleUser | None
    labels: list[Label]
    assignees: list[SimpleUser]
    milestone: Milestone | None = None
    comments: int
    locked: bool
    created_at: datetime
    updated_at: datetime
    closed_at: datetime | None


class Gist(BaseModel):
    id: str
    description: str | None
    public: bool
    owner: SimpleUser
    created_at: datetime
    updated_at: datetime


class Signature(BaseModel):
    name: str
    email: str
    date: datetime


class Commit(BaseModel):
    sha: str
    message: str
    author: Signature
    committer: Signature


class Repository(BaseModel):
    id: int
    name: str
    full_name: str
    private: bool
    owner: SimpleUser
    description: str | None
    fork: bool
    default_branch: str
    stargazers_count: int
    created_at: datetime


class Repositories(BaseModel):
    total_count: int
    items: list[Repository]


class WorkflowRun(BaseModel):
    id: int
    name: str | None
    head_branch: str | None
    head_sha: str
    status: str | None
    conclusion: str | None
    run_number: int
    created_at: datetime
    updated_at: datetime


class WorkflowRuns(BaseModel):
    total_count: int
    workflow_runs: list[WorkflowRun]


class CheckRun(BaseModel):
    id: int
    name: str
    head_sha: str
    status: str
    conclusion: str | None
    started_at: datetime | None
    completed_at: datetime | None


class CheckRuns(BaseModel):
    total_count: int
    check_runs: list[CheckRun]


class Reaction(BaseModel):
    id: int
    user: SimpleUser | None
    content: str
    created_at: datetime


class License(BaseModel):
    key: str
    name: str
    spdx_id: str | None
    description: str
    permissions: list[str]
    conditions: list[str]
    limitations: list[str]
    body: str
