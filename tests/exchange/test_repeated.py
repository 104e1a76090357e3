"""Keys that come again in a file are told from those that come once, and the first row with each is found."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from sdr.exchange.repeated import COMMON, Heard
from sdr.exchange.verdicts import Double, Doubles

KEYS = st.lists(st.sampled_from([f"key {number}" for number in range(12)]) | st.text(max_size=3), max_size=80)


@given(KEYS)
def test_it_is_what_counting_gives(keys: list[str]) -> None:
    heard = Heard()
    heard.add(keys)
    again, times = heard.again(), Counter(keys)
    places = again.among(keys)
    assert list(places) == [key for key in dict.fromkeys(keys) if times[key] > 1]
    for row, key in enumerate(keys):
        again.keep(again.among([key]).values(), row)
    for key, place in places.items():
        assert again.row_at(place) == (keys.index(key) if times[key] <= COMMON else None)


@given(st.dictionaries(st.integers(0, 99), st.tuples(st.integers(1, 2**62), st.booleans(), st.booleans())))
def test_doubles_are_kept_as_they_were_told(given: dict[int, tuple[int, bool, bool]]) -> None:
    found, wanted = Doubles(), dict[int, Double]()
    for row in sorted(given):
        other, in_file, brings = given[row]
        wanted[row] = Double(None, row // 2, "same name") if in_file else Double(other, None, "same phone", brings)
        found.add(row, wanted[row])
    assert list(found) == sorted(wanted)
    assert len(found) == len(wanted)
    for row in range(100):
        assert found.get(row) == wanted.get(row)
        assert (row in found) is (row in wanted)
