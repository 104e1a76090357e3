"""All leads as a rep drives them: the search as it is typed, verbs on the row, marks, counts, hostile names."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from threading import Event

import pytest

from sdr.models.terms import ms
from sdr.screens.lead_table import LeadTable
from sdr.screens.leads import FIRST_PAGE
from sdr.store.queries import listing, searching
from tests.desks import MONDAY, Desk, open_desk
from tests.screens.desk_app import Driven, driving

HOUR = 3_600_000
HOSTILE = "[/] [@click=app.quit]x[/] \x1b[31mred\x1b[0m \u202egnp.exe \u0000 " + "田" * 40


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    opened = open_desk(tmp_path)
    for n, (name, company) in enumerate([("Ana Ruiz", "Initech"), ("Bo Acme", "Initech"), ("Cy Lee", "Acme Pumps")]):
        opened.new_lead(name=name, company=company, email=None, arrived_at=ms(MONDAY) - n * HOUR)
    yield opened
    opened.store.close()


def names(driven: Driven) -> list[str]:
    """The names on the list, from the top."""
    return [line[3:21].strip() for line in driven.lines()[2:-3] if line[3:21].strip()]


async def test_the_place_shows_every_lead_newest_first_and_counts_them(desk: Desk) -> None:
    async with driving(desk) as driven:
        await driven.press("g", "l")
        assert driven.place == "LeadsScreen"
        assert names(driven) == ["Ana Ruiz", "Bo Acme", "Cy Lee"]
        assert driven.lines()[0].split() == ["all", "3", "leads"]


async def test_every_letter_of_a_search_narrows_the_list(desk: Desk) -> None:
    async with driving(desk) as driven:
        await driven.press("g", "l", "slash")
        await driven.type("ac")
        assert names(driven)[:2] == ["Bo Acme", "Cy Lee"]
        assert "3 leads · 2 match" in driven.lines()[0]
        await driven.type(" bo")
        assert names(driven)[0] == "Bo Acme"
        assert "1 match" in driven.lines()[0]
        await driven.press("enter")
        assert names(driven) == ["Bo Acme"]
        await driven.press("escape")
        assert len(names(driven)) == 3


def files(desk: Desk) -> list[str]:
    """What stands in each file of exports, the first column of names."""
    folder = desk.store.path.parent / "exports"
    return [path.read_text(encoding="utf-8-sig") for path in sorted(folder.glob("leads-*.csv"))]


async def test_a_list_is_written_to_a_file_as_it_is_searched_or_marked(desk: Desk) -> None:
    async with driving(desk, size=(120, 40)) as driven:
        await driven.press("g", "l", "slash")
        await driven.type("acme")
        await driven.press("enter", "W")
        assert "2 leads · leads-2026-03-02-100000-sheet.csv" in driven.lines()[-1]
        (text,) = files(desk)
        assert ("Bo Acme" in text, "Cy Lee" in text, "Ana Ruiz" in text) == (True, True, False)
        desk.clock.pass_(seconds=5)
        await driven.press("escape", "end", "x", "W")
        assert "1 lead · leads-2026-03-02-100005-sheet.csv" in driven.lines()[-1]
        text = files(desk)[1]
        assert ("Cy Lee" in text, "Bo Acme" in text) == (True, False)


async def test_a_file_that_cannot_be_written_is_a_sentence(desk: Desk) -> None:
    (desk.store.path.parent / "exports").write_text("in the way")
    async with driving(desk) as driven:
        await driven.press("g", "l", "W")
        assert "The export folder" in driven.lines()[-1]


async def test_letters_typed_faster_than_the_store_answers_end_in_the_last_search(desk: Desk) -> None:
    async with driving(desk) as driven:
        await driven.press("g", "l")
        await driven.burst("slash", *"initech", "backspace", *"h ana", "enter")
        await driven.settle()
        assert names(driven) == ["Ana Ruiz"]


@pytest.mark.parametrize(
    ("keys", "last"), [("initech ana", ["Ana Ruiz"]), (["initechs", *["backspace"] * 8, "acme"], ["Bo Acme", "Cy Lee"])]
)
async def test_keys_typed_while_the_store_is_busy_never_queue(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, keys: list[str], last: list[str]
) -> None:
    free, asked, view = Event(), [], desk.store.view

    def heard(name: str, *args: object, **more: object) -> Future[object]:
        future = view(name, *args, **more)  # type: ignore[arg-type]
        asked.append((name, future))
        return future

    async with driving(desk) as driven:
        await driven.press("g", "l", "slash")
        monkeypatch.setattr(desk.store, "view", heard)
        desk.store.read(lambda _db: free.wait(30))
        for key in keys:
            await driven.burst(*([key] if key == "backspace" else key))
        free.set()
        await driven.settle()
        pages = [future for name, future in asked if name == "leads"]
        assert len(pages) > 8
        assert [future.cancelled() for future in pages] == [True] * (len(pages) - 1) + [False]
        await driven.press("enter")
        assert names(driven) == last


async def test_the_rest_of_a_large_list_follows_its_first_page(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "WALK", 0)
    monkeypatch.setattr(listing, "_SMALL", "SELECT 1")
    monkeypatch.setattr(searching, "FEW", 0)
    free, behind = Event(), desk.store.behind
    async with driving(desk) as driven:
        await driven.press("g", "l")

        def held(db: object, query: Callable[..., object], *args: object) -> object:
            free.wait(30)
            return query(db, *args)

        def put(name: str, query: Callable[..., object], *args: object, **more: object) -> object:
            return behind(name, held, query, *args) if name == "leads" else behind(name, query, *args, **more)

        monkeypatch.setattr(desk.store, "behind", put)

        await driven.burst("slash", *"initech")
        while "2 so far" not in driven.lines()[0]:
            await driven.pilot.pause()
        assert names(driven)[:2] == ["Ana Ruiz", "Bo Acme"]
        await driven.burst("space", *"city:x", "enter")
        while "0 so far" not in driven.lines()[0]:
            await driven.pilot.pause()
        assert "looking on" in driven.text()
        free.set()
        await driven.settle()
        assert "0 match" in driven.lines()[0]
        assert "nothing matches" in driven.text()


async def test_esc_in_a_search_brings_back_the_one_before(desk: Desk) -> None:
    async with driving(desk) as driven:
        await driven.press("g", "l", "slash", *"acme", "enter", "slash", *"bo", "escape")
        assert names(driven) == ["Bo Acme", "Cy Lee"]


async def test_a_fault_of_the_filter_stands_at_its_place_and_keeps_the_list(desk: Desk) -> None:
    async with driving(desk) as driven:
        await driven.press("g", "l", "slash")
        await driven.type("acme staat:new")
        assert "no field is called “staat”: did you mean state" in driven.lines()[-1]
        assert names(driven)[:2] == ["Bo Acme", "Cy Lee"]  # narrowed by what stands before the fault
        await driven.press("enter")
        assert "mend character 6:" in driven.text()
        await driven.press(*["delete"] * 9)  # the cursor stands at the fault
        await driven.type("state:zz")
        assert names(driven)[:2] == ["Bo Acme", "Cy Lee"]
        await driven.press("backspace", "backspace")
        await driven.type("new")
        await driven.press("enter")
        assert names(driven) == ["Bo Acme", "Cy Lee"]
        assert "no field" not in driven.text()


@pytest.mark.parametrize("place", ["q", "l"])
async def test_a_mistake_is_mended_where_it_is(desk: Desk, place: str) -> None:
    async with driving(desk) as driven:
        await driven.press("g", place, "slash")
        await driven.type("  acme due:7d bo")
        await driven.press("enter")
        assert "mend character 10: acme due:7d bo" in driven.text()
        assert "a distance says which way: -7d is a week ago" in driven.text()
        await driven.press("plus")  # the cursor stands there
        await driven.press("enter")
        assert "acme due:+7d bo" in driven.text()
        assert "which way" not in driven.text()


async def test_the_filter_language_works_here_and_nothing_found_says_the_way_out(desk: Desk) -> None:
    async with driving(desk) as driven:
        await driven.press("g", "l", "slash")
        await driven.type("company:initech -ana")
        await driven.press("enter")
        assert names(driven) == ["Bo Acme"]
        await driven.press("slash")
        await driven.type("#nobody")
        await driven.press("enter")
        assert "nothing matches #nobody · Esc drops the search" in driven.text()


async def test_a_verb_is_written_the_row_says_what_became_of_it_and_the_cursor_goes_on(desk: Desk) -> None:
    async with driving(desk) as driven:
        await driven.press("g", "l", "a")
        assert desk.lead(driven.app.screen.query_one(LeadTable).all_ids()[0]).state == "working"
        rows = driven.lines()
        assert "working" in rows[2]
        assert rows[3].startswith(" ▶ Bo Acme")
        assert "accepted" in rows[-1]
        await driven.press("j", "u")
        assert driven.lines()[2].startswith(" ▶ Ana Ruiz")
        assert "new" in driven.lines()[2]


async def test_accepting_a_second_record_of_somebody_in_a_drip_is_refused_by_name(desk: Desk) -> None:
    for name in ("Dee", "D. Lowe"):
        desk.new_lead(name=name, email="dee@x.example", arrived_at=ms(MONDAY) + HOUR)
    async with driving(desk) as driven:
        await driven.press("g", "l", "a")
        assert "accepted" in driven.text()
        await driven.press("a")
        assert "same address as “D. Lowe”, in “Standard drip” since 2 Mar 2026; merge them (m)" in driven.text()


async def test_a_verb_on_marked_leads_is_one_act_after_a_preview(desk: Desk) -> None:
    async with driving(desk) as driven:
        await driven.press("g", "l", "X")
        assert "3 marked" in driven.text()
        await driven.press("r", "1", "enter")
        ids = driven.app.screen.query_one(LeadTable).all_ids()
        assert {desk.lead(lead).state for lead in ids} == {"rejected"}
        assert [line[1] for line in driven.lines()[3:5]] == ["×", "×"]
        await driven.press("u")
        assert {desk.lead(lead).state for lead in ids} == {"new"}


async def test_marks_go_first_then_the_search_then_the_screen(desk: Desk) -> None:
    async with driving(desk) as driven:
        await driven.press("g", "l", "slash", *"acme", "enter", "x")
        assert "1 marked" in driven.text()
        await driven.press("escape")
        assert "marked" not in driven.text()
        assert len(names(driven)) == 2
        await driven.press("escape")
        assert len(names(driven)) == 3
        await driven.press("escape")
        assert driven.place == "QueueScreen"


async def test_the_rows_behind_a_number(desk: Desk) -> None:
    async with driving(desk) as driven:
        ids = tuple(desk.store.read(lambda db: db.execute("SELECT id FROM lead ORDER BY id").fetchall()).result(10))
        driven.app.open_place("leads", ids=(ids[2][0], ids[0][0]), title="qualified of Hannover")
        await driven.settle()
        assert names(driven) == ["Cy Lee", "Ana Ruiz"]
        assert driven.lines()[0].strip() == "qualified of Hannover  2 leads"
        await driven.press("slash", *"initech", "enter")
        assert names(driven) == ["Ana Ruiz"]
        assert "2 leads · 1 match" in driven.lines()[0]


async def test_a_lead_added_elsewhere_joins_the_list_and_the_cursor_stays(desk: Desk) -> None:
    async with driving(desk) as driven:
        await driven.press("g", "l", "j")
        new = desk.new_lead(name="New Here", arrived_at=ms(MONDAY) + HOUR)
        driven.app.changed.publish(frozenset({new}))
        await driven.settle()
        assert names(driven)[0] == "New Here"
        assert driven.lines()[4].startswith(" ▶ Bo Acme")
        assert "4 leads" in driven.lines()[0]


async def test_more_than_a_page_is_reached_and_said(desk: Desk) -> None:
    for n in range(FIRST_PAGE + 10):
        desk.new_lead(name=f"Lead {n}", arrived_at=ms(MONDAY) - (n + 5) * HOUR)
    async with driving(desk) as driven:
        await driven.press("g", "l")
        assert "73 leads" in driven.lines()[0]
        assert "… 55 more" in driven.text()
        await driven.press("end")
        assert names(driven)[-1] == f"Lead {FIRST_PAGE + 9}"


async def test_an_empty_desk_says_what_would_fill_it(tmp_path: Path) -> None:
    empty = open_desk(tmp_path)
    async with driving(empty) as driven:
        await driven.press("g", "l")
        assert "no leads yet   g i import a file of leads   + add one" in driven.text()
        await driven.press("a", "enter", "X", "escape")
        assert driven.place == "QueueScreen"
    empty.store.close()


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_hostile_lead_is_shown_letter_by_letter(desk: Desk, size: tuple[int, int]) -> None:
    desk.new_lead(name=HOSTILE, company=HOSTILE, title=HOSTILE, said=HOSTILE, arrived_at=ms(MONDAY) + HOUR)
    async with driving(desk, size) as driven:
        await driven.press("g", "l", "slash", *"gnp", "enter")
        assert "[/] [@click=app.q" in driven.text()
        assert "\x1b" not in driven.text()
        assert "\u202e" not in driven.text()
        await driven.press("enter", "tab", "enter", "question_mark", "escape", "colon")
        assert driven.place == "PaletteScreen"
        assert "click" not in driven.text()
