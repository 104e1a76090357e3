"""The day as files: safe, whole, the same at any hour; a second export writes nothing, a change writes that change."""

from __future__ import annotations

import csv
import json
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdr.desk.handing_off import answer_handoff, outcome
from sdr.desk.triage import note, reject
from sdr.exchange import day_export
from sdr.exchange.crm_columns import Profile
from sdr.exchange.day_export import Exported, export_day
from sdr.exchange.day_rows import row_digest
from sdr.exchange.digest import GONE, anonymous
from sdr.exchange.folders import FileState
from sdr.models.terms import ms
from sdr.store import rebuilding
from sdr.store.queries import day as days
from sdr.store.queries import hearing
from tests.desks import MONDAY, Desk, begin
from tests.handovers import executive, offered, qualified

TODAY = date(2026, 3, 2)
MEETING = MONDAY + timedelta(days=3)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "exports"


def export(desk: Desk, out: Path, day: date = TODAY, profile: Profile = Profile.SHEET, **more: bool) -> Exported:
    return export_day(desk.store, out, day, profile, desk.clock.now, **more)


def worked(desk: Desk, lead: int, at: int = ms(MONDAY), outcome: str = "no-answer") -> int:
    touch = begin(desk.store, "touch", lead_id=lead, channel="call", at=at, outcome=outcome)
    begin(desk.store, "call", touch_id=touch, lead_id=lead, outcome=outcome, contact="attempt", at=at, seconds=20)
    return touch


def names(out: Path, day: date = TODAY) -> set[str]:
    return {path.name for path in (out / day.isoformat()).iterdir()}


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def a_day(desk: Desk) -> int:
    executive(desk, email="kim@us.example")
    lead = qualified(desk, external_id="CRM-7")
    worked(desk, lead)
    return offered(desk, lead, meeting_at=MEETING).id


def test_the_day_is_in_its_folder_and_counted(desk: Desk, out: Path) -> None:
    handoff = a_day(desk)
    done = export(desk, out)
    assert names(out) == {
        "handoffs-2026-03-02-sheet.csv", "handoffs-2026-03-02-sheet.xlsx", "activity-2026-03-02-sheet.csv",
        "activity-2026-03-02-sheet.xlsx", f"brief-{handoff}.md", "digest-2026-03-02.md", "calendar-2026-03-02.ics",
        "summary.txt",
    }  # fmt: skip
    assert (done.new, done.changed, done.unchanged) == (2, 0, 0)
    [row] = rows(done.folder / "handoffs-2026-03-02-sheet.csv")
    assert (row["Name"], row["Account executive"], row["External ID"]) == ("Ana Ruiz", "Kim Ode", "CRM-7")
    assert (row["Phone"], row["Offered"]) == ("'+34600000001", "2026-03-02T10:00:00+01:00")
    [call] = rows(done.folder / "activity-2026-03-02-sheet.csv")
    assert (call["Channel"], call["Outcome"], call["Seconds"]) == ("call", "no-answer", "20")
    assert "Ana Ruiz" in (done.folder / f"brief-{handoff}.md").read_text("utf-8")
    assert desk.store.exclusively(rebuilding.differences).result(10) == []


