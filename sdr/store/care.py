"""Is the desk's file sound? Each check says ok, or what is wrong and what to do; nothing is repaired unasked.

Details never hold text of a lead: tables, ids and counts only.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from typing import NamedTuple

from sdr.models.terms import OPEN_STATES
from sdr.store import connection, judging, migrating, modelled, rebuilding, tables, tallies
from sdr.store.faults import Corrupt, Unusable
from sdr.store.rebuilding import Difference

# SQLite versions in which a WAL reset could lose commits when two connections write and checkpoint at once.
WAL_RESET_FAULT = ((3, 7, 0), (3, 51, 2))
NAMED = 5  # ids that a detail lists
REPAIR = "run `sdr doctor --repair`"
RESTORE = "bring back a copy with `sdr restore FILE`"


class Check(NamedTuple):
    """One thing looked at. `detail` is what was found, and what to do when it is not `ok`."""

    name: str
    ok: bool
    detail: str


def unusable(fault: Exception) -> Unusable | None:
    """What a fault of the file or the disk means, as a sentence; `None` when it is none."""
    if isinstance(fault, Unusable):
        return fault
    if isinstance(fault, sqlite3.DatabaseError):
        return _of_sqlite(fault)
    if isinstance(fault, OSError):
        why = fault.strerror or "it gave no reason"
        return Unusable("disk", f"the disk refused: {why}", "check the folder, `sdr where` names it")
    return None


def _of_sqlite(fault: sqlite3.DatabaseError) -> Unusable | None:
    code = getattr(fault, "sqlite_errorcode", 0) & 0xFF
    match code:
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return Corrupt("corrupt", "the desk file is damaged", f"see `sdr doctor`; {RESTORE}")
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return Unusable("locked", "another program holds the desk file", "close it and try again")
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM:
            return Unusable("read-only", "the desk file or its folder cannot be written", "check who owns it")
        case sqlite3.SQLITE_FULL | sqlite3.SQLITE_IOERR:
            return Unusable("disk", "the disk is full or failing; nothing was lost", "free some space and try again")
        case _:
            return None


# --- checks of the file ----------------------------------------------------------------------------------------


def checks(db: sqlite3.Connection) -> Iterator[Check]:
    """Every check of the open file; a check that the file's damage stops is not ok."""
    looks: tuple[tuple[str, Callable[[sqlite3.Connection], Check]], ...] = (
        ("schema", _schema), ("sqlite", _sqlite), ("pragmas", _pragmas), ("integrity", _integrity),
        ("digests", _digests), ("references", _references), ("search", _search), ("next-steps", _next_steps),
        ("scores", _scores), ("tallies", _tallies),
    )  # fmt: skip
    for name, look in looks:
        yield _tried(name, look, db)


def _tried(name: str, look: Callable[[sqlite3.Connection], Check], db: sqlite3.Connection) -> Check:
    try:
        return look(db)
    except (sqlite3.DatabaseError, ValueError) as fault:  # a flipped bit may also stop the JSON of an operation
        return Check(name, False, f"this could not be read ({type(fault).__name__}); {RESTORE}")


def _schema(db: sqlite3.Connection) -> Check:
    application = db.execute("PRAGMA application_id").fetchone()[0]
    version = db.execute("PRAGMA user_version").fetchone()[0]
    if application != connection.APPLICATION_ID or version != migrating.newest():
        return Check("schema", False, f"schema {version}, this desk knows {migrating.newest()}")
    if other := modelled.drifted(db):
        return Check("schema", False, f"other columns than this desk knows ({', '.join(other)}); {RESTORE}")
    return Check("schema", True, f"schema {version}, this desk knows {migrating.newest()}")


def _sqlite(db: sqlite3.Connection) -> Check:
    """Safe in spite of the fault, as long as nothing but the locked checkpoint ever resets the log."""
    version = sqlite3.sqlite_version
    if not WAL_RESET_FAULT[0] <= sqlite3.sqlite_version_info <= WAL_RESET_FAULT[1]:
        return Check("sqlite", True, f"SQLite {version}")
    guarded = db.execute("PRAGMA wal_autocheckpoint").fetchone()[0] == 0
    why = "writes and checkpoints share one lock and nothing checkpoints by itself"
    told = f"SQLite {version} has the WAL-reset fault (fixed in 3.51.3); "
    return Check("sqlite", guarded, told + (f"it cannot strike here: {why}" if guarded else "update Python or SQLite"))


