"""Words what methods and models are, from names and paths alone: with none of GitHub's text."""

from __future__ import annotations

import re

from codegen import names
from codegen.description import Operation
from codegen.sentences import SENTENCES
from codegen.wording import HYPHENATED, SPELLED, TAG_ITEMS, THE

MODEL_PACKAGES = {
    "": "What GitHub answers. A model's module is imported when the model is first touched.",
    "webhooks": "What GitHub sends to webhooks. A module is imported when first touched.",
}
TYPES = "What methods take: the dictionaries nested in their arguments."

_VERBS = {
    "accept", "add", "approve", "assign", "attach", "block", "cancel", "check", "compare",
    "convert", "create", "decline", "delete", "detach", "disable", "dismiss", "download",
    "enable", "export", "fetch", "follow", "force", "fork", "generate", "get", "list",
    "lock", "map", "mark", "merge",
    "pin", "ping", "publish", "reprioritize", "redeliver", "remove", "rename", "render", "replace",
    "request", "rerequest", "reset", "restore", "review", "revoke", "scope", "search", "set",
    "star", "start", "stop", "submit", "suspend", "test", "transfer", "unblock", "unfollow",
    "unlock", "unpin", "unstar", "unsuspend", "update", "upload", "unstack", "rerun",
}  # fmt: skip
_PREPOSITIONS = {"for", "in", "from", "by", "on", "with", "to", "of", "at", "within", "as"}

_SCOPES = {"enterprise", "org", "organization", "repo", "repository", "team", "user"}

# After these verbs "for a repository" reads better as "of a repository".
_POSSESSIVE = {"list", "get", "delete", "update", "check", "download", "remove", "review"}
_TOWARDS = {"add": "to", "remove": "from"}


def method(operation: Operation) -> str:
    """One sentence that says what the operation does."""
    if operation.id in SENTENCES:
        return SENTENCES[operation.id]
    return _finished(_sentence(operation, names.words(operation.id.rpartition("/")[2])))


def _sentence(operation: Operation, words: list[str]) -> str:
    words, note = _note(words)
    if words[:2] == ["re", "run"]:
        words = ["rerun", *words[2:]]
    if words[0] not in _VERBS:
        words = [_implied_verb(operation), *words]
    verb, rest = _verb(words)
    rest = _with_scope_last(verb, rest)
    cut = next((i for i, word in enumerate(rest) if word in _PREPOSITIONS), len(rest))
    noun, phrases = rest[:cut], _phrases(rest[cut:])
    simple = verb.partition(" ")[0]
    parent = _parent(operation, noun, phrases, simple)
    before = [noun, *phrases]
    spelled = [_phrase(*pair, simple) for pair in zip(phrases, before, strict=False)]
    thing = _thing(operation, noun, simple, followed=bool(spelled or parent))
    return " ".join([verb, thing, *filter(None, [parent]), *spelled]) + note


def _note(words: list[str]) -> tuple[list[str], str]:
    """What a first or last word says about the whole, as the sentence's last words."""
    match words:
        case [*others, "legacy"]:
            return others, ", by the team's id"
        case [*others, "stubbed"]:
            return others, ", from test data"
        case ["bulk", *others] | [*others, "in", "bulk"] | [*others, "bulk"]:
            return others, " in bulk"
        case _:
            return words, ""


def _with_scope_last(verb: str, words: list[str]) -> list[str]:
    """Say "permissions of an organization" for "organization permissions" and the reverse order.

    GitHub's names put whose a thing is behind it ("permissions-organization") or, in lists, before
    it ("list-org-secrets").
    """
    if any(word in _PREPOSITIONS for word in words):
        return words
    if len(words) > 1 and words[-1] in _SCOPES and words[-2] not in {"selected", "blocked"}:
        return [*words[:-1], "for", words[-1]]
    if verb == "list" and len(words) > 1 and words[0] in _SCOPES | {"environment"}:
        return [*words[1:], "for", words[0]]
    if verb == "list" and words[:2] == ["workflow", "run"] and len(words) > 2:
        return [*words[2:], "for", "workflow", "run"]
    return words


def _verb(words: list[str]) -> tuple[str, list[str]]:
    """The verb, two of them joined by "or" included, and what follows it."""
    if len(words) > 2 and words[1] in {"or", "and"} and words[2] in _VERBS:
        return " ".join(words[:3]), words[3:]
    if words[0] == "force" and len(words) > 1:
        return f"force-{words[1]}", words[2:]
    return words[0], words[1:]


