"""Today on the sample's desk: what was done since the morning, and what waits in every band of the queue.

Each of `today` is one life. The stars of `sample.toml` have parts of their own, so that whoever opens the demo, and
whoever draws its pictures, meets the same people in the same straits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sdr.desk import calling, drip, handing_off, replies, triage
from sdr.exchange.sample_arrivals import Door
from sdr.exchange.sample_lives import Lived, all_good
from sdr.exchange.sample_people import Dice, Person, words
from sdr.exchange.sample_time import Days, Life, Wish
from sdr.models.terms import ms
from sdr.rules.calendar import is_open
from sdr.store.queries import leads, queue

FAIR, LIST, WEBINAR, DEMO, REFERRAL = (
    "Hannover fair 2026", "purchased list", "webinar: leaks", "web demo request", "referral",
)  # fmt: skip
EVENTS = {FAIR: "attended", WEBINAR: "attended", DEMO: "raised-hand", REFERRAL: "referred"}
CALLS = (
    "no-answer", "voicemail", "no-answer", "interested", "no-answer", "gatekeeper", "callback", "no-answer",
    "not-now", "voicemail", "busy", "no-answer", "qualified", "no-answer",
)  # fmt: skip
TALKS = ("interested", "callback", "not-now", "qualified")
MAILS = 6
LATE = 16  # strangers who come in today
AHEAD = 60  # items of the queue that are looked at for the next call or mail


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


def today(desk: Today) -> Iterator[Life]:
    """Every life of today."""
    days, late, stars = desk.days, desk.late, desk.stars
    yield from (_calls(desk), _mails(desk), _snoozes(desk), _written(desk))
    yield from (_closing(desk), _mail_due(desk), _returned(desk), _returned_again(desk), _missed(desk))
    yield _promised(desk, stars["late-callback"], DEMO, desk.soon(minutes=-6), "call me when the shift is over")
    yield _promised(desk, stars["callback"], FAIR, desk.soon(minutes=8), "I have ten minutes between two trains")
    yield _promised(desk, late.pop(), WEBINAR, desk.soon(minutes=110), "ask me again after lunch, with numbers")
    yield _new(desk, stars["clocked"], WEBINAR, _working(days, 38))
    yield _new(desk, stars["hot"], DEMO, desk.soon(seconds=-150))
    yield _new(desk, stars["hot-fresh"], DEMO, desk.soon(seconds=-55))
    yield _new(desk, stars["hot-late"], DEMO, _working(days, 19))
    yield _known(desk, stars["double"])
    twin = replace(stars["double-too"], phone=stars["double"].phone)
    yield _new(desk, twin, LIST, days.today(0.62))
    for share, source in ((0.1, WEBINAR), (0.2, LIST), (0.33, REFERRAL), (0.4, None), (0.55, LIST), (0.8, WEBINAR)):
        yield _new(desk, late.pop(), source, days.today(share))
    for when in (days.back(1, 16, 10), days.today(0.3), days.today(0.7)):
        yield _new(desk, late.pop(), WEBINAR, when, inquiry=True)
    for when in (days.back(1, 10, 15), days.today(0.35), days.today(0.75)):
        yield _offered(desk, late.pop(), when)
    for share in (0.0, 0.02):
        yield _sleeper(desk, late.pop(), days.today(share))


def _working(days: Days, minutes: int) -> datetime:
    """So many minutes ago, or the end of the last working day when that was no working time."""
    when = days.now - timedelta(minutes=minutes)
    return when if is_open(days.cal, when) else days.back(1, 16, 60 - minutes)


# --- what the rep did today ------------------------------------------------------------------------------------------


def _next_of(desk: Today, kind: str, when: datetime) -> int | None:
    """The first of the queue with this step, leaving those with a part alone."""
    page = queue.page(desk.door.session, ms(when), AHEAD)
    return next((item.id for item in page if item.kind == kind and item.id not in desk.parts), None)


def _calls(desk: Today) -> Life:
    dice = Dice(11)
    for number, outcome in enumerate(CALLS):
        when = yield Wish(desk.days.today(0.02 + 0.95 * number / (len(CALLS) - 1)))
        lead = _next_of(desk, "call", when)
        if lead is None:
            return
        more: dict[str, Any] = {"seconds": 25 + dice.below(30)}
        if outcome in TALKS:
            more = {"seconds": 150 + dice.below(300), "said": [dice.pick(words("talk"))], "landed": 1 + dice.below(2)}
        if outcome == "qualified":
            more["answers"] = all_good(dice)
        yield desk.act(calling.call, lead, outcome, when, **more)


def _mails(desk: Today) -> Life:
    for number in range(MAILS):
        when = yield Wish(desk.days.today(0.07 + 0.8 * number / MAILS))
        if (lead := _next_of(desk, "mail", when)) is None:
            return
        yield desk.act(drip.touch, lead, None, when)


def _snoozes(desk: Today) -> Life:
    for share, length in ((0.31, 2), (0.52, 7)):
        when = yield Wish(desk.days.today(share))
        if (lead := _next_of(desk, "call", when)) is None:
            return
        yield desk.act(triage.snooze, lead, when + timedelta(days=length), when)


def _written(desk: Today) -> Life:
    """Answers to mails of the last days, waiting to be read."""
    dice, told = Dice(12), (("question", 0.5), ("question", 0.82), ("interested", 0.9), ("out-of-office", 0.95))
    for number, (kind, share) in enumerate(told):
        when = yield Wish(desk.days.today(share))
        mailed = [me.lead_id for me in desk.everyone if _was_mailed(desk, me)]
        if not mailed:
            return
        texts = words({"out-of-office": "away"}.get(kind, kind))
        text = texts[number % len(texts)]
        yield desk.act(replies.reply, mailed[dice.below(len(mailed))], kind, when, text=text)


def _was_mailed(desk: Today, me: Lived) -> bool:
    if not me.lead_id or me.lead_id in desk.parts:
        return False
    lead = me.lead
    return lead.state == "working" and lead.email is not None and (lead.last_kind or "").startswith("Mail")


# --- those with a part -----------------------------------------------------------------------------------------------


def _new(desk: Today, person: Person, source: str | None, at: datetime, *, inquiry: bool = False) -> Life:
    when = yield Wish(at)
    yield desk.come(person, source, when, inquiry=inquiry)[0]


def _known(desk: Today, person: Person) -> Life:
    """Worked already; the same person comes in again today under a shorter name."""
    when = yield Wish(desk.days.back(5, 16))
    change, lead = desk.come(person, FAIR, when)
    yield change
    yield desk.act(triage.accept, lead, when)
    when = yield Wish(desk.days.back(1, 16, 20))
    yield desk.act(calling.call, lead, "interested", when, said=["mail me the numbers, I am in a meeting"])


def _closing(desk: Today) -> Life:
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
        yield desk.act(drip.touch, lead, None, when)


def _mail_due(desk: Today) -> Life:
    """Nobody answered three times, so a mail is due."""
    days = desk.days
    when = yield Wish(days.back(4, 15))
    change, lead = desk.come(desk.stars["mail"], WEBINAR, when)
    yield change
    yield desk.act(triage.accept, lead, when)
    for ago in (3, 2, 1):
        when = yield Wish(days.back(ago, 10, 40))
        yield desk.act(calling.call, lead, "no-answer", when, seconds=28)


def _promised(desk: Today, person: Person, source: str, due: datetime, said: str) -> Life:
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


def _offered(desk: Today, person: Person, at: datetime) -> Life:
    """A handoff without an answer yet."""
    yield from _qualified(desk, person, REFERRAL, 1)
    lead = _lead_of(desk, person)
    when = yield Wish(at)
    yield desk.act(handing_off.hand_off, lead, when, meeting_at=desk.days.now + timedelta(days=3))


def _lead_of(desk: Today, person: Person) -> int:
    return leads.named(desk.door.session, person.email)[0].id


def _back_with(desk: Today, lead: int, when: datetime, reason: str, note: str) -> Any:
    handoff = leads.live_handoff(desk.door.session, lead)
    assert handoff is not None
    return desk.act(handing_off.answer_handoff, handoff.id, "return", when, reason=reason, note=note)


def _returned(desk: Today) -> Life:
    """Sent back by the account executive, for the first time."""
    person, days = desk.stars["returned"], desk.days
    yield from _qualified(desk, person, DEMO, 2)
    lead = _lead_of(desk, person)
    when = yield Wish(days.back(2, 10, 10))
    yield desk.act(handing_off.hand_off, lead, when)
    when = yield Wish(days.today(0.3))
    yield _back_with(desk, lead, when, "need-unconfirmed", "ask what a stop of the line costs them; I could not get it")


def _returned_again(desk: Today) -> Life:
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


def _missed(desk: Today) -> Life:
    """Accepted, and then nobody came to the meeting."""
    person, days = desk.stars["no-show"], desk.days
    yield from _qualified(desk, person, REFERRAL, 4)
    lead = _lead_of(desk, person)
    when = yield Wish(days.back(4, 10, 20))
    yield desk.act(handing_off.hand_off, lead, when, meeting_at=days.today(0.2))
    handoff = leads.live_handoff(desk.door.session, lead)
    assert handoff is not None
    when = yield Wish(days.back(4, 15))
    yield desk.act(handing_off.answer_handoff, handoff.id, "accept", when)
    when = yield Wish(days.today(0.45))
    yield desk.act(handing_off.outcome, handoff.id, "no-show", when)


def _sleeper(desk: Today, person: Person, wakes: datetime) -> Life:
    """Asked weeks ago to be left alone until today."""
    when = yield Wish(desk.days.back(14, 15))
    change, lead = desk.come(person, WEBINAR, when)
    yield change
    yield desk.act(triage.nurture, lead, wakes, when)
