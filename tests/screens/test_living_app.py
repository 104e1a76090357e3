"""The ground of the app, without a terminal: no room, no palette, faults told without anyone's words."""

import pytest
from textual.app import ComposeResult
from textual.screen import Screen
from textual.widgets import Input

from sdr.screens.fault import Fault, describe
from sdr.screens.terminal import LivingApp
from tests.screens.dump import screen_text


class Field(LivingApp):
    """One field, and a fault on demand."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[Fault] = []

    def compose(self) -> ComposeResult:
        yield Input()

    def action_fail(self) -> None:
        raise ValueError("Ada Okafor, +234 800 000 000")

    def record_fault(self, fault: Fault) -> str:
        self.faults.append(fault)
        raise OSError("the disk is full")


async def test_keys_are_not_heard_in_a_window_too_small() -> None:
    app = Field()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("a")
        await pilot.resize_terminal(40, 10)
        await pilot.press("b")
        assert screen_text(app).strip() == "too small: 40 by 10, needs 60 by 15"
        await app.push_screen(Screen())
        await pilot.pause()
        assert screen_text(app).strip() == "too small: 40 by 10, needs 60 by 15"
        app.pop_screen()
        await pilot.resize_terminal(80, 24)
        await pilot.press("c")
        assert app.query_one(Input).value == "ac"
        assert "too small" not in screen_text(app)


async def test_the_way_out_is_heard_even_then() -> None:
    app = Field()
    async with app.run_test(size=(10, 3)) as pilot:
        await pilot.press("ctrl+q")
    assert app.return_code == 0


async def test_there_is_no_command_palette() -> None:
    app = Field()
    async with app.run_test() as pilot:
        await pilot.press("ctrl+p")
        assert len(app.screen_stack) == 1


async def test_a_fault_is_recorded_and_a_failing_record_does_no_harm() -> None:
    app = Field()
    with pytest.raises(ValueError, match="Ada"):
        async with app.run_test():
            app.call_later(app.action_fail)
    [fault] = app.faults
    assert "ValueError" in fault.trail
    assert "action_fail" in fault.trail
    assert "Ada" not in fault.trail


def failing(words: str) -> Fault:
    try:
        try:
            raise KeyError(words)
        except KeyError as error:
            raise RuntimeError(words) from error
    except RuntimeError as error:
        return describe(error)


def test_the_same_fault_has_the_same_number_whoever_it_met() -> None:
    assert failing("Ada") == failing("Chen, Li")


def test_a_fault_names_kinds_and_places_and_nothing_else() -> None:
    fault = failing("Ada")
    assert fault.trail.splitlines()[0] == "RuntimeError"
    assert "KeyError" in fault.trail
    assert "screens/test_living_app.py" in fault.trail
    assert "Ada" not in fault.trail
    assert fault.id in fault.notice("fault.log")
    assert "fault.log" in fault.notice("fault.log")
    assert "Its trail" not in fault.notice("")


def test_a_circle_of_causes_ends() -> None:
    one, other = ValueError(), ValueError()
    one.__cause__, other.__cause__ = other, one
    assert describe(one).trail.startswith("ValueError\nValueError")
