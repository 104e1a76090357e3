"""`sdr demo`: a desk filled with an invented month, through the rep's own verbs, up to the middle of today.

Nothing here is drawn by chance: the same moment and count give the same desk. People are in `sample.toml`, what
becomes of them in `sample_lives`, what waits today in `sample_today`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from sdr.desk import setting_up, sources, team, triage
from sdr.desk.setting_up import Newcomer
from sdr.desk.steps import rep_calendar
from sdr.exchange.sample_arrivals import Door
from sdr.exchange.sample_lives import TEMPERS, Lived, worked
from sdr.exchange.sample_parts import Today
from sdr.exchange.sample_people import Crowd, Dice, Person, sample, words
from sdr.exchange.sample_time import Days, Life, Wish, told
from sdr.exchange.sample_today import LATE, today
from sdr.models.terms import Refused, ms
from sdr.store.changes import Change, Edit
from sdr.store.queries import playbook
from sdr.store.session import Session
from sdr.store.store import Store

REP = "Sam Reyes"
HOURS = "mon-fri 09:00-17:00"
MONTH = 26  # working days before today on which it begins
READ_OVER = 3  # working days over which a file is read


def fill(
    store: Store, now: datetime, count: int, *, name: str = REP, zone: str = "UTC", country: str | None = None
) -> None:
    """Fill an empty desk with about `count` invented leads and their past month, ending at `now` (aware).

    The rep is `name`, at work in `zone` (IANA) with the holidays of `country` (ISO 3166). A desk that is set up
    already is left alone.
    """
    who = Newcomer(name, zone, HOURS, email="sam@desk.example", country=country)
    store.write_many(lambda session: _story(session, who, now, count)).result()


def _story(session: Session, who: Newcomer, now: datetime, count: int) -> Iterator[Change | Refused]:
    if playbook.is_set_up(session):
        return
    yield setting_up.set_up(session, who, now - timedelta(days=2 * MONTH))
    cal = rep_calendar(playbook.rep(session), now)
    days = Days(cal, now, now - timedelta(days=2 * MONTH))
    yield from _agreed(session, days.back(MONTH, 9))
    door, crowd = Door(session), Crowd()
    everyone: list[Lived] = []
    stars = {star["key"]: crowd.star(star["key"]) for star in sample()["star"]}
    late = [crowd.stranger(index) for index in range(LATE)]
    strangers = [crowd.stranger(LATE + index) for index in range(max(0, count - len(stars) - LATE))]
    lives = list(_month(session, door, days, strangers, everyone))
    yield from told([*lives, *today(Today(door, days, stars, late, everyone, set()))], days)


def _agreed(session: Session, when: datetime) -> Iterator[Change | Refused]:
    """Who takes handoffs, what leads cost, and the signatures under the rubric."""
    for one in sample()["executive"]:
        yield team.set_ae(session, one["name"], when, **one["fields"])
    for one in sample()["source"]:
        yield sources.set_source(session, one["name"], when, **one["fields"])
    yield setting_up.sign_rubric(session, "sales", "K. Ode", when)
    yield setting_up.sign_rubric(session, "marketing", "M. Iri", when)
    other = Edit.new("rep", session.new_id(), name="Noor Haddad", zone="Europe/London", hours=HOURS, country="GB")
    yield Change("rep", "Noor Haddad works here too", ms(when), (other,))


# --- the month -------------------------------------------------------------------------------------------------------


def _month(
    session: Session, door: Door, days: Days, strangers: Sequence[Person], everyone: list[Lived]
) -> Iterator[Life]:
    """A life for each lead that came before today, by source."""
    start = 0
    for source in sample()["source"]:
        end = start + round(len(strangers) * source["of"] / 100)
        people = strangers[start:end]
        lived = [_lived(session, days, source, start + index) for index in range(len(people))]
        start = end
        everyone += lived
        if "file" in source:
            yield _file(door, lived, people, source, days.back(source["days_ago"], 9, 20))
            for index, me in enumerate(lived):
                yield worked(me, days.back(source["days_ago"] - READ_OVER * index // len(lived), 9, 40))
        else:
            for index, (me, person) in enumerate(zip(lived, people, strict=True)):
                ago = 1 + source["days_ago"] * (len(people) - index - 1) // len(people)
                yield _one(door, me, person, source, days.back(ago, 8 + index % 9, index * 7 % 60))
    for index, person in enumerate(strangers[start:]):
        me = Lived(session, 0, Dice(index), "silent", days)
        yield _one(door, me, person, None, days.back(4 + index % 20, 11))


def _lived(session: Session, days: Days, source: dict[str, Any], number: int) -> Lived:
    dice = Dice(number * 977 + 5)
    at, temper = dice.below(100), TEMPERS[0]
    for temper in TEMPERS:
        at -= source["tempers"][temper]
        if at < 0:
            break
    return Lived(session, 0, dice, temper, days)


def _file(door: Door, lived: Sequence[Lived], people: Sequence[Person], source: dict[str, Any], when: datetime) -> Life:
    """A file comes in, and every lead of it gets its own life."""
    when = yield Wish(when)
    change, ids = door.file(source["file"], people, source["name"], source.get("event"), when)
    yield change
    for me, lead in zip(lived, ids, strict=True):
        me.lead_id = lead
        if source.get("event") == "attended" and me.dice.happens(20):
            yield triage.note(door.session, lead, me.dice.pick(words("booth")), when, said=True)


def _one(door: Door, me: Lived, person: Person, source: dict[str, Any] | None, when: datetime) -> Life:
    """One lead comes in by itself and is read soon."""
    when = yield Wish(when)
    name, event = (source["name"], source["event"]) if source else (None, None)
    change, me.lead_id = door.one(person, name, event, when)
    yield change
    yield from worked(me, when + timedelta(minutes=1 + me.dice.below(12)))
