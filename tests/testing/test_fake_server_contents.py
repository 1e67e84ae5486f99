"""Files, directories and blobs of a repository, as JSON and as raw bytes."""

import base64
import re
from datetime import UTC, datetime

import pytest

from sdk import NotFound

HOME = ("octocat", "hello-world")
H = "/repos/octocat/hello-world"


async def test_files_in_base64_and_as_bytes(strict_sdk):
    readme = await strict_sdk.repos.get_readme(*HOME)
    assert base64.b64decode(readme.content) == await strict_sdk.repos.get_readme_raw(*HOME)
    assert readme.size == len(await strict_sdk.repos.get_content_raw(*HOME, "README.md"))
    content = base64.b64encode("Grüße\n".encode()).decode()
    await strict_sdk.repos.create_or_update_file_contents(
        *HOME, "a.txt", message="m", content=content
    )
    file = await strict_sdk.repos.get_content(*HOME, "a.txt")
    assert (file.content, file.size) == (content, 8)
    assert await strict_sdk.repos.get_content_raw(*HOME, "a.txt") == "Grüße\n".encode()
    with pytest.raises(NotFound):
        await strict_sdk.repos.get_content_raw(*HOME, "none.txt")


async def test_content_that_is_not_base64_is_refused(stand_in):
    response = await stand_in.put(f"{H}/contents/a.txt", json={"message": "m", "content": "???"})
    assert response.status_code == 422


async def test_a_new_file_is_201_and_a_changed_one_200(stand_in):
    body = {"message": "m", "content": "MQ=="}
    statuses = [(await stand_in.put(f"{H}/contents/a", json=body)).status_code for _ in range(2)]
    assert statuses == [201, 200]


async def test_blobs(strict_sdk):
    for content, encoding in [("MQ==", "base64"), ("1", "utf-8")]:
        blob = await strict_sdk.git.create_blob(*HOME, content=content, encoding=encoding)
        assert blob.sha == "56a6051ca2b02b04ef92d5150c9ef600403cb1de"  # git's own of "1"
        assert await strict_sdk.git.get_blob_raw(*HOME, blob.sha) == b"1"
    made_up = await strict_sdk.git.get_blob(*HOME, "0" * 40)
    assert len(base64.b64decode(made_up.content)) == made_up.size


@pytest.mark.parametrize("form", ["diff", "patch", "sha"])
async def test_a_commit_as_text(strict_sdk, form):
    text = await getattr(strict_sdk.repos, f"get_commit_{form}")(*HOME, "main")
    assert isinstance(text, str)
    assert not text.startswith("{")


TIME = re.compile(r'"(\d{4}-\d\d-\d\dT[^"]*)"')


async def test_generated_times_are_in_the_past(stand_in):
    now = datetime.now(UTC)
    for path in ("issues/1", "pulls/4", "actions/runs/1", "milestones"):
        texts = [(await stand_in.get(f"{H}/{path}")).text for _ in range(2)]
        assert texts[0] == texts[1]
        times = [datetime.fromisoformat(found) for found in TIME.findall(texts[0])]
        assert times
        assert all(datetime(2011, 1, 1, tzinfo=UTC) < time <= now for time in times)


async def test_files_and_directories_of_a_repository(strict_sdk):
    async def listed(path):
        return [(each.type, each.path) for each in await strict_sdk.repos.get_content(*HOME, path)]

    assert await listed("") == [("file", "README.md")]
    for path in ("src/a.py", "src/inner/b.py", "Makefile"):
        await strict_sdk.repos.create_or_update_file_contents(
            *HOME, path, message="m", content="MQ=="
        )
    assert await listed("") == [("file", "Makefile"), ("file", "README.md"), ("dir", "src")]
    assert await listed("src") == [("file", "src/a.py"), ("dir", "src/inner")]
    (entry,) = await strict_sdk.repos.get_content(*HOME, "src/inner")
    file = await strict_sdk.repos.get_content(*HOME, "src/inner/b.py")
    assert (entry.name, entry.content, file.content) == ("b.py", None, "MQ==")
    assert (entry.sha, entry.size, entry.url) == (file.sha, file.size, file.url)
    await strict_sdk.repos.delete_file(*HOME, "Makefile", message="m", sha=file.sha)
    assert await listed("") == [("file", "README.md"), ("dir", "src")]


async def test_a_repository_without_files_has_no_root(strict_sdk):
    empty = await strict_sdk.repos.create_for_authenticated_user(name="empty")
    for owner, repo in (("octocat", empty.name), ("octocat", "none")):
        with pytest.raises(NotFound):
            await strict_sdk.repos.get_content(owner, repo, "")
    with pytest.raises(NotFound):
        await strict_sdk.repos.get_content(*HOME, "READ")


async def test_rendering(strict_sdk):
    assert await strict_sdk.markdown.render(text="a < b") == "<p>a &lt; b</p>\n"


async def test_files(strict_sdk, tmp_path):
    await strict_sdk.repos.download_zipball_archive(*HOME, "main").save(tmp_path / "a.zip")
    assert (tmp_path / "a.zip").read_bytes().startswith(b"PK")
