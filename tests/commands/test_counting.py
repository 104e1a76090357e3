"""The line that counts: calm, over itself, gone at the end, and silent where nobody looks on."""

from __future__ import annotations

import io

import pytest

from sdr.commands.counting import EVERY, Count, counting


class Clock:
    """Seconds that pass only when told."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_it_says_how_many_how_fast_and_how_long_yet() -> None:
    clock, out = Clock(), io.StringIO()
    count = Count("rows", out, clock=clock)
    clock.now += 2
    count(4_000, 10_000)
    assert out.getvalue() == "\r4,000 of 10,000 rows  2,000/s  3 s left"


def test_where_nobody_knows_how_many_the_share_that_was_read_tells_how_long() -> None:
    clock, out = Clock(), io.StringIO()
    count = Count("rows", out, clock=clock, share=lambda: 0.25)
    clock.now += 2
    count(500, 0)
    assert out.getvalue() == "\r500 rows  250/s  6 s left"


def test_it_speaks_a_few_times_a_second_over_one_line_and_leaves_none() -> None:
    clock, out = Clock(), io.StringIO()
    count = Count("rows", out, clock=clock)
    for done in range(1, 1001):
        clock.now += EVERY / 100
        count(done * 10, 10_000)
    assert 9 <= out.getvalue().count("\r") <= 11
    assert "\n" not in out.getvalue()
    count.close()
    assert out.getvalue().endswith("\r")


def test_another_stretch_of_work_has_a_speed_of_its_own() -> None:
    clock, out = Clock(), io.StringIO()
    count = Count("rows", out, clock=clock)
    clock.now += 100
    count(1_000, 0)
    count(0, 1_000)
    clock.now += 1
    count(500, 1_000)
    assert out.getvalue().rstrip().endswith("500 of 1,000 rows  500/s  1 s left")


def test_nothing_is_said_where_stderr_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    with counting("rows") as progress:
        progress(1, 2)
    assert capsys.readouterr().err == ""
