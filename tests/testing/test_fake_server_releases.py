"""Releases, their assets, and git references."""

import pytest

from sdk import NotFound

HOME = ("octocat", "hello-world")
H = "/repos/octocat/hello-world"


async def test_releases_by_tag_and_the_latest(stand_in, strict_sdk):
    release = await strict_sdk.repos.create_release(*HOME, tag_name="v9", name="Nine")
    assert (await strict_sdk.repos.get_release_by_tag(*HOME, "v9")).id == release.id
    assert (await strict_sdk.repos.get_latest_release(*HOME)).name == "Nine"
    await strict_sdk.repos.create_release(*HOME, tag_name="v10", draft=True)
    assert (await strict_sdk.repos.get_latest_release(*HOME)).name == "Nine"
    assert (await stand_in.post(f"{H}/releases", json={"tag_name": "v9"})).status_code == 422
    for each in (await stand_in.get(f"{H}/releases")).json():
        assert (await stand_in.get(f"{H}/releases/tags/{each['tag_name']}")).json() == each
    assert (await stand_in.get(f"{H}/releases/tags/none")).status_code == 404


async def test_the_file_of_a_release_is_kept(stand_in, strict_sdk):
    release = await strict_sdk.repos.create_release(*HOME, tag_name="v9")
    path = f"{H}/releases/{release.id}/assets"
    response = await stand_in.post(
        f"{path}?name=a.bin&label=A", content=b"\x00bytes", headers={"content-type": "image/png"}
    )
    asset = response.json()
    told = [asset[key] for key in ("name", "label", "size", "content_type", "state")]
    assert (response.status_code, told) == (201, ["a.bin", "A", 6, "image/png", "uploaded"])
    assert await strict_sdk.repos.download_release_asset(*HOME, asset["id"]) == b"\x00bytes"
    assert (await stand_in.get(path)).json() == [asset]
    assert (await stand_in.get(asset["url"])).json() == asset
    for whole in (f"{H}/releases/{release.id}", f"{H}/releases/tags/v9"):
        assert (await stand_in.get(whole)).json()["assets"] == [asset]
    assert (await stand_in.post(f"{path}?name=a.bin", content=b"x")).status_code == 422
    await stand_in.delete(f"{H}/releases/assets/{asset['id']}")
    assert (await stand_in.get(path)).json() == []
    assert (await stand_in.get(f"{H}/releases/assets/999")).status_code == 404


async def test_an_asset_from_the_start_has_bytes(stand_in, strict_sdk):
    asset = await strict_sdk.repos.get_release_asset(*HOME, 1)
    assert len(await strict_sdk.repos.download_release_asset(*HOME, 1)) == asset.size


async def test_references_from_their_creation_to_their_end(stand_in, strict_sdk):
    sha = "a" * 40
    made = await strict_sdk.git.create_ref(*HOME, ref="refs/heads/topic", sha=sha)
    assert (made.ref, made.object_.sha) == ("refs/heads/topic", sha)
    assert (await strict_sdk.git.get_ref(*HOME, "heads/topic")).object_.sha == sha
    assert (await stand_in.get(made.url)).json()["ref"] == "refs/heads/topic"
    await strict_sdk.git.update_ref(*HOME, "heads/topic", sha="b" * 40)
    refs = [
        (each.ref, each.object_.sha)
        for each in await strict_sdk.git.list_matching_refs(*HOME, "heads/t")
    ]
    assert refs == [("refs/heads/topic", "b" * 40)]
    assert (await strict_sdk.git.get_ref(*HOME, "heads/main")).ref == "refs/heads/main"
    body = {"ref": "refs/heads/topic", "sha": sha}
    assert (await stand_in.post(f"{H}/git/refs", json=body)).status_code == 422
    assert (await stand_in.post(f"{H}/git/refs", json={**body, "ref": "topic"})).status_code == 422
    await strict_sdk.git.delete_ref(*HOME, "heads/topic")
    with pytest.raises(NotFound):
        await strict_sdk.git.get_ref(*HOME, "heads/topic")
