"""Those of the sample who have a part of their own today, each told as one life.

The stars are always the same people in the same straits: whoever opens the demo, and whoever draws its pictures,
meets them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sdr.desk import calling, handing_off, triage
from sdr.exchange.sample_arrivals import Door
from sdr.exchange.sample_lives import Lived, all_good
from sdr.exchange.sample_people import Dice, Person, words
from sdr.exchange.sample_time import Days, Life, Wish
from sdr.exchange.sample_writing import written
from sdr.rules.calendar import next_open
from sdr.store.queries import leads

FAIR, LIST, WEBINAR, DEMO, REFERRAL = (
    "Hannover fair 2026", "purchased list", "webinar: leaks", "web demo request", "referral",
)  # fmt: skip
EVENTS = {FAIR: "attended", WEBINAR: "attended", DEMO: "raised-hand", REFERRAL: "referred"}


@dataclass(slots=True)
class Today:
    """What the lives of today share: the door, the days, those with a part, and everybody who came before."""

    door: Door
    days: Days
    stars: Mapping[str, Person]
    late: list[Person]
    everyone: Sequence[Lived]
    parts: set[int]

    def act(self, verb: Callable[..., Any], *args: Any, **more: Any) -> Any:
        """The change that a verb comes to."""
        return verb(self.door.session, *args, **more)

    def come(self, person: Person, source: str | None, when: datetime, **more: Any) -> tuple[Any, int]:
        """A person with a part comes in: the change, and the lead."""
        change, lead = self.door.one(person, source, EVENTS.get(source or ""), when, **more)
        self.parts.add(lead)
        return change, lead

    def soon(self, **lengths: float) -> datetime:
        """So long after now."""
        return self.days.now + timedelta(**lengths)


def new(desk: Today, person: Person, source: str | None, at: datetime, *, inquiry: bool = False) -> Life:
    when = yield Wish(at)
    yield desk.come(person, source, when, inquiry=inquiry)[0]


def known(desk: Today, person: Person) -> Life:
    """Worked already; the same person comes in again today under a shorter name."""
    when = yield Wish(desk.days.back(5, 16))
    change, lead = desk.come(person, FAIR, when)
    yield change
    yield desk.act(triage.accept, lead, when)
    when = yield Wish(desk.days.back(1, 16, 20))
    yield desk.act(calling.call, lead, "interested", when, said=["mail me the numbers, I am in a meeting"])


def closing(desk: Today) -> Life:
    """A call whose window closes today; one answer is missing."""
    days = desk.days
    when = yield Wish(days.back(8, 10))
    change, lead = desk.come(desk.stars["closing"], FAIR, when)
    yield change
    yield desk.act(triage.note, lead, "leaks at three sites", when, said=True)
    yield desk.act(triage.answer, lead, {"decides": "self", "role": "decider", "stage": "planned"}, when)
    when = yield Wish(days.back(8, 10, 25))
    yield desk.act(triage.accept, lead, when)
    for ago, hour, outcome in ((8, 11, "no-answer"), (7, 15, "voicemail"), (5, 11, "no-answer")):
        when = yield Wish(days.back(ago, hour, 12))
        yield desk.act(calling.call, lead, outcome, when, seconds=31)
    for ago in (3, 2):
        when = yield Wish(days.back(ago, 10, 5))
        yield desk.act(written, lead, when)


def mail_due(desk: Today) -> Life:
    """Nobody answered three times, so a mail is due."""
    days = desk.days
    when = yield Wish(days.back(4, 15))
    change, lead = desk.come(desk.stars["mail"], WEBINAR, when)
    yield change
    yield desk.act(triage.accept, lead, when)
    for ago in (3, 2, 1):
        when = yield Wish(days.back(ago, 10, 40))
        yield desk.act(calling.call, lead, "no-answer", when, seconds=28)


def promised(desk: Today, person: Person, source: str, due: datetime, said: str) -> Life:
    """Somebody asked to be called at an exact time."""
    days = desk.days
    when = yield Wish(days.back(3, 14, len(said)))
    change, lead = desk.come(person, source, when)
    yield change
    yield desk.act(triage.accept, lead, when)
    when = yield Wish(days.back(2, 11, len(said)))
    known = {"decides": "together", "stage": "comparing"}
    more = {"answers": known, "said": [said], "seconds": 190, "landed": 1, "cards": ["busy"]}
    yield desk.act(calling.call, lead, "callback", when, next_at=due, **more)


def _qualified(desk: Today, person: Person, source: str, ago: int) -> Life:
    """Comes in and qualifies on the first call, `ago` working days back or today; ends with the handoff's wish."""
    days = desk.days
    when = yield Wish(days.back(ago + 1, 13, 5 + 3 * ago))
    change, lead = desk.come(person, source, when)
    yield change
    yield desk.act(triage.accept, lead, when)
    when = yield Wish(days.back(ago, 9, 45))
    dice = Dice(ago * 31 + len(person.email))
    said = [dice.pick(words("talk"))]
    yield desk.act(calling.call, lead, "qualified", when, answers=all_good(dice), said=said, seconds=420, landed=2)


