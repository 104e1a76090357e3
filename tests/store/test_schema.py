"""The migrated file, the models and the frozen rows say the same."""

from __future__ import annotations

import dataclasses
import sqlite3
import warnings
from pathlib import Path

import pytest

from sdr.store import migrating, modelled, rows, tables
from tests.desks import open_store


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory):
    folder: Path = tmp_path_factory.mktemp("schema")
    open_store(folder).close()
    connection = sqlite3.connect(folder / "desk.db")
    yield connection
    connection.close()


def _models() -> dict[str, type]:
    return modelled.models()


@pytest.mark.parametrize("table", [*tables.STATE, "operation"])
def test_a_model_has_the_columns_of_its_table(db: sqlite3.Connection, table: str) -> None:
    kinds = {"INTEGER": "INTEGER", "TEXT": "VARCHAR", "REAL": "FLOAT"}
    migrated = [
        (name, kinds[kind], bool(needed) or bool(key))
        for _, name, kind, needed, _, key in db.execute(f"PRAGMA table_info({table})")
    ]
    modelled = [(c.name, str(c.type), not c.nullable) for c in _models()[table].__table__.columns]
    assert modelled == migrated


@pytest.mark.parametrize("table", [*tables.STATE, "operation"])
def test_a_model_has_the_foreign_keys_of_its_table(db: sqlite3.Connection, table: str) -> None:
    migrated = {(row[3], f"{row[2]}.{row[4]}") for row in db.execute(f"PRAGMA foreign_key_list({table})")}
    modelled = {(c.name, key.target_fullname) for c in _models()[table].__table__.columns for key in c.foreign_keys}
    assert modelled == migrated


def test_alembic_finds_no_drift(db: sqlite3.Connection, tmp_path: Path) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext
    from sqlmodel import SQLModel, create_engine

    _models()
    path = tmp_path / "plain.db"
    copy = sqlite3.connect(path)
    db.backup(copy)
    copy.close()
    engine = create_engine(f"sqlite:///{path}")
    with engine.connect() as connection, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        found = compare_metadata(context, SQLModel.metadata)
    engine.dispose()
    # indexes are the migrations' own; search and bookkeeping tables have no model
    tables_and_columns = [
        d for d in found if isinstance(d, tuple) and d[0] in ("add_table", "add_column", "remove_column")
    ]
    assert tables_and_columns == []


def test_frozen_rows_have_the_columns_in_order(db: sqlite3.Connection) -> None:
    seen = 0
    for name, kind in vars(rows).items():
        if isinstance(kind, type) and (names := _names(kind)):
            table = {"AccountExecutive": "ae", "CadenceStep": "cadence_step"}.get(name, name.lower())
            columns = [row[1] for row in db.execute(f"PRAGMA table_info({table})")]
            assert names == columns, name
            seen += 1
    assert seen >= 15


def _names(kind: type) -> list[str]:
    if issubclass(kind, tuple):
        return list(getattr(kind, "_fields", ()))
    return [field.name for field in dataclasses.fields(kind)] if dataclasses.is_dataclass(kind) else []


# Of these there are a handful, or none that an act takes back goes near: looked through when one goes, once.
FEW = {("account", "owner_ae_id"), ("batch", "source_id"), ("answer", "rubric_id"), ("lead", "rubric_id")}


def test_what_an_act_takes_back_is_not_looked_for_in_every_row(db: sqlite3.Connection) -> None:
    """Before a row goes the file looks for those that refer to it: a million leads have five million touches."""
    looked, walked = 0, []
    for table in tables.STATE:
        for _, _, parent, column, *_ in db.execute(f"PRAGMA foreign_key_list({table})"):
            if parent != "rep" and (table, column) not in FEW:
                plan = db.execute(f"EXPLAIN QUERY PLAN SELECT 1 FROM {table} WHERE {column}=?", (1,)).fetchall()
                walked += [(table, column) for step in plan if not step[3].startswith("SEARCH")]
                looked += 1
    assert walked == []
    assert looked > 20


