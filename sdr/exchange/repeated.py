"""Keys that stand more than once in a file: which they are, and the row that each was first seen in.

Of a million rows most keys come once and join nobody. All are heard as numbers (their hash: a clash would only
suggest a double, or ask for a name that is then not found); only those that come again are kept, at sixteen bytes
each.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable

COMMON = 8  # rows beyond which a number or a name tells a switchboard or a department, not a person
_MOST_BITS = 23  # of the sieve: eight megabytes
_NONE_YET, _NOBODY = -1, -2  # in place of the row of a key
_PARTS = 64  # heard apart by their last bits, so that counting them needs little memory at a time


class Heard:
    """Every key of a file, while it is read."""

    def __init__(self) -> None:
        self._parts = [array("q") for _ in range(_PARTS)]

    def add(self, keys: Iterable[str]) -> None:
        """Take note of these."""
        parts = self._parts
        for key in keys:
            mark = hash(key)
            parts[mark % _PARTS].append(mark)

    def again(self) -> Repeated:
        """Those that came more than once; what was heard is let go."""
        marks, common = array("q"), set[int]()
        while self._parts:
            counted = Counter(self._parts.pop())
            marks.extend([mark for mark, times in counted.items() if times > 1])
            common.update(mark for mark, times in counted.items() if times > COMMON)
        return Repeated(marks, common)


class Repeated:
    """The keys that come again, each with the first row that was kept for it. Most keys do not: a sieve of their last
    bits tells so for nearly all of them, without a search."""

    def __init__(self, marks: Iterable[int] = (), common: Iterable[int] = ()) -> None:
        self._marks = array("q", sorted(marks))
        self._rows = array("q", [_NONE_YET]) * len(self._marks)
        for mark in common:
            self._rows[bisect_left(self._marks, mark)] = _NOBODY
        self._last = (1 << min(max(len(self._marks).bit_length() + 2, 8), _MOST_BITS)) - 1
        self._sieve = bytearray(self._last + 1)
        for mark in self._marks:
            self._sieve[mark & self._last] = 1

    def among(self, keys: Iterable[str]) -> dict[str, int]:
        """Those of `keys` that come again, each with its place here."""
        marks, sieve, last = self._marks, self._sieve, self._last
        found: dict[str, int] = {}
        for key in keys:
            mark = hash(key)
            if sieve[mark & last]:
                place = bisect_left(marks, mark)
                if place < len(marks) and marks[place] == mark:
                    found[key] = place
        return found

    def keep(self, places: Iterable[int], row: int) -> None:
        """`row` is the first with each of the keys at `places` that has none yet; what is common tells nobody."""
        for place in places:
            if self._rows[place] == _NONE_YET:
                self._rows[place] = row

    def row_at(self, place: int) -> int | None:
        """The first row with the key at `place`."""
        row = self._rows[place]
        return row if row >= 0 else None
