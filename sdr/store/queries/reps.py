"""Who works at this desk."""

from __future__ import annotations

from sdr.store.queries.reading import every, one
from sdr.store.rep import Rep
from sdr.store.session import Reader


def rep(db: Reader) -> Rep:
    """The rep of this desk: the first one recorded."""
    found = one(db, Rep, "SELECT * FROM rep ORDER BY id LIMIT 1")
    if found is None:
        raise LookupError("the desk has no rep yet")
    return found


def by_id(db: Reader, rep_id: int | None) -> Rep | None:
    """The rep of this id; None for nobody, or one that is not known here."""
    return one(db, Rep, "SELECT * FROM rep WHERE id=?", (rep_id,))


def reps(db: Reader) -> tuple[Rep, ...]:
    """Every rep the file knows, by name."""
    return every(db, Rep, "SELECT * FROM rep ORDER BY name")


def is_set_up(db: Reader) -> bool:
    """Whether the first change (rep, rubric, drip) has been written."""
    return db.execute("SELECT 1 FROM rep").fetchone() is not None
