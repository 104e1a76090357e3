"""The queue narrowed by its `/`, and what is typed behind that: keys are about the leads that the filter leaves."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event

import pytest

from sdr.screens.lead_list import LeadList
from sdr.screens.queue import FIRST_PAGE
from tests.desks import Desk, open_desk
from tests.screens.desk_app import Driven, driving
from tests.screens.test_call_panel import burst

CROWD = FIRST_PAGE + 25


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    opened = open_desk(tmp_path)
    people = [("Ana Ruiz", "Initech", "A"), ("Bo Acme", "Initech", "B"), ("Cy Lee", "Acme Pumps", "B")]
    for number, (name, company, grade) in enumerate(people):
        opened.new_lead(
            name=name, company=company, grade=grade, email=None, arrived_at=1_000 * number, due_at=1_000 * number
        )
    yield opened
    opened.store.close()


@pytest.fixture
def crowd(tmp_path: Path) -> Iterator[Desk]:
    opened = open_desk(tmp_path)
    for number in range(CROWD):
        opened.new_lead(name=f"Person {number:02d}", company="Acme", arrived_at=number, due_at=number)
    yield opened
    opened.store.close()


def names(driven: Driven) -> list[str]:
    """Who is on the list, from the top."""
    table = driven.app.screen.query_one("#list")
    return [name for one in table.all_ids() if (name := driven.desk.lead(one).name)]  # type: ignore[attr-defined]


def marked(driven: Driven) -> list[str]:
    screen = driven.app.screen
    assert isinstance(screen, LeadList)
    return sorted(driven.desk.lead(one).name for one in screen.marked_ids())


@contextmanager
def looking_long(desk: Desk) -> Iterator[None]:
    """While inside, what the store reads behind the screen does not come."""
    free = Event()
    desk.store.behind("something else", lambda _db: free.wait(30))
    try:
        yield
    finally:
        free.set()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("init", ["Ana Ruiz", "Bo Acme"]),
        ("acme", ["Bo Acme", "Cy Lee"]),
        ("grade:B", ["Bo Acme", "Cy Lee"]),
        ("acme grade:B company:initech", ["Bo Acme"]),
        ('"lee acme"', ["Cy Lee"]),
        ("acme -lee", ["Bo Acme"]),
        ("nowhere", []),
        ("grade:D", []),
    ],
)
async def test_a_filter_leaves_what_it_says_and_esc_brings_back_the_rest(
    desk: Desk, text: str, found: list[str]
) -> None:
    async with driving(desk) as driven:
        await driven.press("slash", *text, "enter")
        assert names(driven) == found
        assert f"/{text}" in driven.lines()[0]
        assert ("nothing matches" in driven.text()) == (not found)
        await driven.press("escape")
        assert names(driven) == ["Ana Ruiz", "Bo Acme", "Cy Lee"]


async def test_what_is_typed_behind_a_filter_is_about_whom_it_leaves(desk: Desk) -> None:
    async with driving(desk) as driven:
        with looking_long(desk):
            await driven.burst("slash", *"lee", "enter", "r", "7")
            assert "looking" in driven.text()
            assert [desk.lead(one).state for one in desk.store.read(ids).result(5)] == ["new"] * 3
        await driven.settle()
        assert [desk.lead(one).state for one in desk.store.read(ids).result(5)] == ["new", "new", "rejected"]


def ids(db: object) -> list[int]:
    """Every lead, in the order they came."""
    return [row[0] for row in db.execute("SELECT id FROM lead ORDER BY arrived_at")]  # type: ignore[attr-defined]


async def test_steps_behind_a_filter_walk_what_it_leaves(desk: Desk) -> None:
    async with driving(desk) as driven:
        with looking_long(desk):
            await driven.burst("slash", *"acme", "enter", "j", "x")
        await driven.settle()
        assert marked(driven) == ["Cy Lee"]


@pytest.mark.parametrize("text", ["acme", "grade:B"])
async def test_esc_calls_a_filter_off_and_what_was_typed_behind_it(desk: Desk, text: str) -> None:
    async with driving(desk) as driven:
        with looking_long(desk):
            await driven.burst("slash", *text, "enter", "X", "r", "7", "escape")
            await driven.pilot.pause()
            assert len(names(driven)) == 3  # at once: nobody waits for what was called off
            await driven.burst("x")
        await driven.settle()
        assert marked(driven) == ["Ana Ruiz"]
        assert "/acme" not in driven.lines()[0]
        assert {desk.lead(one).state for one in desk.store.read(ids).result(5)} == {"new"}


async def test_all_are_marked_once_all_are_known(crowd: Desk) -> None:
    async with driving(crowd) as driven:
        with looking_long(crowd):
            await driven.burst("tab", "X")
            assert marked(driven) == []
        await driven.settle()
        assert len(marked(driven)) == CROWD
        await driven.press("X")
        assert marked(driven) == []


async def test_esc_lets_marking_all_be(crowd: Desk) -> None:
    async with driving(crowd) as driven:
        with looking_long(crowd):
            await driven.burst("tab", "X", "x", "escape", "j", "x")
            while marked(driven) != ["Person 01"]:  # while the rest is still looked for
                await driven.pilot.pause()
        await driven.settle()
        assert marked(driven) == ["Person 01"]


async def test_all_of_a_search_are_marked_in_the_list_of_all_leads(crowd: Desk) -> None:
    async with driving(crowd) as driven:
        await driven.press("g", "l")
        with looking_long(crowd):
            await driven.burst("slash", *"acme", "enter", "X")
        await driven.settle()
        assert len(marked(driven)) == CROWD


async def test_keys_behind_the_end_of_a_line_are_no_letters_of_it(desk: Desk) -> None:
    """All in one burst, as a hand that knows the way types: nothing is waited for between them."""
    async with driving(desk) as driven:
        await burst(driven.app, "slash", *"acme", "enter", "X", "slash", *"lee", "enter", "x")
        await driven.settle()
        assert names(driven) == marked(driven) == ["Cy Lee"]
        await burst(driven.app, "escape", "escape", "slash", *"acme", "escape", "j", "x")
        await driven.settle()
        assert len(names(driven)) == 3
        assert marked(driven) == ["Bo Acme"]


async def test_a_line_that_has_the_focus_already_ends_where_enter_was_pressed(desk: Desk) -> None:
    async with driving(desk) as driven:
        await driven.press("slash")
        await burst(driven.app, *"lee", "enter", "x")
        await driven.settle()
        assert names(driven) == marked(driven) == ["Cy Lee"]
        await driven.press("slash")
        await burst(driven.app, *"foo:1", "enter", *"xy")  # refused: the line stays, the cursor at its mistake
        await driven.settle()
        assert "xyfoo:1" in driven.text()


async def test_a_verb_chosen_in_a_burst_is_the_one_that_was_typed(desk: Desk) -> None:
    async with driving(desk) as driven:
        await burst(driven.app, "colon", *"all leads", "enter", "j", "x")
        await driven.settle()
        assert driven.place == "LeadsScreen"
        assert marked(driven) == ["Bo Acme"]


async def test_letters_for_a_palette_that_is_coming_stand_in_their_order(desk: Desk) -> None:
    async with driving(desk) as driven:
        await driven.burst("colon", *"all le")
        await burst(driven.app, *"ads", "enter", "j", "x")
        await driven.settle()
        assert driven.place == "LeadsScreen"
        assert marked(driven) == ["Bo Acme"]


@pytest.mark.parametrize("behind", [1, 2, 3, 5, 8])
async def test_keys_that_wait_when_the_desk_is_left_are_let_go(desk: Desk, behind: int) -> None:
    async with driving(desk) as driven:
        for text in ("slash", "colon"):
            await driven.press(text)
            await burst(driven.app, "escape", *"nzxnzxnz"[:behind])
        await burst(driven.app, "slash", "enter", *"nzxnzxnz"[:behind], "ctrl+q", "j", "x", "escape", "g")
        await driven.pilot.pause()
    assert driven.app.return_code == 0
