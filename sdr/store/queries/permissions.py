"""What the gate must know of a lead, as the file has it: permissions, touches, bounces, refusals, replies."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from sdr.rules.searching import key_of
from sdr.store import rows
from sdr.store.queries.reading import every, number, one
from sdr.store.session import Reader

_FACTS = tuple(
    name for name in rows.Permission._fields if name not in ("id", "lead_id", "source_id", "set_at", "set_by")
)


class Done(NamedTuple):
    """A touch that was done: its channel and when, ms UTC."""

    channel: str
    at: int


def of_lead(db: Reader, lead_id: int) -> rows.Permission | None:
    """What is noted for this lead itself."""
    return one(db, rows.Permission, "SELECT * FROM permission WHERE lead_id=?", (lead_id,))


def of_source(db: Reader, source_id: int | None) -> rows.Permission | None:
    """What is noted for every lead of this source."""
    return one(db, rows.Permission, "SELECT * FROM permission WHERE source_id=?", (source_id,))


def in_force(db: Reader, lead: rows.Lead) -> rows.Permission | None:
    """What holds for a lead: its own row, and field by field its source's where its own says nothing."""
    own, listed = of_lead(db, lead.id), of_source(db, lead.source_id)
    if own is None or listed is None:
        return own or listed
    blank = {name: getattr(listed, name) for name in _FACTS if getattr(own, name) in (None, "")}
    return own._replace(**blank)


def touches(db: Reader, lead_id: int, since: int) -> tuple[Done, ...]:
    """The touches of a lead since then, oldest first; steps left out are none."""
    sql = "SELECT channel, at FROM touch WHERE lead_id=? AND at >= ? AND skipped=0 ORDER BY at, id"
    return every(db, Done, sql, (lead_id, since))


def colleagues(db: Reader, lead: rows.Lead, since: int) -> tuple[int, ...]:
    """When each other person of the lead's company was touched last since then."""
    if lead.account_id is None:
        return ()
    sql = """SELECT max(touch.at) FROM touch CROSS JOIN lead ON lead.id = touch.lead_id
      WHERE touch.at >= ? AND touch.skipped=0 AND lead.account_id=? AND lead.id<>? GROUP BY lead.id"""
    return tuple(row[0] for row in db.execute(sql, (since, lead.account_id, lead.id)))


def mailed(db: Reader, address: str | None, since: int, many: int) -> int:
    """How many mails went to the mail domain of `address` since then; counted only when `many` went at all."""
    domain = (address or "").rpartition("@")[2]
    if not domain or number(db, "SELECT count(*) FROM touch WHERE at >= ?", (since,)) < many:
        return 0
    sql = """SELECT count(*) FROM touch CROSS JOIN lead ON lead.id = touch.lead_id
      WHERE touch.at >= ? AND touch.channel='email' AND touch.skipped=0 AND lead.email LIKE '%@' || ?"""
    return number(db, sql, (since, domain))


def bounced(db: Reader, lead_id: int) -> tuple[str, ...]:
    """The addresses of a lead from which mail came back."""
    sql = "SELECT text FROM event WHERE lead_id=? AND kind='bounce' AND text IS NOT NULL"
    return tuple(row[0].split(" ", 1)[0] for row in db.execute(sql, (lead_id,)))


def bounces_there(db: Reader, lead: rows.Lead, since: int) -> tuple[int, ...]:
    """When mail to other people of the lead's company came back since then."""
    if lead.account_id is None:
        return ()
    sql = """SELECT event.at FROM lead CROSS JOIN event ON event.lead_id = lead.id
      WHERE lead.account_id=? AND lead.id<>? AND event.kind='bounce' AND event.at >= ?"""
    return tuple(row[0] for row in db.execute(sql, (lead.account_id, lead.id, since)))


def refused_at(db: Reader, lead_id: int, outcomes: frozenset[str]) -> int | None:
    """When a call to this lead last ended in one of `outcomes`."""
    marks = ",".join("?" * len(outcomes))
    sql = f"SELECT max(at) FROM call WHERE lead_id=? AND outcome IN ({marks})"
    found: int | None = db.execute(sql, (lead_id, *sorted(outcomes))).fetchone()[0]
    return found


def replied_at(db: Reader, lead_id: int) -> int | None:
    """When the lead wrote last, if nobody has answered since by any touch."""
    sql = """SELECT max(at) FROM event WHERE lead_id=:id AND kind='replied' AND at >
      (SELECT coalesce(max(at), 0) FROM touch WHERE lead_id=:id AND skipped=0)"""
    found: int | None = db.execute(sql, {"id": lead_id}).fetchone()[0]
    return found


def policy_file(db: Reader) -> Path | None:
    """Where a team's own policy stands: beside the desk's file. None for a file that is only in memory."""
    path = db.execute("SELECT file FROM pragma_database_list WHERE name='main'").fetchone()[0]
    return Path(path).with_name("policy.toml") if path else None


def covered(db: Reader, scope: str, value: str) -> tuple[rows.Lead, ...]:
    """The leads of a company (`account` and its id), or with a mail address of a `domain`."""
    sql = "SELECT * FROM lead WHERE alias_of IS NULL AND "
    if scope == "account":
        return every(db, rows.Lead, f"{sql} account_id=? ORDER BY id", (int(value),))
    hosts = "(email LIKE '%@' || :domain OR email LIKE '%.' || :domain)"
    # No index knows an address by its end; that of the search knows it by its words.
    words = " AND ".join(f'"{word}"' for word in key_of(value).split())
    worded = "id IN (SELECT rowid FROM lead_search WHERE lead_search MATCH :words)" if words else "TRUE"
    sql = f"{sql} email IS NOT NULL AND {worded} AND {hosts} ORDER BY id"
    return every(db, rows.Lead, sql, {"domain": value, "words": words})
