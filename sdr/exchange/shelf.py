"""Rows set aside between looking and writing: in memory while they are few, then in a file that nobody can open.

A hundred thousand rows as Python values take a gigabyte; here they take their bytes. The file has no name, so it is
gone with the program, however that ends. A `Shelf` gives any row by itself; `Pages` are for what is read in order,
which costs half when some hundred rows are packed together.
"""

from __future__ import annotations

import marshal
import threading
from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate, islice
from tempfile import SpooledTemporaryFile
from typing import Any

IN_MEMORY = 16 << 20
PIECE = 1 << 20  # bytes looked through at a time
Packed = tuple[bytes, list[int]]  # marshalled values one after another, and the bytes of each


def packed(values: Sequence[Any]) -> Packed:
    """Plain values as a shelf keeps them: whoever makes them may pack them in another process."""
    each = [marshal.dumps(value) for value in values]
    return b"".join(each), [len(one) for one in each]


class Shelf:
    """A list of plain values (tuples, dicts, lists, str, int, bool, None) that is only added to."""

    def __init__(self, in_memory: int = IN_MEMORY) -> None:
        """A shelf that keeps so many bytes in memory."""
        self._file = SpooledTemporaryFile(max_size=in_memory)  # noqa: SIM115 - it lives as long as the shelf
        self._starts = array("q", [0])
        self._turn = threading.Lock()  # a screen may look while a writer reads

    def __len__(self) -> int:
        return len(self._starts) - 1

    def add(self, values: Sequence[Any]) -> None:
        """Set these aside, each under the next number from 0."""
        self.put(packed(values))

    def put(self, given: Packed) -> None:
        """As `add`, of values that are packed already."""
        content, sizes = given
        with self._turn:
            self._file.seek(self._starts[-1])
            self._file.write(content)
            self._starts.extend(islice(accumulate(sizes, initial=self._starts[-1]), 1, None))

    def __getitem__(self, index: int) -> Any:
        start, end = self._starts[index], self._starts[index + 1]
        with self._turn:
            self._file.seek(start)
            return marshal.loads(self._file.read(end - start))

    def __iter__(self) -> Iterator[Any]:
        return (self[index] for index in range(len(self)))

    def holding(self, text: str) -> Iterator[int]:
        """The values, in order, that are made of `text` among others, and few more; as quick as reading a file."""
        wanted = marshal.dumps(text)[1:]  # its length and its letters, without the mark of how it is shared
        at, rest = 0, b""
        found = -1
        while piece := self._piece(at):
            content = rest + piece
            place = content.find(wanted)
            while place >= 0:
                index = bisect_right(self._starts, at - len(rest) + place) - 1
                if index != found:
                    yield (found := index)
                place = content.find(wanted, place + 1)
            at += len(piece)
            rest = content[max(0, len(content) - len(wanted) + 1) :]

    def _piece(self, at: int) -> bytes:
        with self._turn:
            self._file.seek(at)
            return self._file.read(PIECE)

    def __del__(self) -> None:
        self._file.close()

    def close(self) -> None:
        """Let go of the rows."""
        self._file.close()


class Pages:
    """A list of plain values set aside a page at a time. The page that was asked for last is kept, so what it gives is
    given to others as well: nobody changes it."""

    def __init__(self) -> None:
        self._held, self._firsts = Shelf(), array("q", [0])  # pages, and the number of the first value of each
        self._at_hand: tuple[int, list[Any]] = -1, []

    def __len__(self) -> int:
        return self._firsts[-1]

    def put(self, page: bytes, many: int) -> None:
        """Set aside a marshalled list of so many values."""
        self._held.put((page, [len(page)]))
        self._firsts.append(self._firsts[-1] + many)

    def __getitem__(self, index: int) -> Any:
        number = bisect_right(self._firsts, index) - 1
        at_hand, values = self._at_hand
        if at_hand != number:
            values = self._held[number]
            self._at_hand = number, values
        return values[index - self._firsts[number]]

    def __iter__(self) -> Iterator[list[Any]]:
        return iter(self._held)

    def close(self) -> None:
        """Let go of them."""
        self._held.close()