def offered(desk: Today, person: Person, source: str, at: datetime) -> Life:
    """A handoff without an answer yet."""
    yield from _qualified(desk, person, source, 1)
    lead = _lead_of(desk, person)
    when = yield Wish(at)
    meeting = next_open(desk.days.cal, when.replace(minute=30) + timedelta(hours=50))
    yield desk.act(handing_off.hand_off, lead, when, meeting_at=meeting)


def _lead_of(desk: Today, person: Person) -> int:
    return leads.named(desk.door.session, person.email)[0].id


def _back_with(desk: Today, lead: int, when: datetime, reason: str, note: str) -> Any:
    handoff = leads.live_handoff(desk.door.session, lead)
    assert handoff is not None
    return desk.act(handing_off.answer_handoff, handoff.id, "return", when, reason=reason, note=note)


def returned(desk: Today) -> Life:
    """Sent back by the account executive, for the first time."""
    person, days = desk.stars["returned"], desk.days
    yield from _qualified(desk, person, DEMO, 2)
    lead = _lead_of(desk, person)
    when = yield Wish(days.back(2, 10, 10))
    yield desk.act(handing_off.hand_off, lead, when)
    when = yield Wish(days.today(0.3))
    yield _back_with(desk, lead, when, "need-unconfirmed", "ask what a stop of the line costs them; I could not get it")


def returned_again(desk: Today) -> Life:
    """Sent back twice."""
    person, days = desk.stars["returned-again"], desk.days
    yield from _qualified(desk, person, FAIR, 8)
    lead = _lead_of(desk, person)
    for offered, back, reason, note in (
        (days.back(8, 10, 30), days.back(7, 14), "timing", "the mill stands still until after Easter"),
        (days.back(3, 11), days.today(0.12), "no-decision-maker", "keen, but the mill director has not heard of it"),
    ):
        when = yield Wish(offered)
        yield desk.act(handing_off.hand_off, lead, when)
        when = yield Wish(back)
        yield _back_with(desk, lead, when, reason, note)


def missed(desk: Today) -> Life:
    """Accepted, and then nobody came to the meeting."""
    person, days = desk.stars["no-show"], desk.days
    yield from _qualified(desk, person, WEBINAR, 4)
    lead = _lead_of(desk, person)
    when = yield Wish(days.back(4, 10, 20))
    yield desk.act(handing_off.hand_off, lead, when, meeting_at=days.today(0.2))
    handoff = leads.live_handoff(desk.door.session, lead)
    assert handoff is not None
    when = yield Wish(days.back(4, 15))
    yield desk.act(handing_off.answer_handoff, handoff.id, "accept", when)
    when = yield Wish(days.today(0.45))
    yield desk.act(handing_off.outcome, handoff.id, "no-show", when)


def sleeper(desk: Today, person: Person, wakes: datetime) -> Life:
    """Asked weeks ago to be left alone until today."""
    when = yield Wish(desk.days.back(14, 15))
    change, lead = desk.come(person, WEBINAR, when)
    yield change
    yield desk.act(triage.nurture, lead, wakes, when)
