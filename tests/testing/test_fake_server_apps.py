"""GitHub Apps at the fake server: JWTs, installation tokens, permissions, deliveries."""

import base64
import json

import httpx
import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding

from sdk.testing import AppSeed, InstallationSeed, StandIn

NOW = 1_800_000_000


@pytest.fixture(scope="module")
def key():
    return StandIn(apps=[AppSeed()]).apps[0].private_key


@pytest.fixture
def server(time, key):
    return StandIn(apps=[AppSeed(private_key=key)], now=time)


@pytest.fixture
def app(server):
    return server.apps[0]


def jwt(app, *, alg="RS256", key=None, **changed):
    claims = {"iat": NOW - 60, "exp": NOW + 540, "iss": app.client_id, **changed}
    parts = [
        base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=")
        for part in ({"alg": alg, "typ": "JWT"}, claims)
    ]
    private = serialization.load_pem_private_key((key or app.private_key).encode(), None)
    signature = private.sign(b".".join(parts), padding.PKCS1v15(), hashes.SHA256())
    parts.append(base64.urlsafe_b64encode(signature).rstrip(b"="))
    return {"authorization": f"Bearer {b'.'.join(parts).decode()}"}


def bearer(token):
    return {"authorization": f"Bearer {token}"}


async def mint(http, app, account="octo-org", headers=(), **body):
    url = f"/app/installations/{app.installation_id(account)}/access_tokens"
    return await http.post(url, headers={**jwt(app), **dict(headers)}, json=body)


async def test_the_app_describes_itself(http, app):
    response = await http.get("/app", headers=jwt(app))
    body = response.json()
    assert response.status_code == 200
    assert (body["id"], body["client_id"], body["slug"]) == (app.app_id, app.client_id, "octo-app")
    assert body["installations_count"] == 2


@pytest.mark.parametrize("issuer", ["client_id", "app_id"])
async def test_both_ids_are_issuers(http, app, issuer):
    response = await http.get("/app", headers=jwt(app, iss=getattr(app, issuer)))
    assert response.status_code == 200


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"iat": NOW + 1}, "'Issued at' claim"),
        ({"iat": float(NOW - 60) + 0.5}, "'Issued at' claim"),
        ({"exp": NOW + 601}, "is too far in the future"),
        ({"exp": NOW}, "future time at which the assertion expires"),
        ({"alg": "HS256"}, "could not be decoded"),
    ],
)
async def test_a_wrong_jwt_is_refused(http, app, changed, message):
    response = await http.get("/app", headers=jwt(app, **changed))
    assert response.status_code == 401
    assert message in response.json()["message"]


async def test_a_jwt_of_another_key_is_refused(http, app):
    other = StandIn(apps=[AppSeed(name="other")]).apps[0]
    response = await http.get("/app", headers=jwt(app, key=other.private_key))
    assert response.status_code == 401


async def test_a_jwt_of_an_unknown_app_is_refused(http, app):
    response = await http.get("/app", headers=jwt(app, iss="Iv23liNobody"))
    assert (response.status_code, response.json()["message"]) == (404, "Integration not found")


async def test_jwts_are_checked_by_the_server_s_clock(http, app, server):
    server.clock(-90)
    response = await http.get("/app", headers=jwt(app))
    assert response.status_code == 401
    assert response.headers["date"] == "Fri, 15 Jan 2027 07:58:30 GMT"
    told = jwt(app, iat=NOW - 150, exp=NOW + 450)
    assert (await http.get("/app", headers=told)).status_code == 200


async def test_other_credentials_cannot_act_as_the_app(http, app):
    assert (await http.get("/app", headers=bearer("ghp_x"))).status_code == 401
    assert (await http.get("/app")).status_code == 401
    assert (await http.get("/user", headers=jwt(app))).status_code == 401


async def test_installations_are_listed_and_found(http, app):
    listed = (await http.get("/app/installations?per_page=1", headers=jwt(app))).json()
    assert [one["account"]["login"] for one in listed] == ["octo-org"]
    for path in ("/orgs/octo-org/installation", "/repos/octo-org/handbook/installation"):
        found = (await http.get(path, headers=jwt(app))).json()
        assert found["id"] == app.installation_id("octo-org")
    missing = await http.get("/repos/ada-example/engine/installation", headers=jwt(app))
    assert missing.status_code == 404


async def test_a_token_lasts_an_hour(http, app, time):
    response = await mint(http, app)
    body = response.json()
    assert response.status_code == 201
    assert body["expires_at"] == "2027-01-15T09:00:00Z"
    assert body["repository_selection"] == "all"
    repos = "/installation/repositories"
    listed = await http.get(repos, headers=bearer(body["token"]))
    assert [one["name"] for one in listed.json()["repositories"]] == ["handbook"]
    time.now += 3600
    assert (await http.get(repos, headers=bearer(body["token"]))).status_code == 401


async def test_the_requests_are_counted(http, app, server):
    await mint(http, app)
    await mint(http, app)
    assert server.requests["apps/create-installation-access-token"] == 2


async def test_a_token_can_be_limited_to_repositories_and_permissions(http, app):
    body = (
        await mint(
            http, app, "octocat", repositories=["hello-world"], permissions={"issues": "read"}
        )
    ).json()
    assert body["permissions"] == {"issues": "read"}
    assert [one["name"] for one in body["repositories"]] == ["hello-world"]
    created = await http.post(
        "/repos/octocat/hello-world/issues", headers=bearer(body["token"]), json={"title": "x"}
    )
    assert created.status_code == 403
    assert created.headers["x-accepted-github-permissions"] == "issues=write"


