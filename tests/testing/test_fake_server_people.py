"""Followers, stars, members and gists are listed wherever they belong."""

from tests.testing.fake_server_requests import H, patch, post, values


async def test_followers_are_those_who_follow(stand_in):
    assert (await stand_in.put("/user/following/nobody")).status_code == 404
    assert (await stand_in.get("/users/octocat/following/ada-example")).status_code == 404
    assert await values(stand_in, "/users/ada-example/followers", "login") == []
    assert (await stand_in.put("/user/following/ada-example")).status_code == 204
    assert await values(stand_in, "/user/following", "login") == ["ada-example"]
    assert await values(stand_in, "/users/octocat/following", "login") == ["ada-example"]
    assert await values(stand_in, "/users/ada-example/followers", "login") == ["octocat"]
    assert (await stand_in.get("/users/octocat/following/ada-example")).status_code == 204
    assert (await stand_in.get("/users/ada-example/following/octocat")).status_code == 204
    assert (await stand_in.get("/users/nobody/following")).status_code == 404


async def test_stars_are_seen_from_both_sides(stand_in):
    assert (await stand_in.put(f"/user/starred/{H[7:]}")).status_code == 204
    assert await values(stand_in, "/user/starred", "full_name") == ["octocat/hello-world"]
    assert await values(stand_in, "/users/octocat/starred", "full_name") == ["octocat/hello-world"]
    gazers = await values(stand_in, f"{H}/stargazers", "login")
    assert "octocat" in gazers
    for login in gazers:
        assert await values(stand_in, f"/users/{login}/starred", "full_name") == [
            "octocat/hello-world"
        ]
    await patch(stand_in, H, name="renamed")
    assert await values(stand_in, "/user/starred", "name") == ["renamed"]
    await stand_in.delete("/repos/octocat/renamed")
    assert await values(stand_in, "/user/starred", "name") == []


async def test_stars_with_their_times(stand_in):
    await stand_in.put(f"/user/starred/{H[7:]}")
    dated = {"accept": "application/vnd.github.v3.star+json"}
    for path, part in [("/user/starred", "repo"), (f"{H}/stargazers", "user")]:
        [*_, last] = (await stand_in.get(path, headers=dated)).json()
        assert set(last) == {"starred_at", part}
        assert last["starred_at"].startswith("2")


async def test_people_who_were_added_are_listed_under_their_own_logins(stand_in):
    for path, listed in [
        (f"{H}/collaborators", f"{H}/collaborators"),
        ("/user/blocks", "/user/blocks"),
        ("/orgs/octo-org/blocks", "/orgs/octo-org/blocks"),
        ("/orgs/octo-org/memberships", "/orgs/octo-org/members"),
        ("/orgs/octo-org/teams/example/memberships", "/orgs/octo-org/teams/example/members"),
    ]:
        response = await stand_in.put(f"{path}/margaret-example", json={})
        assert response.status_code in (200, 201, 204), path
        assert (await stand_in.put(f"{path}/nobody", json={})).status_code == 404
        people = (await stand_in.get(listed)).json()
        assert ("margaret-example", 1007) in [(each["login"], each["id"]) for each in people], path
    assert (await stand_in.get(f"{H}/assignees/margaret-example")).status_code == 204
    assert "margaret-example" in await values(stand_in, f"{H}/assignees", "login")
    membership = (await stand_in.get("/orgs/octo-org/memberships/margaret-example")).json()
    assert membership["user"]["id"] == 1007
    assert membership["organization"]["id"] == 4001
    await stand_in.delete("/orgs/octo-org/members/margaret-example")
    assert (await stand_in.get("/orgs/octo-org/members/margaret-example")).status_code == 404


async def test_gists_are_listed_where_they_belong(stand_in):
    gist = await post(stand_in, "/gists", files={"a.py": {"content": "1"}}, public=True)
    hidden = await post(stand_in, "/gists", files={"b.py": {"content": "1"}}, public=False)
    for path in ("/gists", "/users/octocat/gists", "/gists/public"):
        assert gist["id"] in await values(stand_in, path, "id")
        assert (hidden["id"] in await values(stand_in, path, "id")) == (path == "/gists")
    assert await values(stand_in, "/users/ada-example/gists", "id") == []
    assert await values(stand_in, "/gists/starred", "id") == []
    assert (await stand_in.put(f"/gists/{gist['id']}/star")).status_code == 204
    assert await values(stand_in, "/gists/starred", "id") == [gist["id"]]
    await stand_in.delete(f"/gists/{gist['id']}/star")
    assert await values(stand_in, "/gists/starred", "id") == []


async def test_an_updated_gist_file_keeps_its_other_fields(stand_in):
    gist = await post(stand_in, "/gists", files={"a.py": {"content": "one"}})
    path = f"/gists/{gist['id']}"
    changed = await patch(stand_in, path, files={"a.py": {"filename": "b.py"}})
    assert {name: file["content"] for name, file in changed["files"].items()} == {"b.py": "one"}
    changed = await patch(stand_in, path, description="d")
    assert (changed["files"]["b.py"]["content"], changed["files"]["b.py"]["size"]) == ("one", 3)