def test_a_day_of_many_pages_goes_out_whole_in_order_of_time(
    desk: Desk, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(day_export, "SIZE", 3)
    monkeypatch.setattr(day_export, "ASIDE", 100)
    lead = desk.new_lead(company="=cmd()")
    touches = [worked(desk, lead, at=ms(MONDAY) + number) for number in range(10)]
    done = export(desk, out)
    found = rows(done.folder / "activity-2026-03-02-sheet.csv")
    assert [int(row["ID"]) for row in found] == touches
    assert {row["Company"] for row in found} == {"'=cmd()"}
    assert (done.new, export(desk, out).unchanged) == (10, 10)


@given(st.dictionaries(st.text(max_size=5), st.text(max_size=20), max_size=6))
def test_a_row_is_known_by_its_json_whatever_the_order_of_its_words(words: dict[str, str]) -> None:
    text = json.dumps(words, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    digest = sha256(text.encode("utf-8", "replace")).hexdigest()[:32]
    assert row_digest(words).hex() == row_digest(dict(reversed(words.items()))).hex() == digest


def test_a_second_export_an_hour_later_writes_nothing_new(desk: Desk, out: Path) -> None:
    a_day(desk)
    desk.new_lead(name="Late", respond_by=ms(MONDAY) + 60_000)
    first = export(desk, out)
    desk.clock.pass_(hours=1)
    second = export(desk, out)
    assert (second.new, second.changed, second.unchanged) == (0, 0, 2)
    assert {file.state for file in second.files} == {FileState.UNCHANGED}
    assert [file.sha256 for file in second.files] == [file.sha256 for file in first.files]


def test_only_what_changed_counts_as_changed(desk: Desk, out: Path) -> None:
    handoff = a_day(desk)
    export(desk, out)
    desk.clock.pass_(minutes=5)
    desk.act(answer_handoff, handoff, "accept")
    worked(desk, desk.new_lead(name="B B"), ms(desk.clock.now))
    done = export(desk, out)
    assert (done.new, done.changed, done.unchanged) == (1, 1, 1)
    assert (export(desk, out).new, export(desk, out).changed) == (0, 0)


def test_a_change_of_another_day_goes_out_with_that_day_and_yesterday_stays(desk: Desk, out: Path) -> None:
    handoff = a_day(desk)
    export(desk, out)
    desk.clock.pass_(days=1)
    assert export(desk, out, TODAY + timedelta(days=1)).new == 0
    desk.act(outcome, handoff, "met")
    done = export(desk, out, TODAY + timedelta(days=1))
    assert (done.new, done.changed, done.unchanged) == (0, 1, 0)
    assert len(rows(done.folder / "handoffs-2026-03-03-sheet.csv")) == 1
    assert len(rows(done.folder / "activity-2026-03-03-sheet.csv")) == 0


def test_a_day_nobody_exported_goes_out_late_and_only_once(desk: Desk, out: Path) -> None:
    handoff = a_day(desk)
    desk.clock.pass_(days=1)
    tomorrow = TODAY + timedelta(days=1)
    done = export(desk, out, tomorrow)
    assert done.new == 2
    assert len(rows(done.folder / "activity-2026-03-03-sheet.csv")) == 1
    again = export(desk, out, tomorrow)
    assert (again.new, again.unchanged) == (0, 2)
    desk.act(outcome, handoff, "met")  # news of today has no place among the files of yesterday
    old = export(desk, out, TODAY)
    assert (old.new, old.changed, old.unchanged) == (0, 0, 0)


def test_what_is_older_than_a_week_goes_out_when_everything_is_asked_for(desk: Desk, out: Path) -> None:
    lead = desk.new_lead()
    worked(desk, lead, ms(MONDAY - timedelta(days=30)))
    assert export(desk, out).new == 0
    assert export(desk, out, everything=True).new == 1
    assert export(desk, out).unchanged == 1


def test_a_row_that_would_run_in_a_crm_is_left_out_reported_and_still_owed(desk: Desk, out: Path) -> None:
    executive(desk)
    lead = qualified(desk, last_name="=cmd|' /C calc'!A0")
    offered(desk, lead)
    worked(desk, qualified(desk, name="B B", email="b@b.example"))
    done = export(desk, out, profile=Profile.SALESFORCE)
    assert [(one.row, one.column) for one in done.refused] == [(0, "Last Name")]
    assert done.refused[0].whose == "Ana =cmd|' /C calc'!A0"
    assert len(done.delivered) == 1
    desk.clock.pass_(hours=1)
    start, end = ms(MONDAY) - 10 * 3_600_000, ms(MONDAY) + 14 * 3_600_000
    assert desk.store.read(days.summary, start, end, end).result(10).unsynced.ids == ()
    worked(desk, desk.new_lead(name="C C"), ms(desk.clock.now))
    desk.clock.pass_(minutes=1)
    export(desk, out, profile=Profile.SALESFORCE)
    assert desk.store.read(days.summary, start, end, end).result(10).unsynced.ids == (lead,)


HOSTILE = [
    "=1+1",
    "+1",
    "@x",
    "../../etc/passwd",
    "CON",
    "a\x00b\x1b[31m",
    "x\n# y",
    "[x](http://e.example)",
    "\u202egpj",
]


@pytest.mark.parametrize("profile", Profile)
def test_hostile_names_reach_no_file_name_and_start_no_cell(desk: Desk, out: Path, profile: Profile) -> None:
    executive(desk)
    for number, hostile in enumerate(HOSTILE):
        offered(desk, qualified(desk, name=hostile, company=hostile, email=f"n{number}@e.example"))
    done = export(desk, out, profile=profile)
    assert {path.parent for path in out.rglob("*.*")} == {done.folder}
    for path in done.folder.glob("*.csv"):
        with path.open(encoding="utf-8-sig", newline="") as file:
            cells = [cell for row in csv.reader(file) for cell in row]
        assert [cell for cell in cells if cell[:1] and cell[0] in "=@-\t\r"] == []
    for path in (*done.folder.glob("*.md"), *done.folder.glob("*.ics")):
        assert "\x1b" not in path.read_text("utf-8")


def test_json_holds_the_fields_by_name(desk: Desk, out: Path) -> None:
    a_day(desk)
    done = export(desk, out, profile=Profile.JSON)
    [row] = json.loads((done.folder / "handoffs-2026-03-02-json.json").read_text("utf-8"))
    assert (row["name"], row["email"], row["ae"], row["do_not_call"]) == (
        "Ana Ruiz",
        "ana@acme.example",
        "Kim Ode",
        "no",
    )
    assert not list(done.folder.glob("*.csv"))


def test_every_program_gets_the_columns_it_needs(desk: Desk, out: Path) -> None:
    a_day(desk)
    for profile in (Profile.SALESFORCE, Profile.HUBSPOT, Profile.PIPEDRIVE):
        done = export(desk, out, profile=profile)
        [row] = rows(done.folder / f"handoffs-2026-03-02-{profile}.csv")
        assert "Ana" in " ".join(row.values())
        assert done.new == (2 if profile is Profile.SALESFORCE else 0)


def test_the_calendar_holds_the_promises_under_names_that_stay(desk: Desk, out: Path) -> None:
    handoff = a_day(desk)
    done = export(desk, out)
    text = (done.folder / "calendar-2026-03-02.ics").read_bytes()
    promise = desk.store.read(lambda db: db.execute("SELECT id FROM promise").fetchone()[0]).result(10)
    assert f"UID:promise-{promise}@desk".encode() in text
    assert b"DTSTART:20260305T090000Z" in text
    assert b"SEQUENCE:0" in text
    assert b"mailto:kim@us.example" in text
    desk.act(outcome, handoff, "no-show")
    again = (export(desk, out).folder / "calendar-2026-03-02.ics").read_bytes()
    assert b"SEQUENCE:1" in again
    assert b"STATUS:CANCELLED" in again


def test_the_digest_says_what_came_of_a_source_and_names_nobody(desk: Desk, out: Path) -> None:
    source = desk.source(name="Hannover *show*", owner="M. Iri")
    desk.act(reject, desk.new_lead(source_id=source, name="X Y"), "duplicate")
    desk.act(reject, desk.new_lead(source_id=source, name="Z Y"), "duplicate")
    lead = desk.new_lead(source_id=source)
    for words in ("Ana here: leaks at three Acme Pumps sites, call +34 600 000 001", "mail ana@acme.example", "3", "4"):
        desk.act(note, lead, words, said=True)
        desk.clock.pass_(minutes=1)
    text = (export(desk, out).folder / "digest-2026-03-02.md").read_text("utf-8")
    assert "## Hannover \\*show\\* \\(for M. Iri\\)" in text
    assert "3 arrived, 0 worked, 0 qualified, 2 rejected" in text
    assert "2: we were already working this person" in text
    assert text.count("they said") == 3
    for secret in ("Ana", "Acme", "acme", "600", "Ruiz"):
        assert secret not in text


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("Ana Ruiz of ACME said yes", f"{GONE} of {GONE} said yes"),
        ("write to x.y@z.example or https://z.example/a", f"write to {GONE} or {GONE}"),
        ("call me on +34 (600) 000-001 at 3", f"call me on {GONE} at 3"),
        ("anatomy is fine", "anatomy is fine"),
        ("陳力さんは良い", f"{GONE}さんは良い"),
        ("a" * 500, "a" * 199 + "…"),
    ],
)
def test_a_quote_names_nobody(said: str, left: str) -> None:
    assert anonymous(hearing.Quote(said, ("Ana Ruiz", "Acme", "陳力", "ana@acme.example"))) == left


def test_the_summary_is_five_lines_without_a_lead(desk: Desk, out: Path) -> None:
    a_day(desk)
    text = (export(desk, out).folder / "summary.txt").read_text("utf-8")
    assert text.splitlines() == [
        "2026-03-02 · Ana",
        "1 call · 0 talks · 0 mails · 0 letters",
        "1 qualified · 1 handed off",
        "nobody was spoken to",
        "open at the day's end: 0 untouched past their clock · 0 promises · 1 handoff unanswered",
    ]
