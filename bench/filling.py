"""A desk that was worked for years: as many leads as asked for, on average five activities each, one rep.

Everything goes through the store as an import of a slice of the list and then six rounds over it would, so that
rows, journal, full text and indexes are those the desk itself writes; leads are made by the function that makes
every lead. Two in ten are new, four are open, one sleeps and three are closed. People are those of the invented
list, each once; `number_of` says whose telephone is whose.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any

from bench.generate import person

MAKING = "1f56b489"  # another one when other desks come of this: those that are there are made anew then
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
FIRST = "Zuleika Firstinline"  # who stands at the top of the queue: a hand-raiser, late
SLICE = 5_000  # leads of one transaction
ROUNDS = 6  # over the eight in ten leads that were worked; with a note for each new one, five a lead
SOURCES = ("Webinar May", "Trade fair Hannover", "Bought list Q2", "Partner", "Whitepaper", "Website form")
DAY = 24 * 3_600_000
_NEW, _WORKING, _TALKING, _ASLEEP, _HANDED = (0, 1), (2, 3, 4), (9,), (5,), (8,)
_OUTCOMES = ("no-answer", "voicemail", "no-answer", "busy", "gatekeeper", "not-now")


def number_of(place: int) -> str:
    """The telephone number of lead `place` of the list, as its card shows it; all are equally long."""
    return f"+1555{place:08d}"


def fill(store: Any, rows: int) -> Iterator[int]:
    """Write `rows` leads into the new desk `store`; yields how many there are after each slice."""
    from sdr.models.terms import Refused

    for start in range(0, rows, SLICE):
        part = range(start, min(rows, start + SLICE))
        done = store.write_many(lambda session, part=part: _story(session, part)).result()
        if any(isinstance(one, Refused) for one in done):
            raise RuntimeError(f"the desk refused a part of its own filling: {done}")
        store.checkpoint().result()
        yield part.stop


@dataclass
class _Slice:
    """What the rounds over one slice share."""

    session: Any
    rep: int
    worked: list[tuple[int, int, int]] = field(default_factory=list)  # number, lead, arrived at

    def new(self, table: str, **fields: Any) -> Any:
        from sdr.store.changes import Edit

        return Edit.new(table, self.session.new_id(), **fields)


def _story(session: Any, part: range) -> Iterator[Any]:
    from sdr.models.terms import ms
    from sdr.store.changes import Change
    from sdr.store.queries import playbook

    if part.start == 0:
        yield Change("bench", "sources and an executive", ms(NOW) - 900 * DAY, tuple(_begin(session)))
    done = _Slice(session, playbook.rep(session).id)
    imported = ms(NOW) - 200 * DAY + part.start
    yield Change("import", f"part-{part.start}.csv: {len(part)} new leads", imported, _imported(done, part))
    for turn in range(ROUNDS):
        yield Change("bench", f"round {turn + 1}", imported + turn * 9 * DAY, _round(done, turn))


def _begin(session: Any) -> Iterator[Any]:
    from sdr.store.changes import Edit

    for name in SOURCES:
        kind = "hand-raiser" if name == "Website form" else "list"
        yield Edit.new("source", session.new_id(), name=name, type=kind, cost_minor=900, currency="EUR", target=0.1)
    yield Edit.new("ae", session.new_id(), name="Ines Ruiz")


def _imported(done: _Slice, part: range) -> Iterator[Any]:
    """The batch, its accounts, its leads, and a note for each new one."""
    from sdr.desk import making
    from sdr.desk.accounts import Accounts
    from sdr.desk.mending import setting_of
    from sdr.models.terms import ms
    from sdr.store.changes import Edit
    from sdr.store.queries import handoffs, sources

    session = done.session
    setting, companies = setting_of(session, NOW), Accounts(session)
    known: list[Any] = [sources.by_name(session, name) for name in SOURCES]
    executive = handoffs.executive(session, "Ines Ruiz")
    assert executive is not None  # begun with the first slice
    batch = done.new("batch", file=f"part-{part.start}.csv", at=ms(NOW), row_count=len(part), created=len(part))
    told = [_told(number) for number in part]
    companies.look_up(told)
    leads: list[Any] = []
    beside: list[Any] = []
    for number, values in zip(part, told, strict=True):
        source = known[-1] if number == 0 else known[number % (len(known) - 1)]
        row = making.lead_fields(values, setting, source)
        row |= {"account_id": companies.of(values), "source_id": source.id, "batch_id": batch.id}
        row |= _standing(number, row, source)
        lead = session.new_id()
        leads.append(Edit.new("lead", lead, **row))
        beside += _beside(done, number, lead, row, executive.id)
    yield batch
    yield from companies.begun()
    yield from leads
    yield from beside


def _told(number: int) -> dict[str, Any]:
    from sdr.models.terms import ms

    someone = person(number)
    title, company, website, industry, employees, country, city = someone.rest
    name = FIRST if number == 0 else f"{someone.first} {someone.last}"
    phone = number_of(number)
    first, last = name.split(" ", 1)
    arrived = ms(NOW) - 2 * 3_600_000 if number == 0 else ms(NOW) - 250 * DAY - number * 7_919 % 700 * DAY
    return {
        "name": name, "first_name": first, "last_name": last, "email": someone.email, "title": title or "Buyer",
        "company": company, "website": website, "industry": industry, "employees": int(employees), "country": country,
        "city": city, "arrived_at": arrived,
        "phones": [{"e164": phone, "type": "main", "raw": phone, "shown": phone, "struck": None}],
    }  # fmt: skip


def _standing(number: int, row: dict[str, Any], source: Any) -> dict[str, Any]:
    """The columns of a lead that was worked: its state, its next step or its end, and its times."""
    from sdr.desk.steps import CLEARED
    from sdr.models.terms import ms

    kind, arrived = number % 10, row["arrived_at"]
    if kind in _NEW:
        return {}
    touched = {"first_touch_at": arrived + DAY, "last_at": arrived + 60 * DAY, "last_kind": "call"}
    met = touched | {"contacted_at": arrived + 20 * DAY}
    due = ms(NOW) + (number * 5_171 % 57_600 - 28_800) * 60_000  # within twenty days
    if kind in _WORKING:
        place = _place("working", "mail" if number % 3 else "call", row["grade"], source)
        tried = {"due_at": due, "close_at": due + DAY // 3, "next_note": "second try", "touch_no": 3, "touch_of": 8}
        return touched | place | tried
    if kind in _TALKING:
        return met | _place("talking", "call", row["grade"], source) | {"due_at": due, "close_at": due}
    if kind in _ASLEEP:
        wake = {"due_at": ms(NOW) + (1 + number % 300) * DAY, "next_note": "look again"}
        return met | _place("nurture", "wake", row["grade"], source) | wake
    if kind in _HANDED:
        return met | CLEARED | {"state": "accepted", "qualified_at": arrived + 60 * DAY}
    closed = {"state": "disqualified", "reason": "no-budget", "closed_at": ms(NOW) - number % 500 * DAY}
    return met | CLEARED | closed


@cache
def _place(state: str, kind: str, grade: str, source: Any) -> dict[str, Any]:
    """The place in the queue of every lead that was worked alike; when it is due is still to be said."""
    from sdr.desk import making, steps
    from sdr.models.terms import LeadState, NextKind

    lead = making.blank()._replace(grade=grade, first_touch_at=0)
    return steps.placed(lead, source, LeadState(state), steps.NextStep(NextKind(kind), NOW))


def _beside(done: _Slice, number: int, lead: int, row: dict[str, Any], executive: int) -> Iterator[Any]:
    """What stands beside a lead from the first: the note of a new one, the handoff of one that was handed over."""
    arrived, kind = row["arrived_at"], number % 10
    if kind in _NEW:
        text = f"asked for a price of {number} pieces"
        yield done.new("event", lead_id=lead, kind="note", at=arrived, text=text, rep_id=done.rep)
        return
    done.worked.append((number, lead, arrived))
    if kind in _HANDED:
        offered = arrived + 60 * DAY
        yield done.new(
            "handoff", lead_id=lead, ae_id=executive, state="accepted", offered_at=offered, respond_by=offered + DAY,
            answered_at=offered + DAY // 2, why_ae="takes every lead", brief="",
        )  # fmt: skip


def _round(done: _Slice, turn: int) -> Iterator[Any]:
    """One activity for each worked lead: mails, calls, a note, a letter."""
    if turn in (1, 3, 4):
        yield from _calls(done, turn)
        return
    for number, lead, arrived in done.worked:
        when = arrived + (1 + turn * 9) * DAY + number % 480 * 60_000
        if turn == 2:
            text = f"budget round {number % 90}, ask again"
            yield done.new("event", lead_id=lead, kind="note", at=when, text=text, rep_id=done.rep)
        else:
            channel = "letter" if turn == 5 else "email"
            yield done.new("touch", lead_id=lead, channel=channel, at=when, outcome="done", rep_id=done.rep)


def _calls(done: _Slice, turn: int) -> Iterator[Any]:
    """Touches first and then their calls: rows of one table together are written together."""
    calls = []
    for number, lead, arrived in done.worked:
        when = arrived + (1 + turn * 9) * DAY + number % 480 * 60_000
        talked = turn == 4 and number % 10 not in _WORKING
        outcome = ("qualified" if number % 10 in _HANDED else "not-now") if talked else _OUTCOMES[number % 5]
        touch = done.new("touch", lead_id=lead, channel="call", at=when, outcome=outcome, rep_id=done.rep)
        contact = "conversation" if talked else "none"
        calls.append(done.new(
            "call", touch_id=touch.id, lead_id=lead, number=number_of(number), outcome=outcome, contact=contact,
            at=when, seconds=40,
        ))  # fmt: skip
        yield touch
    yield from calls
