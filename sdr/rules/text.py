"""What may be done with other people's words: clean, fold for search, cut to cells, disarm.

Every text that comes from outside passes `clean` once, at the door. This module draws nothing and escapes
nothing for the screen; that is the screen's own `safe`. Filling words into a message is `sdr.rules.templates`.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Everything a terminal may act upon, the bidirectional marks, and the invisible fillers.
_BAD = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff]")
# What a terminal is told by a sequence of characters (ECMA-48, 5.4 and 8.3.89), letters among them: a colour such as
# ESC[31m, or the title or link between ESC] and its end. Not the one-byte forms: they stand in misread letters.
_SEQUENCE = re.compile(r"\x1b(?:\[[0-?]{0,60}[ -/]{0,4}[@-~]|\][^\x00-\x1f\x7f-\x9f]{0,2000}(?:\x07|\x1b\\))")
_LINE_END = re.compile("\r\n?|[\u2028\u2029]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_BLANK = re.compile("( )")
_ACCENT = re.compile("[\u0300-\u036f]")
_UNDECOMPOSED = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe"})
_NOT_SLUG = re.compile("[^a-z0-9]+")
_DEVICE = re.compile("con|prn|aux|nul|(com|lpt)[0-9]")

_WITHOUT_WIDTH = frozenset({"Mn", "Mc", "Me", "Cc", "Cf", "Cs"})

# What a spreadsheet may take for a formula (OWASP, ASVS 1.2.10), full-width forms included.
TRIGGERS = frozenset("=+-@\t\r\n\x00＝＋－＠'")


def clean(text: str, *, lines: bool = False) -> str:
    """Foreign `text` made harmless: NFC, no control, bidirectional or zero-width filler characters, trimmed.

    What tells a terminal a colour, a title or a link goes whole: of ESC[31m no "[31m" stays before a name. A tab
    becomes a space; line ends become newlines when `lines`, else spaces; a lone surrogate becomes U+FFFD. Zero-width
    joiners stay, because emoji and several scripts need them. Cleaning twice changes nothing, so `clean(s) != s`
    tells an import what to count as changed.
    """
    if text.isprintable() and (text.isascii() or unicodedata.is_normalized("NFC", text)):
        return text.strip()
    text = _SURROGATE.sub("\ufffd", _LINE_END.sub("\n", text))
    text = _BAD.sub("", _SEQUENCE.sub("", text).replace("\t", " "))
    if not lines:
        text = text.replace("\n", " ")
    return unicodedata.normalize("NFC", text).strip()


def folded(text: str) -> str:
    """The search key of `text`: NFKC, case folded, Latin accents off, runs of blanks as one space."""
    if text.isascii():
        return " ".join(text.lower().split())
    # Word by word: nothing composes across a blank, and the words of names and companies come again and again.
    return " ".join("".join(map(_folded_word, _BLANK.split(text))).split())


@lru_cache(maxsize=32_768)
def _folded_word(text: str) -> str:
    # Twice, because folding a character may leave one that decomposes again.
    for _ in range(2):
        text = unicodedata.normalize("NFKD", text).casefold().translate(_UNDECOMPOSED)
    return unicodedata.normalize("NFKC", _ACCENT.sub("", unicodedata.normalize("NFKD", text)))


@lru_cache(maxsize=4096)
def _cells(char: str) -> int:
    """The terminal cells `char` takes alone: 0, 1 or 2."""
    kind = unicodedata.category(char)
    if char == "\u00ad":
        return 1
    if kind == "Cn":  # newer than this Python's tables, which would call every such character wide
        return 2 if "\U0001f300" <= char <= "\U0001faff" or char >= "\U00020000" else 1
    if "\u1160" <= char <= "\u11ff" or "\U0001f3fb" <= char <= "\U0001f3ff" or kind in _WITHOUT_WIDTH:
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def _steps(text: str) -> list[int]:
    """The cells each character of `text` adds. What a joiner joins adds none; a variation selector 16 makes
    the narrow symbol before it wide."""
    steps: list[int] = []
    before = ""
    for char in text:
        if before == "\u200d":
            step = 0
        elif char == "\ufe0f":
            symbol = before and (before in "#*0123456789" or unicodedata.category(before) == "So")
            step = int(bool(symbol) and _cells(before) == 1)
        else:
            step = _cells(char)
        before = "" if before == "\u200d" else char
        steps.append(step)
    return steps


def width(text: str) -> int:
    """How many terminal cells `text` takes in one line: wide characters 2, combining and control ones 0."""
    return len(text) if text.isascii() and text.isprintable() else sum(_steps(text))


def cut(text: str, cells: int, mark: str = "…") -> str:
    """`text` in at most `cells` terminal cells, ending in `mark` when something was cut off."""
    if width(text) <= cells:
        return text
    if width(mark) > cells:
        mark = ""
    room = cells - width(mark)
    for index, step in enumerate(_steps(text)):
        room -= step
        if room < 0:
            return text[:index] + mark
    return text


def neutral(text: str) -> str:
    """`text` as a spreadsheet cell that is never run: `'` before every value that starts like a formula."""
    return "'" + text if text[:1] in TRIGGERS and text else text


def plain(text: str) -> str:
    """The exact inverse of `neutral`; other people's apostrophes stay."""
    return text[1:] if text[:1] == "'" and text[1:2] and text[1:2] in TRIGGERS else text


def slug(text: str) -> str:
    """`text` as a piece of a file name, `[a-z0-9-]{1,40}`; never a device name of Windows."""
    name = _NOT_SLUG.sub("-", folded(text)).strip("-")[:40].strip("-")
    return "x-" + name if _DEVICE.fullmatch(name) else name or "x"
