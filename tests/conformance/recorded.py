"""GitHub's own recorded traffic, as octokit keeps it for its tests."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import httpx

from tests.conformance.operations import Described, Values
from tests.conformance.upstream import response

# What the length and the coding of a body were on the wire; in memory they are another's business.
_OF_THE_WIRE = {"content-length", "content-encoding", "transfer-encoding"}


@dataclass(frozen=True)
class Exchange:
    """One request and its response."""

    method: str
    url: str
    accept: str
    body: Any
    status: int
    headers: dict[str, str]
    answered: Any

    def response(self) -> httpx.Response:
        media = self.headers.get("content-type", "")
        body = None if self.answered == "" else self.answered
        return response(self.status, body, media.partition(";")[0], self.headers)


def scenarios(package: Path) -> dict[str, list[Exchange]]:
    """Each scenario's exchanges in order, by its name."""
    return {
        path.parent.name: [_exchange(raw) for raw in json.loads(path.read_bytes())]
        for path in sorted(package.glob("scenarios/api.github.com/*/normalized-fixture.json"))
    }


def _exchange(raw: dict[str, Any]) -> Exchange:
    return Exchange(
        method=raw["method"].upper(),
        url=raw["scope"].removesuffix(":443") + raw["path"],
        accept=raw["reqheaders"]["accept"],
        body=raw["body"] or None,
        status=raw["status"],
        headers={
            name: str(value) for name, value in raw["headers"].items() if name not in _OF_THE_WIRE
        },
        answered=raw["response"],
    )


class Routes:
    """Finds the operation of a request."""

    def __init__(self, described: list[Described]) -> None:
        # The most literal first: /user/repos is no /user/{account_id}.
        self._routes = sorted(
            ((_pattern(each), each) for each in described),
            key=lambda route: -len(re.sub(r"\{.+?\}", "", route[1].path)),
        )

    def find(self, exchange: Exchange) -> tuple[Described, Values] | None:
        parts = urlsplit(exchange.url)
        for pattern, described in self._routes:
            match = pattern.fullmatch(parts.path)
            if match and described.method == exchange.method:
                query = dict(parse_qsl(parts.query))
                return described, Values(
                    path=dict(_typed(described, "path", _by_name(described, match))),
                    query=dict(_typed(described, "query", query)),
                    body=exchange.body,
                )
        return None


def _pattern(described: Described) -> re.Pattern[str]:
    parts = re.split(r"\{(.+?)\}", described.path)
    # The root of a repository's content is the empty path.
    kinds = [r"(.*)" if name in described.multi_segment else r"([^/]+)" for name in parts[1::2]]
    kinds.append("")
    return re.compile("".join(re.escape(a) + b for a, b in zip(parts[::2], kinds, strict=True)))


def _by_name(described: Described, match: re.Match[str]) -> dict[str, str]:
    return {
        name: unquote(text) for name, text in zip(described.path_names, match.groups(), strict=True)
    }


def _typed(described: Described, place: str, texts: dict[str, str]):
    kinds = {p["name"]: p["schema"].get("type") for p in described.parameters if p["in"] == place}
    for name, text in texts.items():
        yield name, int(text) if kinds[name] == "integer" else text
