"""A response that differs from its description: the result and the reports."""

import pytest
import respx

from sdk import DecodeError, Drift, Sdk

URL = "https://api.github.com/users/octocat"
DRIFTED = {"login": "octocat", "id": "seven", "type": "User"}


@respx.mock
async def test_drift_is_reported_and_counted_and_the_response_is_returned() -> None:
    respx.get(URL).respond(json=DRIFTED)
    reported: list[Drift] = []

    async with Sdk(token=None, on_drift=reported.append) as sdk:
        user = await sdk.users.get("octocat")
        await sdk.with_options(timeout=5).users.get("octocat")

        (key,) = [key for key in sdk.drift_counts if key.place == "id"]
        assert (key.operation, key.kind) == ("users/get-by-username", "wrong_type")
        assert sdk.drift_counts[key] == 2

    assert user.login == "octocat"
    assert user.id == "seven"  # type: ignore[comparison-overlap]
    assert {drift.path for drift in reported if drift.kind == "wrong_type"} == {"id"}


@respx.mock
async def test_a_strict_client_raises_and_lists_what_differs() -> None:
    respx.get(URL).respond(json=DRIFTED, headers={"x-github-request-id": "A:1"})

    async with Sdk(token=None, strict=True) as sdk:
        with pytest.raises(DecodeError, match="differs from the description") as refused:
            await sdk.users.get("octocat")

    assert refused.value.request_id == "A:1"
    assert "id" in {drift.path for drift in refused.value.drift}
    assert "seven" not in str(refused.value)
