"""What was agreed: the rep, the rubric and the drip in force, message texts. Texts are parsed once and kept."""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from sdr.rules.cadence import Cadence, parse_cadence
from sdr.rules.calling import Outcomes, parse_outcomes
from sdr.rules.cards import Card, parse_cards
from sdr.rules.reasons import Reasons, parse_reasons
from sdr.rules.rubric import Rubric, parse_rubric
from sdr.store import rows
from sdr.store.queries.reading import every, number, one
from sdr.store.queries.reps import is_set_up as is_set_up
from sdr.store.queries.reps import rep as rep
from sdr.store.queries.reps import reps as reps
from sdr.store.session import Reader


class Book(NamedTuple):
    """The playbook as one value, for those who cannot wait for a read: who works here and what is in force."""

    rep: rows.Rep
    reps: tuple[rows.Rep, ...]
    rubric_row: rows.Rubric
    rubric: Rubric
    cadences: tuple[rows.Cadence, ...]


def book(db: Reader) -> Book:
    """The playbook in force."""
    row = rubric_row(db)
    return Book(rep(db), reps(db), row, parsed_rubric(row.text), cadences(db))


def rubric_row(db: Reader, rubric_id: int | None = None) -> rows.Rubric:
    """The rubric in force, or the version `rubric_id`."""
    sql = (
        "SELECT * FROM rubric WHERE current=1 ORDER BY id DESC LIMIT 1"
        if rubric_id is None
        else ("SELECT * FROM rubric WHERE id=?")
    )
    found = one(db, rows.Rubric, sql, () if rubric_id is None else (rubric_id,))
    if found is None:
        raise LookupError("no rubric is loaded")
    return found


def newest_rubric(db: Reader) -> int:
    """The number of the newest version that was ever loaded."""
    return number(db, "SELECT max(version) FROM rubric")


def rubric(db: Reader) -> tuple[int, Rubric]:
    """The rubric in force with its id."""
    row = rubric_row(db)
    return row.id, parsed_rubric(row.text)


def cadence(db: Reader, cadence_id: int | None = None) -> tuple[int, Cadence]:
    """The drip a lead gets unless somebody chooses (or version `cadence_id`), with its id.

    Unless chosen it is the one whose name was loaded first: on a new desk the standard drip, whatever its version.
    """
    if cadence_id is None:
        row = next(iter(cadences(db)), None)
    else:
        row = one(db, rows.Cadence, "SELECT * FROM cadence WHERE id=?", (cadence_id,))
    if row is None:
        raise LookupError("no drip is loaded")
    return row.id, cadence_of(row.text, row.version)


def cadences(db: Reader) -> tuple[rows.Cadence, ...]:
    """The drips in force, in the order of their digits: as their names came, so that a new version keeps its digit."""
    sql = """SELECT * FROM cadence WHERE current=1 ORDER BY
      (SELECT min(older.loaded_at) FROM cadence AS older WHERE older.name=cadence.name),
      (SELECT min(older.id) FROM cadence AS older WHERE older.name=cadence.name) LIMIT 9"""
    return every(db, rows.Cadence, sql)


def template(db: Reader, key: str) -> rows.Template | None:
    """The message text in force under `key`."""
    return one(db, rows.Template, "SELECT * FROM template WHERE key=? AND current=1 ORDER BY version DESC", (key,))


@lru_cache(maxsize=16)
def parsed_rubric(text: str) -> Rubric:
    """The rubric that `text` holds."""
    return parse_rubric(text)


@lru_cache(maxsize=64)
def parsed_cadence(text: str) -> Cadence:
    """The drip that `text` holds."""
    return parse_cadence(text)


@lru_cache(maxsize=64)
def cadence_of(text: str, version: int) -> Cadence:
    """The drip that `text` holds, as the `version` it was given when it was loaded."""
    return parsed_cadence(text)._replace(version=version)


def packaged(name: str) -> str:
    """The playbook text of this name that the desk ships with."""
    return (Path(__file__).parents[2] / "playbook" / name).read_text(encoding="utf-8")


@cache
def reasons() -> Reasons:
    """Why leads are rejected, disqualified and returned, by digit."""
    return parse_reasons(packaged("reasons.toml"))


@cache
def outcomes() -> Outcomes:
    """How calls and replies end, by digit."""
    return parse_outcomes(packaged("outcomes.toml"))


@cache
def objections() -> tuple[Card, ...]:
    """The objection cards."""
    return parse_cards(packaged("objections.toml"))
