"""Who is here already: leads and accounts by their keys, many at a time, and the pairs that may be one person.

Merged leads answer with the lead they were merged into. Texts are compared as stored: clean addresses, E.164.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from typing import NamedTuple

from sdr.store import rows
from sdr.store.queries.reading import every
from sdr.store.session import Reader

# The list of values leads, so that each is looked up by its index, however many leads there are.
_GIVEN = "FROM json_each(?) AS given CROSS JOIN lead"
_SURVIVOR = "coalesce(lead.alias_of, lead.id)"


class Outside(NamedTuple):
    """A lead with an id of another system: of which product's export, else of which source, it came."""

    external_id: str
    lead: int
    preset: str | None
    source_id: int | None


class Colleague(NamedTuple):
    """A lead of an account, by the account's domain and name key."""

    lead: int
    name: str
    last_name: str | None
    domain: str | None
    name_key: str


class Pair(NamedTuple):
    """Two leads that may be one person: how likely of 100, and why. `a` is the smaller id."""

    a: int
    b: int
    score: int
    reasons: tuple[str, ...]

    @property
    def place(self) -> tuple[int, int, int]:
        """Where it stands in the list, to go on from."""
        return self.score, self.a, self.b


def pairs(db: Reader, limit: int, after: tuple[int, int, int] | None = None) -> tuple[Pair, ...]:
    """The pairs worth asking about after place `after`, the likeliest first: neither merged, not told apart."""
    score, a, b = after or (101, 0, 0)
    # Two walks of one index, so that a deep place is found as quickly as the first.
    same = _asked("suspect.score = ? AND (a_id, b_id) > (?, ?)", "a_id, b_id")
    less = _asked("suspect.score < ?", "suspect.score DESC, a_id, b_id")
    found = [] if after is None else db.execute(same, (score, a, b, limit)).fetchall()
    found += db.execute(less, (score, limit - len(found))).fetchall()
    return tuple(Pair(one, other, points, tuple(json.loads(why))) for one, other, points, why in found)


def _asked(where: str, order: str) -> str:
    return f"""SELECT a_id, b_id, suspect.score, reasons FROM suspect INDEXED BY suspect_best
      CROSS JOIN lead AS a ON a.id = a_id CROSS JOIN lead AS b ON b.id = b_id
      WHERE {where} AND a.alias_of IS NULL AND b.alias_of IS NULL
      AND NOT EXISTS (SELECT 1 FROM apart WHERE apart.a_id = suspect.a_id AND apart.b_id = suspect.b_id)
      ORDER BY {order} LIMIT ?"""


def told_apart(db: Reader, a: int, b: int) -> int | None:
    """The verdict (`apart`) that two leads are two persons; `None` without one."""
    row = db.execute("SELECT id FROM apart WHERE a_id=? AND b_id=?", (min(a, b), max(a, b))).fetchone()
    return None if row is None else int(row[0])


def anybody(db: Reader) -> bool:
    """Whether the desk has a lead at all."""
    return db.execute("SELECT 1 FROM lead LIMIT 1").fetchone() is not None


def by_address(db: Reader, addresses: Collection[str]) -> dict[str, int]:
    """Address to the lead that has it, first or second."""
    found: dict[str, int] = {}
    for column in ("email_2", "email"):
        sql = f"SELECT lead.{column}, {_SURVIVOR} {_GIVEN} ON lead.{column} = given.value ORDER BY lead.id DESC"
        found |= dict(db.execute(sql, (_list(addresses),)).fetchall())
    return found


def in_office(db: Reader, addresses: Collection[str]) -> dict[str, dict[str, int]]:
    """For addresses that whole offices read: every lead that has one, by its folded name, the oldest of that name."""
    found: dict[str, dict[str, int]] = {}
    for column in ("email", "email_2"):
        sql = f"SELECT lead.{column}, folded(lead.name), {_SURVIVOR} {_GIVEN} ON lead.{column} = given.value"
        for address, name, lead in db.execute(f"{sql} ORDER BY lead.id", (_list(addresses),)):
            found.setdefault(address, {}).setdefault(name, lead)
    return found


def by_outside_id(db: Reader, ids: Collection[str]) -> tuple[Outside, ...]:
    """The leads that have one of these external ids, oldest first."""
    sql = f"""SELECT lead.external_id, {_SURVIVOR}, batch.preset, lead.source_id {_GIVEN}
      ON lead.external_id = given.value LEFT JOIN batch ON batch.id = lead.batch_id ORDER BY lead.id"""
    return every(db, Outside, sql, (_list(ids),))


def by_number(db: Reader, numbers: Collection[str]) -> dict[str, int]:
    """Telephone number to the oldest lead whose first number it is; of a switchboard's leads no other is looked at."""
    sql = f"""SELECT given.value, {_SURVIVOR} {_GIVEN}
      ON lead.id = (SELECT min(id) FROM lead AS any_of WHERE any_of.phone = given.value)"""
    return dict(db.execute(sql, (_list(numbers),)).fetchall())


