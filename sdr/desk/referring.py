"""A colleague somebody named: a new lead at the same account, linked both ways, to be read at once.

Who is here already (the address, or the name at the account) is only linked.
"""

from __future__ import annotations

from sdr.desk import onward, steps
from sdr.desk.effects import Turn, event
from sdr.desk.making import numbers
from sdr.desk.steps import Fields, NextStep
from sdr.models.terms import LeadState, NextKind, ms
from sdr.rules import identity
from sdr.rules.names import person
from sdr.rules.phones import phone
from sdr.rules.text import clean
from sdr.rules.told import entry
from sdr.store import rows
from sdr.store.changes import Edit
from sdr.store.queries import doubles, leads, playbook, siblings

# What a colleague shares with who named them; everything else is their own and not known yet.
SHARED = (
    "company", "account_id", "website", "industry", "employees", "country", "region", "city", "postcode", "street",
    "zone", "zone_from", "source_id", "campaign", "owner_id",
)  # fmt: skip


def newcomer(turn: Turn, name: str, email: str | None = None, number: str | None = None) -> tuple[Edit, ...]:
    """The edits that begin the colleague called `name`. They cost nothing: the source was paid for who named them.

    `email` and `number` are as they were written; what cannot be read is left out.
    """
    address = _address(email)
    if (here := _here(turn, name, address)) is not None:
        return _linked(turn, here.id, here.name)
    lead, known = _blank(turn, name), leads.source(turn.session, turn.lead.source_id)
    lead = lead._replace(email=address, **_numbers(number, lead.country))
    rep = playbook.rep(turn.session)
    due = steps.respond_by(rep, known, turn.now, steps.days_off(turn.session, rep.id, turn.now))
    lead = lead._replace(respond_by=ms(due) if due else None)
    placed = steps.placed(
        lead, known, LeadState.NEW, NextStep(NextKind.TRIAGE, turn.now, None, f"named by {turn.lead.name}"),
        **onward.rescored(turn.session, lead, {}, turn.now),
    )  # fmt: skip
    told = {key: value for key, value in {**lead._asdict(), **placed}.items() if value is not None}
    del told["id"], told["search_key"]
    return (Edit.new("lead", lead.id, **told), *_linked(turn, lead.id, lead.name))


def _linked(turn: Turn, lead_id: int, name: str) -> tuple[Edit, ...]:
    return (
        event(turn, "referral", f"named {name}", detail=str(lead_id)),
        event(turn, "referral", f"named by {turn.lead.name}", about=lead_id, detail=str(turn.lead.id)),
    )


def _here(turn: Turn, name: str, address: str | None) -> rows.Lead | None:
    """The lead that is this colleague already."""
    if address is not None:
        known = doubles.by_address(turn.session, (address,)).get(address)
        if known is not None:
            return leads.lead(turn.session, known)
    return siblings.named(turn.session, turn.lead.account_id, clean(name))


def _address(text: str | None) -> str | None:
    found = identity.email(text) if text else None
    return found.email if isinstance(found, identity.Address) else None


def _numbers(text: str | None, country: str | None) -> Fields:
    found = phone(text, country) if text else None
    if found is None or isinstance(found, identity.Flaw):
        return {}
    return numbers([entry(found, text or "")])


def _blank(turn: Turn, name: str) -> rows.Lead:
    parts = person(name)
    empty = dict.fromkeys(rows.Lead._fields)
    shared = {key: getattr(turn.lead, key) for key in SHARED}
    counts = dict.fromkeys(("rank", "touch_no", "touch_of", "snoozes", "score", "fit", "engagement", "known"), 0)
    return rows.Lead(
        **{
            **empty, **shared, **counts, "id": turn.session.new_id(), "state": LeadState.NEW.value,
            "name": parts.display or clean(name), "first_name": parts.first or None, "last_name": parts.last or None,
            "known_of": 0, "grade": "", "search_key": "", "cost_minor": 0, "arrived_at": ms(turn.now),
            "recorded_at": ms(turn.now), "owned_at": ms(turn.now),
        }
    )  # fmt: skip
