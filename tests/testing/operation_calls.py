"""Calls of any operation, with arguments for the fake server's seeded data."""

import ast

# Seeded objects, by the parameter that names them.
SEEDED = {
    "account_id": 583231,
    "branch": "main",
    "org": "octo-org",
    "owner": "octocat",
    "path": "README.md",
    "pull_number": 4,
    "repo": "hello-world",
    "target_user": "ada-example",
    "template_owner": "octocat",
    "template_repo": "hello-world",
    "user_id": "octocat",
    "username": "octocat",
}


# Arguments that need a certain value.
CHOSEN = {
    ("repos/create-using-template", "name"): "generated",
    ("repos/transfer", "new_owner"): "octocat",
    ("repos/create-or-update-file-contents", "content"): "MQ==",
    ("repos/create-release", "tag_name"): "v1",
    ("git/create-ref", "ref"): "refs/heads/fresh",
    ("repos/get-readme-in-directory", "dir"): "docs",
}


def argument(info, parameter):
    name, spelled = parameter.name, parameter.type.removesuffix(" | None")
    if parameter.place == "path":
        if name == "ref" and "/git/" in info.path:
            return "heads/main"
        if name == "name" and "/labels/" in info.path and "/runners/" not in info.path:
            return "bug"
        if name in SEEDED:
            return SEEDED[name]
    if spelled.startswith("Literal["):
        return ast.literal_eval(spelled.removeprefix("Literal"))[0]
    if spelled.startswith("Sequence["):
        items = {"Sequence[int": [1], "Sequence[t.": [{}]}
        return items.get(spelled[:12], ["example"])
    if spelled.startswith(("Mapping", "t.")):
        return {}
    if "bytes" in spelled:
        return b"content"
    if name in ("name", "ref") and info.method == "POST":
        return "fresh"
    return {"int": 1, "float": 1.0, "bool": True}.get(spelled.partition(" | ")[0], "example")


def call(sdk, info):
    arguments = {
        parameter.name: CHOSEN.get((info.id, parameter.name)) or argument(info, parameter)
        for parameter in info.parameters
        if parameter.required
    }
    return getattr(getattr(sdk, info.resource), info.name)(**arguments)
