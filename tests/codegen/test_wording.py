from __future__ import annotations

import re

from codegen import wording
from sdk.operations import OPERATIONS
from sdk.resources import search


def test_a_summary_comes_from_the_data():
    assert wording.summary("repos/get-participation-stats") == (
        "Get the number of commits of each of the last 52 weeks, of the owner and of everyone."
    )


def test_an_operation_without_a_summary_is_described_by_its_name():
    assert wording.summary("repos/list-new-pr-things") == "List new pull request things."
    assert wording.missing(["repos/get", "repos/list-new-pr-things"]) == [
        "repos/list-new-pr-things"
    ]


def test_every_operation_has_a_summary_of_its_own():
    assert wording.missing(OPERATIONS) == []


def test_no_summary_or_argument_belongs_to_an_unknown_operation():
    assert wording.unknown(OPERATIONS) == []
    assert "repos/get" in wording.unknown([])


def test_a_summary_is_one_short_sentence():
    texts = [wording.summary(operation) for operation in OPERATIONS]
    assert [text for text in texts if not re.fullmatch(r"[A-Z][^\n]{3,92}\.", text)] == []


def test_a_note_about_an_argument_may_depend_on_the_operation():
    assert wording.argument("repos/get", "repo") == "name of the repository, without its owner"
    assert wording.argument("pulls/create", "head") == "the branch to merge"
    assert wording.argument("pulls/create", "draft") is None


def test_every_documented_argument_exists():
    anywhere, by_operation = wording._arguments()
    taken = {(info.id, each.name) for info in OPERATIONS.values() for each in info.parameters}
    assert anywhere.keys() - {name for _, name in taken} == set()
    documented = {(operation, name) for operation, texts in by_operation.items() for name in texts}
    assert documented - taken == set()


def test_names_are_spelled_as_people_write_them():
    assert wording.spelled("self-hosted-runner") == "self-hosted runner"
    assert wording.sentence("gpg-key") == "GPG key."
    assert wording.sentence("issue-comment") == "Issue comment."


def test_every_method_begins_with_a_verb():
    # Names of one word, such as `search.code`, complete the name of their resource.
    first_words = {
        info.name.partition("_")[0]
        for info in OPERATIONS.values()
        if info.resource != search.__name__.rpartition(".")[2]
    }
    nouns = {"actions", "app", "codeowners", "codespace", "copilot", "custom", "org", "pre", "repo"}
    assert first_words & (nouns | {"diff", "repository", "root"}) == set()
