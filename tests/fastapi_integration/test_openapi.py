"""Problem documents in the OpenAPI document."""

import pytest
from fastapi import FastAPI

from fastapi_integration import CALLER_RESPONSES, UPSTREAM_RESPONSES


def test_the_problem_is_one_component():
    app = FastAPI()
    app.get("/one", responses=UPSTREAM_RESPONSES)(lambda: None)
    app.get("/two", responses=CALLER_RESPONSES)(lambda: None)
    document = app.openapi()
    schema = document["components"]["schemas"]["UpstreamProblem"]
    assert schema["required"] == ["type", "title", "status"]
    reference = {"$ref": "#/components/schemas/UpstreamProblem"}
    for path, statuses in (("/one", UPSTREAM_RESPONSES), ("/two", CALLER_RESPONSES)):
        responses = document["paths"][path]["get"]["responses"]
        for status in statuses:
            assert responses[str(status)]["content"] == {
                "application/problem+json": {"schema": reference}
            }


@pytest.mark.parametrize(
    ("declared", "statuses"),
    [
        (UPSTREAM_RESPONSES, {404, 502, 503, 504}),
        (CALLER_RESPONSES, {401, 403, 404, 429, 502, 503, 504}),
    ],
)
def test_the_declared_statuses_are_those_of_the_handlers(declared, statuses):
    assert set(declared) == statuses
