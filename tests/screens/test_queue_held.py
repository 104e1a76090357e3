"""Keys faster than the screen: a held `j` draws the card where it stops, and what is typed behind it acts there."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event

import pytest
from textual.events import Paste

from sdr.screens.card_view import CardView
from sdr.screens.lead_table import ROWS_HELD, LeadTable
from sdr.store.queries import reps
from tests.desks import Desk, open_desk
from tests.screens.desk_app import driving
from tests.screens.test_call_panel import burst
from tests.store.test_bulk import crowd

LEADS = 12


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    opened = open_desk(tmp_path)
    for number in range(LEADS):
        opened.new_lead(name=f"Person {number:02d}", arrived_at=1_000 * number, due_at=1_000 * number)
    yield opened
    opened.store.close()


async def test_a_held_key_draws_the_card_where_it_stops(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []
    show = CardView.show

    def counted(view: CardView, lines: list[object], *more: object) -> None:
        shown.append(str(lines))
        show(view, lines, *more)  # type: ignore[arg-type]

    async with driving(desk) as driven:
        monkeypatch.setattr(CardView, "show", counted)
        await burst(driven.app, *"j" * (LEADS - 1))
        await driven.settle()
        assert f"Person {LEADS - 1:02d}" in shown[-2]
        assert len(shown) < LEADS


async def test_what_is_typed_behind_a_held_key_is_about_the_lead_it_stops_at(desk: Desk) -> None:
    async with driving(desk) as driven:
        await burst(driven.app, "j", "j", "j", "r", "7")
        await driven.settle()
    states = [row[0] for row in desk.store.read(lambda db: db.execute("SELECT state FROM lead ORDER BY id")).result()]
    assert [number for number, state in enumerate(states) if state == "rejected"] == [3]


async def test_presses_that_wait_are_one_move(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    moves: list[int] = []
    step = LeadTable.action_step
    monkeypatch.setattr(LeadTable, "action_step", lambda table, rows: (moves.append(rows), step(table, rows))[1])
    async with driving(desk) as driven:
        await burst(driven.app, *"jjjjjkkj", "down", "down", "up")
        await driven.settle()
        assert moves == [5, -2, 1, 2, -1]
        assert driven.app.screen.query_one(LeadTable).line == 5
        await burst(driven.app, *"k" * 40)
        assert driven.app.screen.query_one(LeadTable).line == 0


def noted(desk: Desk) -> list[tuple[str, str]]:
    sql = "SELECT name, text FROM event JOIN lead ON lead.id = lead_id"
    return [tuple(row) for row in desk.store.read(lambda db: db.execute(sql).fetchall()).result()]


async def test_letters_typed_behind_a_key_that_asks_for_words_are_letters(desk: Desk) -> None:
    """They were posted while the list had the focus; it is where they arrive that counts."""
    async with driving(desk) as driven:
        await burst(driven.app, "j", "n", *"jjkkk", "enter")
        await driven.settle()
    told = desk.store.read(lambda db: db.execute("SELECT lead_id, text FROM event").fetchall()).result()
    second = desk.store.read(
        lambda db: db.execute("SELECT id FROM lead ORDER BY id LIMIT 1 OFFSET 1").fetchone()
    ).result()
    assert [tuple(row) for row in told] == [(second[0], "jjkkk")]


async def test_a_key_the_rep_put_in_the_place_of_another_walks_as_quickly(desk: Desk) -> None:
    async with driving(desk, keys={"table.down": "n", "lead.note": "j"}) as driven:
        await burst(driven.app, *"nnn")
        assert driven.app.screen.query_one(LeadTable).line == 3
        await burst(driven.app, "j", *"nn", "enter")
        await driven.settle()
    assert [row[0] for row in desk.store.read(lambda db: db.execute("SELECT text FROM event").fetchall()).result()] == [
        "nn"
    ]


async def test_a_list_that_is_read_anew_does_not_take_the_cursor_back(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    free, behind = Event(), desk.store.behind

    def held(db: object, query: Callable[..., object], *args: object, **more: object) -> object:
        free.wait(30)
        return query(db, *args, **more)

    async with driving(desk) as driven:
        await driven.press("j", "g", "s")
        monkeypatch.setattr(
            desk.store, "behind", lambda name, query, *args, **more: behind(name, held, query, *args, **more)
        )
        await burst(driven.app, "g", "q", "j", "j")
        while driven.app.screen.query_one(LeadTable).line != 3:
            await driven.pilot.pause()
        free.set()
        await driven.settle()
        assert driven.app.screen.query_one(LeadTable).line == 3
        assert "▶ Person 03" in driven.text()


@pytest.mark.parametrize("place", ["gl", "gq"])
async def test_very_many_that_begin_and_go_again_leave_the_others_as_they_were(desk: Desk, place: str) -> None:
    begin = crowd(desk.store.read(reps.rep).result(5).id, 2 * ROWS_HELD)
    async with driving(desk, size=(120, 40)) as driven:
        await driven.press(*place)
        before = [line for line in driven.lines() if "Person" in line]
        driven.app.act(lambda session, _now: begin(session))
        await driven.settle()
        assert "many" in driven.app.said.words
        await driven.press("u")
        assert "taken back: many" in driven.app.said.words
        assert len(before) >= LEADS
        assert [line for line in driven.lines() if "Person" in line] == before


async def test_of_very_many_that_change_at_once_only_those_dealt_with_leave_the_list(desk: Desk) -> None:
    begin = crowd(desk.store.read(reps.rep).result(5).id, 2 * ROWS_HELD)
    desk.store.write(begin).result(10)
    async with driving(desk, size=(120, 40)) as driven:
        table = driven.app.screen.query_one(LeadTable)
        everybody = LEADS + 2 * ROWS_HELD
        await driven.press("X", "n", *"hi", "enter", "enter")
        assert table.count == everybody
        assert len(noted(desk)) > everybody
        await driven.press("X", "x", "r", "2", "enter")
        assert table.count == 1
        await driven.press("u")
        await driven.press("R")
        assert table.count == everybody


async def test_what_is_typed_before_a_screen_is_there_is_for_the_line_it_will_ask(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A path has the letters of verbs in it: `u` would take something back, `o` ask for the file once more."""
    free = Event()

    async with driving(desk) as driven:
        await driven.press("n", *"kept", "enter")
        load = driven.app.load

        async def slow(module: str) -> object:
            await asyncio.to_thread(free.wait, 30)
            return await load(module)

        monkeypatch.setattr(driven.app, "load", slow)
        await burst(driven.app, "g", "i", *"jjumo-")
        assert "kept" in noted(desk)[0]
        driven.app.post_message(Paste("b c.csv"))
        await burst(driven.app, *"uu")
        free.set()
        await driven.settle()
        assert "jjumo-b c.csvuu" in driven.text()
        assert noted(desk) == [("Person 00", "kept")]


async def test_the_way_out_is_heard_before_a_screen_is_there(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    free = Event()
    async with driving(desk) as driven:

        async def slow(module: str) -> object:
            return await asyncio.to_thread(free.wait, 30)

        monkeypatch.setattr(driven.app, "load", slow)
        await burst(driven.app, "g", "i", "ctrl+q")
        while driven.app.return_code is None:
            await driven.pilot.pause()
        free.set()
