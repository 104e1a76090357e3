"""Whether a lead may be called at all, and now: wishes not to be called, and the calling hours of the policy."""

from __future__ import annotations

from datetime import datetime
from functools import cache

from sdr.desk import steps
from sdr.models.terms import Channel, Refused, at
from sdr.rules import consent
from sdr.rules.policy import Policy, read_policy
from sdr.store import rows
from sdr.store.queries import leads, playbook
from sdr.store.session import Reader


def shut(db: Reader, lead: rows.Lead) -> Refused | None:
    """The wish not to be called, if there is one."""
    for held in leads.suppressions(db, lead):
        if held.channel in ("all", Channel.CALL.value):
            told = f" (“{held.wording}”)" if held.wording else ""
            day = at(held.at, lead.zone)
            return Refused("consent.call", f"call blocked: asked on {day.day} {day:%b %Y}{told}", "the prospect")
    return None


@cache
def _policy() -> Policy:
    return read_policy(playbook.packaged("policy.toml"))


def dial(db: Reader, lead_id: int, now: datetime) -> Refused | None:
    """Why a lead may not be dialled now (wishes, no number, calling hours there), or None. Asked before each dial."""
    lead = steps.open_lead(db, lead_id)
    if isinstance(lead, Refused):
        return lead
    if (no := shut(db, lead)) is not None:
        return no
    if lead.phone is None:
        return Refused("call.no-number", f"{lead.name} has no number; fill one in with E")
    contact = consent.Contact(
        phone=lead.phone, phone_type=lead.phone_type, country=lead.country, region=lead.region, zones=(lead.zone,)
    )
    found = consent.decide(contact, Channel.CALL, now, _policy())
    if found.level in (consent.Level.ALLOW, consent.Level.WARN):
        return None
    return Refused(found.rules[0].id, found.rules[0].reason, "the calling policy")
