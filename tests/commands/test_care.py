"""`sdr doctor`, `backup`, `restore`: what they find, what they put right, and what they refuse to touch."""

from __future__ import annotations

import os
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from sdr.store import connection, copies, surroundings
from sdr.store.copies import LOGS
from sdr.store.faults import Corrupt
from tests.commands.conftest import Sdr, Stocked
from tests.desks import open_store

CHECKS = {
    "config", "modes", "folder", "space", "backup", "schema", "sqlite", "pragmas", "integrity", "digests",
    "references", "search", "next-steps", "scores", "tallies",
}  # fmt: skip


def by_name(document: dict) -> dict[str, dict]:
    return {check["name"]: check for check in document["checks"]}


def tamper(home: Path, sql: str) -> None:
    """Change the file behind the desk's back."""
    with closing(sqlite3.connect(home / "desk.db", isolation_level=None)) as db:
        db.create_function("folded", 1, lambda text: text, deterministic=True)
        db.execute(sql)


def leads_of(sdr: Sdr) -> list[str]:
    return [one["lead"] for one in sdr("queue", "--json").json]


# --- doctor ----------------------------------------------------------------------------------------------------


def test_a_sound_desk_passes_every_check(sdr: Sdr, stocked: Stocked) -> None:
    ran = sdr("doctor", "--rebuild", "--json")
    assert ran.code == 0, ran.out
    assert all(check.keys() == {"name", "ok", "detail"} for check in ran.json["checks"])
    assert by_name(ran.json).keys() == CHECKS | {"rebuild"}
    assert ran.json["differences"] == []
    assert sdr("doctor", "--json").code == 0


def test_a_new_home_passes_too_even_when_it_was_made_open_to_all(sdr: Sdr, home: Path) -> None:
    home.mkdir()
    home.chmod(0o755)
    assert sdr("doctor").code == 0
    assert stat.S_IMODE(home.stat().st_mode) == 0o700


def test_modes_are_found_and_put_right(sdr: Sdr, stocked: Stocked, home: Path) -> None:
    (home / "desk.db").chmod(0o644)
    home.chmod(0o755)
    ran = sdr("doctor", "--json")
    assert (ran.code, by_name(ran.json)["modes"]["ok"]) == (1, False)
    assert sdr("doctor", "--repair", "--json").code == 0
    assert stat.S_IMODE((home / "desk.db").stat().st_mode) == 0o600
    assert sdr("doctor").code == 0


@pytest.mark.parametrize(
    ("sql", "table", "kind"),
    [
        ("UPDATE lead SET name='Nobody' WHERE city='Madrid'", "lead", "differs"),
        ("UPDATE source SET cost_minor=1", "source", "differs"),
        ("DELETE FROM ae", "ae", "missing"),
        ("INSERT INTO ae (id, name, capacity) VALUES (5, 'Ghost', 1)", "ae", "extra"),
    ],
)
def test_rows_that_are_not_as_the_journal_has_them(
    sdr: Sdr, stocked: Stocked, home: Path, sql: str, table: str, kind: str
) -> None:
    before = sdr("show", stocked.ana, "--json").json
    tamper(home, sql)
    ran = sdr("doctor", "--rebuild", "--json")
    assert ran.code == 1
    assert not by_name(ran.json)["rebuild"]["ok"]
    assert {(one["table"], one["kind"]) for one in ran.json["differences"]} == {(table, kind)}
    assert "Nobody" not in ran.out
    mended = sdr("doctor", "--repair", "--json")
    assert (mended.code, mended.json["repaired"]) == (0, 1)
    assert Path(mended.json["copy"]).exists()
    assert sdr("doctor", "--rebuild").code == 0
    assert sdr("show", stocked.ana, "--json").json == before


def test_a_search_index_that_does_not_fit_is_rebuilt(sdr: Sdr, stocked: Stocked, home: Path) -> None:
    tamper(home, "INSERT INTO lead_search(lead_search, rowid, search_key) VALUES ('delete', 1, 'wrong')")
    tamper(home, "DELETE FROM lead_search_data WHERE id > 10")
    assert not by_name(sdr("doctor", "--json").json)["search"]["ok"]
    assert sdr("doctor", "--repair").code == 0
    assert sdr("show", "Ruiz").code == 0


def test_a_table_with_other_columns_than_its_model_is_told(sdr: Sdr, stocked: Stocked, home: Path) -> None:
    tamper(home, "ALTER TABLE source ADD COLUMN colour TEXT")
    ran = sdr("doctor", "--json")
    schema = by_name(ran.json)["schema"]
    assert (ran.code, schema["ok"]) == (1, False)
    assert "source" in schema["detail"]


