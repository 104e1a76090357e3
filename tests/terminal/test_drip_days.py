"""The drip in a real terminal: in with its dates, every kind of touch and reply, a week away, post by the batch."""

from __future__ import annotations

import csv
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from sdr.desk import cadences, enrolling, outgoing, touching
from sdr.desk.triage import accept
from sdr.desk.wishes import opt_out
from sdr.models.terms import ms
from tests.terminal.harness import Desk
from tests.terminal.homes import NOW, Counting, Home, leave, opened, ready, run, until, waiting

CHANNELS = ("email", "linkedin", "sms", "letter", "postcard", "parcel", "event", "custom")  # calls: test_journeys


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def drip(home: Home, name: str) -> int:
    """The id of the drip called `name`."""
    return int(home.one("SELECT id FROM cadence WHERE name=? AND current=1", name))


def undo_all(desk: Desk, home: Home, acts: int) -> None:
    """`u` as often as there were acts since."""
    desk.keys(*("u" for _ in range(home.acts() - acts)))
    until(lambda: home.acts() == acts, desk)


def test_every_date_is_seen_before_enrolling(home: Home) -> None:
    home.people(1)
    with opened(home.folder, 120, 40) as desk:
        Counting(ready(desk)).press("l 1")
        text = desk.wait(lambda text: "Enter: enrol" in text and "shall I close your file?" in text)
        assert home.one("SELECT count(*) FROM enrollment") == 0
        assert "First call" in text
        desk.keys("enter")
        until(lambda: home.one("SELECT count(*) FROM enrollment WHERE state='active'") == 1, desk)
        leave(desk)
    home.assert_sound()


def test_all_eight_replies_and_all_back_again(home: Home) -> None:
    home.people(8)
    order = waiting(home)
    home.act(*((accept, lead) for lead in order))
    before, acts = home.business(), home.acts()
    with opened(home.folder) as desk:
        ready(desk)
        replies = ("i 1", "i 2", "i 3 3", "i 4", "i 5 3", "i 7 enter", "i 8")
        for done, keys in enumerate(replies, 1):
            Counting(desk).press(keys)
            until(lambda done=done: home.acts() == acts + done, desk)  # type: ignore[misc]
        kinds = {row[0] for row in home.rows("SELECT kind FROM event WHERE kind<>'note'")}
        assert {"replied", "out-of-office", "bounce"} <= kinds
        assert home.one("SELECT count(*) FROM enrollment WHERE state='active'") < 8
        undo_all(desk, home, acts)
        assert home.business() == before
        leave(desk)
    home.assert_sound()


def test_who_unsubscribes_is_never_touched_again(home: Home) -> None:
    home.people(1)
    (lead,) = waiting(home)
    home.act((accept, lead), (opt_out, lead, "all"))
    touches = home.one("SELECT count(*) FROM touch")
    with opened(home.folder) as desk:
        desk.wait(lambda text: text.startswith(" queue"))
        Counting(desk).press("g l")
        desk.wait(lambda text: text.startswith(" all"))
        for keys in ("c", "e", "e enter", "l 1", "l 1 enter", "X e enter", "i 8"):
            Counting(desk).press(f"{keys} escape escape")
        desk.keys("g", "q")
        leave(desk)
    for words in (
        ("touch", str(lead), "email"),
        ("touch", str(lead), "letter"),
        ("touch", str(lead), "email", "--because", "x"),
    ):
        assert run(home.folder, *words).returncode != 0
    assert run(home.folder, "enroll", str(lead), "After the fair").returncode != 0
    run(home.folder, "outbox", "--write")
    assert home.one("SELECT count(*) FROM touch") == touches
    assert home.one("SELECT count(*) FROM message") == 0
    home.assert_sound()


def test_40_postcards_are_printed_in_4_keys(home: Home) -> None:
    home.people(40)
    order, fair = waiting(home), drip(home, "After the fair")
    into = partial(enrolling.enroll, at_step=2)
    home.act(*((into, lead, fair) for lead in order), *((touching.touch, lead, "postcard") for lead in order))
    messages = [row[0] for row in home.rows("SELECT id FROM message WHERE channel='postcard' AND state='ready'")]
    assert len(messages) == 40
    home.act(*((outgoing.readdress, one, f"Calle Mayor {n} / 28013 Madrid") for n, one in enumerate(messages, 1)))
    with opened(home.folder) as desk:
        desk.wait(lambda text: text.startswith(" queue"))
        keys = Counting(desk)
        keys.press("g o 1 enter")
        assert keys.count == 4
        until(lambda: home.one("SELECT count(*) FROM message WHERE state='written'") == 40, desk)
        leave(desk)
    assert len(list(home.folder.rglob("*.pdf"))) >= 1
    (table,) = home.folder.rglob("*.csv")
    with table.open(encoding="utf-8-sig", newline="") as file:
        assert sum(1 for _ in csv.reader(file)) == 41
    assert home.one("SELECT count(*) FROM message WHERE cost_minor = 95") == 40
    home.assert_sound()


EVERY = 'name = "Every way"\nversion = 1\nminimum_gap = "0m"\n' + "".join(
    f'[[step]]\nname = "By {one}"\nchannel = "{one}"\ndelay = "0m"\n' for one in CHANNELS
)


def test_each_kind_of_touch_is_done_by_keys(home: Home) -> None:
    home.people(1)
    (lead,) = waiting(home)
    home.act((cadences.load_cadence, EVERY))
    home.act((enrolling.enroll, lead, drip(home, "Every way")))
    with opened(home.folder, 120, 40) as desk:
        ready(desk)
        for done in range(1, len(CHANNELS) + 1):
            Counting(desk).press("e enter")
            until(lambda done=done: home.one("SELECT count(*) FROM touch") == done, desk)  # type: ignore[misc]
        leave(desk)
    assert [row[0] for row in home.rows("SELECT channel FROM touch ORDER BY id")] == list(CHANNELS)
    home.assert_sound()


def test_a_week_away_ends_in_a_sane_queue(home: Home) -> None:
    home.people(60)
    order = waiting(home)
    home.act(*((accept, lead) for lead in order[:45]))
    before, acts = home.business(), home.acts()
    with opened(home.folder, 120, 40) as desk:
        ready(desk)
        Counting(desk).press("T 1")  # from today …
        desk.wait(lambda text: "back after" in text)
        Counting(desk).press("2 1")  # … to its Friday, and nobody covers
        desk.wait(lambda text: "Enter: away" in text)
        desk.keys("enter")
        until(lambda: home.one("SELECT count(*) FROM absence") == 1, desk)
        undo_all(desk, home, acts)
        assert home.business() == before
        Counting(desk).press("U")
        until(lambda: home.one("SELECT count(*) FROM absence") == 1, desk)
        leave(desk)
    back = NOW + timedelta(days=7)
    assert datetime.fromisoformat("2026-03-09T10:00:00+01:00") == back
    with opened(home.folder, 120, 40, SDR_NOW=back.isoformat()) as desk:
        text = desk.wait(lambda text: text.startswith(" queue") and "calls" in text)
        leave(desk)
    due = home.one("SELECT count(*) FROM lead WHERE queue_band IN (6, 7) AND due_at <= ?", ms(back))
    assert 0 < due <= 45
    late = home.one("SELECT count(*) FROM lead WHERE queue_band IN (6, 7) AND close_at <= ?", ms(back))
    assert late == 0, text
    home.assert_sound()
