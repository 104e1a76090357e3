"""A file comes in on screen: what its columns become, what came of the rows, one key back."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from sdr.exchange import intake
from sdr.screens import import_words
from sdr.screens.look import marks
from tests.desks import Desk, dump
from tests.screens.desk_app import Driven, driving

HEAD = "Vorname;Nachname;Firma;Telefon;E-Mail;Bemerkung"
ROWS = (
    "Ana;Ruiz;Acme [/EMEA];+44 20 7946 0001;ana@acme.example;leaks",
    "Jo;Groß;Müller GmbH;+44 20 7946 0002;jo@mueller.example;",
    "Nur;Name;;;nur@name.example;",
    ";;Nordkyl;;no address;",
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "fair.csv"
    path.write_text("\n".join((HEAD, *ROWS)) + "\n", encoding="utf-8")
    return path


def names(desk: Desk) -> list[str]:
    return [
        row[0]
        for row in desk.store.read(lambda db: db.execute("SELECT name FROM lead ORDER BY name").fetchall()).result(5)
    ]


async def named(app: Driven, path: Path) -> None:
    """Open the import screen and name the file."""
    await app.press("g", "i")
    await app.paste(str(path))
    await app.press("enter")


async def test_tab_completes_the_path(desk: Desk, file: Path) -> None:
    async with driving(desk) as app:
        await app.press("g", "i")
        await app.type(f"{file.parent}/fa")
        await app.press("tab", "enter")
        assert "fair.csv · UTF-8" in app.text()


REMARKED = """Name,Email,Owner,Employees,Country
Ana Ruiz,ana@acme.example,Kim,many,Atlantis [/]
Bo Lind,bo@lind.example,Kim,few,Spain
"""


async def test_every_remark_on_a_file_is_read_whole(desk: Desk, file: Path) -> None:
    file.write_text(REMARKED, encoding="utf-8")
    async with driving(desk, size=(80, 24)) as app:
        await named(app, file)
        assert "w 3 remarks" in app.text()
        assert app.text().count("none yet: s names it") == 1
        await app.press("w")
        assert "remarks   3" in app.text()
        said = "Who owned a lead is left out: the leads become yours (--history keeps whose they were)."
        assert said not in app.text()
        await app.press("end")
        assert said in " ".join(app.text().split())
        await app.press("escape", "o", "escape")
        assert "w 3 remarks" in app.text()


async def test_a_file_without_remarks_says_so(desk: Desk, file: Path) -> None:
    file.write_text("Name,Email\nAna Ruiz,ana@acme.example\n", encoding="utf-8")
    async with driving(desk) as app:
        await named(app, file)
        assert "remark" not in app.text()
        await app.press("w")
        assert "nothing was noticed in this file" in app.text()


async def test_doubtful_rows_are_worded_as_they_come_to_be_seen(desk: Desk, file: Path) -> None:
    rows = [f"Ana Ruiz{person},{copy}{person}@acme.example,Acme" for copy in "ab" for person in range(75)]
    file.write_text("\n".join(("Name,Email,Company", *rows)) + "\n", encoding="utf-8")
    async with driving(desk) as app:
        await named(app, file)
        await app.press("v")
        assert "doubtful rows   75" in app.text()
        for key, person in (("end", 74), ("home", 0), ("pagedown", 15)):
            await app.press(key)
            assert f"{person + 77}  Ana Ruiz{person} " in app.text()


async def test_a_file_comes_in_with_its_source_and_goes_back_by_one_key(desk: Desk, file: Path) -> None:
    async with driving(desk) as app:
        await named(app, file)
        shown = app.text()
        assert "fair.csv · UTF-8 · ; · header on line 1" in shown
        assert "4 rows   3 new   1 bad   1 inquiry" in shown
        assert "none yet: s names it" in shown
        await app.press("enter")  # without a source Enter asks for it first
        assert names(desk) == []
        await app.type("Spring fair, 105, Kim, 20")
        await app.press("enter")
        assert "Spring fair · $105 a lead · Kim · target 20 %" in app.text()
        await app.press("enter")
        assert names(desk) == ["Ana Ruiz", "Jo Groß", "Nur Name"]
        assert "brought in" in app.text()
        await app.press("u")
        assert names(desk) == []
        assert "brought in" not in app.text()
        assert "U brings it in again" in app.text()
        await app.press("U")
        assert names(desk) == ["Ana Ruiz", "Jo Groß", "Nur Name"]
        assert "u takes the whole file back" in app.text()


async def test_a_column_takes_another_field_or_none(desk: Desk, file: Path) -> None:
    async with driving(desk) as app:
        await named(app, file)
        await app.press("end", "m")
        await app.press(*["backspace"] * 8)
        await app.type("wrong")
        await app.press("enter")
        assert "no such field" in app.text()
        await app.press(*["backspace"] * 8)
        await app.press("enter")
        assert "— left out —" in app.text()


async def test_bad_rows_are_walked_with_their_reasons(desk: Desk, file: Path) -> None:
    async with driving(desk) as app:
        await named(app, file)
        await app.press("x")
        assert "bad rows   1" in app.text()
        assert "Nordkyl" in app.text()
        await app.press("a")
        assert "it cannot come in" in app.text()
        await app.press("escape")
        assert "4 rows" in app.text()


async def test_a_doubtful_row_is_overruled_and_the_word_taken_back(desk: Desk, file: Path) -> None:
    desk.new_lead(name="Ana Ruiz", email=None, phone="+442079460001", company="Acme [/EMEA]")
    async with driving(desk) as app:
        await named(app, file)
        assert "1 maybe double" in app.text()
        await app.press("v")
        assert "same phone · exists, owned by Ana, state new" in app.text()
        await app.press("m")
        assert "same, you say" in app.text()
        await app.press("escape")
        assert "2 new" in app.text()
        await app.press("v", "backspace", "escape")
        assert "3 new" in app.text()


async def test_a_row_that_the_rep_left_out_says_so_among_the_bad_ones(desk: Desk, file: Path) -> None:
    desk.new_lead(name="Ana Ruiz", email=None, phone="+442079460001", company="Acme [/EMEA]")
    async with driving(desk) as app:
        await named(app, file)
        await app.press("v", "r", "escape", "x")
        assert "bad rows   2" in app.text()
        assert "you left it out; Backspace takes that back" in app.text()
        await app.press("backspace", "escape")
        assert "3 new" in app.text()


async def test_files_that_cannot_be_read_are_said(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "empty.csv").write_bytes(b"")
    async with driving(desk) as app:
        await app.press("g", "i")
        await app.paste(str(tmp_path / "nothing.csv"))
        await app.press("enter")
        assert "There is no such file. Mend the path" in app.text()
        await app.press(*["backspace"] * 11)
        await app.paste("x" * 300)  # longer than any name may be
        await app.press("enter")
        assert "cannot be opened. Mend the path" in app.text()
        os.mkfifo(tmp_path / "pipe.csv")
        await app.press("ctrl+u")
        await app.paste(str(tmp_path / "pipe.csv"))
        await app.press("enter")
        assert "a pipe, not a file. Mend the path" in app.text()
        await app.press(*["backspace"] * 8)
        await app.type("empty.csv")
        await app.press("enter")
        assert "empty" in app.text().splitlines()[-1]


async def test_what_a_known_lead_keeps_is_chosen_by_column_and_remembered(desk: Desk, file: Path) -> None:
    desk.new_lead(name="Ana Ruiz", email="ana@acme.example", phone="", company="Old name", title=None)
    async with driving(desk) as app:
        await named(app, file)
        assert "1 update" in app.text()
        await app.press("home", "j", "j", "p", "3")
        assert "company, replaces" in app.text()
        await app.press("s")
        await app.type("Spring fair")
        await app.press("enter", "enter")
        found = desk.store.read(lambda db: db.execute("SELECT company FROM lead WHERE name='Ana Ruiz'").fetchone())
        assert found.result(5) == ("Acme [/EMEA]",)
        await app.press("o", "ctrl+u")
        await app.paste(str(file))
        await app.press("enter")
        assert "company, replaces" in app.text()
        assert "Spring fair" in app.text()


async def test_a_number_is_shown_as_it_will_be_dialled(desk: Desk, file: Path) -> None:
    file.write_text("Name,Email,Phone\nAna,ana@acme.example,600 111 222\n", encoding="utf-8")
    async with driving(desk) as app:
        await named(app, file)
        assert "600 111 222 · +34 600 11 12 22 as ES" in app.text()


async def test_words_for_nothing_are_offered_with_their_count_and_taken_by_one_key(desk: Desk, file: Path) -> None:
    file.write_text(
        "Name,Email,Company\nAna Ruiz,ana@acme.example,N/A\nBo Lind,bo@b.example,Select\n", encoding="utf-8"
    )
    async with driving(desk) as app:
        await named(app, file)
        assert "“n/a”, “select” in 2 cells of the first rows: b makes them blank" in app.text()
        await app.press("b")
        shown = app.text()
        assert "all of them: 2 cells" in shown
        assert "“n/a” 1 cell " in shown
        await app.press("a")
        assert "blank   “n/a”, “select” (b changes it)" in app.text()
        await app.press("b", "1")
        assert "blank   “select” (b changes it)" in app.text()
        await app.press("s")
        await app.type("Fair")
        await app.press("enter", "enter")
        found = desk.store.read(lambda db: db.execute("SELECT company FROM lead ORDER BY name").fetchall()).result(5)
        assert [company or "" for (company,) in found] == ["N/A", ""]


async def test_a_file_without_words_for_nothing_says_so(desk: Desk, file: Path) -> None:
    async with driving(desk) as app:
        await named(app, file)
        await app.press("b")
        assert "no cell of this file" in app.text()


BAD = (
    "Name,Email,Company,Phone\n"
    "Ana Ruiz,ana@acme.example,Acme,\n"
    "Bo Lind,bo(at)lind.example,Lind AB,\n"
    "Cy Young,cy@young.example,Young, Inc.,+442079460003\n"
    ",,Nordkyl,\n"
)


async def brought_in(app: Driven) -> None:
    await app.press("s", *["backspace"] * 30)
    await app.type("Fair")
    await app.press("enter", "enter")


async def test_a_bad_row_is_mended_at_its_guilty_cell_and_comes_in_with_the_others(desk: Desk, file: Path) -> None:
    file.write_text(BAD, encoding="utf-8")
    async with driving(desk) as app:
        await named(app, file)
        assert "3 bad" in app.text()
        await app.press("x")
        assert "Email   bo(at)lind.example   2 of 4" in app.text()
        await app.press("enter", *["backspace"] * 30)
        await app.type("still none")
        await app.press("enter")
        assert "still bad" in app.text()
        await app.press("enter", *["backspace"] * 30)
        await app.type("bo@lind.example")
        await app.press("enter")
        assert "mended: new" in app.text()
        assert "1 mended" in app.text()
        await app.press("escape")
        assert "2 new" in app.text()
        assert "2 bad" in app.text()
        await brought_in(app)
        assert names(desk) == ["Ana Ruiz", "Bo Lind"]
        await app.press("u")
        assert names(desk) == []


async def test_a_mended_row_says_at_once_that_it_is_another_row_of_the_file(desk: Desk, file: Path) -> None:
    file.write_text(BAD, encoding="utf-8")
    async with driving(desk) as app:
        await named(app, file)
        await app.press("x", "enter", *["backspace"] * 30)
        await app.type("ana@acme.example")
        await app.press("enter")
        assert "mended: joins" in app.text()
        assert "the same person as line 2: they come in as one" in app.text()


async def test_a_row_cut_in_two_by_a_comma_is_mended_by_dropping_a_cell(desk: Desk, file: Path) -> None:
    file.write_text(BAD, encoding="utf-8")
    async with driving(desk) as app:
        await named(app, file)
        await app.press("x", "j")
        assert "cell 5, which has no column" in app.text()
        await app.press("left", "left", "enter")  # the company
        await app.type("Young, Inc.")
        await app.press("enter", "right", "d")
        assert "mended: new" in app.text()
        await app.press("escape")
        await brought_in(app)
        company = desk.store.read(lambda db: db.execute("SELECT company FROM lead WHERE name='Cy Young'").fetchone())
        assert company.result(5) == ("Young, Inc.",)


async def test_a_mended_cell_is_as_it_was_after_backspace(desk: Desk, file: Path) -> None:
    file.write_text(BAD, encoding="utf-8")
    async with driving(desk) as app:
        await named(app, file)
        await app.press("x", "enter", *["backspace"] * 30)
        await app.type("bo@lind.example")
        await app.press("enter", "home", "backspace")
        assert "bo(at)lind.example" in app.text()
        await app.press("escape")
        assert "3 bad" in app.text()


async def test_rejected_rows_wait_for_a_later_day_and_come_in_alone(desk: Desk, file: Path) -> None:
    file.write_text(BAD, encoding="utf-8")
    async with driving(desk) as app:
        await named(app, file)
        await brought_in(app)
        assert names(desk) == ["Ana Ruiz"]
        assert "x opens the rejected rows" in app.text()
    async with driving(desk) as app:
        await app.press("g", "i", "escape")
        assert "x mends 3 rejected rows that wait in 2026-03-02-fair.csv" in app.text()
        await app.press("x")
        assert "3 bad" in app.text()
        await app.press("x", "enter", *["backspace"] * 30)
        await app.type("bo@lind.example")
        await app.press("enter", "escape")
        assert "1 new" in app.text()
        await app.press("enter")  # the source is remembered
        assert names(desk) == ["Ana Ruiz", "Bo Lind"]
        await app.press("escape", "g", "i", "escape")
        assert "x mends 2 rejected rows that wait in 2026-03-02-fair-2.csv" in app.text()
        sources = desk.store.read(lambda db: db.execute("SELECT DISTINCT source_id FROM lead").fetchall()).result(5)
        assert len(sources) == 1


async def test_esc_calls_a_running_import_off_and_nothing_of_it_is_kept(
    desk: Desk, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = intake.apply

    def held(session: Any, made: Any, now: Any, *, progress: Any, cancelled: Any) -> Any:
        progress(1, 4)
        assert cancelled.__self__.wait(60)  # until Esc is pressed
        return whole(session, made, now, progress=progress, cancelled=cancelled)

    async with driving(desk) as app:
        await named(app, file)
        await app.press("s")
        await app.type("Fair")
        await app.press("enter")
        before = dump(desk.store)
        monkeypatch.setattr(intake, "apply", held)
        await app.pilot.press("enter")
        for key in "osmpdbvx":  # nothing of it can be changed now
            await app.pilot.press(key)
        assert "Esc call it off" in app.text().splitlines()[-1]
        await app.pilot.press("escape")
        await app.settle()
        assert "bring them in" in app.text()
        assert dump(desk.store) == before
        monkeypatch.undo()
        await app.press("enter")  # the plan still stands
        assert names(desk) == ["Ana Ruiz", "Jo Groß", "Nur Name"]


def test_rows_are_compared_when_all_are_read_and_counted_from_the_first() -> None:
    going = import_words.Going("reading", 0.0, share=lambda: 0.5)
    going.count(500, 0)
    said = [part[0] for line in import_words.progress(going, 10.0, marks(False)) for part in line]
    assert said[:2] == ["reading 500 rows · 50 rows/s", " · 10 s left"]
    going.count(250, 1000)
    said = [part[0] for line in import_words.progress(going, going.since + 5, marks(False)) for part in line]
    assert said[:2] == ["comparing 250 of 1,000 rows · 50 rows/s", " · 15 s left"]
