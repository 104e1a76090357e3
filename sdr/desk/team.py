"""The account executives: naming them, choosing one for a lead, their clock, and whose move it is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfoNotFoundError

from sdr.desk import steps
from sdr.models.terms import LeadState, Refused, at, ms, zone_of
from sdr.rules.calendar import due
from sdr.rules.handoff import ACCEPT_WITHIN, Executive, choose_ae
from sdr.rules.handoff import accountable as rule
from sdr.rules.hours import CalendarError, Hours, Length
from sdr.rules.spoken import spoken
from sdr.rules.text import clean
from sdr.store import rows
from sdr.store.changes import Change, Edit
from sdr.store.queries import handoffs, playbook
from sdr.store.session import Reader, Session

FIELDS = ("email", "territory", "zone", "hours", "capacity", "away_until")


def set_ae(session: Session, name: str, now: datetime, **fields: Any) -> Change | Refused:
    """Name an account executive, or change one.

    `territory` holds comma-separated countries, regions or industries; `capacity` the open handoffs they take;
    `away_until` is an aware time, or None for here.
    """
    wrong = _wrong(clean(name), fields)
    if wrong is not None:
        return wrong
    if isinstance(fields.get("away_until"), datetime):
        fields["away_until"] = ms(fields["away_until"])
    found = handoffs.executive(session, clean(name))
    if found is not None:
        edit = Edit.set("ae", found.id, **fields)
        return Change("ae", f"{found.name}: {_listed(fields) or 'as before'}", ms(now), (edit,))
    edit = Edit.new("ae", session.new_id(), name=clean(name), **fields)
    return Change("ae", f"{clean(name)} takes handoffs now", ms(now), (edit,))


def _wrong(name: str, fields: Mapping[str, Any]) -> Refused | None:
    if not name:
        return Refused("ae.name", "an account executive needs a name")
    unknown = [field for field in fields if field not in FIELDS]
    if unknown:
        return Refused("ae.field", f"an account executive has no “{unknown[0]}”; there is {', '.join(FIELDS)}")
    capacity = fields.get("capacity", 0)
    if not isinstance(capacity, int) or capacity < 0:
        return Refused("ae.capacity", "capacity is how many open handoffs they take: a whole number, 0 for none")
    try:
        if fields.get("hours"):
            Hours.parse(fields["hours"])
        if fields.get("zone"):
            zone_of(fields["zone"])
    except CalendarError as fault:
        return Refused("ae.hours", str(fault))
    except (ZoneInfoNotFoundError, ValueError):
        return Refused("ae.zone", "this is not a time zone; write one like Europe/Madrid")
    return None


def _listed(fields: Mapping[str, Any]) -> str:
    return ", ".join(field.replace("_", " ") for field in fields)


def pick(session: Session, lead: rows.Lead, ae_id: int | None, now: datetime) -> tuple[int, str] | Refused:
    """The account executive for `lead` and why: the one asked for, the one who knows it, else by the rules."""
    team = handoffs.executives(session)
    if ae_id is not None:
        return _asked_for(team, ae_id, now)
    earlier = [one for one in handoffs.of_lead(session, lead.id) if one.state in handoffs.BACK]
    if earlier and earlier[-1].reason == "another-ae":
        others = tuple(one for one in team if one.ae.id != earlier[-1].ae_id)
        team = others or team
    elif earlier and (knows := _still_takes(team, earlier[-1].ae_id, now)):
        return knows.id, "has this lead's history already"
    choice = choose_ae(
        [_seen(one) for one in team], now, account_owner=_account_owner(session, lead), places=_places(lead)
    )
    return choice if isinstance(choice, Refused) else (choice.ae.id, choice.why)


def _asked_for(team: tuple[handoffs.Executive, ...], ae_id: int, now: datetime) -> tuple[int, str] | Refused:
    found = next((one.ae for one in team if one.ae.id == ae_id), None)
    if found is None:
        return Refused("handoff.ae", "there is no such account executive; sdr aes lists them")
    if found.away_until and found.away_until > ms(now):
        return found.id, f"chosen by the rep; away until {spoken(at(found.away_until, found.zone or 'UTC'), now)}"
    return found.id, "chosen by the rep"


def _still_takes(team: tuple[handoffs.Executive, ...], ae_id: int, now: datetime) -> rows.AccountExecutive | None:
    return next(
        (one.ae for one in team if one.ae.id == ae_id and one.ae.capacity and (one.ae.away_until or 0) <= ms(now)), None
    )


def _seen(one: handoffs.Executive) -> Executive:
    away = at(one.ae.away_until) if one.ae.away_until else None
    return Executive(
        one.ae.id, one.ae.name, territory=one.ae.territory or "", capacity=one.ae.capacity, open=one.open,
        away_until=away,
    )  # fmt: skip


def _places(lead: rows.Lead) -> tuple[str, ...]:
    return tuple(word for word in (lead.country, lead.region, lead.city, lead.industry) if word)


def _account_owner(db: Reader, lead: rows.Lead) -> int | None:
    row = db.execute("SELECT owner_ae_id FROM account WHERE id=?", (lead.account_id,)).fetchone()
    return row[0] if row else None


def answer_due(db: Reader, ae: rows.AccountExecutive, now: datetime) -> datetime:
    """When the AE's answer is due: the acceptance clock in their working time, from their return if they are away."""
    rep = playbook.rep(db)
    start = max(now, at(ae.away_until)) if ae.away_until else now
    zone, hours = ae.zone or rep.zone, Hours.parse(ae.hours or rep.hours)
    country = None if ae.zone else rep.country
    length = Length.parse(ACCEPT_WITHIN)
    closures = steps.days_off(db, None, start)
    found = due(steps.prospect_calendar(country, zone, start, hours, away=closures), start, length)
    return found or start + timedelta(seconds=length.seconds or 0)  # hours without an open minute cannot stop a clock


def accountable(
    lead: rows.Lead,
    handoff: rows.Handoff | None,
    rep: rows.Rep,
    ae: rows.AccountExecutive | None,
    now: datetime | None = None,
) -> str:
    """The one person whose move it is, by name; total over all states. Without `now` no clock has run out."""
    overdue = now is not None and handoff is not None and handoff.respond_by < ms(now)
    return rule(LeadState(lead.state), rep.name, ae.name if ae else None, overdue=overdue)