def _implied_verb(operation: Operation) -> str:
    implied = {"GET": "get", "POST": "create", "PUT": "set", "PATCH": "update", "DELETE": "delete"}
    return implied[operation.method]


def _phrases(words: list[str]) -> list[list[str]]:
    phrases: list[list[str]] = []
    for word in words:
        if word in _PREPOSITIONS or not phrases:
            phrases.append([])
        phrases[-1].append(word)
    return phrases


def _phrase(words: list[str], before: list[str], verb: str) -> str:
    preposition, noun = words[0], words[1:]
    if preposition == "for" and verb in _POSSESSIVE:
        preposition = "of"
    if noun[:1] == ["authenticated"]:
        return f"{preposition} the {_spell(noun)}"
    owned = before[-1:] == ["owned"]
    if not noun or preposition in {"as", "with"} or (preposition == "by" and not owned):
        return f"{preposition} {_spell(noun)}".rstrip()
    return f"{preposition} {_with_article(_spell(noun))}"


def _thing(operation: Operation, noun: list[str], verb: str, *, followed: bool) -> str:
    if not noun:
        item = TAG_ITEMS.get(operation.tag) or _spell(names.words(names.singular(operation.tag)))
        noun_text = _plural(item) if verb in {"list", "search"} else item
    else:
        noun_text = _spell(noun)
    if verb == "list":
        return f"the {noun_text}" if followed and not noun_text.startswith("all ") else noun_text
    if noun_text.startswith(("all ", "the ")):
        return noun_text
    if verb in _TOWARDS:
        noun_text = noun_text.removeprefix("selected ")
    if _is_plural(noun_text) and verb in {"get", "set", "replace", "update", "delete", "download"}:
        return f"the {noun_text}"
    return _with_article(noun_text)


def _parent(operation: Operation, noun: list[str], phrases: list[list[str]], verb: str) -> str:
    """What the thing is part of, where the path says so and the name does not."""
    item = TAG_ITEMS.get(operation.tag)
    if not item or not noun or item.split()[-1] in _spell(noun) or noun[0] in _SCOPES:
        return ""
    below = re.search(rf"/{operation.tag}(V2)?(/\{{[^}}]+\}})+/\w", operation.path)
    if not below or (operation.tag in {"repos", "orgs", "users"} and phrases):
        return ""
    if operation.tag in {"repos", "orgs"} and verb not in {"list", "get"}:
        return ""
    if any(phrase[1:2] and phrase[1] not in _SCOPES | {"authenticated"} for phrase in phrases):
        return ""
    on = verb == "create" and noun[-1] == "comment"
    return f"{'on' if on else _TOWARDS.get(verb, 'of')} {_with_article(item)}"


def _with_article(noun: str) -> str:
    if noun.startswith(("all ", "the ", "a ", "an ", "whether ")) or noun.endswith("reporting"):
        return noun
    last_two = " ".join(noun.split()[-2:])
    if last_two in THE or noun.rsplit(maxsplit=1)[-1] in THE or noun.startswith("latest "):
        return f"the {noun}"
    if _is_plural(noun):
        return noun
    vowel = noun[0] in "aeioAEIO" or noun.startswith(
        ("SSH", "SBOM", "unp", "up", "LFS", "LDAP", ".g")
    )
    return f"{'an' if vowel else 'a'} {noun}"


def _is_plural(noun: str) -> bool:
    last = noun.rsplit(maxsplit=1)[-1]
    return names.singular(last) != last


def _plural(noun: str) -> str:
    if noun.endswith("y") and noun[-2] not in "aeiou":
        return f"{noun[:-1]}ies"
    if noun == "code of conduct":
        return "codes of conduct"
    return f"{noun}s"


def _spell(words: list[str]) -> str:
    spelled = " ".join(SPELLED.get(word, word) for word in words)
    for apart, joined in HYPHENATED.items():
        spelled = spelled.replace(apart, joined)
    return spelled


def _finished(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:] + "."


def spelled(name: str) -> str:
    """A tag's name as words."""
    return _spell(names.words(name))


def noun_sentence(name: str) -> str:
    """A schema's name as a sentence: "simple-user" is "A simple user."."""
    return _finished(_with_article(spelled(name)))
