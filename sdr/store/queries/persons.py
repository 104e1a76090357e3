"""Leads as they are compared: the columns that say who somebody is, read by id or in the order of the file."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from typing import Any

from sdr.rules.likeness import Person, person
from sdr.rules.sketches import Beside
from sdr.store.session import Reader

# The system whose id a lead has: the product whose export it came with, else its source.
_COLUMNS = """lead.id, lead.first_name, lead.last_name, lead.name, lead.company, lead.email, lead.email_2, lead.website,
  lead.phone, lead.phones, lead.external_id, CASE WHEN lead.external_id IS NULL THEN NULL ELSE
  coalesce((SELECT preset FROM batch WHERE id = lead.batch_id), 'source ' || lead.source_id) END,
  lead.linkedin, lead.title, lead.city, lead.account_id"""
_FILED = """lead.id, lead.first_name, lead.last_name, lead.name, lead.company, NULL, NULL, NULL, lead.phone,
  lead.phones, NULL, NULL, lead.linkedin, NULL, NULL, lead.account_id"""
_BESIDE = "lead.email, lead.email_2, lead.website, lead.external_id"


def persons(db: Reader, ids: Collection[int]) -> dict[int, Person]:
    """The leads with these ids that stand for themselves; merged ones and those that are gone are left out."""
    sql = f"""SELECT {_COLUMNS} FROM json_each(?) AS given CROSS JOIN lead ON lead.id = given.value
      WHERE lead.alias_of IS NULL"""
    return dict(_read(db.execute(sql, (json.dumps(list(ids)),))))


def filed_after(db: Reader, lead_id: int, most: int) -> list[tuple[int, Person, Beside]]:
    """The next leads after `lead_id` in order of their ids, with as much of each as `blocks` and `sketch` need."""
    sql = f"SELECT {_FILED}, {_BESIDE} FROM lead WHERE lead.id > ? AND lead.alias_of IS NULL ORDER BY lead.id LIMIT ?"
    rows = db.execute(sql, (lead_id, most)).fetchall()
    beside = (Beside(*row[-len(Beside._fields) :]) for row in rows)
    people = _read(row[: -len(Beside._fields)] for row in rows)
    return [(lead, one, its) for (lead, one), its in zip(people, beside, strict=True)]


def _read(found: Any) -> Iterator[tuple[int, Person]]:
    for (
        lead_id, first, last, name, company, email, email_2, website, phone, phones, outside, system, profile, title,
        city, account,
    ) in found:  # fmt: skip
        yield lead_id, person(
            first=first, last=last, name=name, company=company, website=website, title=title, city=city,
            emails=(email, email_2) if email and email_2 else (email or email_2,) if email or email_2 else (),
            numbers=_numbers(phone, phones), system=system, external_id=outside, linkedin=profile,
            account=account,
        )  # fmt: skip


def _numbers(phone: str | None, phones: str | None) -> tuple[str, ...]:
    """The numbers that are the lead's: one that was struck out is somebody else's."""
    if phones is None or (phones.count('"e164"') < 2 and phone):
        return (phone,) if phone else ()
    return tuple(one["e164"] for one in json.loads(phones) if not one.get("struck"))
