"""GitHub's schema comes from npm: fetched once, kept, and missed with an error that helps."""

import json
import os
import stat
import sys
import tarfile

import graphql
import pytest

from sdk.graphql.generator.command import main
from sdk.graphql.generator.schema import PACKAGE, VERSION
from tests.graphql.test_generator import SCHEMA

NPM = """\
#!{python}
import pathlib, shutil, sys
arguments = sys.argv[1:]
calls = pathlib.Path({calls!r})
calls.write_text(calls.read_text() + " ".join(arguments) + "\\n")
if {archive!r} == "":
    sys.exit("npm error code E404")
folder = arguments[arguments.index("--pack-destination") + 1]
shutil.copy({archive!r}, folder)
"""


class Npm:
    """A program named npm, which copies an archive in place of fetching one."""

    def __init__(self, folder):
        self._folder = folder
        self._calls = folder / "calls"
        self._calls.write_text("")

    @property
    def calls(self):
        return self._calls.read_text().splitlines()

    def has(self, archive):
        program = self._folder / "npm"
        text = NPM.format(python=sys.executable, calls=str(self._calls), archive=str(archive or ""))
        program.write_text(text)
        program.chmod(program.stat().st_mode | stat.S_IXUSR)


@pytest.fixture
def npm(tmp_path, monkeypatch):
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin") + os.pathsep + os.environ["PATH"])
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return Npm(tmp_path / "bin")


@pytest.fixture
def archive(tmp_path):
    def make(member):
        schema = graphql.build_schema(SCHEMA.read_text())
        content = tmp_path / "content.json"
        content.write_text(json.dumps(graphql.introspection_from_schema(schema)))
        path = tmp_path / "octokit-graphql-schema.tgz"
        with tarfile.open(path, "w:gz") as packed:
            packed.add(content, member)
        return path

    return make


@pytest.fixture
def document(tmp_path):
    path = tmp_path / "item.graphql"
    path.write_text('query Item { item(id: "1") { name } }')
    return str(path)


def test_the_schema_is_fetched_once_and_cached(npm, archive, document, tmp_path):
    npm.has(archive("package/schema.json"))
    assert main([document]) == 0
    assert main([document, "--check"]) == 0
    assert len(npm.calls) == 1
    assert npm.calls[0].startswith(f"pack --silent {PACKAGE}@{VERSION} --pack-destination ")
    kept = list((tmp_path / "cache/github-sdk").iterdir())
    assert [path.name for path in kept] == [f"graphql-schema-{VERSION}.json"]


@pytest.mark.parametrize("member", [None, "package/other.json"])
def test_a_failed_schema_download_is_an_error_and_nothing_is_cached(
    npm, archive, document, tmp_path, capsys, member
):
    npm.has(member and archive(member))
    assert main([document]) == 2
    assert PACKAGE in capsys.readouterr().err
    assert list((tmp_path / "cache/github-sdk").iterdir()) == []


def test_without_npm_the_error_names_the_fix(npm, document, monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert main([document]) == 2
    assert "--schema PATH/TO/schema.graphql" in capsys.readouterr().err
