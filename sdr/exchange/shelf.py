"""Rows set aside between looking and writing: in memory while they are few, then in a file that nobody can open.

A hundred thousand rows as Python values take a gigabyte; here they take their bytes. They are packed and taken out
a block at a time. The file has no name, so it is gone with the program, however that ends.
"""

from __future__ import annotations

import marshal
import threading
from array import array
from bisect import bisect_right
from tempfile import SpooledTemporaryFile
from typing import Any

IN_MEMORY = 16 << 20


class Shelf:
    """A list of plain values (tuples, dicts, lists, str, int, bool, None) that is only added to.

    What is taken out is shared with whoever takes it out next: it is to be looked at, not changed.
    """

    def __init__(self) -> None:
        self._file = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - it lives as long as the shelf
        self._ends = array("q", [0])  # bytes up to the end of each block
        self._firsts = array("q", [0])  # the number of the first value of each block, and of the next
        self._out: tuple[int, list[Any]] = (-1, [])  # the block taken out last
        self._turn = threading.Lock()

    def __len__(self) -> int:
        return self._firsts[-1]

    @property
    def blocks(self) -> int:
        """How many blocks were set aside."""
        return len(self._ends) - 1

    def add(self, values: list[Any]) -> None:
        """Set these aside as one block, each under the next number from 0."""
        self.put(marshal.dumps(values), len(values))

    def put(self, packed: bytes, count: int) -> None:
        """As `add`, of `count` values that are packed already."""
        with self._turn:
            self._file.seek(self._ends[-1])
            self._file.write(packed)
            self._ends.append(self._ends[-1] + len(packed))
            self._firsts.append(self._firsts[-1] + count)

    def block(self, number: int) -> list[Any]:
        """The values that were set aside together, by the number of their block from 0."""
        held, values = self._out
        if held != number:
            with self._turn:
                self._file.seek(self._ends[number])
                packed = self._file.read(self._ends[number + 1] - self._ends[number])
            values = marshal.loads(packed)
            self._out = (number, values)
        return values

    def __getitem__(self, index: int) -> Any:
        if not 0 <= index < len(self):
            raise IndexError(index)
        number = bisect_right(self._firsts, index) - 1
        return self.block(number)[index - self._firsts[number]]

    def __del__(self) -> None:
        self._file.close()

    def close(self) -> None:
        """Let go of the rows."""
        self._file.close()
