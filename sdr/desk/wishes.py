"""Wishes not to be contacted, written down by themselves (calls and replies bring their own), and lifted again.

A wish holds from the write that records it, for everybody it covers: what waits for them in the outbox is dropped,
and where their next step would have used the channel it is another one in the same write. Lifting names what it
lifts, needs a note, and stays on record.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from sdr.desk import halting, onward, steps, triage
from sdr.desk.onward import Onward
from sdr.models.terms import Channel, LeadState, NextKind, Refused, at, ms
from sdr.rules.consent import EVERY_CHANNEL, Scope
from sdr.rules.identity import shared_mail
from sdr.rules.text import clean
from sdr.store import rows
from sdr.store.changes import Change, Edit
from sdr.store.queries import leads, permissions, playbook
from sdr.store.session import Session

REASON = "do-not-contact"
CHANNELS = (EVERY_CHANNEL, *(each.value for each in Channel))
# The next steps that go over a channel.
KINDS = {
    "call": (NextKind.CALL, NextKind.PROMISE),
    "email": (NextKind.EMAIL, NextKind.REPLY),
    "linkedin": (NextKind.LINKEDIN,),
    "letter": (NextKind.LETTER,),
    "postcard": (NextKind.LETTER,),
}


def opt_out(
    session: Session, lead_id: int, channel: str, now: datetime, *, wording: str = "", scope: str = Scope.PERSON
) -> Change | Refused:
    """Never again on `channel` (`all` for every one). `scope` is the person (with their number and addresses), or
    their whole mail `domain` or company (`account`); `wording` what they said."""
    lead = steps.the_lead(session, lead_id)
    if isinstance(lead, Refused):
        return lead
    if channel not in CHANNELS:
        return Refused("channel.unknown", f"“{clean(channel)}” is no channel; there is {', '.join(CHANNELS)}")
    values = _values(session, lead, channel, scope)
    if isinstance(values, Refused):
        return values
    words = clean(wording) or "asked not to be contacted"
    held = {(one.channel, one.scope, one.value) for one in leads.suppressions(session, lead)}
    fresh = [(each, value) for each, value in values if (channel, each, value) not in held]
    if not fresh:
        return Refused("consent.kept", f"that is kept already: no {channel} to {lead.name}")
    rep = playbook.rep(session).id
    edits = [
        Edit.new("suppression", session.new_id(), lead_id=lead.id, channel=channel, scope=each, value=value,
                 at=ms(now), wording=words, rep_id=rep)
        for each, value in fresh
    ]  # fmt: skip
    covered = (lead,) if scope == Scope.PERSON else permissions.covered(session, scope, values[0][1])
    for one in covered:
        edits += ended(session, one, channel, now)
    whom = lead.name if scope == Scope.PERSON else f"{values[0][1] if scope == Scope.DOMAIN else lead.company}"
    said = "on any channel" if channel == EVERY_CHANNEL else f"by {channel}"
    more = f" · {len(covered)} lead{'' if len(covered) == 1 else 's'}" if scope != Scope.PERSON else ""
    return Change("opt-out", f"{whom}: never again {said}{more}", ms(now), tuple(edits), lead.id)


def _values(session: Session, lead: rows.Lead, channel: str, scope: str) -> list[tuple[str, str]] | Refused:
    """Whom the wish covers, as (scope, value)."""
    match scope:
        case Scope.PERSON:
            found = [(str(Scope.PERSON), str(lead.id))]
            if channel in (Channel.CALL, Channel.SMS) and lead.phone:
                found.append((Scope.NUMBER, lead.phone))
            if channel in (Channel.EMAIL, EVERY_CHANNEL):
                found += [(Scope.EMAIL, one) for one in (lead.email, lead.email_2) if one]
            return found
        case Scope.DOMAIN:
            domain = (lead.email or "").rpartition("@")[2].lower()
            if not domain or shared_mail(domain):
                return Refused("consent.domain", f"{lead.name} has no mail domain of their company; choose the account")
            return [(Scope.DOMAIN, domain)]
        case Scope.ACCOUNT:
            if lead.account_id is None:
                return Refused("consent.account", f"the company of {lead.name} is not known (E)")
            return [(Scope.ACCOUNT, str(lead.account_id))]
        case _:
            return Refused("consent.scope", "a wish covers the person, their domain, or the account")


# --- what ends with it ---------------------------------------------------------------------------------------------


def ended(session: Session, lead: rows.Lead, channel: str, now: datetime) -> Iterator[Edit]:
    """The tasks of one lead that the wish takes away, and the next step it leaves."""
    yield from halting.dropped(session, lead.id, now, channel=channel)
    if lead.next_kind is None:
        return
    if channel == EVERY_CHANNEL:
        yield from _closed(session, lead, now)
        return
    if channel == Channel.CALL:
        yield from _dropped_promises(session, lead, now)
    if closed_step(lead, (channel,)) is None or lead.state == LeadState.OFFERED:
        return
    goes = _other_way(session, lead, channel, now)
    drip = onward.drip_of(session, lead.id)
    if drip is not None and goes.drip:
        yield Edit.set("enrollment", drip.row.id, **goes.drip)
    yield onward.moved(session, lead, LeadState(lead.state), goes, {})


def _closed(session: Session, lead: rows.Lead, now: datetime) -> Iterator[Edit]:
    yield from triage.ended(session, lead, "asked not to be contacted", now)
    if lead.state == LeadState.OFFERED:
        return  # the account executive has it; their answer closes it
    yield Edit.set("lead", lead.id, **closed_fields(lead, now))


def closed_fields(lead: rows.Lead, now: datetime) -> dict[str, Any]:
    """The columns of a lead that is never to be contacted again."""
    state = LeadState.REJECTED if lead.state in steps.BEFORE_WORK else LeadState.DISQUALIFIED
    return {**steps.CLEARED, "state": state.value, "reason": REASON, "closed_at": ms(now)}


def closed_step(lead: rows.Lead, channels: Collection[str]) -> str | None:
    """Which of these channels, shut now, the next step of a lead would use; `None` when it uses none."""
    return next((one for one in sorted(channels) if lead.next_kind in KINDS.get(one, ())), None)


def _dropped_promises(session: Session, lead: rows.Lead, now: datetime) -> Iterator[Edit]:
    promise = leads.open_promise(session, lead.id)
    if promise is not None and promise.kind == "callback":
        yield Edit.set("promise", promise.id, dropped_at=ms(now))


def _other_way(session: Session, lead: rows.Lead, channel: str, now: datetime) -> Onward:
    """What the drip can still do, else a call or a mail, else a verdict."""
    after = _without(lead, channel)
    drip = onward.drip_of(session, lead.id)
    if drip is not None and drip.runs(now):
        due = drip.due if onward.is_due(lead, drip) else None
        return onward.by_drip(session, after, drip.cadence, due.number if due else drip.row.step_no, now)
    return Onward(onward.follow_up(session, after, now))


def _without(lead: rows.Lead, channel: str) -> rows.Lead:
    """The lead as it can be reached from now on; other channels need no address, and the gate shuts them."""
    return lead._replace(**{"call": {"phone": None}, "email": {"email": None}}.get(channel, dict[str, Any]()))


# --- lifting -------------------------------------------------------------------------------------------------------


def lift(session: Session, lead_id: int, channel: str, note: str, now: datetime) -> Change | Refused:
    """Take back every wish against `channel` that covers this lead; `note` says why, and stays on record."""
    lead = steps.the_lead(session, lead_id)
    if isinstance(lead, Refused):
        return lead
    held = [one for one in leads.suppressions(session, lead) if one.channel == channel]
    if not held:
        asked = ", ".join(sorted({one.channel for one in leads.suppressions(session, lead)})) or "nothing"
        return Refused("consent.nothing", f"nobody asked that of {lead.name} for “{clean(channel)}”; kept is {asked}")
    if not note.strip():
        return Refused("consent.note", "lifting a wish needs a note that says who allowed it")
    named = "; ".join(_named(one, lead) for one in held)
    rep = playbook.rep(session).id
    told = Edit.new(
        "event", session.new_id(), lead_id=lead.id, kind="lifted", at=ms(now), text=f"{clean(note)} (lifted: {named})",
        rep_id=rep,
    )  # fmt: skip
    edits = (*(Edit.drop("suppression", one.id) for one in held), told)
    return Change("lift", f"{lead.name}: lifted {named}", ms(now), edits, lead.id)


def _named(one: rows.Suppression, lead: rows.Lead) -> str:
    whom = "person" if one.scope == Scope.PERSON else f"{one.scope} {one.value}"
    if one.scope == Scope.ACCOUNT:
        whom = f"account {lead.company}"
    said = f" “{one.wording}”" if one.wording else ""
    return f"no {one.channel} ({whom}, {at(one.at, lead.zone):%Y-%m-%d}{said})"
