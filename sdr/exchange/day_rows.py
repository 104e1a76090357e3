"""The rows of a day's export as plain words: a handoff for a CRM, a touch for the activity list.

Every cell is text as it stands in the desk; making it harmless is the table writer's work. Times are ISO 8601 with
the rep's offset.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from hashlib import sha256
from itertools import compress
from json.encoder import encode_basestring
from typing import NamedTuple

from sdr.exchange.pages import Page, holds, packed, unpacked
from sdr.models.terms import at
from sdr.store import rows
from sdr.store.queries.deliveries import Activity, HandedOff, Outward

Words = dict[str, str]
Cells = tuple[str, ...]

MINUTE = 60_000  # ms
_SECONDS = [f"{second:02}" for second in range(60)]
KEPT = 16  # bytes of a digest
_BEGUN = sha256()  # to begin anew costs twice what a copy does
_SECONDS_AT = len("2026-03-02T10:00:")

ACTIVITY = {
    "id": "ID", "at": "When", "lead_id": "Lead ID", "external_id": "External ID", "lead": "Name",
    "company": "Company", "channel": "Channel", "outcome": "Outcome", "contact": "Contact", "seconds": "Seconds",
    "step": "Step", "template": "Template", "source": "Source", "owner": "Owner",
}  # fmt: skip


class Lines(NamedTuple):
    """Some rows: what each is about, its digest, and their cells."""

    about: Sequence[int]
    digests: Sequence[bytes]
    page: Page

    def only(self, these: Sequence[object]) -> Lines:
        """Those at whose place something stands."""
        if all(these):
            return self
        about, digests = list(compress(self.about, these)), list(compress(self.digests, these))
        return Lines(about, digests, packed(list(compress(unpacked(self.page), these))))


def row_digest(words: Mapping[str, str]) -> bytes:
    """The digest by which a row that went out is compared with what it would be now: of its JSON, keys in order."""
    told = ",".join([key + encode_basestring(words[name]) for name, key in _keys(tuple(words))])
    return _digest(f"{{{told}}}")


def _digest(told: str) -> bytes:
    begun = _BEGUN.copy()
    try:
        begun.update(told.encode())
    except UnicodeEncodeError:  # half of a character, from a file that rotted
        begun.update(told.encode("utf-8", "replace"))
    return begun.digest()[:KEPT]


@lru_cache(maxsize=64)
def _keys(names: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(name, f"{encode_basestring(name)}:") for name in sorted(names)]


def iso(stored: int | None, zone: str) -> str:
    """A stored time as ISO 8601 with the offset of `zone`; blank for none."""
    if stored is None:
        return ""
    around = _minute(stored // MINUTE, zone)
    if around is None:
        return at(stored, zone).isoformat(timespec="seconds")
    return f"{around[0]}{_SECONDS[stored % MINUTE // 1000]}{around[1]}"


@lru_cache(maxsize=4096)  # a day has 1,440, and a touch is in one of them
def _minute(minute: int, zone: str) -> tuple[str, str] | None:
    """What stands around the seconds of a minute; None when they are not its own (offsets had seconds once)."""
    first, last = (at(minute * MINUTE + rest, zone).isoformat(timespec="seconds") for rest in (0, MINUTE - 1))
    before, after = first[:_SECONDS_AT], first[_SECONDS_AT + 2 :]
    return (before, after) if (f"{before}00{after}", f"{before}59{after}") == (first, last) else None


def handoff_words(found: HandedOff, zone: str) -> Words:
    """One handoff with its lead, by field name (`crm_columns`)."""
    handoff = found.handoff
    return {
        **lead_words(found.who),
        "ae": found.ae,
        "handoff_state": handoff.state,
        "offered_at": iso(handoff.offered_at, zone),
        "respond_by": iso(handoff.respond_by, zone),
        "meeting_at": iso(handoff.meeting_at, zone),
        "why": _why(found),
    }


def lead_words(found: Outward) -> Words:
    """One lead by field name (`crm_columns`); what only a handoff has is left out."""
    lead = found.lead
    return {
        **_lead_words(lead),
        "mobile": _mobile(lead),
        "source": found.source or "",
        "owner": found.owner or "",
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
    lead = found.who.lead
    grade = f"{lead.grade}, " if lead.grade else ""
    without = f"; {found.handoff.note}" if found.handoff.note and found.handoff.state == "offered" else ""
    return f"{grade}score {lead.score}; {found.ae}: {found.handoff.why_ae}{without}"


def activity_lines(found: Sequence[Activity], zone: str) -> Lines:
    """The done touches with the cells of `ACTIVITY`, each with its `row_digest`."""
    rows = [
        (
            str(touch), iso(done_at, zone), str(lead), external, name, company, channel, outcome, contact,
            "" if seconds is None else str(seconds), "" if step is None else str(step), template, source, owner,
        )
        for (
            touch, done_at, lead, external, name, company, channel, outcome, contact, seconds, step, template, source,
            owner,
        ) in found
    ]  # fmt: skip
    page = packed(rows)
    if holds(page, _ESCAPED):
        digests = [row_digest(dict(zip(ACTIVITY, cells, strict=True))) for cells in rows]
    else:  # nothing in the page is escaped: its JSON can be put together
        digests = list(map(_digest, map(_json, rows)))
    return Lines([one[0] for one in found], digests, page)


# What JSON writes otherwise than it stands.
_ESCAPED = bytes(range(0x20)) + b'"\\'


def _json(cells: Cells) -> str:
    """The JSON that `row_digest` is of, put together at once where nothing is escaped."""
    touch, at_, lead, external, name, company, channel, outcome, contact, seconds, step, template, source, owner = cells
    return (
        f'{{"at":"{at_}","channel":"{channel}","company":"{company}","contact":"{contact}","external_id":"{external}",'
        f'"id":"{touch}","lead":"{name}","lead_id":"{lead}","outcome":"{outcome}","owner":"{owner}",'
        f'"seconds":"{seconds}","source":"{source}","step":"{step}","template":"{template}"}}'
    )
