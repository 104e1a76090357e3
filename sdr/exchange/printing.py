"""Paper: letters with the address where an envelope's window is, postcards two or four on a sheet, address labels.

Lengths are points from the top left corner of the sheet. Letters follow DIN 5008 form B on A4 and the window of a
US no. 10 envelope on US letter paper. Equal pieces give equal bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any, NamedTuple

from sdr.exchange.fonts import Font

if TYPE_CHECKING:
    from collections.abc import Iterator

MM, INCH = 72 / 25.4, 72.0
SIZES = {"a4": (210 * MM, 297 * MM), "letter": (8.5 * INCH, 11 * INCH)}
LEADING = 1.25  # from line to line, in sizes


class Box(NamedTuple):
    """A place on the sheet."""

    left: float
    top: float
    width: float
    height: float


class LetterForm(NamedTuple):
    """Where things stand on a letter; `body` is that of the first page, the margins hold on all."""

    back: Box  # the sender in small, over the address, in the window
    address: Box
    head: Box  # the letterhead
    body: float
    margin: float
    right: float
    bottom: float
    folds: tuple[float, ...] = ()


FORMS = {
    "a4": LetterForm(
        Box(25 * MM, 57 * MM, 80 * MM, 5 * MM), Box(25 * MM, 62.7 * MM, 80 * MM, 27.3 * MM),
        Box(125 * MM, 20 * MM, 65 * MM, 40 * MM), 103 * MM, 25 * MM, 20 * MM, 25 * MM, (105 * MM, 210 * MM),
    ),
    "letter": LetterForm(
        Box(1.0 * INCH, 1.95 * INCH, 4.0 * INCH, 0.15 * INCH), Box(1.0 * INCH, 2.1 * INCH, 4.0 * INCH, 1.15 * INCH),
        Box(5.25 * INCH, 0.75 * INCH, 2.5 * INCH, 1.2 * INCH), 3.75 * INCH, 1.0 * INCH, 1.0 * INCH, 1.0 * INCH,
    ),
}  # fmt: skip
# Columns, rows, width and height of a label, left and top margin of the sheet, from column to column.
LABELS = {
    "3x8": ("a4", 3, 8, 70 * MM, 297 / 8 * MM, 0.0, 0.0, 70 * MM),
    "5160": ("letter", 3, 10, 2.625 * INCH, 1.0 * INCH, 0.1875 * INCH, 0.5 * INCH, 2.75 * INCH),
}


class Piece(NamedTuple):
    """One thing to print: the lines of the address (the name first), the text, and a font that has all of it."""

    address: tuple[str, ...]
    text: str
    font: Font


def wrapped(text: str, font: Font, size: float, width: float) -> list[str]:
    """`text` in lines no wider than `width`, its own line ends kept; a word wider than a line is broken."""
    lines: list[str] = []
    blank = font.width(" ", size)
    for paragraph in text.split("\n"):
        line, taken = "", 0.0
        for word in paragraph.split(" "):
            long = font.width(word, size)
            if line and taken + blank + long > width:
                lines.append(line)
                line, taken = "", 0.0
            line, taken = (f"{line} {word}", taken + blank + long) if line else (word, long)
            while taken > width and len(line) > 1:
                keep = _fitting(line, font, size, width)
                lines.append(line[:keep])
                line = line[keep:]
                taken = font.width(line, size)
        lines.append(line)
    return lines


def _fitting(line: str, font: Font, size: float, width: float) -> int:
    """How many characters of `line` fit, at least one."""
    keep = len(line) - 1
    while keep > 1 and font.width(line[:keep], size) > width:
        keep -= 1
    return keep


def size_for(lines: Sequence[str], font: Font, box: Box, sizes: Sequence[float]) -> float | None:
    """The first of `sizes` at which `lines` stand in `box` unbroken; None when they fit in none."""
    for size in sizes:
        if len(lines) * size * LEADING <= box.height and all(font.width(line, size) <= box.width for line in lines):
            return size
    return None


def text_size(text: str, font: Font, box: Box, sizes: Sequence[float]) -> float | None:
    """The first of `sizes` at which `text`, wrapped, stands in `box`; None when it is too long for all."""
    for size in sizes:
        if len(wrapped(text, font, size, box.width)) * size * LEADING <= box.height:
            return size
    return None


class Sheet:
    """A document being drawn."""

    def __init__(self, size: tuple[float, float], title: str) -> None:
        from reportlab.pdfgen.canvas import Canvas

        self.width, self.height = size
        self._bytes = BytesIO()
        # Invariant: no date of making, so that the same sheets are the same bytes.
        self._canvas: Any = Canvas(self._bytes, pagesize=size, invariant=1)
        self._canvas.setTitle(title)
        self._canvas.setCreator("sdr")

    def lines(self, lines: Sequence[str], font: Font, size: float, left: float, top: float) -> None:
        """`lines` one under the other, the first right under `top`."""
        self._canvas.setFont(font.name, size)
        for number, line in enumerate(lines):
            if line:
                self._canvas.drawString(left, self.height - top - size - number * size * LEADING, line)

    def rule(self, left: float, top: float, right: float, bottom: float) -> None:
        """A thin grey line."""
        self._canvas.setStrokeGray(0.7)
        self._canvas.setLineWidth(0.3)
        self._canvas.line(left, self.height - top, right, self.height - bottom)

    def next_page(self) -> None:
        """On to another page."""
        self._canvas.showPage()

    def finished(self) -> bytes:
        """The document."""
        self._canvas.save()
        return self._bytes.getvalue()


# --- letters -----------------------------------------------------------------------------------------------------

TEXT_SIZE, SMALL = 11.0, 7.0
ADDRESS_SIZES = (11.0, 10.0, 9.0, 8.0, 7.0)


def letters_pdf(pieces: Sequence[Piece], paper: str, head: Sequence[str], day: str, title: str) -> bytes:
    """A letter for each piece, on as many pages as it takes."""
    form, sheet = FORMS[paper], Sheet(SIZES[paper], title)
    for piece in pieces:
        for number, lines in enumerate(_pages(piece, sheet, form)):
            if number == 0:
                _letter_head(sheet, form, piece, head, day)
            top = form.body + 2 * TEXT_SIZE * LEADING if number == 0 else form.margin
            sheet.lines(lines, piece.font, TEXT_SIZE, form.margin, top)
            sheet.next_page()
    return sheet.finished()


def _letter_head(sheet: Sheet, form: LetterForm, piece: Piece, head: Sequence[str], day: str) -> None:
    back, box = form.back, form.address
    line = " · ".join(head) if ord("·") in piece.font.has else ", ".join(head)
    if line and piece.font.width(line, SMALL) <= back.width:
        sheet.lines([line], piece.font, SMALL, back.left, back.top)
    size = size_for(piece.address, piece.font, box, ADDRESS_SIZES) or ADDRESS_SIZES[-1]
    sheet.lines(piece.address, piece.font, size, box.left, box.top)
    sheet.lines(head, piece.font, 9.0, form.head.left, form.head.top)
    sheet.lines([day], piece.font, TEXT_SIZE, form.margin, form.body)
    for fold in form.folds:
        sheet.rule(3 * MM, fold, 8 * MM, fold)


def _pages(piece: Piece, sheet: Sheet, form: LetterForm) -> Iterator[list[str]]:
    """The lines of each page."""
    lines = wrapped(piece.text, piece.font, TEXT_SIZE, sheet.width - form.margin - form.right)
    top = form.body + 2 * TEXT_SIZE * LEADING
    while True:
        room = int((sheet.height - top - form.bottom) / (TEXT_SIZE * LEADING))
        yield lines[:room]
        lines, top = lines[room:], form.margin
        if not lines:
            return


# --- postcards ---------------------------------------------------------------------------------------------------

CARD_SIZES = (10.0, 9.0, 8.0, 7.0)
PADDING = 8 * MM


def card_size(paper: str, count: int) -> tuple[float, float]:
    """A postcard's width and height: half a sheet, or a quarter of one turned on its side."""
    width, height = SIZES[paper]
    return (width, height / 2) if count == 2 else (height / 2, width / 2)


