"""Rates with their evidence, verdicts against an agreed target, and what a qualified lead costs.

A rate is never a bare number: it carries its counts, its Wilson 95 % interval and, where a target was agreed, the
verdict (product.md 4.4, 4.5). Money is in minor units of one currency; converting is nobody's business here.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import Literal, NamedTuple

Z = 1.959964  # the normal quantile of a two-sided 95 % interval
RAREST = 1_000_000  # one in so many is the least that is told as a number: a model's guess knows no more
ENOUGH = 30  # cases from which a rate of our own is believed

Verdict = Literal["below", "on", "above", "early"]


class Rate(NamedTuple):
    """`numerator` of `denominator`, with the bounds `low` and `high`; `value` is None for none of none."""

    value: float | None
    numerator: int
    denominator: int
    low: float
    high: float
    verdict: Verdict | None


@dataclass(frozen=True, slots=True)
class Cost:
    """What `count` results cost: `minor` each, or the whole outlay as a loss when there were none."""

    minor: int
    outlay: int
    count: int

    @property
    def is_loss(self) -> bool:
        """Whether the money brought nothing."""
        return self.count == 0


def wilson(k: int, n: int) -> tuple[float, float]:
    """The 95 % interval of `k` of `n`, as shares (Wilson, JASA 22, 1927). Of none: (0, 1)."""
    _refuse_impossible(k, n)
    if n == 0:
        return 0.0, 1.0
    share, spread = k / n, Z * Z / n
    middle = share + spread / 2
    reach = Z * sqrt(share * (1 - share) / n + spread / (4 * n))
    # At the edges the formula is exact but floating point is not.
    low = 0.0 if k == 0 else (middle - reach) / (1 + spread)
    high = 1.0 if k == n else (middle + reach) / (1 + spread)
    return low, high


def verdict(k: int, n: int, target: float, *, mature: bool = True) -> Verdict:
    """How `k` of `n` stands to the agreed share `target` (0-1).

    Below or above when the whole interval is. Else "on", or "early" while fewer than `ENOUGH` cases are in or
    the interval is wider than the target's distance from 0 or 1, so that it could not tell half from double. A
    cohort younger than its maturity window (`mature` false) is always early.
    """
    low, high = wilson(k, n)
    if not mature:
        return "early"
    if high < target:
        return "below"
    if low > target:
        return "above"
    return "early" if n < ENOUGH or high - low > min(target, 1 - target) else "on"


def rate(k: int, n: int, target: float | None = None, *, mature: bool = True) -> Rate:
    """`k` of `n` with interval and, when a `target` was agreed, its verdict."""
    low, high = wilson(k, n)
    judged = None if target is None else verdict(k, n, target, mature=mature)
    return Rate(k / n if n else None, k, n, low, high, judged)


def _refuse_impossible(k: int, n: int) -> None:
    if not 0 <= k <= n:
        raise ValueError(f"{k} of {n} is not a share")


def one_in(share: float) -> str:
    """A share in the words of a rep, "1 in 9"; never a certainty, and "none yet" for nothing."""
    if share <= 0:
        return "none yet"
    if share < 1 / RAREST:
        return f"under 1 in {RAREST:,}"
    if share > 0.4:
        tenths = min(round(share * 10), 9)
        return "1 in 2" if tenths == 5 else f"{tenths} in 10"
    return f"1 in {round(1 / share):,}"


def cost_per_qualified(
    spend: int, qualified: int, *, touches: int = 0, minutes: int = 0, hour_cost: int = 0, coop: int = 0
) -> Cost:
    """(Spend + touch cost + rep cost - co-op money) ÷ qualified, money in minor units (product.md 4.5).

    `minutes` are the rep's, at `hour_cost` an hour. The same formula over accepted leads or opportunities gives
    their cost. With no results the outlay is a loss, not a dash.
    """
    outlay = spend + touches + _share(minutes * hour_cost, 60) - coop
    return Cost(_share(outlay, qualified) if qualified else outlay, outlay, qualified)


def _share(whole: int, parts: int) -> int:
    """`whole` ÷ `parts` to the nearest minor unit, halves up: no float touches money."""
    return (2 * whole + parts) // (2 * parts)


def price_ceiling(qualified_share: float, value: int, minutes: float, minute_cost: float) -> int:
    """The most a lead of this source may cost, q·V - m·w, in minor units; below 0 it is not worth free."""
    return round(qualified_share * value - minutes * minute_cost)


def answer_ceiling(gain: float, value: int, minutes_saved: float, minute_cost: float) -> int:
    """The most one more answer on each lead may cost: (q₂-q₁)·V + (m₁-m₂)·w, in minor units (product.md 4.5)."""
    return round(gain * value + minutes_saved * minute_cost)
