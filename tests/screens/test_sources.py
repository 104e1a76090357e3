"""The sources by keys: the report at 80 columns, the leads behind each number, and what was agreed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from sdr.desk.triage import note
from sdr.models.terms import ms
from sdr.screens.sources import SourcesScreen, share, started
from sdr.store.queries import sources
from tests.desks import MONDAY, Desk, begin
from tests.screens.dump import screen_lines, screen_text
from tests.screens.one_room import OneRoom, press, settle

OVER = {"next_kind": None, "due_at": None, "queue_band": None}


def show(desk: Desk, good: int = 22, bad: int = 178, target: float | None = 0.2) -> int:
    source = desk.source(name="Hannover show", owner="Kim", department="marketing", target=target)
    for number in range(good + bad):
        state = "accepted" if number < good else "rejected"
        reason = None if number < good else "duplicate" if number % 2 else "wrong-market"
        desk.new_lead(name=f"P{number}", email=None, source_id=source, state=state, reason=reason, **OVER)
    return source


async def test_an_empty_report_says_what_would_fill_it(desk: Desk, tmp_path: Path) -> None:
    app = OneRoom(desk, SourcesScreen(), tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert "no source is known yet" in screen_text(app)
        await press(pilot, "1", "d", "t", "e", "enter")
        assert app.opened == []


async def test_a_row_shows_volume_with_quality_and_cost_with_result(desk: Desk, tmp_path: Path) -> None:
    show(desk)
    begin(desk.store, "source", name="[/] list", cost_minor=500)
    desk.new_lead()
    app = OneRoom(desk, SourcesScreen(), tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        lines = screen_lines(app)
        assert "quarter to date" in lines[0]
        assert lines[0].endswith("the rubric is not signed yet")
        assert [line[3:12] for line in lines[3:6]] == ["[/] list ", "Hannover ", "no source"]
        assert "no target" in lines[3]
        await press(pilot, "j")
        row = screen_lines(app)[4]
        for words in ("Hannover show", "200", "11 % (7-16)", "below 20 %", "$955"):
            assert words in row
        under = screen_text(app)
        assert "agreed   Hannover show  $105 a lead  Kim, marketing" in under
        assert "rejected 178  duplicate, already worked 89  outside target market 89" in under
        assert max(len(line) for line in screen_lines(app)) <= 80


async def test_every_digit_opens_the_leads_behind_its_number(desk: Desk, tmp_path: Path) -> None:
    source = show(desk, good=3, bad=4)
    app = OneRoom(desk, SourcesScreen(), tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert "1 all 7  2 untouched 3  4 qualified 3  7 rejected 4" in screen_text(app)
        await press(pilot, "4", "2", "enter")
        assert [(place, about["title"], len(about["ids"])) for place, about in app.opened] == [
            ("leads", "Hannover show · qualified · quarter to date", 3),
            ("leads", "Hannover show · untouched · quarter to date", 3),
            ("leads", "Hannover show · all · quarter to date", 7),
        ]
        wanted = desk.store.read(sources.rows_behind, source, "qualified").result(10)
        assert app.opened[0][1]["ids"] == wanted


async def test_target_and_price_are_set_in_place_and_undone(desk: Desk, tmp_path: Path) -> None:
    source = show(desk, good=1, bad=0, target=None)
    app = OneRoom(desk, SourcesScreen(), tmp_path)

    def held() -> tuple[object, ...]:
        sql = "SELECT target, cost_minor, owner, type FROM source WHERE id=?"
        return desk.store.read(lambda db: db.execute(sql, (source,)).fetchone()).result(10)

    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert "no target agreed" in screen_text(app)
        await press(pilot, "t", *"much", "enter")
        assert "write a share" in screen_text(app)
        await press(pilot, "escape", "t", "2", "5", "percent_sign", "enter")
        assert held()[0] == 0.25
        assert "25 %" in screen_text(app)
        await press(pilot, "e", "1", *(["backspace"] * 6), "9", "full_stop", "5", "enter")
        assert held()[1] == 950
        await press(pilot, "e", "2", *(["backspace"] * 3), "A", "enter", "e", "5")
        assert held()[2:] == ("A", "hand-raiser")
        await press(pilot, "u", "u", "u", "u")
        assert held() == (None, 10500, "Kim", "list")


async def test_the_digest_is_read_and_copied(desk: Desk, tmp_path: Path) -> None:
    source = show(desk, good=1, bad=0)
    desk.act(note, desk.new_lead(source_id=source), "Ana: leaks at three sites", said=True)
    app = OneRoom(desk, SourcesScreen(), tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await press(pilot, "d")
        assert "they said: “[…]: leaks at three sites”" in screen_text(app)
        await press(pilot, "y")
        assert "2 arrived" in app.copied
        assert "Ana" not in app.copied


async def test_another_period_is_another_cohort(desk: Desk, tmp_path: Path) -> None:
    source = desk.source()
    desk.new_lead(source_id=source, arrived_at=ms(MONDAY.replace(year=2024)))
    app = OneRoom(desk, SourcesScreen(), tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert "none yet" in screen_text(app)
        await press(pilot, "p", "4", "1")
        assert "all time" in screen_lines(app)[0]
        assert len(app.opened[0][1]["ids"]) == 1


@pytest.mark.parametrize(
    ("text", "value"),
    [("20%", 0.2), ("20 %", 0.2), ("20", 0.2), ("0,2", 0.2), ("1%", 0.01), ("120", None), ("x", None), ("-1", None)],
)
def test_a_share_as_people_write_it(text: str, value: float | None) -> None:
    assert share(text) == value


@pytest.mark.parametrize(
    ("period", "first"),
    [
        ("quarter to date", date(2026, 4, 1)),
        ("month to date", date(2026, 5, 1)),
        ("year to date", date(2026, 1, 1)),
        ("all time", None),
    ],
)
def test_the_first_day_of_a_period(period: str, first: date | None) -> None:
    assert started(period, date(2026, 5, 12)) == first
