"""A lead, its next step, its score and its past as JSON: ids as strings, times as ISO 8601, money as decimals.

Times are in the rep's zone; what concerns the prospect's day is told in theirs.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sdr.commands.frame import Desk
from sdr.desk import steps
from sdr.desk.explaining import why
from sdr.desk.handing_off import accountable
from sdr.models.terms import Refused, at
from sdr.rules.money import decimal
from sdr.store import rows
from sdr.store.queries import firms, handoffs, leads, playbook, queue
from sdr.store.queries.firms import Firm
from sdr.store.queries.leads import Card
from sdr.store.queries.listing import Listed
from sdr.store.queries.queue import Item
from sdr.store.session import Reader

Document = dict[str, Any]
TIMELINE = 1000  # entries of a card


def iso(stored: int | None, zone: str) -> str | None:
    """A stored time as ISO 8601 with its offset in `zone`."""
    return None if stored is None else at(stored, zone).isoformat(timespec="seconds")


def text_id(stored: int | None) -> str | None:
    """An id as JSON carries it."""
    return None if stored is None else str(stored)


def queue_item(item: Item, now: datetime, fits: Collection[int]) -> Document:
    """One item of the queue; both its times are the prospect's. `fits` are the leads whose work fits today."""
    due = iso(item.due_at, item.zone)
    return {
        "lead": str(item.id), "name": item.name, "account": item.company, "band": item.band, "kind": item.kind,
        "due_at": due, "zone": item.zone, "local_time": due, "grade": item.grade, "score": item.score,
        "source": item.source, "why": why(item, now).long, "state": item.state,
        "fits_today": item.id in fits,
    }  # fmt: skip


def listed(row: Listed, zone: str) -> Document:
    """One lead of the whole list; its times are the rep's."""
    return {
        "lead": str(row.id), "name": row.name, "account": row.company, "state": row.state, "source": row.source,
        "grade": row.grade, "arrived_at": iso(row.arrived_at, zone), "due_at": iso(row.due_at, zone),
        "last": row.last_kind, "last_at": iso(row.last_at, zone),
    }  # fmt: skip


def next_step(found: Desk, lead: rows.Lead) -> Document | None:
    """What comes next for an open lead; null for a closed one."""
    listed = found.read(queue.items, int(found.now.timestamp() * 1000), (lead.id,), block=found.block)
    if not listed:
        return None
    item = listed[0]
    return {
        "kind": item.kind,
        "due_at": iso(item.due_at, found.zone),
        "local_time": iso(item.due_at, item.zone),
        "close_at": iso(item.close_at, found.zone),
        "band": item.band,
        "note": item.note,
        "why": why(item, found.now).long,
    }


def score(found: Desk, lead: rows.Lead) -> Document:
    """The score as it is now, every point with where it comes from, and what would move it."""
    _id, judged = found.read(_judged, lead, found.now)
    return {
        "fit": judged.fit, "engagement": judged.engagement, "known": judged.known.answered,
        "known_of": judged.known.of, "total": judged.total, "threshold": found.book.rubric.threshold,
        "grade": judged.grade, "verdict": judged.verdict, "missing": list(judged.missing), "would": judged.would,
        "parts": [
            {"axis": part.axis, "label": part.label, "points": part.points, "why": part.why} for part in judged.parts
        ],
    }  # fmt: skip


def _judged(db: Reader, lead: rows.Lead, now: datetime) -> tuple[int, Any]:
    return steps.judge(db, lead, leads.answers(db, lead.id), now)


def verdict(found: Desk, lead_id: int, summary: str | None, refused: Refused | None) -> Document:
    """What a verdict did to its lead, or why it did nothing."""
    lead = found.read(leads.lead, lead_id)
    told = {"rule": refused.rule, "reason": refused.reason, "set_by": refused.set_by} if refused else None
    return {
        "summary": summary,
        "lead": str(lead.id) if lead else str(lead_id),
        "state": lead.state if lead else None,
        "next_step": next_step(found, lead) if lead else None,
        "refused": told,
    }


