"""The prospecting block on the screen: new people first, said quietly, never reordered under the cursor, measured."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sdr.models.terms import ms
from tests.desks import Desk, open_desk
from tests.screens.desk_app import driving

HOUR = 3_600_000
BLOCK = "09:00-10:30"  # half an hour of it is left


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A reply and a new lead, on Monday at 10:00."""
    opened = open_desk(tmp_path)
    now = ms(opened.clock())
    opened.new_lead(name="Reply", state="working", next_kind="reply", queue_band=2, due_at=now - HOUR)
    opened.new_lead(name="New", email="new@acme.example", phone="+34600000009", due_at=now - HOUR)
    yield opened
    opened.store.close()


def order(lines: list[str]) -> list[str]:
    return [word for line in lines[2:6] for word in ("Reply", "New") if line[3:].startswith(word)]


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_in_its_hours_new_people_come_first_and_the_first_line_says_till_when(
    desk: Desk, size: tuple[int, int]
) -> None:
    async with driving(desk, size, prospecting=BLOCK) as driven:
        assert order(driven.lines()) == ["New", "Reply"]
        assert "prospecting till 10:30 · 0 done" in driven.lines()[0]
        assert size[0] < 100 or "prospecting now" in driven.text()
        await driven.press("a", "k", "c", "1")
        assert "prospecting till 10:30 · 1 done" in driven.lines()[0]


async def test_without_one_nothing_is_said_and_answers_come_first(desk: Desk) -> None:
    async with driving(desk) as driven:
        assert order(driven.lines()) == ["Reply", "New"]
        assert "prospecting" not in driven.text()


async def test_its_end_reorders_nothing_until_the_rep_asks(desk: Desk) -> None:
    async with driving(desk, prospecting=BLOCK) as driven:
        desk.clock.pass_(minutes=31)
        await driven.press("x")  # any look at the list
        assert order(driven.lines()) == ["New", "Reply"]
        assert "the prospecting block is over · R puts the list in its order" in driven.text()
        await driven.press("R")
        assert order(driven.lines()) == ["Reply", "New"]
        assert "prospecting" not in driven.text()


async def test_the_days_end_says_what_went_into_it(desk: Desk) -> None:
    async with driving(desk, prospecting=BLOCK) as driven:
        await driven.press("a", "k")
        desk.clock.pass_(minutes=5)
        await driven.press("c", "1")
        await driven.press("g", "x")
        assert "prospecting 30 of 90 min, 1 touch" in driven.text()