def _pragmas(db: sqlite3.Connection) -> Check:
    wanted = {"journal_mode": "wal", **connection.PRAGMAS}
    found = connection.recipe(db)
    wrong = [f"{name} is {found[name]}, not {value}" for name, value in wanted.items() if found[name] != value]
    return Check("pragmas", not wrong, "; ".join(wrong) or "synchronous=FULL, WAL, foreign keys on, as set")


def _integrity(db: sqlite3.Connection) -> Check:
    found = connection.sound(db)
    return Check("integrity", found == "ok", "SQLite finds no damage" if found == "ok" else f"{found}; {RESTORE}")


def _digests(db: sqlite3.Connection) -> Check:
    broken = rebuilding.broken_digests(db)
    count = db.execute("SELECT count(*) FROM operation").fetchone()[0]
    if not broken:
        return Check("digests", True, f"{count:,} operations of the journal as they were written")
    return Check("digests", False, f"{len(broken)} operations were altered ({_some(broken)}); {RESTORE}")


def _references(db: sqlite3.Connection) -> Check:
    dangling = db.execute("PRAGMA foreign_key_check").fetchall()
    if not dangling:
        return Check("references", True, "every row that is referred to is there")
    where = ", ".join(sorted({row[0] for row in dangling}))
    return Check("references", False, f"{len(dangling)} rows refer to nothing ({where}); {REPAIR}")


def _search(db: sqlite3.Connection) -> Check:
    try:
        db.execute("INSERT INTO lead_search(lead_search, rank) VALUES ('integrity-check', 1)")
    except sqlite3.DatabaseError:
        return Check("search", False, f"the search index does not fit the leads; {REPAIR}")
    return Check("search", True, "the search index fits the leads")


def _next_steps(db: sqlite3.Connection) -> Check:
    states = ",".join(f"'{state}'" for state in sorted(OPEN_STATES))
    sql = f"""SELECT id FROM lead WHERE state IN ({states}) AND alias_of IS NULL
      AND (next_kind IS NULL OR due_at IS NULL OR owner_id IS NULL)"""
    lost = [row[0] for row in db.execute(sql)]
    if not lost:
        return Check("next-steps", True, "every open lead has a next step and an owner")
    told = f"{len(lost)} open leads lack a next step or an owner ({_some(lost)}); {REPAIR}"
    return Check("next-steps", False, told)


def _scores(db: sqlite3.Connection) -> Check:
    if judging.behind(db) is not None:
        return Check("scores", True, "leads are being judged under the new rubric; the open desk goes on with it")
    wrong = judging.wrong(db) if judging.in_force(db) else []
    if not wrong:
        return Check("scores", True, "every open lead has the points that the rubric gives it")
    return Check(
        "scores", False, f"{len(wrong)} open leads have other points than the rubric gives ({_some(wrong)}); {REPAIR}"
    )


def _tallies(db: sqlite3.Connection) -> Check:
    wrong = tallies.wrong(db)
    if not wrong:
        return Check("tallies", True, "the tallies of sources are what counting gives")
    return Check("tallies", False, f"{wrong} tallies of sources are not what counting gives; {REPAIR}")


# --- folding the journal again ---------------------------------------------------------------------------------


def rebuild(db: sqlite3.Connection) -> tuple[Check, list[Difference]]:
    """Fold the whole journal again and compare, byte for byte."""
    try:
        found = rebuilding.differences(db)
    except (sqlite3.DatabaseError, ValueError, LookupError, TypeError, AttributeError) as fault:
        return Check("rebuild", False, f"the journal cannot be folded ({type(fault).__name__}); {RESTORE}"), []
    if not found:
        return Check("rebuild", True, "folding the journal again gives every row, byte for byte"), []
    told = ", ".join(sorted({one.table for one in found}))
    return Check("rebuild", False, f"{len(found)} rows differ from the journal ({told}); {REPAIR}"), found


def differing(one: Difference) -> tuple[str, ...]:
    """The columns in which the row and the journal disagree; all of them where one has no row."""
    names = tuple(tables.columns(one.table))
    if one.state is None or one.journal is None:
        return names
    told = zip(names, one.state, one.journal, strict=True)
    return tuple(name for name, state, journal in told if state != journal)


def repair(db: sqlite3.Connection) -> int:
    """Put the journal's rows back, and the search index; how many rows. `Corrupt` when the journal is damaged."""
    if rebuilding.broken_digests(db):
        raise Corrupt("journal", "the journal itself was altered, so nothing can be repaired from it", RESTORE)
    found = rebuilding.differences(db)
    rebuilding.repair(db, found)
    return len(found)


def _some(ids: list[int]) -> str:
    return ", ".join(map(str, ids[:NAMED])) + (" …" if len(ids) > NAMED else "")
