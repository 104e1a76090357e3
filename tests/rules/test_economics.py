"""Rates, verdicts and costs: known intervals, the sketches' verdicts, and money to the minor unit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdr.rules.economics import (
    answer_ceiling,
    cost_per_qualified,
    one_in,
    price_ceiling,
    rate,
    verdict,
    wilson,
)

counts = st.integers(0, 5_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    [
        # Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_against_published_intervals(k, n, low, high):
    assert wilson(k, n) == pytest.approx((low, high), abs=5e-5)


def test_nothing_seen_says_nothing():
    assert wilson(0, 0) == (0.0, 1.0)
    assert rate(0, 0).value is None


@given(counts)
def test_an_interval_holds_its_share(pair):
    k, n = pair
    found = rate(k, n)
    assert 0 <= found.low <= found.high <= 1
    assert n == 0 or found.low <= found.value <= found.high
    assert (found.numerator, found.denominator, found.verdict) == (k, n, None)


@pytest.mark.parametrize("pair", [(1, 0), (-1, 4), (5, 4)])
def test_impossible_counts_are_a_fault(pair):
    with pytest.raises(ValueError, match="is not a share"):
        wilson(*pair)


@pytest.mark.parametrize(
    ("k", "n", "target", "expected"),
    [
        (22, 204, 0.20, "below"),
        (97, 512, 0.20, "on"),
        (38, 1900, 0.05, "below"),
        (8, 18, 0.25, "early"),
        (0, 0, 0.20, "early"),
        (0, 25, 0.40, "below"),
        (60, 100, 0.20, "above"),
        (6, 29, 0.20, "early"),
        (14, 29, 0.50, "early"),
        (15, 30, 0.50, "on"),
        (2, 40, 0.05, "early"),
        (10, 10, 0.98, "early"),
    ],
)
def test_verdicts(k, n, target, expected):
    assert verdict(k, n, target) == expected
    assert rate(k, n, target).verdict == expected


def test_a_young_cohort_is_early_whatever_it_says():
    assert verdict(60, 100, 0.2, mature=False) == "early"


@given(counts, st.floats(0.01, 0.99))
def test_more_results_never_make_the_verdict_worse(pair, target):
    order = {"below": 0, "early": 1, "on": 1, "above": 2}
    k, n = pair
    if k < n:
        assert order[verdict(k, n, target)] <= order[verdict(k + 1, n, target)]


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0.0, "none yet"),
        (1 / 9, "1 in 9"),
        (0.1458, "1 in 7"),
        (0.0004, "1 in 2,500"),
        (0.000001, "1 in 1,000,000"),
        (0.0000001, "under 1 in 1,000,000"),
        (5e-324, "under 1 in 1,000,000"),
        (0.4, "1 in 2"),
        (0.41, "4 in 10"),
        (0.5, "1 in 2"),
        (1.0, "9 in 10"),
    ],
)
def test_shares_in_words(share, words):
    assert one_in(share) == words


def test_cost_per_qualified_counts_all_that_was_spent():
    found = cost_per_qualified(2_142_000, 9, touches=18_000, minutes=90, hour_cost=4_001, coop=10_000)
    assert found.outlay == 2_142_000 + 18_000 + 6_002 - 10_000
    assert found.minor == 239_556  # 2,156,002 / 9 = 239,555.8
    assert not found.is_loss


def test_no_results_is_a_loss_of_the_whole_outlay():
    found = cost_per_qualified(50_000, 0)
    assert (found.minor, found.is_loss) == (50_000, True)


@given(st.integers(0, 10**12), st.integers(1, 10**6))
def test_the_price_is_within_half_a_minor_unit(spend, qualified):
    assert abs(cost_per_qualified(spend, qualified).minor * qualified - spend) * 2 <= qualified


def test_what_a_source_and_an_answer_may_cost():
    assert price_ceiling(0.11, 100_000, 20, 75) == 9_500
    assert price_ceiling(0.01, 50_000, 20, 75) == -1_000
    assert answer_ceiling(0.05, 100_000, 4, 75) == 5_300
