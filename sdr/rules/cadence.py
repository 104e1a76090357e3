"""The drip: ordered touches with delays and windows, and the real dates they come to.

A cadence is written as TOML; `parse_cadence` says how. Each next touch counts from what really
happened, waits for the next allowed window, and never catches up what was missed. Whether a touch may happen at
all (stops, pauses, blocks) is asked elsewhere, at the moment of the touch.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sdr.models.terms import Channel
from sdr.rules.calendar import Calendar, CalendarError, Hours, Length, day_close, landing, next_open
from sdr.rules.playbook_text import PlaybookError, Table, located, read

__all__ = ["Cadence", "Planned", "PlaybookError", "Step", "next_touch", "parse_cadence", "plan"]

_DEFAULT_GAP = "1h"


@dataclass(frozen=True, slots=True)
class Step:
    """One touch of a cadence, counted from the touch before it (the first: from the enrollment)."""

    number: int
    name: str
    channel: Channel
    delay: Length
    window: Hours | None  # None: the prospect's own hours
    blocking: bool  # False: the next step counts from when this one was due, done or not
    personal: bool  # written or spoken for one person, so that it counts as a human touch
    template: str | None


@dataclass(frozen=True, slots=True)
class Cadence:
    """A named, versioned row of steps; `minimum_gap` is the least time since any touch by anyone."""

    name: str
    version: int
    steps: tuple[Step, ...]
    minimum_gap: Length


@dataclass(frozen=True, slots=True)
class Planned:
    """When a step is to be done: from `due_at` to `close_at`, the end of that day's window.

    `moved_from` is where the delay alone led, when that is another time; `why` says it in words.
    """

    step: Step
    due_at: datetime
    close_at: datetime
    moved_from: datetime | None
    why: str


def next_touch(
    cadence: Cadence, after_step: int, done_at: datetime, cal: Calendar, earliest: datetime | None = None
) -> Planned | None:
    """The step after `after_step` (0: the first), counted from `done_at`, when that one really happened.

    For a non-blocking step pass the time it was due. `cal` is the prospect's: its hours serve steps without a
    window, and its days are the business days. `earliest` holds the touch back: the present for a plan made
    late, or the end of the gap after somebody else's touch. None at the end, or when no window ever opens.
    """
    if after_step >= len(cadence.steps):
        return None
    step = cadence.steps[after_step]
    wanted = landing(cal, done_at, step.delay)
    apart = landing(cal, done_at, cadence.minimum_gap) if after_step else None
    if wanted is None:
        return None
    # Compared as instants: plain comparison in one zone would read wall clocks, where an hour may come twice.
    since = max((at for at in (wanted, apart, earliest) if at is not None), key=datetime.timestamp)
    window = cal.within(step.window)
    due_at = next_open(window, since)
    close_at = due_at and day_close(window, due_at)
    if due_at is None or close_at is None:
        return None
    held = "" if since is wanted else _held(cadence, since is apart)
    moved = "" if _same(due_at, since) else _moved(window, since.astimezone(due_at.tzinfo))
    why = _counted(step, after_step) + held + moved
    return Planned(step, due_at, close_at, None if _same(due_at, wanted) else wanted, why)


def _same(a: datetime, b: datetime) -> bool:
    return a.timestamp() == b.timestamp()


def _counted(step: Step, after_step: int) -> str:
    before = f"step {after_step}" if after_step else "enrolling"
    return f"{step.delay} after {before}" if step.delay.count else f"right after {before}"


def _held(cadence: Cadence, apart: bool) -> str:
    return f", kept {cadence.minimum_gap} apart" if apart else ", held until it is allowed"


def _moved(window: Calendar, since: datetime) -> str:
    """Why `since` is not an allowed time."""
    if since.date() in window.closed:
        return ", moved to the next opening: a closed day"
    if not window.hours.week[since.weekday()]:
        return ", moved to the next opening: not a working day"
    return ", moved to the next opening: outside the hours"


def plan(cadence: Cadence, start: datetime, cal: Calendar) -> tuple[Planned, ...]:
    """The real dates of all steps for a prospect enrolled at `start`, were each done as soon as it is due."""
    planned: list[Planned] = []
    done_at = start
    while touch := next_touch(cadence, len(planned), done_at, cal):
        planned.append(touch)
        done_at = touch.due_at
    return tuple(planned)


def parse_cadence(text: str) -> Cadence:
    """Read a cadence from TOML; raises `PlaybookError`.

    Top: `name`, `version` (whole, from 1), `minimum_gap` (a length, 1h unless said), then one `[[step]]` each:
    `name`, `channel`, `delay` (a length), and if wanted `window` (like mon-fri 09:00-12:00), `blocking` (true
    unless said), `personal` (unless said, true for calls only), `template`.
    """
    top = read(text, "cadence")
    top.only("name", "version", "minimum_gap", "step")
    steps = located(text, "step", top.tables("step", "step"))
    if not steps:
        raise top.fault("it has no steps; add at least one [[step]] with name, channel and delay")
    return Cadence(
        top.text("name"),
        top.number("version", 1, 1_000_000),
        tuple(_step(number, table) for number, table in enumerate(steps, 1)),
        _length(top, "minimum_gap", _DEFAULT_GAP),
    )


def _step(number: int, table: Table) -> Step:
    table.only("name", "channel", "delay", "window", "blocking", "personal", "template")
    channel = Channel(table.one_of("channel", [each.value for each in Channel]))
    return Step(
        number,
        table.text("name"),
        channel,
        _length(table, "delay"),
        _window(table),
        table.flag("blocking") if "blocking" in table.values else True,
        table.flag("personal") if "personal" in table.values else channel is Channel.CALL,
        table.optional_key("template"),
    )


def _length(table: Table, key: str, default: str | None = None) -> Length:
    try:
        return Length.parse(table.text(key, default))
    except CalendarError as fault:
        raise table.fault(f'"{key}": {fault}'.removesuffix(".")) from None


def _window(table: Table) -> Hours | None:
    try:
        return Hours.parse(table.text("window")) if "window" in table.values else None
    except CalendarError as fault:
        raise table.fault(f'"window": {fault}'.removesuffix(".")) from None
