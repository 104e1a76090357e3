"""How the list of all leads, a history, the help and the palette look, whole, at the two sizes that matter."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sdr.desk import triage
from sdr.models.terms import ms
from tests.desks import MONDAY, Desk, open_desk
from tests.screens.desk_app import driving, same_as_golden

PEOPLE = (
    ("Ada Okafor", "Lagos Steel"), ("Ana Ruiz", "Acme Pumps"), ("Tomasz Wójcik", "Wiślak"),
    ("Li Chen", "Harbour Tools"), ("Chloé Dupré", "Atelier, Dupré"), ("Bad [/] Name", "\u202eLagos"),
    ("田中 太郎", "Jürgen & Söhne"), ("Eve Black-Featherstonehaugh", "Acme Pumps International"),
)  # fmt: skip
SIZES = [(80, 24), (120, 40)]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Eight leads of two sources; the newest has a past."""
    opened = open_desk(tmp_path)
    webinar, show = opened.source(), opened.source(name="Hannover show 2026", cost_minor=None)
    leads = [
        opened.new_lead(
            name=name, company=company, source_id=webinar if n % 3 else show, email=f"p{n}@acme.example",
            arrived_at=ms(MONDAY) - n * 30_000_000, grade=("A1", "B2", "C?")[n % 3],
        )
        for n, (name, company) in enumerate(PEOPLE)
    ]  # fmt: skip
    opened.clock.pass_(minutes=5)
    opened.act(triage.accept, leads[0])
    opened.act(triage.reject, leads[3], "student")
    opened.clock.pass_(hours=26)
    opened.act(triage.note, leads[0], "leaks at three sites, wants a price before June", said=True)
    opened.act(triage.answer, leads[0], {"budget": "yes", "decides": "together"})
    opened.act(triage.note, leads[0], "call after lunch")
    opened.store.undo().result(10)
    yield opened
    opened.store.close()


@pytest.mark.parametrize("size", SIZES)
async def test_leads(desk: Desk, size: tuple[int, int]) -> None:
    async with driving(desk, size) as driven:
        await driven.press("g", "l")
        same_as_golden(driven.text(), f"leads-{size[0]}x{size[1]}")


@pytest.mark.parametrize("size", SIZES)
async def test_history_with_an_act_opened(desk: Desk, size: tuple[int, int]) -> None:
    async with driving(desk, size) as driven:
        await driven.press("g", "l", "enter", "j", "enter")
        same_as_golden(driven.text(), f"history-{size[0]}x{size[1]}")


async def test_score(desk: Desk) -> None:
    async with driving(desk) as driven:
        await driven.press("g", "l", "enter", "tab")
        same_as_golden(driven.text(), "score-80x24")


async def test_help(desk: Desk) -> None:
    async with driving(desk, (120, 40)) as driven:
        await driven.press("g", "l", "question_mark")
        same_as_golden(driven.text(), "help-120x40")


async def test_palette(desk: Desk) -> None:
    async with driving(desk) as driven:
        await driven.press("g", "l", "j", "j", "j", "colon")
        await driven.type("re")
        same_as_golden(driven.text(), "palette-80x24")
