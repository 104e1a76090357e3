"""The call on screen: what is drawn at 80x24, keys of one burst, the clock, and what the screen then writes."""

import asyncio
import json
from pathlib import Path

import pytest
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.widget import Widget

from sdr.desk.calling import call
from sdr.desk.steps import calendar_of
from sdr.models.terms import ms
from sdr.screens.call_panel import CallPanel
from sdr.screens.call_values import CallEnded
from sdr.screens.host import Host, Setting
from sdr.screens.look import UNICODE
from sdr.screens.room import Room
from sdr.store.queries import leads
from tests.desks import Desk
from tests.screens.calls import CARDS, RUBRIC
from tests.screens.dump import screen_lines

SCRIPT = ('"Ana, may I say in half a minute why I call?"', "What happens if nothing changes?")


class Spot(Widget, can_focus=True):
    """Stands for the list: it has the focus and no keys of its own."""


class Place(Room):
    """A screen that calls its one lead and writes what came of it; `x` is a key of its own."""

    BINDINGS = [Binding("f2", "call", "call"), Binding("x", "mark", "mark")]

    def __init__(self, desk: Desk, lead: int) -> None:
        super().__init__()
        self.own, self.lead = desk, lead
        self.ended: list[CallEnded] = []
        self.rang: list[str] = []
        self.marked = False

    def body(self) -> ComposeResult:
        yield Spot(id="field")
        yield CallPanel(signs=self.signs)

    def on_mount(self) -> None:
        self.query_one("#field").focus()

    def action_call(self) -> None:
        if not self.query_one(CallPanel).calling:
            card = self.own.store.read(leads.card, self.lead).result(10)
            assert card is not None
            cal = self.own.store.read(lambda db: calendar_of(card.lead, self.own.clock(), db)).result(10)
            self.query_one(CallPanel).begin(
                card, cal, RUBRIC, CARDS, self.own.clock, self.wrote, script=SCRIPT, dial=self.rang.append
            )

    def action_mark(self) -> None:
        self.marked = not self.query_one(CallPanel).calling

    def wrote(self, ended: CallEnded) -> None:
        self.ended.append(ended)
        self.own.act(call, ended.lead_id, ended.outcome, **ended.noted())


class Deskful(Host):
    """The app around the place."""

    def __init__(self, desk: Desk, place: Place) -> None:
        super().__init__(Setting(desk.store, desk.clock, UNICODE, Path(), Path()))
        self.place = place

    def on_mount(self) -> None:
        self.push_screen(self.place)


@pytest.fixture
def place(desk: Desk) -> Place:
    return Place(desk, desk.new_lead(said="leaks at three sites"))


async def burst(app: Host, *keys: str) -> None:
    """Keys that all wait before the first is heard."""
    for key in keys:
        app.post_message(events.Key(key, key if len(key) == 1 else None))
    done = asyncio.Event()
    app.call_later(done.set)
    await done.wait()


async def test_what_rings_and_what_is_asked_at_80_by_24(desk: Desk, place: Place) -> None:
    app = Deskful(desk, place)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("f2")
        await pilot.pause()
        lines = screen_lines(app)
        assert lines[0] == " ringing   Ana Ruiz · Acme Pumps · +34600000001 mobile · Madrid 10:00     00:00"
        assert lines[2:5] == [
            " ▶ it rings: how did it end?",
            "     1 no answer             2 voicemail left        3 gatekeeper",
            "     4 busy                  8 wrong number          9 do not call",
        ]
        assert lines[6] == ' "Ana, may I say in half a minute why I call?"'
        assert lines[8].endswith("their words so far: “leaks at three sites”")
        desk.clock.pass_(seconds=47)
        await pilot.press("enter", "2", "1")
        await pilot.pause()
        lines = screen_lines(app)
        assert len(lines) == 24
        assert lines[0].endswith("Madrid 10:00        00:47")
        assert lines[2:6] == [
            " ▶ How far along are you, and when would it start?",
            "     1 comparing, within 3 months         2 planned, within 6 months",
            "     3 wanted, within 12 months           4 only looking",
            "     5 already bought",
        ]
        assert "   ✓ budget: not fixed   ✓ who decides: self" in lines
        assert lines[-2] == ' score 40 of 75 needed · with "3 months" on stage: 64 of 75'
        assert lines[-1] == " 1-9 answer   j skip question   Space end of talk   Esc back to ringing"


