"""Generated responses, valid and broken, whole and cut at every byte, beside h11 and aiohttp."""

import random

from sdk.transport.http.engine.parser import ResponseParser
from tests.transport.engine.differential import Generated, compare, generate, ours


def test_every_valid_response_is_accepted_and_none_is_read_differently_from_others():
    # `poe conformance` does the same with 10,000.
    comparison = compare(800, seed=17)
    assert comparison.alone == []
    assert comparison.different == []
    assert comparison.torn == []
    assert comparison.lost == []
    assert comparison.counts["engine accepts h11 accepts aiohttp accepts"] > 200
    assert comparison.counts["engine refuses h11 refuses aiohttp refuses"] > 200


SURPLUS = (
    b"\r\n",
    b"\n",
    b"\r",
    b"x",
    b"\0",
    b"HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nSECRET",
)


def complete_responses(count):
    chance = random.Random(4)  # noqa: S311  no secret
    while count:
        made: Generated = generate(chance)
        parser = ResponseParser()
        parser.start(made.method)
        if made.intact:
            parser.feed(made.raw)
            if parser.complete:
                count -= 1
                yield made


def test_a_byte_after_the_end_is_surplus_and_ends_the_connection():
    for made in complete_responses(60):
        expected = ours(made.raw, made.method)
        for surplus in SURPLUS:
            raw = made.raw + surplus
            # Cut where it hurts: in the end of the response, and at it.
            for cut in range(len(made.raw) - 6, len(made.raw) + 1):
                parser = ResponseParser()
                parser.start(made.method)
                parser.feed(raw[:cut])
                parser.feed(raw[cut:])
                assert parser.complete
                assert not parser.keep_alive, (raw, cut)
                assert (parser.status, parser.take()) == (expected.status, expected.body)
