"""`sdr clock`: the outside cases of the calendar (behaviour.md F and G) by the command, and what makes no sense."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.conftest import Sdr


@pytest.mark.parametrize(
    ("words", "due"),
    [
        (("2024-01-01 10:00", "1h"), "2024-01-01T11:00:00+00:00"),  # F1
        (("2024-01-01T16:00", "2h"), "2024-01-02T10:00:00+00:00"),  # F2
        (("2024-01-05 10:00", "3d"), "2024-01-08T10:00:00+00:00"),  # G3
        (("2024-01-04 10:00", "2d"), "2024-01-08T09:00:00+00:00"),  # G3
        (("2024-01-05 10:00", "3bd"), "2024-01-10T10:00:00+00:00"),  # G4
        (("2024-01-05 10:00", "1bd"), "2024-01-08T10:00:00+00:00"),  # G16: Friday's next weekday is Monday
        (("2024-01-06", "0m"), "2024-01-08T09:00:00+00:00"),  # G2: a Saturday waits for Monday's opening
        (("2024-01-01T09:00:00+00:00", "8h"), "2024-01-01T17:00:00+00:00"),
        (("2024-01-01 10:00", "2w"), "2024-01-15T10:00:00+00:00"),
        (("2024-01-12 16:30", "1h", "--holidays", "US"), "2024-01-16T09:30:00+00:00"),
        (("2024-01-05 11:00", "1bd", "--holidays", "DE-BY"), "2024-01-08T11:00:00+00:00"),
        (("2024-01-05 11:00", "1h", "--window", "fri 09:00-12:00,13:00-14:00; sun 10:00-11:00"),
         "2024-01-05T12:00:00+00:00"),
        (("2024-01-05 11:30", "1h", "--window", "fri 09:00-12:00,13:00-14:00"), "2024-01-05T13:30:00+00:00"),
    ],
)  # fmt: skip
def test_when_a_clock_runs_out(sdr: Sdr, words: tuple[str, ...], due: str) -> None:
    start, length, *more = words
    ran = sdr("clock", "due", "--from", start, "--for", length, "--zone", "UTC", *more, "--json")
    assert (ran.code, ran.json) == (0, {"due_at": due})


@pytest.mark.parametrize(
    ("start", "end", "more", "seconds"),
    [
        ("2024-01-12 10:00", "2024-01-16 12:00", ("--holidays", "US"), 36_000),  # F3
        ("2024-01-08 10:00", "2024-01-08 12:00", (), 7_200),  # F4
        ("2024-01-13 10:00", "2024-01-14 18:00", (), 0),  # F4
        ("2024-01-08 12:00", "2024-01-08 10:00", (), -7_200),
        ("2024-01-05 10:00", "2024-01-08 10:00", ("--holidays", "DE-BW"), 28_800),  # Epiphany is a Saturday
        ("2026-03-28", "2026-03-30", ("--window", "mon-sun 00:00-24:00", "--zone", "Europe/Madrid"), 47 * 3_600),
    ],
)
def test_how_much_working_time_passed(sdr: Sdr, start: str, end: str, more: tuple[str, ...], seconds: int) -> None:
    zoned = more if "--zone" in more else (*more, "--zone", "UTC")
    ran = sdr("clock", "elapsed", "--from", start, "--to", end, *zoned, "--json")
    assert (ran.code, ran.json) == (0, {"seconds": seconds})


def test_without_a_zone_the_reps_own_is_meant(sdr: Sdr) -> None:
    ran = sdr("clock", "due", "--from", "2024-07-01T08:00", "--for", "1h", "--json")
    assert ran.json == {"due_at": "2024-07-01T10:00:00+02:00"}
    there = sdr("clock", "due", "--from", "2024-07-01T08:00:00+00:00", "--for", "1h", "--json")
    assert there.json == {"due_at": "2024-07-01T11:00:00+02:00"}
    assert "Mon 01 Jul 2024 10:00 Europe/Madrid" in sdr("clock", "due", "--from", "2024-07-01", "--for", "1h").out


def test_with_a_zone_no_desk_is_opened(sdr: Sdr, home: Path) -> None:
    assert sdr("clock", "due", "--from", "2024-07-01", "--for", "1h", "--zone", "UTC").code == 0
    assert not home.exists()


def test_hours_that_never_open_end_with_none(sdr: Sdr) -> None:
    never = ("--window", "2023-01-02 09:00-17:00", "--zone", "UTC", "--json")
    ran = sdr("clock", "due", "--from", "2024-01-01", "--for", "1h", *never)
    assert (ran.code, ran.json["due_at"]) == (1, None)
    assert "no working day" in ran.err
    assert sdr("clock", "elapsed", "--from", "2024-01-01", "--to", "2025-01-01", *never).json == {"seconds": 0}


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--from", "soon", "--for", "1h"), "time.unclear"),
        (("--from", "1066-10-14", "--for", "1h"), "time.unclear"),
        (("--from", "9999-12-31", "--for", "1h"), "time.unclear"),
        (("--from", "2024-01-01", "--for", "3 moons"), "length.unclear"),
        (("--from", "2024-01-01", "--for", "11y"), "length.unclear"),
        (("--from", "2024-01-01", "--for", "9000d"), "length.unclear"),
        (("--from", "2024-01-01", "--for", "1h", "--zone", "Mars/Olympus"), "zone.unknown"),
        (("--from", "2024-01-01", "--for", "1h", "--zone", "../etc/passwd"), "zone.unknown"),
        (("--from", "2024-01-01", "--for", "1h", "--holidays", "XQ"), "country.unknown"),
        (("--from", "2024-01-01", "--for", "1h", "--holidays", "DE-ZZ"), "country.unknown"),
        (("--from", "2024-01-01", "--for", "1h", "--window", "always"), "window.unclear"),
        (("--from", "2024-01-01", "--for", "1h", "--window", "mon 17:00-09:00"), "window.unclear"),
        (("--for", "1h"), "usage"),
    ],
)
def test_what_makes_no_sense_is_a_sentence(sdr: Sdr, words: tuple[str, ...], code: str) -> None:
    ran = sdr("clock", "due", *words, "--json")
    assert (ran.code, ran.json["error"]["code"]) == (2, code)
    assert ran.json["error"]["message"]
