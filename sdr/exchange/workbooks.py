"""XLSX workbooks as rows of text, unpacked by a child of ours (`unpacking`) and set aside until they are read.

Nothing is unpacked before `archives.check` has measured it.
Numbers come as a rep typed them: 14155550100.0 is text "14155550100"; dates are ISO text, also in the 1904 system;
a formula gives its value and an error cell is blank.
"""

from __future__ import annotations

import marshal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from subprocess import Popen
from tempfile import TemporaryFile
from typing import Any, BinaryIO

from sdr.exchange.archives import BOMB, DAMAGED, SAVE_AGAIN, check
from sdr.exchange.children import child
from sdr.exchange.opening import Source
from sdr.exchange.shelf import Shelf
from sdr.exchange.tables import UnreadableFile


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet, unpacked. `others` names all sheets of the workbook; `notes` are warnings."""

    name: str
    others: tuple[str, ...]
    notes: tuple[str, ...]
    _held: Shelf

    def __len__(self) -> int:
        return len(self._held)

    def rows(self) -> Iterator[list[str]]:
        """Every row from the sheet's first, blank ones included: the n-th is row n of the sheet."""
        for number in range(len(self._held)):
            yield self._held[number]


def open_sheet(source: Source, wanted: str | None = None) -> Sheet:
    """The sheet `wanted`, or the visible one with the most rows; raises `UnreadableFile`."""
    with _as_file(source) as file:
        errors = check(file)
        with child("sdr.exchange.unpacking", *([] if wanted is None else [wanted]), stdin=file) as unpacking:
            sheet = _heard(unpacking)
        source.unchanged(file)
    if not errors:
        return sheet
    note = f"{errors:,} cells hold an error such as #REF! and are read as blank."
    return replace(sheet, notes=(*sheet.notes, note))


@contextmanager
def _as_file(source: Source) -> Iterator[BinaryIO]:
    """What a child can have as its standard input; a pipe's bytes in a file without a name."""
    with source.opened() as opened:
        if not isinstance(source.held, bytes):
            yield opened
            return
    with TemporaryFile() as file:
        file.write(source.held)
        yield file


def _heard(unpacking: Popen[bytes]) -> Sheet:
    """All that the child says, its rows set aside; raises its refusal, or a sentence of ours when it was ended."""
    assert unpacking.stdout is not None
    first: tuple[Any, ...] = ()
    held = Shelf()
    try:
        while (said := marshal.load(unpacking.stdout))[0] != "end":
            if said[0] == "refused":
                raise UnreadableFile(*said[1:])
            if said[0] == "rows":
                held.add(said[1])
            else:
                first = said[1:]
    except (EOFError, ValueError, TypeError):
        # By a signal: its bounds, or the library's own end of memory. Otherwise something in the workbook tripped it.
        raise UnreadableFile(BOMB if unpacking.wait() < 0 else DAMAGED, SAVE_AGAIN) from None
    name, others, notes = first
    return Sheet(name, others, notes, held)