def card_boxes(paper: str, count: int) -> tuple[Box, Box]:
    """Where on a card the text stands (its left half), and where the address (its right half, under the stamp)."""
    width, height = card_size(paper, count)
    half = width / 2
    text = Box(PADDING, PADDING, half - 1.5 * PADDING, height - 2 * PADDING)
    return text, Box(half + PADDING, height * 0.42, half - 2 * PADDING, height * 0.58 - PADDING)


def cards_pdf(pieces: Sequence[Piece], paper: str, count: int, head: Sequence[str], title: str) -> bytes:
    """Postcards, `count` (2 or 4) on a sheet, cut along the thin lines."""
    width, height = card_size(paper, count)
    columns, rows = (1, 2) if count == 2 else (2, 2)
    sheet = Sheet((width * columns, height * rows), title)

    def one(piece: Piece, left: float, top: float) -> None:
        _card(sheet, piece, card_boxes(paper, count), head, (left, top, width, height))

    _spread(sheet, pieces, columns, rows, lambda place: (place[0] * width, place[1] * height), one)
    return sheet.finished()


def _card(
    sheet: Sheet, piece: Piece, boxes: tuple[Box, Box], head: Sequence[str], at: tuple[float, float, float, float]
) -> None:
    left, top, width, height = at
    text, address = boxes
    size = text_size(piece.text, piece.font, text, CARD_SIZES) or CARD_SIZES[-1]
    sheet.lines(wrapped(piece.text, piece.font, size, text.width), piece.font, size, left + text.left, top + text.top)
    small = size_for(piece.address, piece.font, address, ADDRESS_SIZES) or ADDRESS_SIZES[-1]
    sheet.lines(piece.address, piece.font, small, left + address.left, top + address.top)
    sheet.lines(head[:4], piece.font, 6.0, left + address.left, top + PADDING)
    sheet.rule(left + width / 2, top + PADDING, left + width / 2, top + height - PADDING)
    sheet.rule(left, top + height, left + width, top + height)
    sheet.rule(left + width, top, left + width, top + height)


