from __future__ import annotations

from codegen import overrides
from tests.codegen.tiny import TEXT, answering, parameter, record, ref, written

STARGAZERS = "activity/list-stargazers-for-repo"

SCHEMAS = {"user": record(a=TEXT), "star": record(b=TEXT)}


def test_one_method_can_call_two_operations():
    files = written(
        {
            "GET /users/{username}": {
                "operationId": "users/get-by-username",
                "tags": ["users"],
                "parameters": [parameter("username", "path")],
                "responses": answering(ref("user")),
            },
            "GET /user/{account_id}": {
                "operationId": "users/get-by-id",
                "tags": ["users"],
                "parameters": [parameter("account_id", "path", type="integer")],
                "responses": answering(ref("user")),
            },
        },
        SCHEMAS,
    )
    text = files["sdk/resources/users.py"]
    assert "self, id: str | int, *" in text
    assert "return await self.get_by_id(id, options=options)" in text
    assert "return await self.get_by_username(id, options=options)" in text


def test_a_merged_method_needs_both_operations():
    assert "def get(" not in written({"GET /a": {"tags": ["users"]}})["sdk/resources/users.py"]


def test_a_method_can_have_an_alias():
    operation = {"operationId": "users/get-authenticated", "tags": ["users"]}
    text = written({"GET /user": operation})["sdk/resources/users.py"]
    assert "    me = get_authenticated\n" in text


def test_a_path_parameter_can_allow_an_empty_value():
    contents = {
        "operationId": "repos/get-content",
        "tags": ["repos"],
        "parameters": [parameter("repo", "path"), parameter("path", "path")],
        "responses": answering(ref("user")),
    }
    text = written({"GET /repos/{repo}/contents/{path}": contents}, SCHEMAS)
    whole, raw = text["sdk/resources/repos.py"].split("GET_CONTENT_RAW = ")
    assert 'may_be_empty=("path",)' in whole
    assert 'path: a path in the repository ("" is the root).' in whole
    # It must be given all the same: who forgets it gets no listing by accident.
    assert "def get_content(self, repo: str, path: str, *" in whole
    assert "may_be_empty" not in raw
    assert whole.count('"" is the root') == 1


def test_each_media_type_has_a_method():
    variant = next(each for each in overrides.VARIANTS if each.returns == "declared")
    tag = variant.operation.partition("/")[0]
    response = {
        "description": "",
        "content": {
            "application/json": {"schema": ref("user")},
            variant.accept: {"schema": ref("star")},
        },
    }
    operation = {"operationId": variant.operation, "tags": [tag], "responses": {"200": response}}
    text = written({"GET /a": operation}, SCHEMAS)[f"sdk/resources/{tag.replace('-', '_')}.py"]
    assert f"def {variant.name}(self, *, options: CallOptions | None = None) -> m.Star:" in text
    assert f'accept="{variant.accept}"' in text


def stargazers(schema):
    operation = {
        "operationId": STARGAZERS,
        "tags": ["activity"],
        "parameters": [parameter("page", type="integer")],
        "responses": answering(schema),
    }
    return written({"GET /stargazers": operation}, {**SCHEMAS, "stargazer": record(when=TEXT)})


def many(name):
    return {"type": "array", "items": ref(name)}


def test_a_list_of_another_media_type_belongs_to_its_method():
    files = stargazers({"anyOf": [many("user"), many("stargazer")]})
    text = files["sdk/resources/activity.py"]
    usual, dated = text.split("def list_stargazers_for_repo_with_dates(")
    assert "-> Paged[m.User]:" in usual
    assert "-> Paged[m.Stargazer]:" in dated
    assert "returns=lambda: list[m.User])" in dated
    assert (
        'returns=lambda: list[m.Stargazer], accept="application/vnd.github.v3.star+json"' in dated
    )


def test_a_list_without_alternatives_is_unchanged():
    text = stargazers(many("stargazer"))["sdk/resources/activity.py"]
    assert "Paged[m.Stargazer]" in text.partition("def list_stargazers_for_repo_with_dates(")[0]


def test_a_docstring_lists_the_methods_for_other_media_types():
    text = stargazers({"anyOf": [many("user"), many("stargazer")]})["sdk/resources/activity.py"]
    assert text.count("For other media type: ``list_stargazers_for_repo_with_dates``.") == 1
    commit = {"operationId": "repos/get-commit", "tags": ["repos"], "responses": {}}
    text = written({"GET /commit": commit})["sdk/resources/repos.py"]
    assert (
        text.count(
            "For other media types: ``get_commit_diff``, ``get_commit_patch``, ``get_commit_sha``."
        )
        == 1
    )


def test_the_index_lists_methods_for_other_media_types_separately():
    index = stargazers({"anyOf": [many("user"), many("stargazer")]})["sdk/resources/_index.py"]
    usual, forms = index.split("FORMS")
    assert f'"{STARGAZERS}": "activity.list_stargazers_for_repo",' in usual
    assert f'"{STARGAZERS}": ("activity.list_stargazers_for_repo_with_dates",),' in forms