async def test_no_answer_is_two_keys_of_one_burst_and_the_list_has_the_next(desk: Desk, place: Place) -> None:
    app = Deskful(desk, place)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await burst(app, "f2", "1", "x")
        await pilot.pause()
        assert [one.outcome for one in place.ended] == ["no-answer"]
        panel = place.query_one(CallPanel)
        assert not panel.calling
        assert not panel.display
        assert app.focused is place.query_one("#field")
        assert place.marked  # the third key was the list's again
        assert place.rang == ["+34600000001"]
        assert desk.lead(place.lead).next_kind == "call"


async def test_a_qualified_call_is_ten_keys_after_c(desk: Desk, place: Place) -> None:
    app = Deskful(desk, place)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("f2", "enter", "2", "1", "3", "1", "2", "space", "7", "1", "enter")
        await pilot.pause()
        [done] = place.ended
        assert done.hand_off
        assert done.meeting_at is not None
        assert done.meeting_at.strftime("%a %H:%M %Z") == "Tue 10:00 CET"
        now = desk.lead(place.lead)
        assert (now.state, now.next_kind, now.score) == ("qualified", "handoff", 84)


async def test_esc_and_the_screens_own_keys_do_not_leave_a_call(desk: Desk, place: Place) -> None:
    app = Deskful(desk, place)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("f2", "escape", "escape", "f2", "g", "u", "colon")
        await pilot.pause()
        assert app.screen is place
        assert place.query_one(CallPanel).calling
        await pilot.press("escape")
        await pilot.pause()
        assert screen_lines(app)[-1].startswith(" no way out without an outcome: 1 no answer")
        await pilot.press("1")
        assert app.focused is place.query_one("#field")


async def test_the_second_number_rings_with_tab(desk: Desk, place: Place) -> None:
    phones = [{"e164": f"+3460000000{n}", "type": "mobile", "raw": "", "struck": None} for n in (1, 2)]
    phones.append({"e164": "+34911111111", "type": "landline", "raw": "", "struck": "2026-02-01"})
    place.lead = desk.new_lead(phones=json.dumps(phones))
    app = Deskful(desk, place)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("f2", "tab", "8")
        assert place.rang == ["+34600000001", "+34600000002"]
        assert place.ended[0].number == "+34600000002"
        assert desk.lead(place.lead).phone == "+34600000001"


async def test_the_clock_on_screen_runs_only_while_a_call_is_on(desk: Desk, place: Place) -> None:
    app = Deskful(desk, place)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        clock = place.query_one(CallPanel)._clock
        assert clock is not None
        assert not clock._active.is_set()
        await pilot.press("f2")
        assert clock._active.is_set()
        await pilot.press("1")
        assert not clock._active.is_set()


@pytest.mark.parametrize("size", [(60, 15), (80, 24), (120, 40)])
@pytest.mark.parametrize("name", ["[/] [@click=app.quit]x[/]", "日本" * 60, "\x1b]52;c;AAAA\x07", "ana\u202egnp"])
async def test_any_name_and_any_size(desk: Desk, place: Place, name: str, size: tuple[int, int]) -> None:
    place.lead = desk.new_lead(name=name, company=name, said=name)
    app = Deskful(desk, place)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        await pilot.press("f2", "enter")
        await pilot.pause()
        lines = screen_lines(app)
        assert lines[-1].startswith(" 1-9 answer")
        assert "\x1b" not in "".join(lines)
        await pilot.press("space", "8")
        assert ms(desk.clock()) == desk.lead(place.lead).last_at
