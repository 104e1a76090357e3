"""A source of the report as words: its row, what is under it, and the numbers that open their leads."""

from __future__ import annotations

from collections.abc import Sequence

from sdr.rules.economics import Rate
from sdr.rules.money import spoken_money
from sdr.rules.reasons import Reasons
from sdr.screens.columns import Cells, Column
from sdr.screens.lines import Part, fitting
from sdr.screens.look import Marks
from sdr.store.queries.sources import Line, Pace

COLUMNS = (
    Column("source", "source", None, keep=9),
    Column("leads", "leads", 6, "right", keep=7),
    Column("touched", "touched", 7, "right", keep=4),
    Column("qualified", "qualified", 12, keep=8),
    Column("target", "target", 10, keep=6),
    Column("accepted", "accepted", 8, "right", keep=5),
    Column("each", "each", 8, "right", keep=6),
)
BEHIND = (
    ("delivered", "all"), ("untouched", "untouched"), ("open", "open"), ("qualified", "qualified"),
    ("offered", "offered"), ("accepted", "accepted"), ("rejected", "rejected"), ("disqualified", "disqualified"),
    ("merged", "merged"),
)  # fmt: skip
_LOOKS = {"below": "late", "above": "done", "early": "dim", "on": ""}


def percent(share: float | None) -> str:
    """A share as whole per cent; never 0 or 100 unless it is."""
    if share is None:
        return "none yet"
    whole = round(share * 100)
    return f"{min(max(whole, 1), 99) if 0 < share < 1 else whole} %"


def rate_words(rate: Rate) -> str:
    """`11 % (8-16)`: a rate never stands without its interval; none of none says so."""
    if rate.value is None:
        return "none judged"
    low, high = round(rate.low * 100), round(rate.high * 100)
    return f"{percent(rate.value)} ({low}-{high})" if high < 100 else f"{percent(rate.value)} ({low}+)"


def cells(line: Line, signs: Marks) -> Cells:
    """One row: leads, touched, qualified with its interval, the verdict, accepted, what one qualified lead cost."""
    verdict = line.qualified.verdict
    bad = verdict == "below"
    texts = (
        line.name,
        f"{line.delivered:,}",
        percent(line.touched.value) if line.touched.denominator else "-",
        rate_words(line.qualified),
        target_words(line),
        accepted_words(line.accepted),
        each_words(line),
    )
    looks = ("", "", "dim", "", _LOOKS[verdict] if verdict else "soon", "dim", "late" if _is_loss(line) else "")
    return Cells(texts, looks, signs.late if bad else " ", "late" if bad else "")


def accepted_words(rate: Rate) -> str:
    """`9 of 22`, shorter when the column would cut it; a dash when nothing was offered."""
    if not rate.denominator:
        return "-"
    words = f"{rate.numerator} of {rate.denominator}"
    return words if len(words) <= 8 else f"{rate.numerator}/{rate.denominator}"


def target_words(line: Line) -> str:
    """The verdict and the agreed target, or that there is none."""
    if line.source is None or line.source.target is None:
        return "no target"
    return f"{line.qualified.verdict:<5} {percent(line.source.target)}"


def each_words(line: Line) -> str:
    """What one qualified lead cost; a loss for money that brought none, `< free` when a lead is not worth its time."""
    if "price" in line.lacks:
        return "no price"
    if line.source is None or not line.delivered:
        return "-"
    if line.ceiling < 0:
        return "< free"
    money = spoken_money(_whole(line.cost.minor), line.currency)
    return f"-{money}" if _is_loss(line) else money


def _whole(minor: int) -> int:
    """Without cents from a hundred on: nobody reads them in a column."""
    return round(minor, -2) if minor >= 10_000 else minor


def _is_loss(line: Line) -> bool:
    return line.cost.is_loss and line.cost.outlay > 0


def under(line: Line, pace: Pace | None, reasons: Reasons, width: int, sign: str) -> list[Sequence[Part]]:
    """Its name and what was agreed, the quality of the leads, our own part, and the digits that open rows, in `width`
    cells: as many facts of a line as stand there whole."""
    told = (
        ("agreed", [[("leads that came without a source: name one when you import", "soon")]] if line.source is None
         else _agreed(line)),
        ("quality", _reasons("rejected", line.rejected, reasons, "reject")),
        ("", _reasons("disqualified", line.disqualified, reasons, "disqualify")),
        ("ours", _ours(line, pace)),
        ("rows", _digits(line)),
    )  # fmt: skip
    return [[(f"{word:<9}", "dim"), *fitting(facts, width - 9, sign)] for word, facts in told]


def _agreed(line: Line) -> list[list[Part]]:
    source = line.source
    assert source is not None
    facts: list[list[Part]] = [[(line.name, "")]]
    if source.cost_minor is not None:
        facts.append([(f"{spoken_money(source.cost_minor, source.currency)} a lead", "")])
    if who := ", ".join(word for word in (source.owner, source.department) if word):
        facts.append([(who, "")])
    if line.lacks:
        facts.append([(f"no {' and '.join(line.lacks)} agreed", "soon")])
    return facts


def _reasons(family: str, found: tuple[tuple[str, int], ...], reasons: Reasons, verb: str) -> list[list[Part]]:
    facts: list[list[Part]] = [[(f"{family} {sum(count for _key, count in found)}", "")]]
    for key, count in found[:4]:
        reason = reasons.find(verb, key)
        facts.append([(f"{reason.label if reason else key} ", "dim"), (f"{count}", "")])
    return facts


def _ours(line: Line, pace: Pace | None) -> list[list[Part]]:
    words = [f"{line.still_open:,} still open"]
    if pace is not None:
        waited = (
            "nobody touched yet" if pace.first_touch is None else f"first touch {_minutes(pace.first_touch)} median"
        )
        words.append(waited)
        if pace.untouched_a:
            words.append(f"{pace.untouched_a} grade-A never touched")
    words.append(f"{_minutes(line.minutes)} of ours")
    return [[(word, "")] for word in words]


def _minutes(count: int) -> str:
    return f"{count} min" if count < 120 else f"{count // 60:,} h"


def _digits(line: Line) -> list[list[Part]]:
    shown: list[list[Part]] = []
    for digit, (which, word) in enumerate(BEHIND, 1):
        if count := count_of(line, which):
            shown.append([(str(digit), "now"), (f" {word} {count:,}", "")])
    return shown or [[("none yet", "dim")]]


def count_of(line: Line, which: str) -> int:
    """How many leads stand behind a number of the line."""
    counts = {
        "delivered": line.delivered,
        "untouched": line.touched.denominator - line.touched.numerator,
        "open": line.still_open,
        "qualified": line.qualified.numerator,
        "offered": line.accepted.denominator,
        "accepted": line.accepted.numerator,
        "rejected": sum(count for _key, count in line.rejected),
        "disqualified": sum(count for _key, count in line.disqualified),
        "merged": line.merged,
    }
    return counts[which]
