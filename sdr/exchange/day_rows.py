"""The rows of a day's export as plain words: a handoff for a CRM, a touch for the activity list.

Every cell is text as it stands in the desk; making it harmless is the table writer's work. Times are ISO 8601 with
the rep's offset.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256
from json.encoder import encode_basestring

from sdr.models.terms import at
from sdr.store import rows
from sdr.store.queries.deliveries import Activity, HandedOff

Words = dict[str, str]

ACTIVITY = {
    "id": "ID", "at": "When", "lead_id": "Lead ID", "external_id": "External ID", "lead": "Name",
    "company": "Company", "channel": "Channel", "outcome": "Outcome", "contact": "Contact", "seconds": "Seconds",
    "step": "Step", "template": "Template", "source": "Source", "owner": "Owner",
}  # fmt: skip


def hash_of(words: Mapping[str, str]) -> str:
    """The digest by which a row that went out is compared with what it would be now: of its JSON, keys in order."""
    told = ",".join([key + encode_basestring(words[name]) for name, key in _keys(tuple(words))])
    return sha256(f"{{{told}}}".encode("utf-8", "replace")).hexdigest()[:32]


@lru_cache(maxsize=64)
def _keys(names: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(name, f"{encode_basestring(name)}:") for name in sorted(names)]


def iso(stored: int | None, zone: str) -> str:
    """A stored time as ISO 8601 with the offset of `zone`; blank for none."""
    return "" if stored is None else at(stored, zone).isoformat(timespec="seconds")


def handoff_words(found: HandedOff, zone: str) -> Words:
    """One handoff with its lead, by field name (`crm_columns`)."""
    lead, handoff = found.lead, found.handoff
    return {
        **_lead_words(lead),
        "mobile": _mobile(lead),
        "source": found.source or "",
        "owner": found.owner or "",
        "ae": found.ae,
        "handoff_state": handoff.state,
        "offered_at": iso(handoff.offered_at, zone),
        "respond_by": iso(handoff.respond_by, zone),
        "meeting_at": iso(handoff.meeting_at, zone),
        "why": _why(found),
        "notes": "\n".join(found.notes),
        "do_not_call": "yes" if found.blocked & {"call", "all"} else "no",
        "do_not_email": "yes" if found.blocked & {"email", "all"} else "no",
        "lead_title": f"{lead.company or 'no company'}: {lead.name}",
    }


def _lead_words(lead: rows.Lead) -> Words:
    plain = (
        "name", "title", "company", "email", "email_2", "phone", "website", "industry", "city", "region", "postcode",
        "street", "country", "zone", "campaign", "state", "grade", "external_id",
    )  # fmt: skip
    first, _space, last = lead.name.rpartition(" ")
    return {
        "id": str(lead.id),
        **{field: getattr(lead, field) or "" for field in plain},
        "first_name": lead.first_name or ("" if lead.last_name else first),
        "last_name": lead.last_name or last,
        "employees": "" if lead.employees is None else str(lead.employees),
        "score": str(lead.score),
        "tags": ", ".join(json.loads(lead.tags or "[]")),
    }


def _mobile(lead: rows.Lead) -> str:
    listed = json.loads(lead.phones or "[]")
    return next((one["e164"] for one in listed if one.get("type") == "mobile" and not one.get("struck")), "")


def _why(found: HandedOff) -> str:
    """Why the lead is worth a call, and why this account executive."""
    lead = found.lead
    grade = f"{lead.grade}, " if lead.grade else ""
    without = f"; {found.handoff.note}" if found.handoff.note and found.handoff.state == "offered" else ""
    return f"{grade}score {lead.score}; {found.ae}: {found.handoff.why_ae}{without}"


def activity_words(found: Activity, zone: str) -> Words:
    """One done touch, by the keys of `ACTIVITY`."""
    seconds, step = found.seconds, found.step_no
    return {
        "id": str(found.id),
        "at": iso(found.at, zone),
        "lead_id": str(found.lead_id),
        "external_id": found.external_id or "",
        "lead": found.lead,
        "company": found.company or "",
        "channel": found.channel,
        "outcome": found.outcome or "",
        "contact": found.contact or "",
        "seconds": "" if seconds is None else str(seconds),
        "step": "" if step is None else str(step),
        "template": found.template or "",
        "source": found.source or "",
        "owner": found.owner or "",
    }
