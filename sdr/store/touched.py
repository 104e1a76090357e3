"""The leads that an act touched, a bit each: an import of a million takes some hundred kilobytes, not a hundred MB.

Ids that were given out one after another share a block. It only grows; whoever reads it may not change it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set

_BITS = 12  # of an id that say where in its block it stands
_LOW = (1 << _BITS) - 1


class Touched(Set[int]):
    """A set of ids that is small when they lie close together."""

    __slots__ = ("_blocks", "_count")

    def __init__(self, ids: Iterable[int] = ()) -> None:
        self._blocks: dict[int, bytearray] = {}
        self._count = 0
        self.update(ids)

    @classmethod
    def _from_iterable(cls, it: Iterable[int]) -> frozenset[int]:  # type: ignore[override]  # what is cut out is small
        return frozenset(it)

    def update(self, ids: Iterable[int]) -> None:
        """These too."""
        for one in ids:
            block = self._blocks.get(one >> _BITS)
            if block is None:
                block = self._blocks[one >> _BITS] = bytearray(1 << _BITS - 3)
            byte, bit = (one & _LOW) >> 3, 1 << (one & 7)
            if not block[byte] & bit:
                block[byte] |= bit
                self._count += 1

    def __contains__(self, one: object) -> bool:
        if not isinstance(one, int):
            return False
        block = self._blocks.get(one >> _BITS)
        return block is not None and bool(block[(one & _LOW) >> 3] & 1 << (one & 7))

    def __iter__(self) -> Iterator[int]:
        for above, block in self._blocks.items():
            for byte, bits in enumerate(block):
                for bit in range(8) if bits else ():
                    if bits & 1 << bit:
                        yield above << _BITS | byte << 3 | bit

    def __len__(self) -> int:
        return self._count

    def __repr__(self) -> str:
        return f"Touched({len(self):,} leads)"
