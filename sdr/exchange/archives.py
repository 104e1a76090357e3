"""What a workbook would unpack to, measured before anything opens it (safety.md 2.4).

Each member is inflated and counted by `zlib` itself, in pieces, because the sizes an archive declares may lie.
A single cell far outside the table is refused as well: the reader below us lays out every cell between the
first and the last, and one stray cell in the last corner of a sheet asks for 512 GiB and ends the program.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from sdr.exchange.tables import UnreadableFile

MOST_BYTES = 400 << 20  # unpacked, all members
MOST_MEMBERS = 1000
MOST_RATIO = 100  # unpacked to packed, for anything of more than SMALL bytes
SMALL = 4 << 20
MOST_CELLS = 20_000_000  # a million rows of twenty columns: 640 MB in the reader
_PIECE = 1 << 20
BOMB = "The workbook would unpack to far more than a list of leads: it may be a trap."
DAMAGED = "The workbook is damaged, or protected by a password."
SAVE_AGAIN = "Open it in a spreadsheet program and save it again as XLSX or CSV."
_CELL = re.compile(rb"""\br\s*=\s*["']\s*([A-Za-z]{1,3})(\d{1,7})""")
_ERROR = re.compile(rb"""\bt\s*=\s*["']e["']""")


@dataclass(slots=True)
class _Measured:
    total: int = 0
    columns: int = 0
    rows: int = 0
    errors: int = 0


def check(file: BinaryIO) -> int:
    """How many error cells the workbook has; raises `UnreadableFile` if it is not a safe XLSX workbook."""
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
            _kind({member.filename for member in members})
            return _measured(file, members)
    except (zipfile.BadZipFile, zlib.error, struct.error, OSError, ValueError, NotImplementedError) as error:
        raise UnreadableFile("The workbook is damaged: its archive cannot be read.", SAVE_AGAIN) from error


def _kind(names: set[str]) -> None:
    if "xl/workbook.xml" in names:
        return
    if "content.xml" in names or "Index/Document.iwa" in names or "xl/workbook.bin" in names:
        raise UnreadableFile("This kind of spreadsheet is not read here.", "Save it as XLSX or as CSV (UTF-8).")
    raise UnreadableFile("The file is an archive or a document, not a table.", "Unpack it, or save it as CSV.")


def _measured(file: BinaryIO, members: list[zipfile.ZipInfo]) -> int:
    if len(members) > MOST_MEMBERS:
        raise UnreadableFile(BOMB, SAVE_AGAIN)
    seen = _Measured()
    for member in members:
        if member.flag_bits & 1:
            raise UnreadableFile("The workbook is protected by a password.", "Save it without one.")
        _measure(file, member, seen)
    if seen.rows * seen.columns > MOST_CELLS:
        raise UnreadableFile(
            "The sheet has a cell far outside its table, or far too many cells.",
            "Delete the rows below and the columns to the right of the table, then save it again.",
        )
    return seen.errors


def _measure(file: BinaryIO, member: zipfile.ZipInfo, seen: _Measured) -> None:
    own, edge = 0, b""
    for piece in _inflated(file, member):
        own += len(piece)
        seen.total += len(piece)
        too_thin = own > SMALL and own > MOST_RATIO * max(member.compress_size, 1)
        if seen.total > MOST_BYTES or too_thin:
            raise UnreadableFile(BOMB, SAVE_AGAIN)
        if member.filename.endswith(".xml"):
            _note_cells(edge + piece, seen)
            seen.errors += len(_ERROR.findall(piece))
            edge = piece[-64:]


def _note_cells(xml: bytes, seen: _Measured) -> None:
    cells = _CELL.findall(xml)
    for letters in {found[0].upper() for found in cells}:
        column = 0
        for letter in letters:
            column = 26 * column + letter - 64
        seen.columns = max(seen.columns, column)
    seen.rows = max(seen.rows, max((int(found[1]) for found in cells), default=0))


def _inflated(file: BinaryIO, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """The unpacked pieces of `member`, read past the size it declares."""
    file.seek(member.header_offset)
    head = file.read(30)
    name, extra = struct.unpack("<HH", head[26:30])
    file.seek(name + extra, io.SEEK_CUR)
    left = member.compress_size
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise zipfile.BadZipFile("unusual compression")
    inflate = zlib.decompressobj(-15) if member.compress_type == zipfile.ZIP_DEFLATED else None
    while left > 0 and (packed := file.read(min(_PIECE, left))):
        left -= len(packed)
        if inflate is None:
            yield packed
            continue
        while packed:
            yield inflate.decompress(packed, _PIECE)
            packed = inflate.unconsumed_tail