def test_an_altered_journal_is_never_repaired_from(sdr: Sdr, stocked: Stocked, home: Path) -> None:
    tamper(home, "UPDATE operation SET body=replace(body, 'Ana Ruiz', 'Eve Ruiz') WHERE entity='lead'")
    tamper(home, "UPDATE lead SET name='Eve Ruiz' WHERE city='Madrid'")
    ran = sdr("doctor", "--repair", "--json")
    assert ran.code == 1
    assert not by_name(ran.json)["digests"]["ok"]
    assert "restore" in by_name(ran.json)["digests"]["detail"]
    tamper(home, "UPDATE lead SET name='Zed' WHERE city='Madrid'")
    ran = sdr("doctor", "--repair", "--json")
    assert (ran.code, by_name(ran.json)["repair"]["ok"]) == (1, False)
    with closing(sqlite3.connect(home / "desk.db")) as db:
        assert db.execute("SELECT count(*) FROM lead WHERE name='Zed'").fetchone()[0] == 1


def test_a_broken_config_is_a_check_that_fails(sdr: Sdr, home: Path) -> None:
    home.mkdir()
    (home / "config.toml").write_text("[rep]\nzone = 'Mars/Base'\n")
    (home / "config.toml").chmod(0o600)
    ran = sdr("doctor", "--json")
    assert (ran.code, by_name(ran.json)["config"]["ok"]) == (1, False)
    assert "Mars/Base" in by_name(ran.json)["config"]["detail"]
    assert sdr("queue").code == 2


def test_a_file_that_cannot_be_opened_is_said_with_the_other_checks(sdr: Sdr, stocked: Stocked, home: Path) -> None:
    (home / "desk.db").write_bytes(b"")
    ran = sdr("doctor", "--json")
    assert (ran.code, ran.json["error"]["code"]) == (3, "empty-file")
    assert not by_name(ran.json)["file"]["ok"]


def test_an_old_copy_is_told(sdr: Sdr, stocked: Stocked, home: Path) -> None:
    (home / "backups").mkdir(mode=0o700)
    (home / "backups" / "desk-20250101-090000.db").touch(mode=0o600)
    found = by_name(sdr("doctor", "--json").json)["backup"]
    assert not found["ok"]
    assert "425 days" in found["detail"]
    sdr("backup")
    assert by_name(sdr("doctor", "--json").json)["backup"]["ok"]


@pytest.mark.parametrize("name", ["Dropbox", "OneDrive - Acme", "Google Drive", "Mobile Documents", "Nextcloud"])
def test_a_folder_that_is_synced_is_warned_of(tmp_path: Path, name: str) -> None:
    (tmp_path / name / "desk").mkdir(parents=True)
    assert not surroundings._folder(tmp_path / name / "desk").ok
    assert surroundings._folder(tmp_path).ok


def test_a_network_drive_is_warned_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(surroundings, "_mounted_as", lambda where: "nfs4")
    assert not surroundings._folder(tmp_path).ok


# --- backup ----------------------------------------------------------------------------------------------------


def test_a_copy_is_one_private_verified_file(sdr: Sdr, stocked: Stocked, home: Path) -> None:
    ran = sdr("backup", "--json")
    made = Path(ran.json["file"])
    assert (ran.code, made.parent, ran.json["leads"], ran.json["verified"]) == (0, home / "backups", 2, True)
    assert made.name == "desk-20260302-090000.db"
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    assert stat.S_IMODE(made.parent.stat().st_mode) == 0o700
    assert sorted(path.name for path in made.parent.iterdir()) == [made.name]
    with closing(sqlite3.connect(made)) as db:
        assert connection.sound(db) == "ok"
        assert db.execute("PRAGMA journal_mode").fetchone()[0] == "delete"
    assert Path(sdr("backup", "--json").json["file"]).name == "desk-20260302-090000-2.db"


def test_a_copy_is_taken_while_the_desk_is_open(sdr: Sdr, stocked: Stocked, home: Path, tmp_path: Path) -> None:
    store = open_store(home)
    try:
        assert sdr("backup", "--to", str(tmp_path / "copy.db")).code == 0
        assert sdr("backup", "--to", str(tmp_path / "copy.db")).code == 0
    finally:
        store.close()
    assert sdr("backup", "--to", str(tmp_path), "--json").json["file"].startswith(str(tmp_path / "desk-"))


