"""The lines that stand over a plan before Enter: real dates, days and their load, what is dropped, who stays."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from sdr.models.terms import Refused, at
from sdr.rules.spoken import spoken
from sdr.rules.why import moment
from sdr.screens.asking import Choice

if TYPE_CHECKING:
    from sdr.desk.away import Plan as TimeOff
    from sdr.desk.catching_up import Plan as CatchUp
    from sdr.desk.enrolling import Many, Preview
    from sdr.screens.look import Marks

MOST = 6  # days of a plan that are shown one by one
FEW = 4  # refusals, drops and promises
STEPS = 12  # of a drip


def dates_of(found: Preview, now: datetime, signs: Marks) -> tuple[list[str], list[Choice]]:
    """What is said above the dates, and the dates as choices: the digit of a step begins there."""
    place = found.lead.city or found.lead.zone.rpartition("/")[2].replace("_", " ")
    lines = [f"“{found.cadence.name}” for {found.lead.name} · times in {place}"]
    if found.instead:
        lines.append(f"leaves “{found.instead}”")
    if found.passed:
        lines.append(f"{signs.no} cannot reach them: {', '.join(found.passed)}")
    if found.warning is not None:
        lines += warned(found.warning, signs)
    choices = [
        Choice(
            str(one.step.number) if one.step.number < 10 else "",
            f"{_time(one.due_at, now):<16} {one.step.channel.value:<9} {one.step.name}",
        )
        for one in found.dates[:STEPS]
    ]
    if len(found.dates) > STEPS:
        last = found.dates[-1]
        lines.append(f"{signs.cut} and {len(found.dates) - STEPS} more, the last {_time(last.due_at, now)}")
    if found.cadence.rest is not None:
        until = f" until {_time(found.rests_until, now)}" if found.rests_until else ""
        lines.append(f"then rest {found.cadence.rest}{until}: no touch, no drip")
    return lines, choices


def _time(due: datetime, now: datetime) -> str:
    """A date with its time, in the zone of `due`."""
    return moment(due, now.astimezone(due.tzinfo))


def warned(warning: Refused, signs: Marks) -> list[str]:
    """A reason to think twice."""
    return [f"{signs.no} {warning.reason}"]


def many_lines(found: Many, signs: Marks) -> list[str]:
    """How many begin on which day, and whom the drip refuses and why."""
    from sdr.desk.replanning import day_words
    from sdr.rules.spoken import counted

    days = [f"{day_words(day)}  {counted(count, 'first touch', 'first touches')}" for day, count in found.days]
    refused = [f"{signs.no} {name}: {why}" for name, why in found.refused]
    return [*_first(days, MOST, signs, "days more"), *_first(refused, FEW, signs, "more refused")]


def catch_up_lines(plan: CatchUp, signs: Marks) -> list[str]:
    """Each day with its load, what is dropped and why, and what stays as it is."""
    from sdr.desk.replanning import day_words, touches

    days = [
        f"{day_words(one.day)}  {touches(one.touches)} · {one.taken:.0f} of {one.holds:.0f} min" for one in plan.days
    ]
    dropped = [f"{signs.no} dropped: {lead.name}, {drop.step.name}: {drop.why}" for lead, drop in plan.dropped]
    left = [f"stays: {name}, {why}" for name, why in plan.left]
    return [
        *_first(days, MOST, signs, "days more"),
        *_first(dropped, FEW, signs, "more dropped"),
        *_first(left, 2, signs, "more stay"),
    ]


def away_lines(plan: TimeOff, now: datetime, signs: Marks) -> list[str]:
    """The absence in a sentence, and the promises that stay and want a word with somebody."""
    kept = [
        f"{signs.no} promised: {one.name} {spoken(at(one.due_at or 0, plan.rep.zone), now)}; it stays, give it away (w)"
        for one in plan.promises
    ]
    clocks = [f"{len(plan.clocks)} first answers wait with you"] if plan.clocks else []
    return [plan.words, *clocks, *_first(kept, FEW, signs, "more promised")]


def _first(lines: Sequence[str], most: int, signs: Marks, word: str) -> Iterator[str]:
    yield from lines[:most]
    if len(lines) > most:
        yield f"{signs.cut} and {len(lines) - most} {word}"
