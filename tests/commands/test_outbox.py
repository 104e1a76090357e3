"""`sdr outbox`, `sdr letters`, `sdr calendar`: one document each, files once, and what stays behind is said."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from sdr.models.terms import ms
from tests.commands.conftest import Sdr
from tests.desks import MONDAY, Desk, begin, open_store
from tests.outboxes import waits

FILE = {"path", "messages", "sha256", "state"}


@pytest.fixture
def waiting(filling: Callable[[], Desk]) -> dict[str, int]:
    """A desk on which a message of each kind waits."""
    desk = filling()
    lead = desk.new_lead()
    found = {channel: waits(desk, lead, channel) for channel in ("email", "linkedin", "letter", "postcard")}
    begin(desk.store, "promise", lead_id=lead, kind="callback", due_at=ms(MONDAY), made_at=ms(MONDAY),
          zone="Europe/Madrid")  # fmt: skip
    desk.store.close()
    return found


def blocked(home: Path, channel: str) -> None:
    """Every lead says no to `channel`."""
    store = open_store(home)
    for (lead,) in store.read(lambda db: db.execute("SELECT id FROM lead").fetchall()).result(10):
        begin(store, "suppression", lead_id=lead, channel=channel, scope="person", value="", at=ms(MONDAY))
    store.close()


def test_without_write_the_outbox_is_only_listed(sdr: Sdr, waiting: dict[str, int], home: Path) -> None:
    ran = sdr("outbox", "--json")
    assert (ran.code, ran.json["files"], ran.json["left_out"]) == (0, [], [])
    listed = {one["channel"]: one for one in ran.json["waiting"]}
    assert {channel: one["message"] for channel, one in listed.items()} == {k: str(v) for k, v in waiting.items()}
    assert listed["email"].keys() == {
        "message", "lead", "name", "channel", "address", "subject", "made_at", "not_before", "leaves", "held",
    }  # fmt: skip
    assert not (home / "exports").exists()
    assert "Why I called" in sdr("outbox").out


def test_drafts_are_written_once_and_a_second_run_writes_nothing(sdr: Sdr, waiting: dict[str, int], home: Path) -> None:
    first = sdr("outbox", "--write", "--json")
    [file] = first.json["files"]
    assert file.keys() == FILE
    path = Path(file["path"])
    assert path == home / "exports" / "outbox" / f"mail-{waiting['email']}.eml"
    assert hashlib.sha256(path.read_bytes()).hexdigest() == file["sha256"]
    assert (first.code, first.json["written"], len(first.json["waiting"])) == (0, 1, 3)
    again = sdr("outbox", "--write", "--json")
    assert (again.code, again.json["files"], again.json["written"]) == (0, [], 0)


def test_a_folder_of_ones_own(sdr: Sdr, waiting: dict[str, int], tmp_path: Path) -> None:
    ran = sdr("outbox", "--to", str(tmp_path / "drafts"), "--json")
    assert Path(ran.json["files"][0]["path"]).parent == tmp_path / "drafts"
    (tmp_path / "file").write_text("in the way")
    failed = sdr("letters", "--batch", "--to", str(tmp_path / "file"), "--json")
    assert (failed.code, failed.json["error"]["code"]) == (3, "outbox.failed")


def test_what_is_blocked_stays_behind_and_is_said(sdr: Sdr, waiting: dict[str, int], home: Path) -> None:
    blocked(home, "email")
    listed = sdr("outbox", "--json").json["waiting"]
    assert [one["leaves"] for one in listed if one["channel"] == "email"] == [False]
    ran = sdr("outbox", "--write", "--json")
    assert (ran.code, ran.json["files"]) == (1, [])
    [stays] = ran.json["left_out"]
    assert stays.keys() == {"message", "lead", "name", "reason"}
    assert stays["message"] == str(waiting["email"])
    assert f"lead {stays['lead']} stays behind: email blocked" in ran.err


def test_letters_are_listed_and_a_batch_prints_both_kinds(sdr: Sdr, waiting: dict[str, int], home: Path) -> None:
    listed = sdr("letters", "--json").json
    assert ({one["channel"] for one in listed["waiting"]}, listed["files"]) == ({"letter", "postcard"}, [])
    ran = sdr("letters", "--batch", "--json")
    names = [Path(one["path"]).name for one in ran.json["files"]]
    stems = [f"2026-03-02-{kind}-1" for kind in ("letter", "postcard")]
    assert names == [f"{stem}{end}" for stem in stems for end in ("-merge.csv", "-labels.pdf", ".pdf")]
    assert (ran.code, ran.json["written"], ran.json["waiting"]) == (0, 2, [])
    assert sdr("letters", "--batch", "--json").json["files"] == []


def test_letters_of_one_kind(sdr: Sdr, waiting: dict[str, int]) -> None:
    ran = sdr("letters", "--batch", "--channel", "postcard", "--json")
    assert all("postcard" in one["path"] for one in ran.json["files"])
    assert [one["channel"] for one in sdr("letters", "--json").json["waiting"]] == ["letter"]
    assert sdr("letters", "--channel", "email").code == 2


def test_the_calendar_is_one_file_and_a_second_run_changes_nothing(
    sdr: Sdr, waiting: dict[str, int], home: Path, tmp_path: Path
) -> None:
    ran = sdr("calendar", "--json")
    [file] = ran.json["files"]
    assert file.keys() == {"path", "events", "sha256", "state"}
    assert (Path(file["path"]), file["events"], file["state"]) == (home / "exports" / "calendar.ics", 1, "new")
    assert sdr("calendar", "--json").json["files"][0]["state"] == "unchanged"
    own = sdr("calendar", "--to", str(tmp_path / "mine.ics"), "--json").json["files"][0]
    assert Path(own["path"]) == tmp_path / "mine.ics"


@pytest.mark.parametrize("name", ["my calendar.ics", "calendar.txt", "con.ics", "Ana.ics"])
def test_a_name_that_no_calendar_file_has_is_refused(sdr: Sdr, home: Path, tmp_path: Path, name: str) -> None:
    ran = sdr("calendar", "--to", str(tmp_path / name), "--json")
    assert (ran.code, ran.json["error"]["code"]) == (2, "calendar.name")


def test_an_empty_desk_has_nothing_to_write(sdr: Sdr, home: Path) -> None:
    assert sdr("outbox").out == "nothing waits\n"
    assert sdr("outbox", "--write", "--json").json["files"] == []
    assert sdr("letters", "--batch", "--json").json["written"] == 0


@pytest.mark.parametrize(
    ("config", "code"),
    [
        ('[mail]\npostal_address = "Calle Mayor 1\\n28013 Madrid"\nunsubscribe = "https://rep.example/stop?m={id}"', 0),
        ('[letters]\nsender = ["Ana", "Madrid"]\npaper = "letter"\nlabels = 5160\npostcards = 2', 0),
        ('[rep]\nhour_cost = 45.50\nphone = "+34600000000"\nbusy = ["/tmp/none.ics"]', 0),
        ('[mail]\nunsubscribe = "stop here"', 2),
        ("[mail]\npostal_address = 5", 2),
        ("[letters]\npostcards = 3", 2),
        ('[letters]\npaper = "a5"', 2),
        ("[letters]\nsender = [1]", 2),
        ("[rep]\nhour_cost = -1", 2),
        ("[rep]\nhour_cost = nan", 2),
        ("[rep]\nhour_cost = true", 2),
        ("[rep]\nphone = 34", 2),
    ],
)
def test_the_config_is_read_and_a_mistake_names_its_key(
    sdr: Sdr, waiting: dict[str, int], home: Path, config: str, code: int
) -> None:
    (home / "config.toml").write_text(config)
    ran = sdr("letters", "--batch", "--json")
    assert ran.code == code, ran.err
    if code:
        assert "config.toml: [" in json.dumps(ran.json)


def test_a_promise_that_meets_the_reps_own_calendar_is_said(sdr: Sdr, waiting: dict[str, int], home: Path) -> None:
    (home / "own.ics").write_text(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1@x\r\nSUMMARY:Dentist\r\n"
        "DTSTART:20260302T085500Z\r\nDTEND:20260302T093000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
        newline="",
    )
    assert sdr("calendar", "--json").json["collisions"] == []
    (home / "config.toml").write_text(f'[rep]\nbusy = ["{home / "own.ics"}"]\n')
    [met] = sdr("calendar", "--json").json["collisions"]
    assert (met["at"], met["busy"]) == ("2026-03-02T10:00:00+01:00", "Dentist 09:55-10:30")
    assert "Ana Ruiz 10:00: you have Dentist 09:55-10:30" in sdr("calendar").out
    (home / "own.ics").unlink()
    assert "the calendar “own.ics” cannot be read" in sdr("calendar").err