def card(found: Desk, lead_id: int) -> Document:
    """Everything known of a lead."""
    held = found.read(leads.card, lead_id, TIMELINE)
    assert held is not None  # asked for by a name that was just found
    lead, zone = held.lead, found.zone
    texts: dict[int, list[str]] = {}
    for said in found.read(leads.words, lead_id):
        texts.setdefault(said.step, []).append(said.text)
    return {
        "id": str(lead.id), "name": lead.name, "first_name": lead.first_name, "last_name": lead.last_name,
        "email": lead.email, "email_2": lead.email_2, "phone": lead.phone, "phone_type": lead.phone_type,
        "title": lead.title, "company": lead.company, "country": lead.country, "city": lead.city, "zone": lead.zone,
        "zone_from": lead.zone_from, "external_id": lead.external_id, "said": lead.said,
        "account": _account(found, held), "source": _source(held), "state": lead.state, "reason": lead.reason,
        "owner": _owner(found, lead), "accountable": _accountable(found, held), "next_step": next_step(found, lead),
        "answers": held.answers, "score": score(found, lead), "enrollment": _enrollment(found, held),
        "suppressed": [_suppression(one, zone) for one in held.suppressions], "handoff": _handoff(found, held),
        "promise": _promise(held, zone), "arrived_at": iso(lead.arrived_at, zone),
        "respond_by": iso(lead.respond_by, zone), "contacted_at": iso(lead.contacted_at, zone),
        "qualified_at": iso(lead.qualified_at, zone),
        "timeline": [
            {"step": str(one.step), "at": iso(one.at, zone), "by": one.by, "verb": one.verb, "summary": one.summary,
             "undone": one.undone == 1, "of": one.whose, "texts": texts.get(one.step, [])}
            for one in held.timeline
        ],
    }  # fmt: skip


def _account(found: Desk, held: Card) -> Document | None:
    """The company, and whose it is already beside this lead."""
    account = held.account
    if account is None:
        return {"id": None, "name": held.lead.company} if held.lead.company else None
    return {
        "id": str(account.id), "name": account.name, "domain": account.domain, "website": account.website,
        "industry": account.industry, "employees": account.employees, "country": account.country,
        "customer": bool(account.customer), **_firm(found.read(firms.firm, account.id, held.lead.id), found.zone),
    }  # fmt: skip


def _firm(known: Firm | None, zone: str) -> Document:
    return {
        "people": known.people if known else 0, "owner": known.owner if known else None,
        "owners": known.owners if known else 0, "touched_at": iso(known.last_at, zone) if known else None,
        "with_ae": known.ae if known else None, "bought": known.customer if known else False,
    }  # fmt: skip


def _source(held: Card) -> Document | None:
    """The source with what this very lead cost, and its record so far."""
    source = held.source
    if source is None:
        return None
    own = held.lead.cost_minor
    good, judged = held.qualified_of
    return source_document(source) | {
        "cost": decimal(source.cost_minor if own is None else own, source.currency),
        "campaign": held.lead.campaign, "qualified": good, "judged": judged,
    }  # fmt: skip


def source_document(source: rows.Source) -> Document:
    """What was agreed about a source."""
    return {
        "id": str(source.id), "name": source.name, "channel": source.channel, "programme": source.programme,
        "vendor": source.vendor, "type": source.type, "cost": decimal(source.cost_minor, source.currency),
        "currency": source.currency, "target": source.target, "owner": source.owner,
        "department": source.department, "starts_on": source.starts_on, "ends_on": source.ends_on,
        "respond_for": source.respond_for,
    }  # fmt: skip


def _owner(found: Desk, lead: rows.Lead) -> str | None:
    return next((rep.name for rep in found.book.reps if rep.id == lead.owner_id), None)


def _accountable(found: Desk, held: Card) -> str:
    owner = next((rep for rep in found.book.reps if rep.id == held.lead.owner_id), found.book.rep)
    return accountable(held.lead, held.handoff, owner, _executive(found, held), found.now)


def _executive(found: Desk, held: Card) -> rows.AccountExecutive | None:
    wanted = held.handoff.ae_id if held.handoff else None
    return next((one.ae for one in found.read(handoffs.executives) if one.ae.id == wanted), None) if wanted else None


def _enrollment(found: Desk, held: Card) -> Document | None:
    drip = held.enrollment
    if drip is None:
        return None
    _id, cadence = found.read(playbook.cadence, drip.cadence_id)
    return {
        "cadence": cadence.name, "version": cadence.version, "state": drip.state, "step_no": drip.step_no,
        "of": len(cadence.steps), "enrolled_at": iso(drip.enrolled_at, found.zone),
        "paused_until": iso(drip.paused_until, found.zone),
    }  # fmt: skip


def _suppression(one: rows.Suppression, zone: str) -> Document:
    return {"channel": one.channel, "scope": one.scope, "value": one.value, "at": iso(one.at, zone),
            "wording": one.wording}  # fmt: skip


def _handoff(found: Desk, held: Card) -> Document | None:
    handoff = held.handoff
    if handoff is None:
        return None
    ae = _executive(found, held)
    return {
        "handoff": str(handoff.id), "ae": ae.name if ae else None, "state": handoff.state,
        "offered_at": iso(handoff.offered_at, found.zone), "respond_by": iso(handoff.respond_by, found.zone),
        "answered_at": iso(handoff.answered_at, found.zone), "reason": handoff.reason,
    }  # fmt: skip


def _promise(held: Card, zone: str) -> Document | None:
    promise = held.promise
    if promise is None:
        return None
    return {"kind": promise.kind, "due_at": iso(promise.due_at, zone),
            "local_time": iso(promise.due_at, promise.zone), "made_at": iso(promise.made_at, zone)}  # fmt: skip
