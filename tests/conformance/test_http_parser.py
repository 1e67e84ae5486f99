"""10,000 generated HTTP/1.1 responses, cut at every byte, beside h11's and aiohttp's parsers."""

from tests.transport.engine.differential import compare


def test_ten_thousand_generated_responses(report):
    comparison = compare(10_000, seed=11)
    for outcome, count in comparison.counts.most_common():
        report(f"responses: {count:>6} {outcome}")
    assert (comparison.alone, comparison.different) == ([], [])
    assert (comparison.torn, comparison.lost) == ([], [])
