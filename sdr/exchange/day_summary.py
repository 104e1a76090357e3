"""The day in five lines: what was done, what was handed over, best and worst source, what is left. No lead is named."""

from __future__ import annotations

from datetime import date

from sdr.rules.text import clean
from sdr.store.queries.day import Closing, SourceDay


def five_lines(summary: Closing, rep: str, day: date) -> str:
    """The summary of the rep's `day`, five lines that end in a newline."""
    return "\n".join((f"{day:%Y-%m-%d} · {clean(rep)}", *done(summary), best_and_worst(summary), left(summary))) + "\n"


def done(summary: Closing) -> tuple[str, str]:
    """What was done: touches, and what came of them."""
    counts = summary.counts
    touches = (
        _of(counts.calls, "call"), _of(counts.talks, "talk"), _of(counts.mails, "mail"), _of(counts.letters, "letter"),
    )  # fmt: skip
    return " · ".join(touches), f"{counts.qualified} qualified · {counts.handed_off} handed off"


def best_and_worst(summary: Closing) -> str:
    """Which source's talks led to most and to least, with their counts; or that there is nothing to compare."""
    if summary.best is None or summary.worst is None:
        only = summary.sources[0] if summary.sources else None
        return f"one source: {_source(only)}" if only else "nobody was spoken to"
    return f"best: {_source(summary.best)} · worst: {_source(summary.worst)}"


def left(summary: Closing) -> str:
    """What stays open."""
    open_still = summary.remaining
    return (
        f"open at the day's end: {open_still.untouched} untouched past their clock"
        f" · {_of(open_still.promises, 'promise')} · {_of(open_still.unanswered, 'handoff')} unanswered"
    )


def _source(one: SourceDay) -> str:
    return f"{clean(one.name)} ({one.qualified} of {_of(one.talks, 'talk')})"


def _of(count: int, word: str) -> str:
    return f"{count} {word}{'' if count == 1 else 's'}"
