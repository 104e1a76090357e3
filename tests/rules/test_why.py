"""The why line: the sketches' words, the prospect's time, and never more than the list has room for."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdr.models.terms import Band, NextKind
from sdr.rules.text import width
from sdr.rules.why import Situation, moment, span, why_words

MADRID = ZoneInfo("Europe/Madrid")
NOW = datetime(2026, 5, 12, 16, 22, tzinfo=MADRID)  # a Tuesday


def in_minutes(minutes: int) -> datetime:
    return (NOW + timedelta(minutes=minutes)).astimezone(UTC)


SKETCHES = [
    (Situation(Band.PROMISE, NextKind.PROMISE, NOW, in_minutes(-6)), "promised call 16:16, 6 min late"),
    (Situation(Band.PROMISE, NextKind.PROMISE, NOW, in_minutes(8)), "promised call 16:30, in 8 min"),
    (Situation(Band.PROMISE, NextKind.PROMISE, NOW, in_minutes(0)), "promised call 16:22, now"),
    (Situation(Band.PROMISE, NextKind.MEETING, NOW, in_minutes(24 * 60)), "confirm meeting Wed 16:22, in 24 h"),
    (
        Situation(Band.CLOSING, NextKind.CALL, NOW, in_minutes(-60), "Madrid", close_at=in_minutes(38)),
        "call window closes 17:00 Madrid",
    ),
    (Situation(Band.CLOSING, NextKind.CALL, NOW, in_minutes(98), "Paris"), "call after 18:00 Paris"),
    (Situation(Band.CLOSING, NextKind.CALL, NOW, in_minutes(24 * 60), "Paris"), "call Wed 16:22 Paris"),
    (
        Situation(Band.DUE, NextKind.CALL, NOW, in_minutes(-600), close_at=in_minutes(-60), touch_no=3),
        "call 3 ready",
    ),
    (Situation(Band.DUE, NextKind.EMAIL, NOW, in_minutes(-5), touch_no=4), "mail 4 ready"),
    (Situation(Band.DUE, NextKind.LETTER, NOW, in_minutes(0)), "letter ready"),
    (
        Situation(Band.HOT, NextKind.TRIAGE, NOW, in_minutes(-8), source="webinar", respond_by=in_minutes(22)),
        "new · 22 min left · webinar",
    ),
    (
        Situation(Band.HOT, NextKind.CALL, NOW, in_minutes(-8), source="webinar", respond_by=in_minutes(-41)),
        "call · 41 min over · webinar",
    ),
    (
        Situation(
            Band.NEW,
            NextKind.TRIAGE,
            NOW,
            in_minutes(-8),
            source="list",
            respond_by=in_minutes(-99),
            note="drip finished: verdict?",
        ),
        "drip finished: verdict?",
    ),
    (Situation(Band.NEW, NextKind.COMPLETE, NOW, in_minutes(-8), source="show"), "inquiry · show"),
    (Situation(Band.REPLY, NextKind.REPLY, NOW, in_minutes(-125)), "they wrote, answer · 2 h"),
    (Situation(Band.RETURNED, NextKind.RETURNED, NOW, in_minutes(-5), note="timing"), "returned: timing"),
    (Situation(Band.RETURNED, NextKind.HANDOFF, NOW, in_minutes(0)), "qualified, hand off"),
    (Situation(Band.DUE, NextKind.ANSWER, NOW, in_minutes(-61)), "AE to answer by 15:21, 1 h late"),
    (Situation(Band.DUE, NextKind.WAKE, NOW, in_minutes(-1), note="next budget"), "look again: next budget"),
    (Situation(None, NextKind.WAKE, NOW, in_minutes(60 * 24 * 30)), "sleeps until Thu 11 Jun 16:22"),
]


@pytest.mark.parametrize(("situation", "words"), SKETCHES)
def test_the_short_line_of_each_band(situation, words):
    assert why_words(situation).short == words


def test_the_long_line_gives_the_whole_reason():
    situation = Situation(
        Band.CLOSING, NextKind.CALL, NOW, in_minutes(-60), "Madrid", close_at=in_minutes(38), grade="A2",
        touch_no=4, touch_of=9, chance=0.1458, spent="$118",
    )  # fmt: skip
    assert why_words(situation).long == (
        "call window closes 17:00 Madrid (38 min) · A2 · touch 4/9 · 1 in 7 at this touch · cost so far $118"
    )


def test_a_time_is_the_prospects_whatever_zone_it_comes_in():
    assert moment(datetime(2026, 5, 12, 22, 30, tzinfo=UTC), NOW) == "Wed 00:30"
    assert moment(datetime(2026, 5, 19, 12, 0, tzinfo=UTC), NOW) == "Tue 19 May 14:00"
    assert moment(datetime(2026, 5, 11, 12, 0, tzinfo=UTC), NOW) == "Mon 11 May 14:00"


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(seconds=59), "0 min"),
        (timedelta(minutes=59, seconds=59), "59 min"),
        (timedelta(hours=-1), "1 h"),
        (timedelta(hours=47, minutes=59), "47 h"),
        (timedelta(days=2), "2 d"),
    ],
)
def test_lengths(length, words):
    assert span(length) == words


def test_a_long_city_leaves_before_the_words_are_cut():
    place = "Llanfairpwllgwyngyll"
    situation = Situation(Band.CLOSING, NextKind.CALL, NOW, in_minutes(-9), place, close_at=in_minutes(38))
    why = why_words(situation)
    assert why.short == "call window closes 17:00"
    assert place in why.long


@pytest.mark.parametrize("note", ["\x1f", "\u0301", ""])
def test_a_note_of_which_nothing_is_seen_is_none(note):
    bare = Situation(None, NextKind.TRIAGE, NOW, in_minutes(0))
    assert why_words(bare._replace(note=note)) == why_words(bare)


def test_what_a_step_says_anyhow_is_said_once():
    step = Situation(Band.DUE, NextKind.WAKE, NOW, in_minutes(0))
    assert why_words(step._replace(note="look again")).short == "look again"
    assert why_words(step._replace(note="after the fair")).short == "look again: after the fair"


@given(
    st.builds(
        Situation,
        st.none() | st.sampled_from(Band),
        st.sampled_from(NextKind),
        st.just(NOW),
        st.integers(-100_000, 100_000).map(in_minutes),
        st.text(max_size=60),
        st.none() | st.integers(-1_000, 1_000).map(in_minutes),
        st.none() | st.integers(-1_000, 1_000).map(in_minutes),
        st.text(max_size=60),
        note=st.text(max_size=60),
        grade=st.sampled_from(["", "A1", "C?"]),
        touch_no=st.integers(0, 30),
        touch_of=st.integers(0, 30),
        chance=st.none() | st.floats(0, 1),
        spent=st.text(max_size=60),
    )
)
def test_the_short_line_always_fits_and_always_says_something(situation):
    why = why_words(situation)
    assert 0 < width(why.short) <= 40
    assert len(why.long) > 0
