"""The rows of a day as words: times with the rep's offset, and digests that are those of the row's JSON."""

from __future__ import annotations

import json
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdr.desk.delivering import Delivered
from sdr.exchange.day_rows import ACTIVITY, Lines, activity_lines, iso, row_digest
from sdr.exchange.pages import unpacked
from sdr.exchange.settled import Settled
from sdr.models.terms import at
from sdr.store.queries.deliveries import Activity

ZONES = ("UTC", "Europe/Madrid", "Asia/Kathmandu", "Africa/Monrovia", "Europe/Amsterdam", "Pacific/Chatham")
WORD = st.text(st.characters(exclude_categories=["Cs"]), max_size=6) | st.sampled_from(["call", 'say "hi"', "a\\b", ""])
NUMBER = st.none() | st.integers(-9, 99_999)
TOUCHES = st.tuples(
    st.integers(1, 2**62), st.integers(0, 2**41), st.integers(1, 2**62), WORD, WORD, WORD, WORD, WORD, WORD, NUMBER,
    NUMBER, WORD, WORD, WORD,
)  # fmt: skip


def said(number: int | None) -> str:
    return "" if number is None else str(number)


@given(st.lists(TOUCHES, min_size=1, max_size=4))
def test_a_touch_is_known_by_the_json_of_its_words(found: list[Activity]) -> None:
    about, digests, page = activity_lines(found, "Europe/Madrid")
    assert about == [one[0] for one in found]
    for cells, digest, one in zip(unpacked(page), digests, found, strict=True):
        words = dict(zip(ACTIVITY, cells, strict=True))
        text = json.dumps(words, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        assert digest == row_digest(words) == sha256(text.encode("utf-8", "replace")).digest()[:16]
        when = at(one[1], "Europe/Madrid").isoformat(timespec="seconds")
        assert tuple(cells) == (str(one[0]), when, str(one[2]), *one[3:9], said(one[9]), said(one[10]), *one[11:])


@given(st.integers(-(2**42), 2**42), st.sampled_from(ZONES))
def test_a_time_is_told_with_the_offset_of_its_moment(stored: int, zone: str) -> None:
    assert iso(stored, zone) == at(stored, zone).isoformat(timespec="seconds")


@pytest.mark.parametrize("zone", ZONES)
def test_every_second_around_a_change_of_the_clock_is_told(zone: str) -> None:
    # Spring in Europe, Monrovia's last odd offset (1972), Amsterdam's (1937), the epoch.
    for change in (1_774_746_000_000, 63_593_070_000, -1_025_740_800_000, 0):
        for second in range(-70, 70):
            stored = change + second * 1000 + 7
            assert iso(stored, zone) == at(stored, zone).isoformat(timespec="seconds")


def test_no_time_is_blank() -> None:
    assert iso(None, "UTC") == ""


def test_what_is_settled_is_kept_in_order_and_without_what_was_left_out() -> None:
    digests = [bytes([number]) * 16 for number in range(5)]
    handoffs, touches = Settled(), Settled()
    handoffs.add("handoff", Lines([7, 8], digests[:2], "a\x1eb"))
    touches.add("touch", Lines([9 << 32, 2], digests[2:4], "a\x1eb"))
    touches.add("touch", Lines([3], digests[4:], "a"))
    both = Settled((handoffs.without({0}), touches.without({1, 2})))
    assert list(both) == [
        Delivered("handoff", 8, digests[1].hex()), Delivered("touch", 9 << 32, digests[2].hex()),
    ]  # fmt: skip
    assert (both[-1], both[:1], len(both), len(touches)) == (both[1], [both[0]], 2, 3)
    assert list(touches.without(())) == list(touches)
    with pytest.raises(IndexError):
        both[2]
