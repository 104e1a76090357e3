"""The drip: ordered touches with delays and windows, and the real dates they come to.

A cadence is written as TOML; `parse_cadence` says how. Each next touch counts from what really
happened, waits for the next allowed window, and never catches up what was missed. What goes by post is planned for
the day it is posted, and the touch after it counts from the day it arrives. Whether a touch may happen at
all (stops, pauses, blocks) is asked elsewhere, at the moment of the touch.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from sdr.rules.cadence_text import POST, Cadence, CadenceError, Step, Track, parse_cadence
from sdr.rules.calendar import Calendar, landing, opening
from sdr.rules.hours import Length
from sdr.rules.playbook_text import PlaybookError

__all__ = [
    "POST",
    "Cadence",
    "CadenceError",
    "Planned",
    "PlaybookError",
    "Step",
    "Track",
    "arrival",
    "next_touch",
    "parse_cadence",
    "plan",
    "rest_until",
    "standing_step",
]


class Planned(NamedTuple):
    """When a step is to be done: from `due_at` to `close_at`, the end of that day's window.

    `moved_from` is where the delay alone led, when that is another time; `why` says it in words.
    """

    step: Step
    due_at: datetime
    close_at: datetime
    moved_from: datetime | None
    why: str


def next_touch(
    cadence: Cadence,
    after_step: int,
    done_at: datetime,
    cal: Calendar,
    earliest: datetime | None = None,
    *,
    track: str = Track.MAIN,
    done: Collection[int] | None = None,
) -> Planned | None:
    """The step of `track` after step `after_step` (0: its first), counted from `done_at`, when that really happened.

    For a non-blocking step pass the time it was due. `cal` is the prospect's: its hours serve steps without a
    window, and its days are the business days. `earliest` holds the touch back: the present for a plan made
    late, or the end of the gap after somebody else's touch. `done` are the steps that were really done, None for
    all up to `after_step`: a reply to one that was not falls away or stands alone, and only what was posted has to
    arrive. None at the end, or when no window ever opens.
    """
    step = standing_step(cadence, after_step, track, done)
    if step is None:
        return None
    posted = _posted(cadence, after_step, done)
    counted = done_at if posted is None else arrival(posted, done_at, cal)
    wanted = None if counted is None else landing(cal, counted, step.delay)
    if wanted is None:
        return None
    since, held = wanted, ""
    apart = _apart(cadence.minimum_gap, done_at, since, cal) if after_step else None
    if apart is not None:
        since, held = apart, f", kept {cadence.minimum_gap} apart"
    if earliest is not None and _later(earliest, since):
        since, held = earliest, ", held until it is allowed"
    window = cal.within(step.window)
    found = opening(window, since)
    if found is None:
        return None
    due_at, close_at = found
    moved = "" if _at_once(due_at, since) else _moved(window, since.astimezone(due_at.tzinfo))
    why = _counted(cadence, step, after_step, posted) + held + moved
    return Planned(step, due_at, close_at, wanted if held or moved else None, why)


def standing_step(
    cadence: Cadence, after_step: int, track: str = Track.MAIN, done: Collection[int] | None = None
) -> Step | None:
    """The next step of `track` that is left: a reply without its message is passed over, or stands alone."""
    step = cadence.following(after_step, track)
    while step is not None and not _answers(cadence, step, done):
        if step.alone is not None:
            return step._replace(template=step.alone, variants=(), needs=None)
        step = cadence.following(step.number, track)
    return step


def _answers(cadence: Cadence, step: Step, done: Collection[int] | None) -> bool:
    """Whether the message that `step` replies to was sent, or will have been (None), if it replies at all."""
    return step.needs is None or done is None or step.needs in done


def _posted(cadence: Cadence, after_step: int, done: Collection[int] | None) -> Step | None:
    """The step before, when it is on its way by post."""
    before = cadence.steps[after_step - 1] if 0 < after_step <= len(cadence.steps) else None
    if before is None or before.lead_time is None or (done is not None and after_step not in done):
        return None
    return before


def _apart(gap: Length, done_at: datetime, since: datetime, cal: Calendar) -> datetime | None:
    """The end of the gap after the touch at `done_at`, when `since` lies inside it."""
    if gap.seconds is not None and since.timestamp() - done_at.timestamp() >= gap.seconds:
        return None  # most often: no date need be made
    apart = landing(cal, done_at, gap)
    return apart if apart is not None and _later(apart, since) else None


def arrival(step: Step, posted_at: datetime, cal: Calendar) -> datetime | None:
    """When what was posted at `posted_at` arrives; at once for what does not go by post."""
    return posted_at if step.lead_time is None else landing(cal, posted_at, step.lead_time)


def rest_until(cadence: Cadence, planned: Sequence[Planned], cal: Calendar) -> datetime | None:
    """When the rest after the last of these touches is over, were it done when due; None without a rest."""
    if cadence.rest is None or not planned:
        return None
    return landing(cal, planned[-1].due_at, cadence.rest)


def _later(a: datetime, b: datetime) -> bool:
    """As instants: plain comparison in one zone would read wall clocks, where an hour may come twice."""
    return a.timestamp() > b.timestamp()


def _at_once(due_at: datetime, since: datetime) -> bool:
    """Whether `since`, to which `opening` gave `due_at`, is open: what is local and open it gives back itself."""
    return due_at is since or (due_at.tzinfo is not since.tzinfo and due_at.timestamp() == since.timestamp())


def _counted(cadence: Cadence, step: Step, after_step: int, posted: Step | None) -> str:
    before = f"step {after_step}" if after_step else "enrolling"
    if posted is not None:
        before += f" arrives ({posted.lead_time} in the post)"
    counted = f"{step.delay} after {before}" if step.delay.count else f"right after {before}"
    needed = cadence.steps[step.number - 1].needs
    return counted if needed == step.needs else f"{counted}, on its own: step {needed} was not sent"


def _moved(window: Calendar, since: datetime) -> str:
    """Why `since` is not an allowed time."""
    if since.date() in window.closed:
        return ", moved to the next opening: a closed day"
    if not window.hours.on(since.date()):
        return ", moved to the next opening: not a working day"
    return ", moved to the next opening: outside the hours"


def plan(
    cadence: Cadence,
    start: datetime,
    cal: Calendar,
    *,
    track: str = Track.MAIN,
    at_step: int = 1,
    earliest: datetime | None = None,
) -> tuple[Planned, ...]:
    """The real dates of all steps of `track` for a prospect enrolled at `start`, were each done as soon as it is due.

    `at_step` begins there: what stands before it is never done. `earliest` holds the first touch back.
    """
    planned: list[Planned] = []
    after, done_at, done = at_step - 1, start, set[int]()
    while touch := next_touch(cadence, after, done_at, cal, earliest, track=track, done=done):
        planned.append(touch)
        after, done_at, earliest = touch.step.number, touch.due_at, None
        done.add(after)
    return tuple(planned)
