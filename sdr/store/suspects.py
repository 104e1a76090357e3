"""Keeps the pairs that may be one person up with the journal: who began or changed since the last look is looked up.

`suspect`, `lead_block` and `looked` are caches like the search index: written here alone, thrown away without loss. A
slice is short, so that an act of the rep that comes meanwhile waits for a few milliseconds at most.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Collection, Iterable

from sdr.rules.likeness import ASKED, Person, likeness
from sdr.store.queries.kin import keys_of, kin
from sdr.store.queries.persons import persons
from sdr.store.replica import LOW
from sdr.store.session import Reader

SLICE = 40  # leads looked up in one transaction: about ten milliseconds
BULK = 20_000  # operations since the last look from which `sweeping` is quicker
OPERATIONS = 2_000  # of the journal that one slice passes over
# What a change must tell for a lead to be looked up again; a word in some text costs one look too many.
_TELLING = re.compile(
    '"(?:first_name|last_name|name|company|account_id|email|email_2|website|phone|phones|external_id|linkedin|title|city'
    '|alias_of)":'
)
Found = tuple[int, int, int, str]  # a row of `suspect`


def look(db: sqlite3.Connection) -> bool:
    """One slice of catching up; whether there is more to look at."""
    seen = marks(db)
    for replica, newest in newest_of_each(db).items():
        if newest > (after := seen.get(replica, 0)):
            ids, reached = changed(db, after, newest, SLICE)
            look_up(db, ids)
            mark(db, {replica: reached})
            return True
    return False


def behind(db: Reader) -> int:
    """How many operations were written since the last look, at most."""
    seen = marks(db)
    return sum(newest - max(seen.get(replica, 0), replica << 32) for replica, newest in newest_of_each(db).items())


def marks(db: Reader) -> dict[int, int]:
    """Per desk that wrote, the last operation that was looked at."""
    return dict(db.execute("SELECT replica, operation_id FROM looked").fetchall())


def mark(db: sqlite3.Connection, reached: dict[int, int]) -> None:
    """Everything up to these operations was looked at."""
    db.executemany("INSERT OR REPLACE INTO looked VALUES (?, ?)", reached.items())


def newest_of_each(db: Reader) -> dict[int, int]:
    """Per desk that wrote, its newest operation."""
    found: dict[int, int] = {}
    last = 0
    while (row := db.execute("SELECT min(id) FROM operation WHERE id > ?", (last,)).fetchone()[0]) is not None:
        replica = row >> 32
        last = replica << 32 | LOW
        found[replica] = db.execute("SELECT max(id) FROM operation WHERE id <= ?", (last,)).fetchone()[0]
    return found


def changed(db: Reader, after: int, newest: int, most: int) -> tuple[list[int], int]:
    """The leads that operations after `after` tell something new of, `most` at a time, and how far that reaches."""
    sql = """SELECT id, entity, entity_id, CASE WHEN kind <> 'new' THEN body END FROM operation
      WHERE id > ? AND id <= ? ORDER BY id LIMIT ?"""
    ids: dict[int, None] = {}
    reached, passed = after, 0
    for reached, entity, entity_id, body in db.execute(sql, (after, newest, OPERATIONS)):
        passed += 1
        if entity == "lead" and (body is None or _TELLING.search(body) or '"_deleted":' in body):
            ids |= dict.fromkeys(_concerned(db, entity_id))
        elif entity == "apart":
            ids |= dict.fromkeys(_parted(db, entity_id))
        if len(ids) >= most:
            return list(ids), reached
    return list(ids), reached if passed == OPERATIONS else newest


def _concerned(db: Reader, lead_id: int) -> list[int]:
    """A lead, and the one it joined: what the other was likened to may now be the survivor's double."""
    row = db.execute("SELECT alias_of FROM lead WHERE id=?", (lead_id,)).fetchone()
    return [lead_id] if row is None or row[0] is None else [lead_id, row[0]]


def _parted(db: Reader, entity_id: int) -> Iterable[int]:
    """Of a verdict that two are two persons, or its end: one of the two, with which the other is looked up too."""
    bodies = db.execute("SELECT body FROM operation WHERE entity_id=? ORDER BY id LIMIT 1", (entity_id,))
    return [json.loads(body)["f"]["a_id"] for (body,) in bodies]


def look_up(db: sqlite3.Connection, ids: Collection[int]) -> None:
    """File these leads under their keys as they are now, and suspect whom they are like."""
    forget(db, ids)
    people = persons(db, ids)
    file(db, ((key, lead) for lead, one in people.items() for key in keys_of(one)))
    related = {lead: kin(db, lead, one) for lead, one in people.items()}
    others = persons(db, set().union(*related.values()) - people.keys()) if related else {}
    known = people | others
    pairs = {(min(lead, one), max(lead, one)) for lead, found in related.items() for one in found if one in known}
    keep(db, suspects(pairs, known))


def suspects(pairs: Iterable[tuple[int, int]], known: dict[int, Person]) -> list[Found]:
    """Of pairs of leads those worth asking about, as rows."""
    found = []
    for a, b in pairs:
        alike = likeness(known[a], known[b])
        if alike.score >= ASKED:
            found.append((a, b, alike.score, json.dumps(alike.reasons, ensure_ascii=False)))
    return found


def file(db: sqlite3.Connection, keys: Iterable[tuple[int, int]]) -> None:
    """File leads under their keys. An old key stays: it leads to one comparison more."""
    db.executemany("INSERT OR IGNORE INTO lead_block VALUES (?, ?)", keys)


def keep(db: sqlite3.Connection, found: Iterable[Found]) -> None:
    """Keep pairs, but for those that the rep told apart and those of which one has gone since it was read."""
    sql = """INSERT OR REPLACE INTO suspect SELECT ?1, ?2, ?3, ?4
      WHERE NOT EXISTS (SELECT 1 FROM apart WHERE a_id=?1 AND b_id=?2)
      AND EXISTS (SELECT 1 FROM lead WHERE id=?1) AND EXISTS (SELECT 1 FROM lead WHERE id=?2)"""
    db.executemany(sql, found)


def forget(db: sqlite3.Connection, ids: Collection[int]) -> None:
    """Suspect nothing of these leads any more."""
    given = [(one,) for one in ids]
    db.executemany("DELETE FROM suspect WHERE a_id=?", given)
    db.executemany("DELETE FROM suspect WHERE b_id=?", given)
