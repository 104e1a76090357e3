"""The rows whose going out is settled once their file is in place: a hundred thousand of them take a few megabytes."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import compress
from typing import overload

from sdr.desk.delivering import Delivered
from sdr.exchange.day_rows import KEPT, Lines

KINDS = ("handoff", "touch")


class Settled(Sequence[Delivered]):
    """A list of what went out that is only added to; each is made when it is looked at."""

    def __init__(self, several: Iterable[Settled] = ()) -> None:
        """All that these hold, in order."""
        self._kinds, self._about, self._digests = bytearray(), array("q"), bytearray()
        for one in several:
            self._take(one._kinds, one._about, one._digests)

    def add(self, kind: str, lines: Lines) -> None:
        """The rows of a table of this kind."""
        self._take(bytes([KINDS.index(kind)]) * len(lines.about), lines.about, b"".join(lines.digests))

    def without(self, left_out: Collection[int]) -> Settled:
        """All but those at these places."""
        if not left_out:
            return self
        kept, stay = Settled(), [place not in left_out for place in range(len(self))]
        digests = (self._digests[start : start + KEPT] for start in range(0, len(self._digests), KEPT))
        kept._take(bytes(compress(self._kinds, stay)), compress(self._about, stay), b"".join(compress(digests, stay)))
        return kept

    def _take(self, kinds: bytes | bytearray, about: Iterable[int], digests: bytes | bytearray) -> None:
        self._kinds += kinds
        self._about.extend(about)
        self._digests += digests

    def __len__(self) -> int:
        return len(self._about)

    @overload
    def __getitem__(self, index: int) -> Delivered: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Delivered]: ...
    def __getitem__(self, index: int | slice) -> Delivered | Sequence[Delivered]:
        if isinstance(index, slice):
            return [self[place] for place in range(len(self))[index]]
        place = range(len(self))[index]
        digest = self._digests[place * KEPT : (place + 1) * KEPT]
        return Delivered(KINDS[self._kinds[place]], self._about[place], digest.hex())

    def __iter__(self) -> Iterator[Delivered]:
        return map(self.__getitem__, range(len(self)))
