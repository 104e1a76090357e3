"""The acts of a day as a rep's keys give them, on leads of the right kind; all are such as `u` takes back whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import cycle
from typing import Any, NamedTuple

from bench.filling import NOW

Act = Callable[[Any], Any]
_BECAUSE = "asked to be rung now"  # whatever the hour is where they are
_NEW = "state = 'new' AND contacted_at IS NULL AND company IS NOT NULL"
_WORKED = "state = 'working' AND first_touch_at IS NOT NULL"
_PLACES = 200  # leads of each kind that are looked for


class Verb(NamedTuple):
    """What a key does: its words, and the act on one lead; `kind` is the SQL condition of the leads it is for."""

    name: str
    kind: str
    on: Callable[[int], Act]


def verbs(db: Any) -> tuple[Verb, ...]:
    """Every verb, as the desk open in `db` has them."""
    from sdr.desk import calling, enrolling, handing_off, mending, touching, triage

    (cadence,) = db.execute("SELECT min(id) FROM cadence").fetchone()
    later = NOW + timedelta(days=3)

    def verb(name: str, kind: str, act: Callable[..., Any], *args: Any, **more: Any) -> Verb:
        return Verb(name, kind, lambda lead: lambda session: act(session, lead, *args, now=NOW, **more))

    return (
        verb("accept", _NEW, triage.accept),
        verb("reject", _NEW, triage.reject, "7"),
        verb("fill in", _NEW, mending.fill, {"title": "Head of Pumps"}),
        verb("snooze", _WORKED, triage.snooze, later),
        verb("nurture", _WORKED, triage.nurture, later),
        verb("disqualify", _WORKED, triage.disqualify, "no-budget"),
        verb("note", _WORKED, triage.note, "likes pumps"),
        verb("answer", _WORKED, triage.answer, {"budget": "yes"}),
        verb("call", _WORKED, calling.call, "no-answer", because=_BECAUSE),
        verb("voicemail", _WORKED, calling.call, "voicemail", because=_BECAUSE),
        verb("touch", _WORKED, touching.touch, "linkedin", because=_BECAUSE),
        verb("hand off", _WORKED, handing_off.hand_off, force=True),
        verb("into a drip", _WORKED, enrolling.enroll, cadence, anyway=True),
    )


def leads_of(db: Any, kind: str) -> list[int]:
    """Leads of one kind, spread over the list."""
    found = [row[0] for row in db.execute(f"SELECT id FROM lead WHERE {kind} LIMIT 20000")]
    return found[:: max(1, len(found) // _PLACES)][:_PLACES]


def turns(db: Any) -> Iterator[tuple[str, Act]]:
    """One verb after the other, without end, each time on another lead."""
    found = verbs(db)
    leads = {kind: cycle(leads_of(db, kind)) for kind in {verb.kind for verb in found}}
    for verb in cycle(found):
        yield verb.name, verb.on(next(leads[verb.kind]))
