"""Today on the sample's desk: what was done since the morning, and what waits in every band of the queue."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sdr.desk import calling, replies, triage
from sdr.desk.delivering import record_delivery
from sdr.exchange import sample_parts as parts
from sdr.exchange.crm_columns import Profile
from sdr.exchange.day_export import plan_export
from sdr.exchange.sample_lives import Lived, all_good
from sdr.exchange.sample_parts import DEMO, FAIR, LIST, REFERRAL, WEBINAR, Today
from sdr.exchange.sample_people import Dice, words
from sdr.exchange.sample_time import Days, Life, Wish
from sdr.exchange.sample_writing import written
from sdr.models.terms import ms
from sdr.rules.calendar import is_open
from sdr.store.queries import queue

CALLS = (
    "no-answer", "voicemail", "no-answer", "interested", "no-answer", "gatekeeper", "callback", "no-answer",
    "not-now", "voicemail", "busy", "no-answer", "qualified", "no-answer",
)  # fmt: skip
TALKS = ("interested", "callback", "not-now", "qualified")
MAILS = 6
EVENINGS = 2  # working days whose export went out; the first looks back a week
LATE = 16  # strangers who come in today
AHEAD = 60  # items of the queue that are looked at for the next call or mail


def today(desk: Today) -> Iterator[Life]:
    """Every life of today."""
    days, late, stars = desk.days, desk.late, desk.stars
    yield from (_calls(desk), _mails(desk), _snoozes(desk), _written(desk), _evenings(desk))
    yield from (
        parts.closing(desk),
        parts.mail_due(desk),
        parts.returned(desk),
        parts.returned_again(desk),
        parts.missed(desk),
    )
    yield parts.promised(desk, stars["late-callback"], DEMO, desk.soon(minutes=-6), "call me when the shift is over")
    yield parts.promised(desk, stars["callback"], FAIR, desk.soon(minutes=8), "I have ten minutes between two trains")
    yield parts.promised(desk, late.pop(), WEBINAR, desk.soon(minutes=110), "ask me again after lunch, with numbers")
    yield parts.new(desk, stars["clocked"], WEBINAR, _working(days, 38))
    yield parts.new(desk, stars["hot"], DEMO, desk.soon(seconds=-150))
    yield parts.new(desk, stars["hot-fresh"], DEMO, desk.soon(seconds=-55))
    yield parts.new(desk, stars["hot-late"], DEMO, _working(days, 19))
    yield parts.known(desk, stars["double"])
    twin = stars["double-too"]._replace(phone=stars["double"].phone)
    yield parts.new(desk, twin, LIST, days.today(0.62))
    for share, source in ((0.1, WEBINAR), (0.2, LIST), (0.33, REFERRAL), (0.4, None), (0.55, LIST), (0.8, WEBINAR)):
        yield parts.new(desk, late.pop(), source, days.today(share))
    for when in (days.back(1, 16, 10), days.today(0.3), days.today(0.7)):
        yield parts.new(desk, late.pop(), WEBINAR, when, inquiry=True)
    for source, when in ((WEBINAR, days.back(1, 10, 15)), (DEMO, days.today(0.35)), (FAIR, days.today(0.75))):
        yield parts.offered(desk, late.pop(), source, when)
    for share in (0.0, 0.02):
        yield parts.sleeper(desk, late.pop(), days.today(share))


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
        yield desk.act(written, lead, when, left=False)


def _evenings(desk: Today) -> Life:
    """The day's end of the last working days: what was done has gone out."""
    for ago in range(EVENINGS, 0, -1):
        when = yield Wish(desk.days.back(ago, 16, 55))
        plan = plan_export(desk.door.session, when.date(), Profile.SHEET, when)
        settled = [one for file in plan.files for one in file.settles]
        yield desk.act(record_delivery, plan.day, settled, when)


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
