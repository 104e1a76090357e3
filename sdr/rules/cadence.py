"""The drip: ordered touches with delays and windows, and the real dates they come to.

A cadence is written as TOML; `parse_cadence` says how. Each next touch counts from what really
happened, waits for the next allowed window, and never catches up what was missed. Whether a touch may happen at
all (stops, pauses, blocks) is asked elsewhere, at the moment of the touch.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sdr.models.terms import Channel
from sdr.rules.calendar import Calendar, CalendarError, Hours, Length, day_close, landing, next_open

_DEFAULT_GAP = "1h"
_CADENCE_KEYS = frozenset({"name", "version", "minimum_gap", "step"})
_STEP_KEYS = frozenset({"name", "channel", "delay", "window", "blocking", "personal", "template"})


class PlaybookError(ValueError):
    """A playbook file that cannot be used; the text is a sentence with the line or step and the fault."""


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
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise PlaybookError(f"The cadence is not valid TOML: {fault}.") from None
    place = "The cadence"
    _only(data, _CADENCE_KEYS, place)
    steps = data.get("step")
    if not isinstance(steps, list) or not steps:
        raise PlaybookError("The cadence has no steps; add at least one [[step]] with name, channel and delay.")
    return Cadence(
        _words(data, "name", place),
        _version(data),
        tuple(_step(number, step, text) for number, step in enumerate(steps, 1)),
        _length(data.get("minimum_gap", _DEFAULT_GAP), "minimum_gap", place),
    )


def _step(number: int, data: object, text: str) -> Step:
    place = _place(number, text)
    if not isinstance(data, Mapping):
        raise PlaybookError(f"{place} is not a table; start each step with a line [[step]].")
    _only(data, _STEP_KEYS, place)
    channel = _channel(data, place)
    return Step(
        number,
        _words(data, "name", place),
        channel,
        _length(data.get("delay"), "delay", place),
        _window(data, place),
        _flag(data, "blocking", True, place),
        _flag(data, "personal", channel is Channel.CALL, place),
        _words(data, "template", place) if "template" in data else None,
    )


def _place(number: int, text: str) -> str:
    """How a fault names the step: by number, and by line where it has a `[[step]]` line of its own."""
    heads = [
        line
        for line, content in enumerate(text.splitlines(), 1)
        if re.match(r"\s*\[\[\s*[\"']?step[\"']?\s*\]\]", content)
    ]
    return f"Step {number} (line {heads[number - 1]})" if number <= len(heads) else f"Step {number}"


def _only(data: Mapping[str, object], known: frozenset[str], place: str) -> None:
    for key in data:
        if key not in known:
            raise PlaybookError(f'{place} has "{key[:40]}", which means nothing here; use {_listed(known)}.')


def _listed(words: frozenset[str]) -> str:
    return ", ".join(sorted(words))


def _words(data: Mapping[str, object], key: str, place: str) -> str:
    value = data.get(key)
    if not isinstance(value, str) or not value.strip():
        raise PlaybookError(f'{place} needs a {key}: write {key} = "…".')
    return value.strip()


def _version(data: Mapping[str, object]) -> int:
    value = data.get("version")
    if type(value) is not int or value < 1:
        raise PlaybookError("The cadence needs a version: write version = 1, and one more at each change.")
    return value


def _channel(data: Mapping[str, object], place: str) -> Channel:
    word = _words(data, "channel", place)
    if word not in frozenset(Channel):
        raise PlaybookError(f'{place} has the channel "{word[:40]}"; use {_listed(frozenset(Channel))}.')
    return Channel(word)


def _length(value: object, key: str, place: str) -> Length:
    if not isinstance(value, str):
        raise PlaybookError(f'{place} needs a {key} in quotes, such as "2bd".')
    try:
        return Length.parse(value)
    except CalendarError as fault:
        raise PlaybookError(f"{place}, {key}: {fault}") from None


def _window(data: Mapping[str, object], place: str) -> Hours | None:
    if "window" not in data:
        return None
    try:
        return Hours.parse(_words(data, "window", place))
    except CalendarError as fault:
        raise PlaybookError(f"{place}, window: {fault}") from None


def _flag(data: Mapping[str, object], key: str, default: bool, place: str) -> bool:
    value = data.get(key, default)
    if not isinstance(value, bool):
        raise PlaybookError(f"{place}: write {key} = true or {key} = false, without quotes.")
    return value
