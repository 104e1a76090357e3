"""What becomes of a lead of the sample: read, worked by its next step, and ended by what its person is like.

Only the rep's own verbs act here, so that a life can reach nothing that the desk would refuse.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sdr.desk import calling, handing_off, replies, triage
from sdr.exchange.sample_people import Dice, words
from sdr.exchange.sample_time import Days, Life, Wish
from sdr.exchange.sample_writing import written
from sdr.models.terms import LeadState, NextKind, at
from sdr.rules.calendar import next_open
from sdr.store import rows
from sdr.store.queries import leads
from sdr.store.session import Session

# How a person is, as shares of a hundred of a source's leads.
TEMPERS = ("unfit", "silent", "later", "no", "willing", "wrong")
SILENT = ("no-answer", "no-answer", "no-answer", "voicemail", "voicemail", "gatekeeper", "busy")
NOES = ("no-need", "no-budget", "chose-rival", "already-bought", "tire-kicker", "no-authority", "not-this-year")
CARDS = ("price", "later", "rival", "committee", "need", "busy", "send")
FORGOTTEN = 6  # in a hundred steps of the last days: the rep loses sight of the lead, and it is overdue
FORGETTING = 4  # working days back from which this happens
MISSED = (NextKind.CALL, NextKind.EMAIL, NextKind.LINKEDIN)
WRITES = {"willing": 45, "silent": 6, "later": 20, "no": 18, "wrong": 8, "unfit": 0}  # after a mail, in a hundred
GOOD = {
    "budget": ("yes", "not-fixed"),
    "decides": ("self", "together"),
    "role": ("decider", "approver", "influencer"),
    "seen": ("us", "both", "rival"),
    "stage": ("comparing", "planned"),
}
RETURNS = (
    ("need-unconfirmed", "they only wanted the brochure; ask what fails and how often"),
    ("no-decision-maker", "nice talk, but the plant director has never heard of it"),
    ("timing", "the line is being rebuilt until autumn"),
    ("wrong-data", "the number rings at a school"),
)


@dataclass(slots=True)
class Lived:
    """One lead of the sample: what it is like, and the `tries` it takes until somebody answers."""

    session: Session
    lead_id: int
    dice: Dice
    temper: str
    days: Days
    tries: int = 0

    @property
    def lead(self) -> rows.Lead:
        """The lead as it stands."""
        found = leads.lead(self.session, self.lead_id)
        assert found is not None
        return found


def worked(me: Lived, read_at: datetime) -> Life:
    """A whole life, from being read to its end or to the present."""
    when = yield Wish(read_at, 1)
    yield from _read(me, when)
    before = None
    while (lead := me.lead).next_kind in STEPS and lead.due_at is not None:
        kind, late = NextKind(lead.next_kind), when > me.days.back(FORGETTING, 9)
        late = late and kind in MISSED and lead.first_touch_at is not None
        if lead == before or (late and me.dice.happens(FORGOTTEN)):
            return
        before = lead
        minutes = 0 if kind is NextKind.PROMISE else MINUTES.get(kind, 2)  # a promise is kept to the minute
        when = yield Wish(max(at(lead.due_at), when + timedelta(minutes=5)), minutes)
        yield from STEPS[kind](me, when)


def _read(me: Lived, when: datetime) -> Life:
    dice = me.dice
    if me.temper == "unfit":
        common = ("bad-data", "duplicate", "wrong-market", "wrong-market", "student", "customer", "wrong-territory",
                  "fake", "rival", "answer-missing")  # fmt: skip
        yield triage.reject(me.session, me.lead_id, "student" if _learner(me.lead) else dice.pick(common), when)
        return
    yield triage.accept(me.session, me.lead_id, when)
    if dice.happens(15):
        yield triage.note(me.session, me.lead_id, dice.pick(words("notes")), when)


def _learner(lead: rows.Lead) -> bool:
    return any(word in (lead.title or "") for word in ("student", "intern"))


# --- the next step, done ---------------------------------------------------------------------------------------------


def _call(me: Lived, when: datetime) -> Life:
    me.tries += 1
    if me.temper == "wrong" and me.tries > 1:
        yield calling.call(me.session, me.lead_id, me.dice.pick(("wrong-number", "do-not-call", "wrong-person")), when)
    elif me.temper == "silent" or me.dice.happens(45):
        yield calling.call(me.session, me.lead_id, me.dice.pick(SILENT), when, seconds=20 + me.dice.below(50))
    else:
        yield from talk(me, when)


def _answer(me: Lived, when: datetime) -> Life:
    """They wrote: called, or answered in writing where there is no number."""
    if me.lead.phone is not None:
        yield from talk(me, when)
        return
    yield written(me.session, me.lead_id, when)
    if me.temper != "willing":
        yield triage.disqualify(me.session, me.lead_id, me.dice.pick(NOES), when)
        return
    yield triage.answer(me.session, me.lead_id, all_good(me.dice), when)
    yield from _offer(me, when)


def talk(me: Lived, when: datetime) -> Life:
    """Somebody answered, and it goes as this person is."""
    more = _talked(me)
    match me.temper:
        case "later":
            yield calling.call(me.session, me.lead_id, "not-now", when, **more)
        case "no":
            reason = me.dice.pick(NOES)
            yield calling.call(me.session, me.lead_id, "not-a-fit", when, reason=reason, **more)
        case "wrong":
            yield calling.call(me.session, me.lead_id, "hung-up", when, seconds=15)
        case _ if me.lead.state != LeadState.TALKING:
            known = {key: me.dice.pick(GOOD[key]) for key in ("role", "decides", "stage") if me.dice.happens(60)}
            outcome = me.dice.pick(("interested", "interested", "callback", "qualified"))
            if outcome == "qualified":
                known = all_good(me.dice)
            yield calling.call(me.session, me.lead_id, outcome, when, answers=known, **more)
        case _:
            yield calling.call(me.session, me.lead_id, "qualified", when, answers=all_good(me.dice), **more)


def all_good(dice: Dice) -> dict[str, str]:
    """Answers that qualify."""
    return {key: dice.pick(levels) for key, levels in GOOD.items()}


def _talked(me: Lived) -> dict[str, Any]:
    dice = me.dice
    return {
        "seconds": 90 + dice.below(420),
        "landed": dice.below(3),
        "blank": dice.below(2),
        "said": [dice.pick(words("talk"))] if dice.happens(50) else [],
        "notes": [dice.pick(words("notes"))] if dice.happens(20) else [],
        "cards": [dice.pick(CARDS)] if dice.happens(35) else [],
    }


def _touch(me: Lived, when: datetime) -> Life:
    yield written(me.session, me.lead_id, when)
    if me.lead.email and me.dice.happens(WRITES[me.temper]):
        later = yield Wish(when + timedelta(minutes=50 + me.dice.below(1500)))
        yield from wrote(me, later)


def wrote(me: Lived, when: datetime) -> Life:
    """A reply, of the kind that this person writes."""
    kinds = {
        "willing": ("interested", "question", "question"),
        "later": ("not-now", "out-of-office"),
        "no": ("no", "unsubscribe"),
        "wrong": ("bounce",),
    }
    kind = me.dice.pick(kinds.get(me.temper, ("out-of-office", "bounce")))
    yield replies.reply(me.session, me.lead_id, kind, when, text=_said(kind, me.dice))


def _said(kind: str, dice: Dice) -> str | None:
    texts = {"interested": "interested", "question": "question", "not-now": "later", "no": "no",
             "out-of-office": "away", "unsubscribe": "stop"}  # fmt: skip
    return dice.pick(words(texts[kind])) if kind in texts else None


def _verdict(me: Lived, when: datetime) -> Life:
    """The drip is over and nobody answered."""
    if me.lead.state in (LeadState.WORKING, LeadState.TALKING):
        yield triage.disqualify(me.session, me.lead_id, "unreachable", when)


def _offer(me: Lived, when: datetime) -> Life:
    """Handed to an account executive, who answers some hours later."""
    dice = me.dice
    day = next_open(me.days.cal, when.replace(minute=0) + timedelta(hours=44 + dice.below(30)))
    meeting = day if dice.happens(60) else None
    yield handing_off.hand_off(me.session, me.lead_id, when, meeting_at=meeting)
    handoff = leads.live_handoff(me.session, me.lead_id)
    if handoff is None or handoff.state != "offered":
        return
    when = yield Wish(when + timedelta(minutes=25 + dice.below(400)))
    if dice.happens(14):
        reason, note = dice.pick(RETURNS)
        yield handing_off.answer_handoff(me.session, handoff.id, "return", when, reason=reason, note=note)
        return
    yield handing_off.answer_handoff(me.session, handoff.id, "accept", when)
    yield from _sold(me, handoff.id, when)


def _sold(me: Lived, handoff: int, when: datetime) -> Life:
    """What the account executive makes of it."""
    for what, least, share in (("met", 24, 85), ("opportunity", 20, 70), ("won", 50, 45)):
        if not me.dice.happens(share):
            return
        when = yield Wish(next_open(me.days.cal, when + timedelta(hours=least + me.dice.below(40))) or when)
        lost = what == "won" and me.dice.happens(35)
        yield handing_off.outcome(
            me.session, handoff, "lost" if lost else what, when, reason="chose-rival" if lost else None
        )


def _again(me: Lived, when: datetime) -> Life:
    """What the account executive missed is asked, and the lead offered again."""
    yield triage.note(me.session, me.lead_id, "called again: the plant director is in, and wants it by autumn", when)
    yield from _offer(me, when)


STEPS: dict[str, Callable[[Lived, datetime], Life]] = {
    NextKind.CALL: _call,
    NextKind.PROMISE: talk,
    NextKind.REPLY: _answer,
    NextKind.EMAIL: _touch,
    NextKind.LINKEDIN: _touch,
    NextKind.TRIAGE: _verdict,
    NextKind.HANDOFF: _offer,
    NextKind.RETURNED: _again,
}
MINUTES = {NextKind.CALL: 3, NextKind.REPLY: 6, NextKind.EMAIL: 1, NextKind.LINKEDIN: 1}
