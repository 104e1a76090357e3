"""The leads of the sample come in: a file of them at once, or one by one, with what their source knows of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sdr.desk import making, onward, steps
from sdr.desk.accounts import Accounts
from sdr.desk.mending import setting_of
from sdr.desk.steps import NextStep
from sdr.exchange.sample_people import Person
from sdr.models.terms import LeadState, NextKind, ms
from sdr.store import rows
from sdr.store.changes import Change, Edit
from sdr.store.queries import sources
from sdr.store.session import Session

INQUIRY = ("name", "first_name", "last_name", "email", "domain")  # a name and an address, and no more
WORDS = (
    *INQUIRY, "title", "seniority", "department", "company", "industry", "employees", "country", "region", "city",
)  # fmt: skip


@dataclass(slots=True)
class Door:
    """Where people come in."""

    session: Session

    def file(
        self, name: str, people: Sequence[Person], source: str, event: str | None, when: datetime
    ) -> tuple[Change, list[int]]:
        """People of one file, as one act; the ids of their leads in the same order."""
        known = sources.by_name(self.session, source)
        batch = self.session.new_id()
        counts = {"row_count": len(people), "created": len(people)}
        edits = [Edit.new("batch", batch, file=name, source_id=known.id if known else None, at=ms(when), **counts)]
        begun, ids = self._come([_told(person) for person in people], known, event, when, batch_id=batch)
        return Change("import", f"{name}: {len(people)} new leads", ms(when), (*edits, *begun)), ids

    def one(
        self, person: Person, source: str | None, event: str | None, when: datetime, *, inquiry: bool = False
    ) -> tuple[Change, int]:
        """One person by themselves; an inquiry is a name and an address."""
        known = sources.by_name(self.session, source) if source else None
        told = {key: value for key, value in _told(person).items() if key in INQUIRY or not inquiry}
        edits, (lead,) = self._come([told], known, event, when)
        words = f"{person.name}: {'inquiry' if inquiry else 'new lead'}" + (f" · {source}" if source else "")
        return Change("add", words, ms(when), tuple(edits), lead), lead

    def _come(
        self,
        people: Sequence[dict[str, Any]],
        source: rows.Source | None,
        event: str | None,
        when: datetime,
        **more: int,
    ) -> tuple[list[Edit], list[int]]:
        setting, companies = setting_of(self.session, when), Accounts(self.session)
        companies.look_up(people)
        edits: list[Edit] = []
        ids: list[int] = []
        for told in people:
            row = making.lead_fields(told, setting, source) | more | {"account_id": companies.of(told)}
            row |= {"source_id": source.id, "cost_minor": source.cost_minor} if source else {}
            ids.append(self.session.new_id())
            if event:
                row |= self._stirred(row, source, event, when)
                edits.append(Edit.new("event", self.session.new_id(), lead_id=ids[-1], kind=event, at=ms(when)))
            edits.append(Edit.new("lead", ids[-1], **row))
        return [*companies.begun(), *edits], ids

    def _stirred(self, row: dict[str, Any], source: rows.Source | None, event: str, when: datetime) -> dict[str, Any]:
        """The score and the place in the queue of somebody who did something to get here."""
        lead = making.with_fields(making.blank(), row)
        score = onward.rescored(self.session, lead, {}, when, (event,))
        step = NextStep(NextKind(row["next_kind"]), when, None, row.get("next_note"))
        return steps.placed(lead, source, LeadState(row["state"]), step, **score)


def _told(person: Person) -> dict[str, Any]:
    """What is told of a person, as a file or a form would."""
    told = {word: value for word in WORDS if (value := getattr(person, word))}
    if (phone := person.phone) is not None:
        number = {"e164": phone.e164, "type": phone.kind, "raw": phone.shown, "shown": phone.shown, "struck": None}
        told["phones"] = [number]
    return told
