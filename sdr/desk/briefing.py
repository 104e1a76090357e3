"""The brief of a handoff, built from what the desk knows: nothing is typed for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sdr.models.terms import at, ms
from sdr.rules.brief import Facts, brief, markdown
from sdr.rules.hours import WEEKDAYS
from sdr.rules.money import spoken_money
from sdr.store import rows
from sdr.store.queries import handoffs, leads, playbook
from sdr.store.queries.reading import one
from sdr.store.session import Reader

WORDS = 3  # of their own sentences
CHANNELS = {"call": "call", "email": "mail"}


class Offer(NamedTuple):
    """What a brief says besides the lead: who takes it and why, by when, what was promised, what is missing."""

    ae: rows.AccountExecutive
    why: str
    respond_by: datetime
    meeting_at: datetime | None
    missing: Sequence[str]


def brief_text(db: Reader, lead: rows.Lead, offer: Offer, now: datetime) -> str:
    """The page for the account executive, as Markdown in which no text of the lead comes alive."""
    rep = playbook.rep(db)
    _id, rubric = playbook.rubric(db)
    source = leads.source(db, lead.source_id)
    facts = Facts(
        name=lead.name,
        title=lead.title or "",
        company=lead.company or "",
        website=lead.website or "",
        people=_people(db, lead),
        place=", ".join(word for word in (lead.city, lead.country) if word),
        local_time=f"{now.astimezone(at(0, lead.zone).tzinfo):%H:%M} there when this was written",
        email=lead.email or "",
        phone=lead.phone or "",
        source=_source(lead, source),
        grade=lead.grade,
        score=f"{lead.score} of {rubric.threshold} needed",
        said=_said(db, lead),
        history=_history(db, lead),
        promised=_promised(db, lead, offer),
        attending=f"{lead.name} and {offer.ae.name}" if offer.meeting_at else "",
        ae=offer.ae.name,
        why_ae=offer.why,
        respond_by=_exact(offer.respond_by, offer.ae.zone or rep.zone),
        rep=rep.name,
        note=_note(db, lead, offer),
    )
    return markdown(brief(facts, rubric, leads.answers(db, lead.id)))


def _people(db: Reader, lead: rows.Lead) -> str:
    account = one(db, rows.Account, "SELECT * FROM account WHERE id=?", (lead.account_id,))
    count = lead.employees or (account.employees if account else None)
    return f"{count:,} people" if count else ""


def _source(lead: rows.Lead, source: rows.Source | None) -> str:
    if source is None:
        return lead.campaign or ""
    cost = lead.cost_minor if lead.cost_minor is not None else source.cost_minor
    price = spoken_money(cost, source.currency) if cost else ""
    return " · ".join(word for word in (source.name, lead.campaign, price) if word)


def _said(db: Reader, lead: rows.Lead) -> tuple[str, ...]:
    words = [event.text for event in leads.events(db, lead.id) if event.kind == "said" and event.text]
    if lead.said and lead.said not in words:
        words.append(lead.said)
    return tuple(words[-WORDS:])


def _history(db: Reader, lead: rows.Lead) -> tuple[str, ...]:
    outcomes = playbook.outcomes()
    lines = []
    for touch in handoffs.contacts(db, lead.id):
        outcome = outcomes.by_key(touch.outcome) if touch.outcome else None
        words = f": {outcome.word}" if outcome else f": {touch.outcome}" if touch.outcome else ""
        lines.append(f"{CHANNELS.get(touch.channel, touch.channel)} {at(touch.at, lead.zone):%Y-%m-%d}{words}")
    return tuple(lines)


def _promised(db: Reader, lead: rows.Lead, offer: Offer) -> str:
    if offer.meeting_at is not None:
        return f"meeting {_exact(offer.meeting_at, lead.zone)}"
    promise = leads.open_promise(db, lead.id)
    if promise is None:
        return "none yet: agree a first meeting"
    word = "call back" if promise.kind == "callback" else "meeting"
    return f"{word} {_exact(at(promise.due_at), lead.zone)}"


def _exact(moment: datetime, zone: str) -> str:
    """A time that is still right when the brief is read another day."""
    local = at(ms(moment), zone)
    return f"{WEEKDAYS[local.weekday()][:3].capitalize()} {local:%Y-%m-%d %H:%M} ({zone})"


def _note(db: Reader, lead: rows.Lead, offer: Offer) -> str:
    notes = []
    if offer.missing:
        notes.append(f"handed over without {', '.join(offer.missing)}, by the rep's decision")
    reasons = playbook.reasons()
    for earlier in handoffs.of_lead(db, lead.id):
        if earlier.state == "returned":
            reason = reasons.find("returned", earlier.reason or "")
            notes.append(f"returned before: {reason.label if reason else 'no reason kept'}")
    return "; ".join(notes)
