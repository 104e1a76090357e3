"""Variants of a step (A/B): who gets which, and whether one of them is better yet.

Which one somebody gets hangs on the lead and the step alone, so that it is the same on every desk and after every
restart. They are judged by leads that qualified, never by opens (product.md 4.8).
"""

from __future__ import annotations

from hashlib import sha256
from math import ceil, sqrt
from typing import Literal, NamedTuple

from sdr.rules.economics import ENOUGH, Z, wilson

POWER = 0.841621  # the normal quantile of 80 % power
WORTH = 0.05  # the smallest difference looked for: five points, as product.md 4.8 has it
LETTERS = "ABCDEFGHI"

Finding = Literal["early", "a", "b", "even"]


class Verdict(NamedTuple):
    """What two variants come to: `need` cases in each before anything can be told, and b minus a with its bounds."""

    finding: Finding
    need: int
    difference: float
    low: float
    high: float


def arm_of(lead_id: int, step: str, arms: int) -> int:
    """Which of `arms` variants (from 0) this lead gets at `step`: by hash, in equal shares, the same every time."""
    digest = sha256(f"{lead_id}/{step}".encode()).digest()
    return int.from_bytes(digest[:8]) % arms


def needed(a_share: float, b_share: float) -> int:
    """How many cases each arm needs to tell `a_share` from `b_share` (of 1): two-sided 5 %, power 80 %.

    n = (z₁₋α/₂ + z₁₋β)² · (p₁(1-p₁) + p₂(1-p₂)) ÷ (p₁ - p₂)², the two-proportion formula without continuity
    correction (Fleiss, Levin and Paik, Statistical Methods for Rates and Proportions, 3rd ed. 2003, section 4.2).
    5 % against 10 % needs 432.
    """
    spread = a_share * (1 - a_share) + b_share * (1 - b_share)
    return max(ENOUGH, ceil((Z + POWER) ** 2 * spread / (a_share - b_share) ** 2))


def verdict(a_qualified: int, a_n: int, b_qualified: int, b_n: int) -> Verdict:
    """Whether B does better than A, by `qualified` of `n` in each.

    The difference looked for is the one seen, at least five points; before each arm has what that needs, nothing
    is told. Then the better one is named when the 95 % interval of the difference leaves zero out (Newcombe,
    Statistics in Medicine 17, 1998, method 10), else the two are even as far as anybody would care.
    """
    a, b = (k / n if n else 0.0 for k, n in ((a_qualified, a_n), (b_qualified, b_n)))
    need = needed(*_apart(a, b))
    low, high = _newcombe(a_qualified, a_n, b_qualified, b_n)
    finding: Finding = "early" if min(a_n, b_n) < need else "b" if low > 0 else "a" if high < 0 else "even"
    return Verdict(finding, need, b - a, low, high)


def _apart(a: float, b: float) -> tuple[float, float]:
    """The two shares to be told apart: as seen, or five points above the lower when they lie closer."""
    low, high = sorted((a, b))
    if high - low < WORTH:
        low = min(low, 1 - WORTH)
        high = low + WORTH
    return low, high


def _newcombe(a_k: int, a_n: int, b_k: int, b_n: int) -> tuple[float, float]:
    """The 95 % interval of the difference b minus a, from the Wilson interval of each."""
    a, b = (k / n if n else 0.0 for k, n in ((a_k, a_n), (b_k, b_n)))
    (a_low, a_high), (b_low, b_high) = wilson(a_k, a_n), wilson(b_k, b_n)
    seen = b - a
    down = sqrt((b - b_low) ** 2 + (a_high - a) ** 2)
    up = sqrt((b_high - b) ** 2 + (a - a_low) ** 2)
    return max(-1.0, seen - down), min(1.0, seen + up)


def said(found: Verdict, a: str = "A", b: str = "B") -> str:
    """A verdict in words, with its evidence."""
    if found.finding == "early":
        return f"cannot tell yet, need {found.need:,} per arm"
    if found.finding == "even":
        return f"no difference seen ({_points(found.low)} to {_points(found.high)} points)"
    better, worse = (b, a) if found.finding == "b" else (a, b)
    low, high = (found.low, found.high) if found.finding == "b" else (-found.high, -found.low)
    return f"{better} is better than {worse}: {_points(low)} to {_points(high)} points"


def _points(share: float) -> str:
    points = round(share * 100, 1)
    return f"{points:+g}" if points else "0"
