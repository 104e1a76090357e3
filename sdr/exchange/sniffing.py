"""Guesses about a text file from its first bytes: encoding, line ends, delimiter.

The ladder: byte order mark; strict UTF-8; zeros in every other byte = UTF-16; a double-byte code only if nearly
all high bytes make common Japanese; carriage returns alone = Mac Roman; Windows-1252; Latin-1. A file with valid
UTF-8 letters beside invalid bytes is UTF-8 with foreign lines, which `decoding` repairs. `csv.Sniffer` is not
used: it finds delimiters in names.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from sdr.exchange.headers import header_at
from sdr.exchange.tables import UnreadableFile

if TYPE_CHECKING:
    from _csv import Reader

DELIMITERS = (",", ";", "\t", "|")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark begins with the same two bytes
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_HIGH = re.compile(rb"[\x80-\xff]")
_UTF8_LETTER = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
# Two bytes of Shift-JIS, and those of them that real text is made of: kana and the common kanji.
_JAPANESE = re.compile(rb"[\x81-\x9f\xe0-\xfc][\x40-\x7e\x80-\xfc]")
_COMMON_JAPANESE = frozenset(range(0x81, 0x98))
_FURTHEST = 60  # lines shown to the csv module at a time
_MOST_LINES = 25  # of one row
_SEP = re.compile(r'\A"?sep=(.)"?[ ]*(?:\r\n|\n|\r|\Z)', re.IGNORECASE)


class Guess(NamedTuple):
    """What the first bytes say."""

    encoding: str
    assumed: bool  # a guess that the rep should look at
    bom: int  # bytes of byte order mark to skip
    newline: str  # the commonest line end
    delimiter: str
    sep_line: bool  # the first line is `sep=…` and no data
    spaced_quotes: bool  # `, "Acme, Inc."`: the space before the quote does not belong to the cell


def sniff(head: bytes, *, encoding: str | None = None, more: bytes = b"") -> Guess:
    """The guess for a file that begins with `head`; a given `encoding` is believed.

    `more` is a later piece of the file with bytes beyond ASCII, for when `head` has none.
    """
    name, assumed, bom = _encoding(head, more)
    if encoding is not None:
        name, assumed = named_encoding(encoding, name), False
    text = codecs.getincrementaldecoder(name)("replace").decode(head[bom:])
    sep = _SEP.match(text)
    body = without_first_line(text) if sep else text
    delimiter = sep.group(1) if sep and sep.group(1) not in '"\r\n' else best_delimiter(body)
    return Guess(name, assumed, bom, _newline(text), delimiter, sep is not None, _spaced(body, delimiter))


def named_encoding(wanted: str, detected: str = "") -> str:
    """Python's name for the `wanted` encoding; "utf-16" takes the byte order that was `detected`."""
    try:
        name = codecs.lookup(wanted).name.replace("_", "-")
        if name in {"utf-16", "utf-32"}:
            return detected if detected.startswith(name) else f"{name}-le"
        if not isinstance(codecs.getincrementaldecoder(name)("replace").decode(b"a,b\n\xe9\n", True), str):
            raise LookupError(name)  # a codec of bytes, such as base64
    except (LookupError, UnicodeError, TypeError, ValueError, AssertionError):
        raise UnreadableFile(
            "That encoding is not known here.", "Try utf-8, cp1252, latin-1, mac-roman, cp932 or utf-16."
        ) from None
    return "utf-8" if name == "utf-8-sig" else name


def _encoding(head: bytes, more: bytes) -> tuple[str, bool, int]:
    for mark, name in _BOMS:
        if head.startswith(mark):
            return name, False, len(mark)
    if wide := _utf16(head):
        return wide, True, 0
    sample = head if not head.isascii() else more
    if _is_utf8(sample):
        return "utf-8", False, 0
    return _eight_bit(sample), True, 0


