"""XLSX workbooks as rows of text, unpacked by a child of ours (`unpacking`) and set aside until they are read.

Nothing is unpacked before `archives.check` has measured it.
Numbers come as a rep typed them: 14155550100.0 is text "14155550100"; dates are ISO text, also in the 1904 system;
a formula gives its value and an error cell is blank.
"""

from __future__ import annotations

import marshal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen
from tempfile import TemporaryFile
from typing import Any, BinaryIO

import sdr
from sdr.exchange.archives import BOMB, DAMAGED, SAVE_AGAIN, check
from sdr.exchange.opening import Source
from sdr.exchange.shelf import Shelf
from sdr.exchange.tables import UnreadableFile

_PROGRAM = """
import sys
sys.path.insert(0, sys.argv[1])
from sdr.exchange.unpacking import main
main(sys.argv[2] if len(sys.argv) > 2 else None)
"""
_HERE = Path(sdr.__file__).parents[1]


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
        with _child(file, wanted) as child:
            sheet = _heard(child)
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


@contextmanager
def _child(file: BinaryIO, wanted: str | None) -> Iterator[Popen[bytes]]:
    words = [sys.executable, "-c", _PROGRAM, str(_HERE), *([] if wanted is None else [wanted])]
    with Popen(words, stdin=file, stdout=PIPE, stderr=DEVNULL) as child:
        try:
            yield child
        finally:
            child.kill()


def _heard(child: Popen[bytes]) -> Sheet:
    """All that the child says, its rows set aside; raises its refusal, or a sentence of ours when it was ended."""
    assert child.stdout is not None
    first: tuple[Any, ...] = ()
    held = Shelf()
    try:
        while (said := marshal.load(child.stdout))[0] != "end":
            if said[0] == "refused":
                raise UnreadableFile(*said[1:])
            if said[0] == "rows":
                held.add(said[1])
            else:
                first = said[1:]
    except (EOFError, ValueError, TypeError):
        # By a signal: its bounds, or the library's own end of memory. Otherwise something in the workbook tripped it.
        raise UnreadableFile(BOMB if child.wait() < 0 else DAMAGED, SAVE_AGAIN) from None
    name, others, notes = first
    return Sheet(name, others, notes, held)
