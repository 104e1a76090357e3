"""What makes contact lawful, noted for one lead or for all leads of a source: basis, consent, dates of the lists.

A lead's own note wins over its source's, field by field. Who set it and when is kept, and stands in the journal.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sdr.desk import gate, steps
from sdr.models.terms import Refused, ms
from sdr.rules.text import clean
from sdr.store import rows
from sdr.store.changes import Change, Edit
from sdr.store.queries import permissions, playbook, sources
from sdr.store.session import Session

# GDPR Art. 6(1)(a) to (f).
BASES = ("consent", "contract", "legal-obligation", "vital-interests", "public-task", "legitimate-interest")
SUBSCRIBERS = ("corporate", "individual", "sole-trader", "partnership")
TEXTS = ("basis", "basis_note", "consent", "consent_evidence", "subscriber")
TIMES = ("consent_at", "consent_until", "obtained_at", "informed_at", "listed_at")
FIELDS = (*TEXTS, *TIMES)


def permit(session: Session, lead_id: int, now: datetime, **facts: Any) -> Change | Refused:
    """Note what is known of one lead: texts and aware times by the names in `FIELDS`; None takes one away."""
    lead = steps.the_lead(session, lead_id)
    if isinstance(lead, Refused):
        return lead
    held = permissions.of_lead(session, lead.id)
    return _noted(session, held, facts, now, lead.name, lead.id, lead_id=lead.id)


def permit_source(session: Session, name: str, now: datetime, **facts: Any) -> Change | Refused:
    """The same for every lead of the source called `name`."""
    source = sources.by_name(session, name)
    if source is None:
        return Refused("source.unknown", f"there is no source called “{clean(name)}”; sdr source list shows them")
    held = permissions.of_source(session, source.id)
    return _noted(session, held, facts, now, f"leads of {source.name}", None, source_id=source.id)


def _noted(
    session: Session, held: rows.Permission | None, facts: Mapping[str, Any], now: datetime, whom: str,
    act_of: int | None, **about: int,
) -> Change | Refused:  # fmt: skip
    wrong = _wrong(session, held, facts, now)
    if wrong is not None:
        return wrong
    told: dict[str, Any] = {
        name: ms(value) if isinstance(value, datetime) else clean(value) if value else None
        for name, value in facts.items()
    }
    told |= {"set_at": ms(now), "set_by": playbook.rep(session).name}
    if held is None:
        edit = Edit.new("permission", session.new_id(), **about, **told)
    else:
        edit = Edit.set("permission", held.id, **told)
    said = ", ".join(_said(name, value) for name, value in facts.items())
    return Change("permission", f"{whom}: {said}", ms(now), (edit,), act_of)


def _said(name: str, value: Any) -> str:
    word = name.replace("_", " ")
    if value in (None, ""):
        return f"no {word}"
    return f"{word} {value:%Y-%m-%d}" if isinstance(value, datetime) else f"{word} {clean(value)}"


def _wrong(session: Session, held: rows.Permission | None, facts: Mapping[str, Any], now: datetime) -> Refused | None:
    """The first thing about these facts that makes no sense, or None."""
    if not facts:
        return Refused("permission.nothing", f"nothing was said; there is {', '.join(FIELDS)}")
    for name in facts:
        if name not in FIELDS:
            return Refused("permission.field", f"a permission has no “{clean(name)}”; it has {', '.join(FIELDS)}")
    policy = gate.policy_of(session)
    if isinstance(policy, Refused):
        return policy
    known = {"basis": BASES, "subscriber": SUBSCRIBERS, "consent": sorted(policy.rules["ca-consent"].words)}
    for name, words in known.items():
        if facts.get(name) and facts[name] not in words:
            return Refused(
                f"permission.{name}", f"“{clean(facts[name])}” is no {name}; it is one of {', '.join(words)}"
            )
    for name in TIMES:
        if name != "consent_until" and facts.get(name) and ms(facts[name]) > ms(now):
            return Refused("date.ahead", f"{name.replace('_', ' ')} lies ahead; it is a day that has been")
    after = {name: facts.get(name, getattr(held, name, None)) for name in ("basis", "basis_note")}
    if after["basis"] == "legitimate-interest" and not after["basis_note"]:
        return Refused("permission.note", "a legitimate interest needs a note that says which (basis_note=…)")
    return None