def test_a_copy_never_replaces_what_is_no_copy(sdr: Sdr, stocked: Stocked, home: Path, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear")
    for place in (tmp_path / "letter.txt", home / "desk.db", home / "desk.db-wal", home / "desk.db.lock"):
        assert sdr("backup", "--to", str(place)).code == 2
    assert (tmp_path / "letter.txt").read_text() == "dear"
    assert sdr("doctor", "--rebuild").code == 0


def test_a_damaged_desk_gives_no_copy(sdr: Sdr, stocked: Stocked, home: Path, tmp_path: Path) -> None:
    damage(home / "desk.db")
    ran = sdr("backup", "--to", str(tmp_path / "copy.db"), "--json")
    assert ran.code == 3
    assert [path.name for path in tmp_path.iterdir() if path != home] == []


def test_a_copy_that_holds_less_than_the_desk_is_none(sdr: Sdr, stocked: Stocked) -> None:
    with closing(sqlite3.connect(sdr("backup", "--json").json["file"])) as copy:
        held = copies._counts(copy)
        copies._verify(copy, held)
        with pytest.raises(Corrupt):
            copies._verify(copy, held | {"lead": 3})


def damage(path: Path) -> None:
    """Overwrite the middle of a file, page by page."""
    size = path.stat().st_size
    with path.open("r+b") as file:
        for page in range(2 * 4096, size, 4096):
            file.seek(page)
            file.write(os.urandom(2000))


# --- restore ---------------------------------------------------------------------------------------------------


def test_a_copy_is_put_back_and_the_present_file_kept(sdr: Sdr, stocked: Stocked, home: Path) -> None:
    before = leads_of(sdr)
    copy = sdr("backup", "--json").json["file"]
    sdr("accept", stocked.ana)
    later = sdr("history", "--json").json
    ran = sdr("restore", copy, "--json")
    assert ran.code == 0, ran.err
    assert ran.json | {"restored": str(home / "desk.db"), "from": copy, "leads": 2} == ran.json
    assert leads_of(sdr) == before
    assert sdr("show", stocked.ana, "--json").json["state"] == "new"
    assert sdr("doctor", "--rebuild").code == 0
    assert Path(copy).exists()
    kept = Path(ran.json["kept"])
    assert sdr("restore", str(kept)).code == 0
    assert sdr("history", "--json").json == later


def test_acts_after_a_restore_come_from_a_new_desk(sdr: Sdr, stocked: Stocked, home: Path) -> None:
    copy = sdr("backup", "--json").json["file"]
    sdr("note", stocked.ana, "lost")
    lost = int(sdr("history", "--json").json[0]["step"]) >> 32
    sdr("restore", copy)
    assert not (home / "desk.db.replica").exists()
    sdr("note", stocked.ana, "after")
    fresh = int(sdr("history", "--limit", "1", "--json").json[0]["step"]) >> 32
    assert fresh != lost


def test_a_restore_into_an_empty_home(sdr: Sdr, stocked: Stocked, home: Path, tmp_path: Path, monkeypatch) -> None:
    copy = sdr("backup", "--json").json["file"]
    monkeypatch.setenv("SDR_HOME", str(tmp_path / "other"))
    assert sdr("restore", copy, "--json").json["kept"] is None
    assert len(leads_of(sdr)) == 2


def test_a_damaged_desk_is_replaced(sdr: Sdr, stocked: Stocked, home: Path) -> None:
    copy = sdr("backup", "--json").json["file"]
    damage(home / "desk.db")
    assert sdr("queue").code == 3
    ran = sdr("restore", copy, "--json")
    assert ran.code == 0, ran.err
    assert Path(ran.json["kept"]).exists()
    assert len(leads_of(sdr)) == 2
    assert sdr("doctor", "--rebuild").code == 0


def test_a_desk_that_is_open_is_not_replaced(sdr: Sdr, stocked: Stocked, home: Path) -> None:
    copy = sdr("backup", "--json").json["file"]
    held = sqlite3.connect(home / "desk.db")
    held.execute("SELECT count(*) FROM lead").fetchone()
    try:
        ran = sdr("restore", copy, "--json")
    finally:
        held.close()
    assert (ran.code, ran.json["error"]["code"]) == (3, "locked")
    assert not list(home.glob("desk-before-restore*"))
    assert sdr("doctor", "--rebuild").code == 0


@pytest.mark.parametrize(
    ("content", "code"),
    [(None, "restore.missing"), (b"", "empty-file"), (b"hello" * 100, "not-a-desk"), ("damaged", "copy.damaged"),
     ("newer", "newer-schema"), ("foreign", "not-a-desk")],
)  # fmt: skip
def test_what_is_no_sound_copy_is_refused_and_the_desk_left(
    sdr: Sdr, stocked: Stocked, home: Path, tmp_path: Path, content: object, code: str
) -> None:
    path = tmp_path / "copy.db"
    if isinstance(content, bytes):
        path.write_bytes(content)
    elif content is not None:
        sdr("backup", "--to", str(path))
        if content == "damaged":
            damage(path)
        else:
            with closing(sqlite3.connect(path)) as db:
                db.execute("PRAGMA user_version=9999" if content == "newer" else "PRAGMA application_id=7")
    before = (home / "desk.db").read_bytes()
    ran = sdr("restore", str(path), "--json")
    assert ran.code == (2 if content is None else 3)
    assert ran.json["error"]["code"] == code
    assert (home / "desk.db").read_bytes() == before
    assert not [name for name in os.listdir(home) if ".part" in name or "before-restore" in name]


def test_a_copy_with_its_log_is_restored_whole(sdr: Sdr, stocked: Stocked, home: Path, tmp_path: Path) -> None:
    """Somebody copied the file and its log by hand while the desk was open."""
    store = open_store(home)
    from sdr.desk.triage import accept
    from tests.desks import MONDAY, applied

    applied(store.write(accept, int(stocked.ana), MONDAY).result(10))
    for end in ("", *LOGS[:1]):
        (tmp_path / f"copy.db{end}").write_bytes((home / f"desk.db{end}").read_bytes())
    store.close()
    sdr("undo")
    assert sdr("restore", str(tmp_path / "copy.db")).code == 0
    assert sdr("show", stocked.ana, "--json").json["state"] == "working"
