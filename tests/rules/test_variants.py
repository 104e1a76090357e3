"""Variants: equal shares by hash, the same each time; and nothing told before there is enough of it."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdr.rules.variants import arm_of, needed, said, verdict

COUNTS = st.integers(0, 3_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def test_a_lead_gets_the_same_variant_every_time_and_everywhere() -> None:
    # Numbers that must never change: they are what running tests were begun with.
    assert [arm_of(7 << 32 | n, "Standard drip/2", 2) for n in range(8)] == [0, 1, 1, 0, 1, 1, 0, 1]


@pytest.mark.parametrize("arms", [2, 3, 4])
def test_variants_get_equal_shares_and_steps_are_drawn_apart(arms: int) -> None:
    drawn = Counter(arm_of(7 << 32 | n, "drip/2", arms) for n in range(6_000))
    assert set(drawn) == set(range(arms))
    assert all(abs(count - 6_000 / arms) < 6_000 / arms * 0.1 for count in drawn.values())
    same = sum(arm_of(n, "drip/2", 2) == arm_of(n, "drip/6", 2) for n in range(2_000))
    assert 900 < same < 1_100


@pytest.mark.parametrize(
    ("a", "b", "n"),
    [
        (0.05, 0.10, 432),  # product.md 4.8: 400-600 per arm for five points on a base of 5 %
        (0.10, 0.05, 432),
        (0.50, 0.60, 385),  # Fleiss, Levin and Paik: z² · 0.49 ÷ 0.01
        (0.0, 1.0, 30),
    ],
)
def test_how_many_it_takes(a: float, b: float, n: int) -> None:
    assert needed(a, b) == n


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ((0, 0, 0, 0), "cannot tell yet, need 150 per arm"),
        ((20, 400, 40, 400), "cannot tell yet, need 432 per arm"),
        ((25, 500, 50, 500), "B is better than A: +1.7 to +8.3 points"),
        ((50, 500, 25, 500), "A is better than B: +1.7 to +8.3 points"),
        ((25, 500, 26, 500), "no difference seen (-2.6 to +3 points)"),
        ((1, 40, 20, 40), "B is better than A: +29.4 to +62.4 points"),
        ((1, 29, 20, 29), "cannot tell yet, need 30 per arm"),
        ((500, 500, 500, 500), "no difference seen (-0.8 to +0.8 points)"),
    ],
)
def test_what_is_said(counts: tuple[int, int, int, int], words: str) -> None:
    assert said(verdict(*counts)) == words


@given(COUNTS, COUNTS)
def test_swapping_the_arms_swaps_the_verdict(a: tuple[int, int], b: tuple[int, int]) -> None:
    one, other = verdict(*a, *b), verdict(*b, *a)
    assert {"a": "b", "b": "a"}.get(one.finding, one.finding) == other.finding
    assert one.need == other.need
    assert (one.low, one.high) == pytest.approx((-other.high, -other.low))
    assert one.low <= one.difference <= one.high
    if one.finding != "early":
        assert min(a[1], b[1]) >= one.need >= 30
    if one.finding == "b":
        assert one.difference > 0
