from __future__ import annotations

import base64
import hashlib
import io
import json
import subprocess
import tarfile

import pytest

from codegen import source

DOCUMENT = {"paths": {}}


def package(**members):
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w:gz") as archive:
        for name, document in members.items():
            data = json.dumps(document).encode()
            member = tarfile.TarInfo(f"package/generated/{name}.json")
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return content.getvalue()


def pin(monkeypatch, content):
    digest = base64.b64encode(hashlib.sha512(content).digest()).decode()
    monkeypatch.setattr(source, "INTEGRITY", f"sha512-{digest}")


@pytest.fixture
def npm(monkeypatch, tmp_path):
    """Replace npm: each package contains two descriptions; return the commands that were run."""
    content = package(**{"api.github.com": DOCUMENT, "ghec": {"paths": {"/x": {}}}})
    runs = []

    def run(command, **_):
        runs.append(command)
        version = command[3].rpartition("@")[2]
        (source.CACHE / f"octokit-openapi-{version}.tgz").write_bytes(content)

    monkeypatch.setattr(source, "CACHE", tmp_path / "cache")
    monkeypatch.setattr(subprocess, "run", run)
    pin(monkeypatch, content)
    return runs


def test_a_local_file(tmp_path):
    path = tmp_path / "some.json"
    path.write_text(json.dumps(DOCUMENT))
    assert source.load(str(path)) == DOCUMENT


def test_a_missing_file(tmp_path):
    with pytest.raises(source.SourceError, match="is not a file"):
        source.load(str(tmp_path / "none.json"))


def test_the_pinned_version_is_downloaded_once(npm):
    assert source.load() == DOCUMENT
    assert source.load() == DOCUMENT
    assert len(npm) == 1


def test_another_version_and_another_description(npm):
    assert source.load("22.0.0") == DOCUMENT
    assert source.load("22.0.0/ghec") == {"paths": {"/x": {}}}
    assert len(npm) == 1


def test_a_description_that_the_package_does_not_contain(npm):
    with pytest.raises(source.SourceError, match="does not contain package/generated/ghes"):
        source.load("22.0.0/ghes")


def test_a_package_with_another_hash(npm, monkeypatch):
    pin(monkeypatch, b"something else")
    with pytest.raises(source.SourceError, match="does not match its pinned hash"):
        source.load()


def test_no_npm(monkeypatch, tmp_path):
    def run(*_, **__):
        raise FileNotFoundError

    monkeypatch.setattr(source, "CACHE", tmp_path)
    monkeypatch.setattr(subprocess, "run", run)
    with pytest.raises(source.SourceError, match="npm is required"):
        source.load()


def test_npm_fails(monkeypatch, tmp_path):
    def run(command, **_):
        raise subprocess.CalledProcessError(1, command, stderr="no such version\n")

    monkeypatch.setattr(source, "CACHE", tmp_path)
    monkeypatch.setattr(subprocess, "run", run)
    with pytest.raises(source.SourceError, match="no such version"):
        source.load("0.0.0")