async def test_a_token_can_write_to_the_repositories_of_its_installation_only(http, app):
    token = (await mint(http, app, "octocat")).json()["token"]
    created = await http.post(
        "/repos/octocat/hello-world/issues", headers=bearer(token), json={"title": "x"}
    )
    assert created.status_code == 201
    assert created.json()["user"]["login"] == "octo-app[bot]"
    elsewhere = await http.post(
        "/repos/ada-example/engine/issues", headers=bearer(token), json={"title": "x"}
    )
    assert elsewhere.status_code == 403
    assert (await http.get("/user", headers=bearer(token))).status_code == 403


@pytest.mark.parametrize(
    "body",
    [
        {"repositories": ["nothing-there"]},
        {"repository_ids": [1]},
        {"repositories": ["handbook"] * 501},
        {"permissions": {"contents": "write"}},
        {"permissions": {"administration": "read"}},
    ],
)
async def test_more_than_was_granted_is_refused(http, app, body):
    assert (await mint(http, app, **body)).status_code == 422


async def test_a_suspended_installation_is_refused(http, app, server):
    token = (await mint(http, app)).json()["token"]
    server.suspend(app.installation_id())
    refused = await mint(http, app)
    assert refused.status_code == 403
    assert refused.json()["message"] == "This installation has been suspended"
    assert (await http.get("/zen", headers=bearer(token))).status_code == 403
    server.unsuspend(app.installation_id())
    assert (await http.get("/zen", headers=bearer(token))).status_code == 200


async def test_a_removed_installation_is_refused(http, app, server):
    token = (await mint(http, app)).json()["token"]
    server.uninstall(app.installation_id())
    assert (await mint(http, app)).status_code == 404
    assert (await http.get("/zen", headers=bearer(token))).status_code == 401
    server.reset()
    assert (await mint(http, app)).status_code == 201


async def test_revoked_tokens_are_refused(http, app, server):
    token = (await mint(http, app)).json()["token"]
    server.revoke(token)
    assert (await http.get("/zen", headers=bearer(token))).status_code == 401
    other = (await mint(http, app)).json()["token"]
    assert (await http.delete("/installation/token", headers=bearer(other))).status_code == 204
    assert (await http.delete("/installation/token", headers=bearer(other))).status_code == 401
    server.revoke("ghp_mine")
    assert (await http.get("/user", headers=bearer("ghp_mine"))).status_code == 401


@pytest.mark.parametrize(
    ("scope", "status"), [({}, 401), ({"permissions": {"issues": "read"}}, 403)]
)
async def test_new_tokens_are_refused_until_they_are_replicated(
    http, app, server, time, scope, status
):
    server.replication(seconds=2)
    token = (await mint(http, app, **scope)).json()["token"]
    assert (await http.get("/zen", headers=bearer(token))).status_code == status
    time.now += 2
    assert (await http.get("/zen", headers=bearer(token))).status_code == 200


async def test_stateless_tokens_are_long(http, app, server):
    server.stateless_tokens = True
    token = (await mint(http, app)).json()["token"]
    assert token.startswith(f"ghs_{app.app_id}_")
    assert len(token) > 400
    assert (await http.get("/zen", headers=bearer(token))).status_code == 200
    plain = await mint(http, app, headers={"x-github-stateless-s2s-token": "disabled"})
    assert len(plain.json()["token"]) == 40


async def test_an_invented_installation_token_is_refused(http, app):
    assert (await http.get("/zen", headers=bearer("ghs_" + "a" * 36))).status_code == 401


async def test_rate_limits_count_by_installation(http, app):
    first, second = [(await mint(http, app)).json()["token"] for _ in range(2)]
    await http.get("/zen", headers=bearer(first))
    used = (await http.get("/zen", headers=bearer(second))).headers["x-ratelimit-used"]
    assert used == "2"


async def test_deliveries_are_listed_and_redelivered(http, app, server):
    ids = [server.record_delivery(app, "push", {"n": n}, status_code=500) for n in range(3)]
    first = await http.get("/app/hook/deliveries?per_page=2", headers=jwt(app))
    assert [one["id"] for one in first.json()] == [ids[2], ids[1]]
    second = await http.get(first.links["next"]["url"], headers=jwt(app))
    assert [one["id"] for one in second.json()] == [ids[0]]
    one = (await http.get(f"/app/hook/deliveries/{ids[0]}", headers=jwt(app))).json()
    assert one["request"]["payload"] == {"n": 0}
    again = await http.post(f"/app/hook/deliveries/{ids[0]}/attempts", headers=jwt(app))
    assert again.status_code == 202
    newest = (await http.get("/app/hook/deliveries", headers=jwt(app))).json()[0]
    assert (newest["guid"], newest["redelivery"]) == (one["guid"], True)


async def test_two_apps_are_kept_apart(http, app, server, key):
    other = server.register_app(
        name="other", private_key=key, installations=[InstallationSeed("octocat", ["spoon-knife"])]
    )
    url = f"/app/installations/{app.installation_id()}/access_tokens"
    assert (await http.post(url, headers=jwt(other))).status_code == 404
    token = (await mint(http, other, "octocat")).json()
    assert token["repository_selection"] == "selected"
    with pytest.raises(ValueError, match="registered already"):
        server.register_app(name="other")


async def test_without_apps_every_token_belongs_to_octocat():
    transport = httpx.ASGITransport(StandIn())
    async with httpx.AsyncClient(transport=transport, base_url="http://github.test") as client:
        response = await client.get("/user", headers=bearer("ghs_any"))
        assert response.json()["login"] == "octocat"
        assert (await client.get("/login/oauth/authorize")).status_code == 404