def colleagues(db: Reader, domains: Collection[str], name_keys: Collection[str]) -> tuple[Colleague, ...]:
    """The leads of the accounts with one of these domains, or one of these names, oldest first."""
    columns = "SELECT lead.id, lead.name, lead.last_name, account.domain, account.name_key"
    by = "FROM json_each(?) AS given CROSS JOIN account ON account.{} = given.value CROSS JOIN lead"
    end = "ON lead.account_id = account.id WHERE lead.alias_of IS NULL"
    sql = f"{columns} {by.format('domain')} {end} UNION {columns} {by.format('name_key')} {end} ORDER BY 1"
    return every(db, Colleague, sql, (_list(domains), _list(name_keys)))


def any_account(db: Reader) -> bool:
    """Whether the desk has an account at all."""
    return db.execute("SELECT 1 FROM account LIMIT 1").fetchone() is not None


def accounts(
    db: Reader, domains: Collection[str], name_keys: Collection[str]
) -> tuple[tuple[int, str | None, str], ...]:
    """The accounts with one of these domains or name keys, as (id, domain, name key), oldest first."""
    by = """SELECT account.id, account.domain, account.name_key FROM json_each(?) AS given
      CROSS JOIN account ON account.{} = given.value"""
    sql = f"{by.format('domain')} UNION {by.format('name_key')} ORDER BY 1"
    return tuple(db.execute(sql, (_list(domains), _list(name_keys))))


def domain_of_account(db: Reader, account_id: int) -> tuple[str | None, ...]:
    """The domain of this account; nothing when there is no such account."""
    row = db.execute("SELECT domain FROM account WHERE id=?", (account_id,)).fetchone()
    return () if row is None else (row[0],)


def leads_of(db: Reader, ids: Collection[int]) -> dict[int, rows.Lead]:
    """The leads with these ids."""
    sql = f"SELECT lead.* {_GIVEN} ON lead.id = given.value"
    return {lead.id: lead for lead in every(db, rows.Lead, sql, (_list(ids),))}


def survivors(db: Reader, ids: Collection[int]) -> dict[int, int]:
    """For leads that were merged, the lead that stands for them now; others are left out."""
    sql = f"SELECT lead.id, lead.alias_of {_GIVEN} ON lead.id = given.value WHERE lead.alias_of IS NOT NULL"
    merged: dict[int, int] = dict(db.execute(sql, (_list(ids),)).fetchall())
    found = merged
    while merged and (merged := dict(db.execute(sql, (_list({*merged.values()}),)).fetchall())):
        found = {one: merged.get(last, last) for one, last in found.items()}
    return found


def aliases(db: Reader, lead_id: int) -> tuple[int, ...]:
    """The leads that were merged into this one."""
    return tuple(row[0] for row in db.execute("SELECT id FROM lead WHERE alias_of=? ORDER BY id", (lead_id,)))


def owner_words(db: Reader, lead_id: int) -> tuple[str, str, int | None]:
    """Who owns a lead, by name, its state, and when it was last touched or wrote (ms UTC)."""
    sql = """SELECT coalesce(rep.name, 'nobody'), lead.state, lead.last_at
      FROM lead LEFT JOIN rep ON rep.id = lead.owner_id WHERE lead.id=?"""
    row = db.execute(sql, (lead_id,)).fetchone()
    return row[0], row[1], row[2]


def blocked_values(db: Reader) -> frozenset[tuple[str, str]]:
    """Every address, number and domain that somebody asked us to leave alone, as (scope, value)."""
    sql = "SELECT DISTINCT scope, value FROM suppression WHERE scope IN ('email', 'number', 'domain')"
    return frozenset((row[0], row[1]) for row in db.execute(sql))


def blocked_people(db: Reader, ids: Collection[int]) -> frozenset[tuple[int, str]]:
    """Of these leads, who may not be contacted on which channel (as person)."""
    sql = """SELECT suppression.lead_id, suppression.channel FROM json_each(?) AS given CROSS JOIN suppression
      ON suppression.lead_id = given.value WHERE suppression.scope = 'person'"""
    return frozenset((row[0], row[1]) for row in db.execute(sql, (_list(ids),)))


def notes_of(db: Reader, ids: Collection[int]) -> frozenset[tuple[int, str]]:
    """The notes that these leads have, as (lead, text)."""
    sql = """SELECT event.lead_id, event.text FROM json_each(?) AS given CROSS JOIN event
      ON event.lead_id = given.value WHERE event.kind = 'note'"""
    return frozenset((row[0], row[1]) for row in db.execute(sql, (_list(ids),)))


def _list(values: Iterable[object]) -> str:
    return json.dumps(list(values))
