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
        self._marks, self._common = array("q", sorted(marks)), frozenset(common)
        self._rows = array("q", [-1]) * len(self._marks)
        self._last = (1 << min(max(len(self._marks).bit_length() + 2, 8), _MOST_BITS)) - 1
        self._sieve = bytearray(self._last + 1)
        for mark in self._marks:
            self._sieve[mark & self._last] = 1

    def __contains__(self, key: str) -> bool:
        return self._at(hash(key)) is not None

    def among(self, keys: Iterable[str]) -> list[str]:
        """Those of `keys` that come again."""
        sieve, last = self._sieve, self._last
        return [key for key in keys if sieve[hash(key) & last] and key in self]

    def keep(self, keys: Iterable[str], row: int) -> None:
        """`row` is the first with each of `keys` that has none yet; what is common tells nobody."""
        sieve, last = self._sieve, self._last
        for key in keys:
            mark = hash(key)
            if not sieve[mark & last]:
                continue
            at = self._at(mark)
            if at is not None and self._rows[at] < 0 and mark not in self._common:
                self._rows[at] = row

    def row_of(self, key: str) -> int | None:
        """The first row with this key."""
        mark = hash(key)
        at = self._at(mark) if self._sieve[mark & self._last] else None
        return None if at is None or self._rows[at] < 0 else self._rows[at]

    def _at(self, mark: int) -> int | None:
        at = bisect_left(self._marks, mark)
        return at if at < len(self._marks) and self._marks[at] == mark else None
