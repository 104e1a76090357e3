"""Files of leads spoiled at random: bytes flipped, cut, doubled and swapped, and what a hostile hand would put in.

Workbooks are spoiled twice over: their bytes, and more often the members inside, so that the damage gets past the
archive. The same seed gives the same files.
"""

from __future__ import annotations

import io
import random
import zipfile
from dataclasses import dataclass

import xlsxwriter

from tests.exchange import hostile

LARGEST = 1 << 20  # bytes of a file
HEADERS = (
    ("Name", "Email", "Phone", "Company", "Created", "Notes"),
    ("Vorname", "Nachname", "E-Mail", "Telefon", "Firma", "Status"),
    ("First Name", "Last Name", "Email Address", "Company", "Position", "Connected On"),
    ("الاسم", "البريد الإلكتروني", "الهاتف", "الشركة"),
    ("नाम", "ईमेल", "फ़ोन", "कंपनी"),
    ("氏名", "メールアドレス", "電話番号", "会社名"),
    ("Do not contact", "Email", "owner", "state", "reason"),
)
CELLS = (
    "Ana Ruiz", "ana@acme.example", "ANA@ACME.example", "+34 600 000 000", "0600 000 000", "00420123456", "12345.0",
    "Acme, Inc.", "31/12/2025", "12/31/2025", "2025-13-45", "45678", "45678.5", "1e400", "N/A", "Select", "-", "null",
    "yes", "", " ", "a\nb", 'say "hi"', "=1+1", "@SUM(A1)", "[/]", "[@click=app.quit]x[/]", "\x1b]52;c;QQ==\x07",
    "\u202eevil", "\u200b", "\ufeff", "\u2028", "x" * 2000, "é" * 40, "名" * 30, "👩‍👩‍👧", "https://[", "a@b@c", "@",
    "mailto:a@b.example", "+" * 40, "9" * 60, "0", "-1", "nan", "inf", "١٢٣٤٥٦٧٨٩", "²³", "𝟏𝟐𝟑𝟒𝟓𝟔𝟕", "İ", "ẞ", "ǆ",
)  # fmt: skip
BITS = (
    b'"', b'""', b",", b";", b"\t", b"|", b"\n", b"\r", b"\r\n", b"\0", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"'",
    b"\xed\xa0\x80", b"\xe2\x80\xae", b"\x1b[31m", b"\x85", b"\xa0", b"sep=;\n", b"reason", b"not imported: ", b"\x1a",
    b"PK\x03\x04", b"&amp;", b"&#0;", b"&#xD800;", b"_xD800_", b"_x0000_", b'r="ZZ99"', b'r="A0"', b't="s"', b't="b"',
    b't="d"', b"<v>99999999999</v>", b"<v>-1</v>", b"<v>1e999</v>", b"<!--", b"<![CDATA[", b"<f>1/0</f>", b"<row/>",
)  # fmt: skip
ENCODINGS = ("utf-8", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "cp932", "mac-roman")


@dataclass(frozen=True, slots=True)
class Mutant:
    """A file to bring in, with words for the command beside it."""

    name: str
    content: bytes
    words: tuple[str, ...]


def mutant(chance: random.Random) -> Mutant:
    """One spoiled file and how it is to be brought in."""
    kind = chance.choice(("csv", "csv", "tsv", "xlsx", "xlsx"))
    content = _workbook(chance) if kind == "xlsx" else _text(chance, "\t" if kind == "tsv" else chance.choice(",,;|"))
    if kind != "xlsx" or chance.random() < 0.3:
        content = _spoiled(chance, content, chance.choice((0, 1, 2, 5, 20)))
    return Mutant(f"mutant.{kind}", content[:LARGEST], _words(chance))


def _words(chance: random.Random) -> tuple[str, ...]:
    said: list[str] = []
    for words in (("--blank", "n/a"), ("--policy", "company=replace"), ("--history",), ("--country", "US"),
                  ("--date-order", "dmy"), ("--source", "Fair"), ("--encoding", "latin-1"), ("--map", "1=name"),
                  ("--dry-run",), ("--sheet", "S")):  # fmt: skip
        if chance.random() < 0.12:
            said += words
    return tuple(said)


def _rows(chance: random.Random) -> list[list[str]]:
    header = list(chance.choice(HEADERS))
    if chance.random() < 0.2:
        chance.shuffle(header)
    if chance.random() < 0.1:
        header += chance.choices((*header, "", "Notes"), k=chance.randrange(1, 4))
    rows = [[chance.choice(CELLS) for _ in header] for _ in range(chance.choice((0, 1, 5, 40, 200)))]
    for row in rows:
        if chance.random() < 0.5 and len(row) > 2:
            row[:2] = [f"P{chance.randrange(500)} Ode", f"p{chance.randrange(500)}@b{chance.randrange(9)}.example"]
        if chance.random() < 0.05:
            row[chance.randrange(len(row)) :] = []
    above = [["Leads of May"], []][: chance.choice((0, 0, 0, 2))]
    below = [["Total", str(len(rows))]] if chance.random() < 0.1 else []
    return [*above, header, *rows, *below]


def _text(chance: random.Random, delimiter: str) -> bytes:
    quoting = chance.random() < 0.7
    lines = []
    for row in _rows(chance):
        cells = (f'"{cell.replace(chr(34), chr(34) * 2)}"' if quoting else cell for cell in row)
        lines.append(delimiter.join(cells))
    text = chance.choice(("\n", "\r\n", "\r")).join(lines)
    return text.encode(chance.choice(ENCODINGS), "replace")


def _workbook(chance: random.Random) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "date_1904": chance.random() < 0.1})
    for name in ("S", "T")[: chance.choice((1, 1, 2))]:
        page = book.add_worksheet(name)
        for at, row in enumerate(_rows(chance)):
            for place, cell in enumerate(row):
                if chance.random() < 0.9:
                    page.write_string(at, place, cell)
                else:
                    page.write_number(at, place, chance.choice((0, 1e15, 12345.0, 45678.5, -1, 5e-324)))
    book.close()
    return _respoiled(chance, out.getvalue())


def _respoiled(chance: random.Random, packed: bytes) -> bytes:
    """The archive with the members inside it spoiled, and packed again."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packed)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.namelist():
            content = old.read(member)
            if chance.random() < 0.3:
                content = _spoiled(chance, content, chance.choice((1, 1, 3)))
            if chance.random() > 0.02:
                new.writestr(member, content)
    return out.getvalue() if chance.random() < 0.9 else hostile.book(hostile.sheet(hostile.HEAD + hostile.ANA))


def _spoiled(chance: random.Random, content: bytes, times: int) -> bytes:
    held = bytearray(content)
    for _ in range(times):
        at = chance.randrange(len(held) + 1)
        length = chance.choice((1, 1, 4, 40, 1000))
        match chance.randrange(6):
            case 0:
                held[at : at + 1] = bytes([chance.randrange(256)])
            case 1:
                del held[at : at + length]
            case 2:
                held[at:at] = held[at : at + length] * chance.choice((1, 2, 30))
            case 3:
                held[at:at] = chance.choice(BITS) * chance.choice((1, 1, 3, 300))
            case 4:
                other = chance.randrange(len(held) + 1)
                held[at : at + length] = held[other : other + length]
            case _:
                held[at:at] = chance.choice(CELLS).encode("utf-8", "replace")
    return bytes(held) if chance.random() < 0.95 else bytes(held[: chance.randrange(len(held) + 1)])
