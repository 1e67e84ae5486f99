"""Downloads whose response is not the whole file, on every HTTP client."""

import gzip

import pytest

from sdk import DecodeError
from tests.faults import FaultServer, head
from tests.transport.downloads import ARCHIVE
from tests.transport.loop_steps import loop_steps

PART = b"HTTP/1.1 206 Part\r\ncontent-range: bytes 0-3/9\r\ncontent-length: 4\r\n\r\npart"


def file_of(api, **headers):
    return api.download(ARCHIVE.path, path_params={"name": "a"}, options={"headers": headers})


async def test_a_part_that_was_not_requested_is_an_error(lane, tmp_path):
    async with FaultServer([PART]) as server:
        api = await lane.api(server.url)
        with pytest.raises(DecodeError, match="a part of one that was not requested"):
            await file_of(api).save(tmp_path / "a")
        assert list(tmp_path.iterdir()) == []
        assert await file_of(api, range="bytes=0-3") == b"part"


@pytest.mark.parametrize("status", ["204 No", "205 Reset"])
async def test_a_success_without_content_but_with_a_length_is_refused(lane, status):
    answer = f"HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".encode()
    async with FaultServer([answer]) as server:
        api = await lane.api(server.url)
        with pytest.raises(DecodeError, match=f"answered {status[:3]} and no file"):
            await file_of(api)


async def test_the_length_of_a_204_is_not_waited_for(lane):
    answer = b"HTTP/1.1 204 No\r\ncontent-length: 5\r\nconnection: close\r\n\r\n"
    async with FaultServer([answer]) as server:
        api = await lane.api(server.url)
        with pytest.raises(DecodeError, match="answered 204 and no file"):
            await file_of(api)


async def test_inflating_a_large_file_lets_others_run(lane):
    sent = gzip.compress(bytes(30_000_000))
    headers = {"content-length": str(len(sent)), "content-encoding": "gzip"}
    async with FaultServer([head(headers=headers) + sent]) as server:
        file = file_of(await lane.api(server.url))
        async with loop_steps() as steps:
            assert len(await file) == 30_000_000
        # One turn of the loop for each step, not one for the whole body.
        assert sum(step > 0.0002 for step in steps) > 10
