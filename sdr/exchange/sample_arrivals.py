"""The leads of the sample come in: a file of them at once, or one by one, with what their source knows of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import datetime
from typing import Any

from sdr.desk import onward, steps
from sdr.desk.steps import NextStep
from sdr.exchange.sample_people import Person
from sdr.models.terms import LeadState, NextKind, ms
from sdr.rules.identity import company_key
from sdr.store import rows
from sdr.store.changes import Change, Edit
from sdr.store.queries import playbook, sources
from sdr.store.session import Session

KNOWN_OF_INQUIRY = ("name", "first_name", "last_name", "email", "country", "zone")
COUNTED = ("rank", "touch_no", "touch_of", "snoozes", "score", "fit", "engagement", "known", "known_of")


@dataclass(slots=True)
class Door:
    """Where people come in; companies are met again."""

    session: Session
    accounts: dict[str, int] = field(default_factory=dict)

    def file(
        self, name: str, people: Sequence[Person], source: str, event: str | None, when: datetime
    ) -> tuple[Change, list[int]]:
        """People of one file, as one act; the ids of their leads in the same order."""
        known = sources.by_name(self.session, source)
        batch = self.session.new_id()
        counts = {"row_count": len(people), "created": len(people)}
        source_id = known.id if known else None
        edits = [Edit.new("batch", batch, file=name, source_id=source_id, at=ms(when), **counts)]
        ids = [self._come(person, known, event, when, edits, batch) for person in people]
        return Change("import", f"{name}: {len(people)} new leads", ms(when), tuple(edits)), ids

    def one(
        self, person: Person, source: str | None, event: str | None, when: datetime, *, inquiry: bool = False
    ) -> tuple[Change, int]:
        """One person by themselves; an inquiry is a name and an address and no more."""
        known = sources.by_name(self.session, source) if source else None
        edits: list[Edit] = []
        lead = self._come(person, known, event, when, edits, None, inquiry=inquiry)
        return Change("add", f"{person.name}: new from {source or 'nowhere known'}", ms(when), tuple(edits), lead), lead

    def _come(
        self, person: Person, source: rows.Source | None, event: str | None, when: datetime, edits: list[Edit],
        batch: int | None, *, inquiry: bool = False,
    ) -> int:  # fmt: skip
        rep = playbook.rep(self.session)
        due = steps.respond_by(rep, source, when)
        told = _told(person, inquiry) | {
            "id": self.session.new_id(), "source_id": source.id if source else None, "owner_id": rep.id,
            "batch_id": batch, "cost_minor": source.cost_minor if source else None, "arrived_at": ms(when),
            "recorded_at": ms(when), "owned_at": ms(when), "respond_by": ms(due) if due else None,
        }  # fmt: skip
        lead = _blank(told)
        if not inquiry:
            lead = replace(lead, account_id=self._account(person, edits))
        state = LeadState.INQUIRY if inquiry else LeadState.NEW
        kind = NextKind.COMPLETE if inquiry else NextKind.TRIAGE
        score = onward.rescored(self.session, lead, {}, when, (event,) if event else ())
        placed = steps.placed(lead, source, state, NextStep(kind, when), **score)
        told |= {**placed, "account_id": lead.account_id}
        told = {key: value for key, value in told.items() if value is not None}
        del told["id"]
        edits.append(Edit.new("lead", lead.id, **told))
        if event:
            edits.append(Edit.new("event", self.session.new_id(), lead_id=lead.id, kind=event, at=ms(when)))
        return lead.id

    def _account(self, person: Person, edits: list[Edit]) -> int:
        if person.domain not in self.accounts:
            self.accounts[person.domain] = self.session.new_id()
            told = {"name": person.company, "name_key": company_key(person.company), "industry": person.industry,
                    "employees": person.employees, "country": person.country}  # fmt: skip
            edits.append(Edit.new("account", self.accounts[person.domain], domain=person.domain, **told))
        return self.accounts[person.domain]


def _told(person: Person, inquiry: bool) -> dict[str, Any]:
    """What the lead's row knows of a person."""
    told = {key: value or None for key, value in asdict(person).items() if key not in ("domain", "phone")}
    if inquiry:
        told = {key: told[key] for key in KNOWN_OF_INQUIRY}
    elif (phone := person.phone) is not None:
        number = {"e164": phone.e164, "type": phone.kind, "raw": phone.shown, "shown": phone.shown, "struck": None}
        told |= {"phone": phone.e164, "phone_type": phone.kind, "phones": json.dumps([number])}
    return told | {"zone_from": "company" if inquiry else "address"}


def _blank(told: dict[str, Any]) -> rows.Lead:
    empty: dict[str, Any] = {one.name: None for one in fields(rows.Lead)}
    words = {"state": LeadState.NEW.value, "grade": "", "search_key": ""}
    return rows.Lead(**{**empty, **dict.fromkeys(COUNTED, 0), **words, **told})