def _is_utf8(sample: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")("strict").decode(sample)
    except UnicodeDecodeError:
        return False
    return True


def _utf16(head: bytes) -> str:
    """Western text in UTF-16 has a zero in nearly every second byte."""
    half = len(head) // 2
    if half < 2:
        return ""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd > 0.4 * half and even < 0.1 * half:
        return "utf-16-le"
    return "utf-16-be" if even > 0.4 * half and odd < 0.1 * half else ""


def _eight_bit(sample: bytes) -> str:
    high = len(_HIGH.findall(sample))
    letters = _UTF8_LETTER.findall(sample)
    pairs = _JAPANESE.findall(sample)
    common = sum(pair[0] in _COMMON_JAPANESE for pair in pairs)
    covered = sum(1 + (pair[1] >= 0x80) for pair in pairs if pair[0] in _COMMON_JAPANESE)
    if common >= 2 and covered >= 0.8 * high:
        return "cp932"
    if sum(map(len, letters)) >= 0.2 * high:
        return "utf-8"
    if b"\n" not in sample and b"\r" in sample:
        return "mac-roman"
    return "latin-1" if re.search(rb"[\x81\x8d\x8f\x90\x9d]", sample) else "cp1252"


def _newline(text: str) -> str:
    pairs = text.count("\r\n")
    counts = Counter({"\r\n": pairs, "\n": text.count("\n") - pairs, "\r": text.count("\r") - pairs})
    best, count = counts.most_common(1)[0]
    return best if count else "\n"


def without_first_line(text: str) -> str:
    """`text` after its first line end."""
    lines = io.StringIO(text, newline="")
    lines.readline()
    return lines.read()


class Sampled(NamedTuple):
    """A row of the head with the lines it spans, from 1."""

    first: int
    last: int
    cells: list[str]


def sample_records(text: str, delimiter: str, *, spaced: bool = False, most: int = 200) -> list[Sampled]:
    """The first rows of `text` that are not blank; the last is left out if the head may have cut it.

    A row over very many lines has a quote that never closes: its first line is then taken alone.
    """
    lines = list(io.StringIO(text, newline=""))
    records: list[Sampled] = []
    at = 0
    while at < len(lines) and len(records) < most:
        if not lines[at].strip():
            at += 1
            continue
        reader = csv.reader(lines[at : at + _FURTHEST], delimiter=delimiter, skipinitialspace=spaced)
        cells, spans = _next(reader)
        if spans > _MOST_LINES or cells is None:
            cells, spans = _next(csv.reader([lines[at].rstrip("\r\n")], delimiter=delimiter))
        if cells and any(map(str.strip, cells)):
            records.append(Sampled(at + 1, at + spans, cells))
        at += max(spans, 1)
    cut = at >= len(lines) and not text.endswith(("\n", "\r"))
    return records[:-1] if cut and len(records) > 2 else records


def _next(reader: Reader) -> tuple[list[str] | None, int]:
    try:
        return next(reader, None), reader.line_num
    except csv.Error:
        return None, 1


def sample_rows(text: str, delimiter: str, *, spaced: bool = False) -> list[list[str]]:
    """The cells of `sample_records`."""
    return [record.cells for record in sample_records(text, delimiter, spaced=spaced)]


def best_delimiter(text: str) -> str:
    """Of comma, semicolon, tab and bar the one whose rows agree most on their number of cells (two or more).

    If none cuts the rows alike, the file is one column, and a delimiter that it does not hold keeps it whole.
    """
    scored = [(_agreement(sample_rows(text, d)), -at, d) for at, d in enumerate(DELIMITERS)]
    best = max(scored)
    return best[2] if best[0][0] > 0 else next((d for d in DELIMITERS if d not in text), ",")


def _agreement(rows: Sequence[Sequence[str]]) -> tuple[float, int]:
    """Share of the rows with the usual number of cells, more for a header we know; and that number."""
    at, names = header_at(rows)
    body = rows[max(at, 0) :]
    usual = Counter(map(len, body)).most_common()
    if not usual:
        return 0.0, 0
    width = len(body[0]) if names >= 2 else max((n for n, c in usual if c == usual[0][1]), default=0)
    if width < 2 or (names < 2 and len(body[0]) != width):
        return 0.0, 0
    share = sum(len(row) == width for row in body) / len(body)
    return round(share, 2) + 0.2 * min(names, 5), width


def _spaced(text: str, delimiter: str) -> bool:
    """Whether the file puts spaces before its quotes: only if reading it so makes the rows fit better."""
    if not re.search(rf'(?:^|{re.escape(delimiter)}) +"', text, re.MULTILINE):
        return False
    plain = _fitting(sample_rows(text, delimiter))
    spaced = _fitting(sample_rows(text, delimiter, spaced=True))
    return spaced >= plain


def _fitting(rows: Sequence[Sequence[str]]) -> float:
    if not rows:
        return 0.0
    width = len(rows[max(header_at(rows)[0], 0)])
    return sum(len(row) == width for row in rows) / len(rows)
