"""Which operations need the App's own credentials, compared with GitHub's description."""

import re

import pytest

from codegen.source import SourceError, load
from sdk.auth.routes import app_credentials
from sdk.auth.scope import permission_levels
from sdk.operations import OPERATIONS

# Only an App can call it, but its description does not say so.
UNDOCUMENTED = {"apps/list-installation-requests-for-authenticated-app"}


def test_22_operations_take_the_jwt_and_5_the_client_secret():
    chosen = {}
    for name in OPERATIONS:
        chosen.setdefault(app_credentials(OPERATIONS[name].path), set()).add(name)
    assert len(chosen["jwt"]) == 22
    assert len(chosen["client secret"]) == 5


def test_the_operations_with_a_jwt_are_those_of_the_description():
    try:
        description = load()
    except (SourceError, OSError):
        pytest.skip("GitHub's description is not on this machine")
    said = {
        operation["operationId"]
        for methods in description["paths"].values()
        for operation in methods.values()
        if isinstance(operation, dict)
        and re.search(r"must use a \[?JWT", operation.get("description") or "")
    }
    ours = {name for name in OPERATIONS if app_credentials(OPERATIONS[name].path) == "jwt"}
    assert ours == said | UNDOCUMENTED


@pytest.mark.parametrize(
    ("path", "needed"),
    [
        ("/app", "jwt"),
        ("/app/installations/42/access_tokens", "jwt"),
        ("/repos/o/r/installation", "jwt"),
        ("/apps/some-app", None),
        ("/app-manifests/x/conversions", None),
        ("/installation/repositories", None),
        ("/repos/o/r/installation/x", None),
        ("/applications/Iv1/token", "client secret"),
        ("/applications/Iv1/token/scoped", "client secret"),
        ("/applications/grants", None),
    ],
)
def test_concrete_paths_are_recognized_too(path, needed):
    assert app_credentials(path) == needed


def test_55_permissions_have_their_levels():
    levels = permission_levels()
    assert len(levels) == 55
    assert levels["issues"] == ("read", "write")
    assert levels["workflows"] == ("write",)
    assert [name for name, known in levels.items() if "admin" in known] == [
        "repository_projects",
        "organization_custom_properties",
        "organization_projects",
        "enterprise_custom_properties_for_organizations",
    ]
