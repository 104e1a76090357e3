"""A lead in one typed line: what each piece says, and the lines that show what was understood before it is kept."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from sdr.models.terms import Refused
from sdr.rules.told import told

# What a field may be called in the line; other words before a colon name the channel of a source.
FIELDS = {
    "mail": "email", "e-mail": "email", "email": "email", "phone": "phone", "tel": "phone", "mobile": "mobile",
    "company": "company", "title": "title", "role": "title", "city": "city", "country": "country", "zone": "zone",
    "region": "region", "linkedin": "linkedin", "website": "website", "site": "website", "industry": "industry",
    "employees": "employees", "name": "name", "tag": "tags", "tags": "tags", "note": "notes", "campaign": "campaign",
    "id": "external_id", "postcode": "postcode", "street": "street",
}  # fmt: skip
LONGEST_SPOKEN = 200  # characters of one thing
IN_ORDER = ("name", "company", "title", "notes")
_PIECE = re.compile(r'((?:"[^"]*"|[^,;"\n]|")+)')
_NAMED = re.compile(r"([^\W\d][\w-]{0,30}):(?!//)\s*(\S.*)", re.DOTALL)
_NUMBER = re.compile(r"(?:tel:)?\+?[\d\s().\-/]{6,24}(?:\s*(?:x|ext\.?)\s*\d+)?", re.IGNORECASE)
_LINK = re.compile(r"(?:https?://)?(?:www\.)?[\w-]+(?:\.[\w-]+)+(?:/\S*)?")


class Parsed(NamedTuple):
    """What a line says: text by field, and the source with its channel. `force` keeps it although the address is
    another lead's. `arrived` is when they wrote, if that is known (aware time)."""

    cells: Mapping[str, str]
    source: str | None = None
    channel: str | None = None
    force: bool = False
    arrived: datetime | None = None

    def forced(self) -> Parsed:
        """The same, kept even if somebody has the address already."""
        return self._replace(force=True)


def understood(text: str) -> Parsed | Refused:
    """A lead in one line: `Ana Ruiz, Acme, ana@acme.com, +34 600…, show:Hannover`.

    Pieces between commas (quotes keep one together): an address, a number, `word:value`; else the name, then the
    company, the title, and a note. Refused when it names nobody, or holds an address or number that is none.
    """
    cells: dict[str, str] = {}
    source, channel = None, None
    for piece in _pieces(text):
        word, value = _read(piece, cells)
        if word in ("source", "channel"):
            channel, source = (None, value) if word == "source" else (piece.partition(":")[0].strip(), value)
        else:
            cells[word] = f"{cells[word]}, {value}" if word in ("notes", "tags") and word in cells else value
    wrong = _wrong(cells)
    return wrong if wrong is not None else Parsed(cells, source, channel)


def _pieces(text: str) -> Iterator[str]:
    for found in _PIECE.findall(text):
        piece = found.strip()
        if len(piece) > 1 and piece[0] == piece[-1] == '"':
            piece = piece[1:-1].strip()
        if piece:
            yield piece


def _read(piece: str, cells: Mapping[str, str]) -> tuple[str, str]:
    if piece.startswith("#") and len(piece) > 1:
        return "tags", piece[1:]
    if found := _NAMED.fullmatch(piece):
        word, value = found[1].lower(), found[2].strip()
        return ("source", value) if word == "source" else (FIELDS.get(word, "channel"), value)
    if "@" in piece:
        return ("email_2" if "email" in cells else "email"), piece
    if _NUMBER.fullmatch(piece):
        return ("mobile" if "phone" in cells else "phone"), piece
    if "linkedin.com/" in piece.lower():
        return "linkedin", piece
    if "name" in cells and _LINK.fullmatch(piece):
        return "website", piece
    return next((word for word in IN_ORDER if word not in cells), "notes"), piece


def _wrong(cells: Mapping[str, str]) -> Refused | None:
    found = told(cells)
    for word, reason in found.flaws:
        if word in ("email", "email_2", "country", "zone", "employees"):
            return Refused("lead.flaw", f"{reason}; write it again, or leave it out")
    if not {"name", "email", "phone", "mobile", "linkedin"} & cells.keys():
        return Refused("lead.nobody", "nobody is named: write a name, an e-mail address or a phone number")
    return None


def spoken(parsed: Parsed) -> list[str]:
    """What was understood, a line for each thing."""
    found = told(parsed.cells)
    shown = {**parsed.cells, **{k: str(v) for k, v in found.values.items() if k in parsed.cells}}
    if phones := found.values.get("phones"):
        shown["phone"] = phones[0]["shown"]
    lines = [f"{word.replace('_', ' '):<9} {_one_line(text)}" for word, text in shown.items() if word != "tags"]
    if "tags" in parsed.cells:
        lines.append(f"{'tags':<9} {', '.join(found.values.get('tags', []))}")
    if parsed.source:
        lines.append(f"{'source':<9} {parsed.source}" + (f" ({parsed.channel})" if parsed.channel else ""))
    return lines


def _one_line(text: str) -> str:
    """A message of many lines as the beginning of it."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_SPOKEN else f"{line[:LONGEST_SPOKEN]}…"
