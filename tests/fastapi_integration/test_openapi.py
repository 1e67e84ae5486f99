"""Problem documents in the OpenAPI document."""

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