def test_every_table_is_strict(db: sqlite3.Connection) -> None:
    listed = {row[1]: row[5] for row in db.execute("PRAGMA table_list") if row[2] == "table"}
    assert all(listed[table] for table in (*tables.STATE, "operation"))


def test_a_migration_that_fails_leaves_the_file_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    open_store(tmp_path).close()
    before = migrating.newest()
    broken = tmp_path / "9999_broken.py"
    broken.write_text(
        "def up(db):\n    db.execute('CREATE TABLE half (id INTEGER)')\n    raise RuntimeError('planted')\n"
    )
    monkeypatch.setattr(migrating, "shipped", lambda real=migrating.shipped: [*real(), broken])
    with pytest.raises(RuntimeError, match="planted"):
        open_store(tmp_path)
    outside = sqlite3.connect(tmp_path / "desk.db")
    assert outside.execute("PRAGMA user_version").fetchone() == (before,)
    assert outside.execute("SELECT count(*) FROM sqlite_master WHERE name='half'").fetchone() == (0,)
    outside.close()
    assert list(tmp_path.glob("desk-before-9999-*.db"))


def test_neither_a_mark_nor_its_step_makes_a_temporary_table_of_words(db: sqlite3.Connection) -> None:
    closes = "UPDATE lead SET state=?, queue_band=?, next_kind=?, due_at=?, first_touch_at=?, reason=? WHERE id=?"
    begins = "INSERT INTO step (id, kind, verb, summary, at, actor) VALUES (?, ?, ?, ?, ?, ?)"
    for sql in (closes, begins):
        steps = [row[1] for row in db.execute(f"EXPLAIN {sql}", ("x",) * sql.count("?"))]
        assert "OpenEphemeral" not in steps


_STEP = "INSERT INTO step (id, verb, summary, at, actor, kind) VALUES (1, 'v', 's', 0, 'a', '{}')"
_LEAD = """INSERT INTO lead (id, name, zone, zone_from, arrived_at, recorded_at, next_kind, due_at, owner_id,
  queue_band, state) VALUES (1, 'Ana', 'UTC', 'rep', 0, 0, {}, '{}')"""
_HANDOFF = """INSERT INTO handoff (id, lead_id, ae_id, offered_at, respond_by, why_ae, brief, state)
  VALUES (1, 1, 1, 0, 0, 'w', 'b', '{}')"""
_NEXT, _NO_NEXT = "'call', 0, 1, 5", "NULL, NULL, NULL, NULL"


@pytest.mark.parametrize(
    ("sql", "good", "bad"),
    [
        (_STEP, ("act", "out", "undo", "redo"), ("", "acts")),
        (_LEAD.format(_NEXT, "{}"), ("inquiry", "new", "talking", "nurture", "merged"), ("", "newer")),
        (_LEAD.format(_NO_NEXT, "{}"), ("won", "lost", "merged"), ("inquiry", "new", "working", "offered", "nurture")),
        (_HANDOFF, ("offered", "returned", "no-show", "lost"), ("", "new")),
    ],
)
def test_a_word_that_a_column_does_not_know_is_refused(
    db: sqlite3.Connection, sql: str, good: tuple[str, ...], bad: tuple[str, ...]
) -> None:
    for word in good:
        db.execute(sql.format(word))
        db.rollback()
    for word in bad:
        with pytest.raises(sqlite3.IntegrityError, match="CHECK"):
            db.execute(sql.format(word))
        db.rollback()


def test_where_the_text_of_the_schema_is_guarded_the_file_is_as_good() -> None:
    guarded = sqlite3.connect(":memory:", isolation_level=None)
    guarded.set_authorizer(
        lambda action, one, *_more: (
            sqlite3.SQLITE_IGNORE if (action, one) == (sqlite3.SQLITE_PRAGMA, "writable_schema") else sqlite3.SQLITE_OK
        )
    )
    migrating.migrate(guarded)
    guarded.execute(_STEP.format("act"))
    with pytest.raises(sqlite3.IntegrityError, match="CHECK"):
        guarded.execute(_STEP.format("acts").replace("(1,", "(2,"))
    assert " IN (" in guarded.execute("SELECT sql FROM sqlite_master WHERE name='step'").fetchone()[0]
    guarded.close()
