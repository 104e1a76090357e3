"""The rows of a worksheet, put into a workbook that the library has made of everything else.

Row by row this is the XML that the library writes of the same cells, in a fraction of its time: it looks at each
cell anew, at its style too. Which cells there are and what is in them is `sheets`' part; nothing here is cleaned.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from io import BytesIO
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile

STYLE = 2  # of every cell: the second that a workbook of ours uses, after that of its header
_SHEET = "xl/worksheets/sheet1.xml"
_ROW_END = b"</row>"
_MARKUP = re.compile("[&<>]|_x")
_LIKE_AN_ESCAPE = re.compile("(_x[0-9a-fA-F]{4}_)")


def is_plain(text: str) -> bool:
    """Whether the text stands in XML, and for a spreadsheet, as it is."""
    return not _MARKUP.search(text)


def said(text: str) -> str:
    """A cell's text as it stands in XML: `_x0041_`, which a spreadsheet takes for a letter, is escaped as well."""
    text = _LIKE_AN_ESCAPE.sub(r"_x005F\1", text)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


class SheetRows:
    """Rows set aside as XML in a file, to be put behind a header. Blank cells, and rows of nothing else, are left out.

    `last` is the row that was added last: the library writes it itself, for by it the library knows how far down the
    sheet goes. It is the number from 1 below the header, and the texts.
    """

    def __init__(self, file: BinaryIO, letters: Sequence[str]) -> None:
        """An empty sheet with columns of these names (A, B …)."""
        self._file = file
        self._before = [f'<c r="{letter}' for letter in letters]
        self._size = self._of_last = 0  # bytes in the file: without those of the last row, and those
        self.last: tuple[int, Sequence[str]] | None = None

    def add(self, number: int, texts: Sequence[str], *, plain: bool) -> None:
        """A row; `plain` when each of its texts `is_plain` and has no blank at its ends."""
        if len(texts) > len(self._before):
            raise ValueError("a row has more cells than its header")
        place = f'{number + 1}" s="{STYLE}" t="inlineStr"><is><t'
        cells = [
            f"{before}{place}>{text}</t></is></c>" if plain else f"{before}{place}{_inside(text)}</t></is></c>"
            for before, text in zip(self._before, texts, strict=False)
            if text
        ]
        if cells:
            self._size += self._of_last
            self._of_last = self._file.write(f'<row r="{number + 1}">{"".join(cells)}</row>'.encode())
            self.last = number, texts

    def put_into(self, book: BytesIO, whole: BytesIO) -> None:
        """Write to `whole` the workbook `book`, which has a header and the last row, with all the others between."""
        self._file.truncate(self._size)
        self._file.seek(0)
        with ZipFile(book) as made, ZipFile(whole, "w", ZIP_DEFLATED) as filled:
            for entry in made.infolist():
                content = made.read(entry)
                if entry.filename != _SHEET:
                    filled.writestr(entry, content)
                    continue
                header, end, rest = content.partition(_ROW_END)
                entry.file_size = len(content) + self._size  # by which the archive knows how to hold it
                with filled.open(entry, "w") as sheet:
                    sheet.write(header + end)
                    shutil.copyfileobj(self._file, sheet)
                    sheet.write(rest)


def _inside(text: str) -> str:
    kept = "" if text == text.strip() else ' xml:space="preserve"'
    return f"{kept}>{said(text)}"