# --- labels ------------------------------------------------------------------------------------------------------

LABEL_SIZES = (10.0, 9.0, 8.0, 7.0, 6.0)
LABEL_PADDING = 4 * MM


def label_box(kind: str) -> Box:
    """Where the address stands on a label of `kind`."""
    _paper, _columns, _rows, width, height, *_rest = LABELS[kind]
    return Box(LABEL_PADDING, LABEL_PADDING / 2, width - 2 * LABEL_PADDING, height - LABEL_PADDING)


def labels_pdf(pieces: Sequence[Piece], kind: str, title: str) -> bytes:
    """Address labels, a sheet full after the other."""
    paper, columns, rows, _width, height, left, top, pitch = LABELS[kind]
    sheet, box = Sheet(SIZES[paper], title), label_box(kind)

    def one(piece: Piece, x: float, y: float) -> None:
        size = size_for(piece.address, piece.font, box, LABEL_SIZES) or LABEL_SIZES[-1]
        sheet.lines(piece.address, piece.font, size, x + box.left, y + box.top)

    _spread(sheet, pieces, columns, rows, lambda place: (left + place[0] * pitch, top + place[1] * height), one)
    return sheet.finished()


def _spread(
    sheet: Sheet,
    pieces: Sequence[Piece],
    columns: int,
    rows: int,
    place: Callable[[tuple[int, int]], tuple[float, float]],
    draw: Callable[[Piece, float, float], None],
) -> None:
    """Draw the pieces row by row, `columns` times `rows` on a page."""
    for number, piece in enumerate(pieces):
        on_page = number % (columns * rows)
        draw(piece, *place((on_page % columns, on_page // columns)))
        if on_page == columns * rows - 1 or number == len(pieces) - 1:
            sheet.next_page()
