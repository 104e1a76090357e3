"""Rows set aside between looking and writing: in memory while they are few, then in a file that nobody can open.

A hundred thousand rows as Python values take a gigabyte; here they take their bytes. The file has no name, so it is
gone with the program, however that ends.
"""

from __future__ import annotations

import marshal
from array import array
from tempfile import SpooledTemporaryFile
from typing import Any

IN_MEMORY = 16 << 20


class Shelf:
    """A list of plain values (tuples, dicts, lists, str, int, bool, None) that is only added to."""

    def __init__(self) -> None:
        self._file = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - it lives as long as the shelf
        self._starts = array("q", [0])

    def __len__(self) -> int:
        return len(self._starts) - 1

    def add(self, values: list[Any]) -> None:
        """Set these aside, each under the next number from 0."""
        self._file.seek(self._starts[-1])
        packed = [marshal.dumps(value) for value in values]
        self._file.write(b"".join(packed))
        for one in packed:
            self._starts.append(self._starts[-1] + len(one))

    def __getitem__(self, index: int) -> Any:
        start, end = self._starts[index], self._starts[index + 1]
        self._file.seek(start)
        return marshal.loads(self._file.read(end - start))

    def __del__(self) -> None:
        self._file.close()

    def close(self) -> None:
        """Let go of the rows."""
        self._file.close()
