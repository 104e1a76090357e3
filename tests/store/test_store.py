"""The store on a real file: what is acknowledged stays, what is undone is as before, and the journal is the truth."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest

from sdr.models.terms import Refused, ms
from sdr.store import connection, journal, rebuilding
from sdr.store.changes import Applied, Change, Edit
from sdr.store.faults import Unusable
from sdr.store.replica import side_file
from tests.desks import MONDAY, Clock, a_lead, a_rep, applied, begin, dump, open_store, write


@pytest.fixture
def store(tmp_path: Path):
    opened = open_store(tmp_path)
    yield opened
    opened.close()


def test_every_pragma_of_the_recipe_is_read_back(store) -> None:
    found = store.exclusively(connection.recipe).result(5)
    assert found == {"journal_mode": "wal", **connection.PRAGMAS}
    read = store.read(lambda db: db.execute("PRAGMA synchronous").fetchone()[0]).result(5)
    assert read == 2


def test_a_reader_cannot_write(store) -> None:
    with pytest.raises(sqlite3.OperationalError):
        store.read(lambda db: db.execute("DELETE FROM step")).result(5)


def test_an_open_lead_without_next_step_or_owner_is_not_written(store) -> None:
    owner = a_rep(store)
    before = dump(store)
    for hole in ({"next_kind": None}, {"due_at": None}, {"owner_id": None}, {"queue_band": None}):
        with pytest.raises(sqlite3.IntegrityError):
            a_lead(store, owner, **hole)
    assert dump(store) == before


@pytest.mark.parametrize(
    "fields", [{"city": 7}, {"score": "12"}, {"name": None}, {"score": None}, {"tags": ["a"]}, {"employees": 2.5}]
)
def test_a_value_of_another_kind_than_its_column_holds_is_not_written(store, fields: dict[str, object]) -> None:
    lead = a_lead(store, a_rep(store), city="Madrid", score=11)
    before = dump(store)
    with pytest.raises(ValueError, match=rf"^lead\.{next(iter(fields))} cannot hold a value of the type"):
        write(store, Edit.set("lead", lead, **fields))
    assert dump(store) == before


def test_what_was_written_is_there_after_a_restart(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    lead = a_lead(store, a_rep(store), name="Ruiz, Ana")
    before = dump(store)
    store.close()
    again = open_store(tmp_path)
    assert dump(again) == before
    assert again.read(lambda db: db.execute("SELECT name FROM lead WHERE id=?", (lead,)).fetchone()).result(5) == (
        "Ruiz, Ana",
    )
    again.close()


def test_undo_and_redo_over_a_restart_bring_back_every_value(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    owner = a_rep(store)
    states = [dump(store)]
    lead = a_lead(store, owner)
    states.append(dump(store))
    write(store, Edit.set("lead", lead, name="Ada O.", **{"tag:show": True}), Edit.set("rep", owner, name="Bo"))
    states.append(dump(store))
    write(store, Edit.new("event", 1 << 60, lead_id=lead, kind="note", at=1, text="leaks"))
    states.append(dump(store))
    write(store, Edit.drop("event", 1 << 60), Edit.set("lead", lead, **{"tag:show": False, "tag:hot": True}))
    states.append(dump(store))
    store.close()
    store = open_store(tmp_path)
    for state in reversed(states[:-1]):
        applied(store.undo().result(5))
        assert dump(store) == state
    for state in states[1:]:
        applied(store.redo().result(5))
        assert dump(store) == state
    assert isinstance(store.redo().result(5), Refused)
    for state in reversed(states[:-1]):
        applied(store.undo().result(5))
        assert dump(store) == state
    assert store.exclusively(rebuilding.differences).result(5) == []
    store.close()


def test_a_new_act_ends_the_chance_to_redo(store) -> None:
    owner = a_rep(store)
    write(store, Edit.set("rep", owner, name="Bo"))
    store.undo().result(5)
    write(store, Edit.set("rep", owner, name="Cy"))
    assert isinstance(store.redo().result(5), Refused)


def test_an_act_on_something_else_ends_the_chance_to_redo_as_well(store) -> None:
    owner = a_rep(store)
    write(store, Edit.set("rep", owner, name="Bo"))
    store.undo().result(5)
    a_lead(store, owner)
    refused = store.redo().result(5)
    assert isinstance(refused, Refused)
    assert refused.rule == "undo.nothing"


def test_what_another_desk_did_is_taken_back_where_this_one_did_nothing(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    store = open_store(tmp_path)
    lead = a_lead(store, a_rep(store))
    store.close()
    shutil.copy(tmp_path / "desk.db", tmp_path / "b")
    store = open_store(tmp_path / "b", first=20)
    applied(store.undo().result(5))
    assert store.read(lambda db: db.execute("SELECT id FROM lead").fetchall()).result(5) == []
    applied(store.redo().result(5))
    assert store.read(lambda db: db.execute("SELECT id FROM lead").fetchone()[0]).result(5) == lead
    store.close()


def test_undo_of_an_older_step_is_refused_when_its_row_changed_since(store) -> None:
    owner = a_rep(store)
    first = write(store, Edit.set("rep", owner, name="Bo"))
    write(store, Edit.set("rep", owner, name="Cy"), summary="renamed to Cy")
    refused = store.undo(first.step).result(5)
    assert isinstance(refused, Refused)
    assert "renamed to Cy" in refused.reason
    applied(store.undo().result(5))
    applied(store.undo(first.step).result(5))


def test_what_left_the_building_is_passed_over_by_undo(store) -> None:
    owner = a_rep(store)
    write(store, Edit.set("rep", owner, name="Bo"), summary="renamed")
    change = Change("export", "exported", ms(MONDAY), (), kind="out")
    applied(store.write(lambda _session: change).result(5))
    assert applied(store.undo().result(5)).summary == "taken back: renamed"


def test_an_act_that_cannot_be_taken_back_says_so(store) -> None:
    change = Change("accepted", "Kim accepted", ms(MONDAY), (), final="the AE has it; ask for a recall")
    applied(store.write(lambda _session: change).result(5))
    refused = store.undo().result(5)
    assert isinstance(refused, Refused)
    assert "ask for a recall" in refused.reason


def test_a_lift_names_its_suppression_and_undo_suppresses_again(store) -> None:
    lead = a_lead(store, a_rep(store))
    sup = begin(store, "suppression", lead_id=lead, channel="call", scope="person", value=str(lead), at=1)
    write(store, Edit.drop("suppression", sup))
    ops = store.exclusively(lambda db: list(journal.operations(db, "WHERE entity_id=?", (sup,)))).result(5)
    assert [op.kind for op in ops] == ["sup", "lift"]
    assert ops[1].body["p"]["sup"] == [ops[0].id]
    assert store.exclusively(rebuilding.differences).result(5) == []
    applied(store.undo().result(5))
    assert len(dump(store)["suppression"]) == 1
    assert store.exclusively(rebuilding.differences).result(5) == []


def test_only_what_differs_becomes_an_operation(store) -> None:
    owner = a_rep(store)
    done = write(store, Edit.set("rep", owner, name="Ana", zone="Europe/Madrid"))
    ops = store.exclusively(lambda db: list(journal.operations(db, "WHERE step=?", (done.step,)))).result(5)
    assert [op.entity for op in ops] == ["step"]


def test_a_set_names_the_heads_it_replaces(store) -> None:
    owner = a_rep(store)
    write(store, Edit.set("rep", owner, name="Bo"))
    write(store, Edit.set("rep", owner, name="Cy"))
    held = store.exclusively(lambda db: journal.heads(db, owner)).result(5)
    assert [value for _, value in held["name"]] == ["Cy"]
    assert [value for _, value in held["zone"]] == ["Europe/Madrid"]


def test_a_refused_verb_leaves_nothing(store) -> None:
    a_rep(store)
    before = dump(store, without=())
    assert store.write(lambda _session: Refused("rule", "no")).result(5) == Refused("rule", "no")
    assert dump(store, without=()) == before


def test_a_verb_that_fails_half_way_leaves_nothing(store) -> None:
    owner = a_rep(store)
    before = dump(store, without=())
    with pytest.raises(LookupError):
        write(store, Edit.set("rep", owner, name="Bo"), Edit.set("rep", 999, name="Cy"))
    assert dump(store, without=()) == before


def test_the_search_index_follows_every_write(store) -> None:
    def found(word: str) -> int:
        sql = "SELECT count(*) FROM lead_search WHERE lead_search MATCH ?"
        return store.read(lambda db: db.execute(sql, (f'"{word}"*',)).fetchone()[0]).result(5)

    lead = a_lead(store, a_rep(store), name="Chloé Dupré")
    assert (found("dupr"), found("chloe")) == (1, 1)
    write(store, Edit.set("lead", lead, name="Zoë Dupré"))
    assert (found("chlo"), found("zoe")) == (0, 1)
    store.undo().result(5)
    assert (found("chlo"), found("zoe")) == (1, 0)
    store.undo().result(5)
    assert found("dupr") == 0


def test_rebuild_finds_and_mends_a_changed_cell(store, tmp_path: Path) -> None:
    lead = a_lead(store, a_rep(store))
    outside = sqlite3.connect(tmp_path / "desk.db")
    outside.execute("UPDATE lead SET title='forged' WHERE id=?", (lead,))
    outside.commit()
    outside.close()
    found = store.exclusively(rebuilding.differences).result(5)
    assert [(one.table, one.entity_id) for one in found] == [("lead", lead)]
    store.exclusively(lambda db: rebuilding.repair(db, found)).result(5)
    assert store.exclusively(rebuilding.differences).result(5) == []


def test_a_flipped_value_in_the_journal_is_found_by_its_digest(store, tmp_path: Path) -> None:
    a_lead(store, a_rep(store))
    assert store.exclusively(rebuilding.broken_digests).result(5) == []
    outside = sqlite3.connect(tmp_path / "desk.db")
    outside.execute("UPDATE operation SET body = replace(body, 'Ada', 'Adb') WHERE entity='lead'")
    outside.commit()
    outside.close()
    assert len(store.exclusively(rebuilding.broken_digests).result(5)) == 1


def test_a_second_desk_on_the_file_sees_and_keeps_both_writes(tmp_path: Path) -> None:
    one, two = open_store(tmp_path), open_store(tmp_path, first=90)
    owner = a_rep(one)
    lead = a_lead(two, owner)
    assert lead in one.elsewhere().result(5)
    assert one.elsewhere().result(5) == frozenset()
    write(one, Edit.set("lead", lead, name="From one"))
    write(two, Edit.set("lead", lead, title="From two"))
    row = one.read(lambda db: db.execute("SELECT name, title FROM lead").fetchone()).result(5)
    assert row == ("From one", "From two")
    ids = one.read(lambda db: db.execute("SELECT count(*), count(DISTINCT id) FROM operation").fetchone()).result(5)
    assert ids[0] == ids[1]
    one.close()
    two.close()


def test_a_copied_file_gets_another_number(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    a_rep(store)
    store.close()
    assert side_file(tmp_path / "desk.db").exists()
    (tmp_path / "copy.db").write_bytes((tmp_path / "desk.db").read_bytes())
    copy = open_store(tmp_path, name="copy.db", first=40)
    assert begin(copy, "source", name="webinar") >> 32 == 40
    copy.close()
    again = open_store(tmp_path)
    assert begin(again, "source", name="webinar") >> 32 == 7
    again.close()


def test_time_never_runs_backwards_in_the_journal(tmp_path: Path) -> None:
    clock = Clock()
    store = open_store(tmp_path, clock)
    owner = a_rep(store)
    clock.pass_(days=-3)
    write(store, Edit.set("rep", owner, name="Bo"))
    times = store.read(
        lambda db: [row[0] for row in db.execute("SELECT DISTINCT at FROM operation ORDER BY id")]
    ).result(5)
    assert times == sorted(times)
    assert len(times) == 2
    store.close()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty-file"),
        (b"not a database at all" * 20, "not-a-desk"),
        (b"SQLite format 3\x00" + bytes(84), "not-a-desk"),
    ],
)
def test_a_file_that_is_not_ours_is_refused_untouched(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "desk.db"
    path.write_bytes(content)
    with pytest.raises(Unusable) as fault:
        open_store(tmp_path)
    assert fault.value.code == code
    assert fault.value.hint
    assert path.read_bytes() == content
    assert [p.name for p in tmp_path.iterdir()] == ["desk.db"]


def test_a_newer_file_is_refused_untouched(tmp_path: Path) -> None:
    open_store(tmp_path).close()
    path = tmp_path / "desk.db"
    outside = sqlite3.connect(path)
    outside.execute("PRAGMA user_version=99")
    outside.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    outside.close()
    content = path.read_bytes()
    with pytest.raises(Unusable, match="newer"):
        open_store(tmp_path)
    assert path.read_bytes() == content


def test_files_are_private(tmp_path: Path) -> None:
    home = tmp_path / "home"
    store = open_store(home)
    a_rep(store)
    modes = {p.name: p.stat().st_mode & 0o777 for p in home.iterdir()}
    assert set(modes.values()) <= {0o600}, modes
    assert home.stat().st_mode & 0o777 == 0o700
    store.close()


def test_many_changes_are_steps_of_their_own_and_later_ones_see_the_earlier(store) -> None:
    owner = a_rep(store)
    lead = a_lead(store, owner)
    before = dump(store)
    seen: list[str] = []

    def story(session):
        for name in ("Bo", "Cy"):
            yield Change("rename", name, ms(MONDAY), (Edit.set("lead", lead, name=name),), lead)
            seen.append(session.execute("SELECT name FROM lead WHERE id=?", (lead,)).fetchone()[0])
            yield Refused("no.way", "not this one")

    done = store.write_many(story).result(5)
    assert [type(one) for one in done] == [Applied, Refused, Applied, Refused]
    assert seen == ["Bo", "Cy"]
    assert done[0].step < done[2].step
    assert applied(store.undo().result(5)).summary == "taken back: Cy"
    assert applied(store.undo().result(5)).summary == "taken back: Bo"
    assert dump(store) == before
    assert store.exclusively(rebuilding.differences).result(5) == []


def test_an_error_among_many_changes_takes_all_of_them_back(store) -> None:
    lead = a_lead(store, a_rep(store))
    before = dump(store, without=())

    def story(_session):
        yield Change("rename", "Bo", ms(MONDAY), (Edit.set("lead", lead, name="Bo"),), lead)
        yield Change("break", "no owner", ms(MONDAY), (Edit.set("lead", lead, owner_id=None),), lead)

    with pytest.raises(sqlite3.IntegrityError):
        store.write_many(story).result(5)
    assert dump(store, without=()) == before


def test_bad_bytes_in_a_text_are_read_as_marks_and_stop_nothing(store, tmp_path: Path) -> None:
    lead = a_lead(store, a_rep(store))
    outside = sqlite3.connect(tmp_path / "desk.db")
    outside.execute("UPDATE lead SET title = CAST(x'6f70ff73' AS TEXT) WHERE id=?", (lead,))
    outside.commit()
    outside.close()
    title = store.read(lambda db: db.execute("SELECT title FROM lead WHERE id=?", (lead,)).fetchone()[0]).result(5)
    assert title == "op\ufffds"
    write(store, Edit.set("lead", lead, name="Still here"))


def test_a_file_that_another_program_keeps_locked_is_said_and_not_waited_for_ever(store, tmp_path: Path) -> None:
    from filelock import FileLock

    owner = a_rep(store)
    store._turn.timeout = 0.1
    with FileLock(tmp_path / "desk.db.lock"), pytest.raises(Unusable) as fault:
        write(store, Edit.set("rep", owner, name="Bo"))
    assert fault.value.code == "locked"
    write(store, Edit.set("rep", owner, name="Cy"))


def test_a_refusal_that_is_to_be_remembered_is_kept_and_is_no_act(store) -> None:
    lead = a_lead(store, a_rep(store))
    no = Refused("consent.call", "call blocked: asked on 1 Mar 2026")

    def verb(session) -> Change:
        edit = Edit.new("event", session.new_id(), lead_id=lead, kind="gate", at=1, text="call blocked")
        return Change("gate", "call blocked", 1, (edit,), lead, kind="out", refused=no)

    before = store.read(lambda db: db.execute("SELECT max(id) FROM step WHERE kind='act'").fetchone()[0]).result(5)
    assert store.write(verb).result(5) == no
    kept = store.read(lambda db: db.execute("SELECT kind, text FROM event").fetchall()).result(5)
    assert kept == [("gate", "call blocked")]
    back = store.undo().result(5)  # of the lead itself, which the event is about
    assert isinstance(back, Refused)
    assert back.rule == "undo.in-use"
    assert (
        store.read(lambda db: db.execute("SELECT max(id) FROM step WHERE kind='act'").fetchone()[0]).result(5) == before
    )
    assert store.read(lambda db: db.execute("SELECT count(*) FROM event").fetchone()[0]).result(5) == 1
