"""A font that has every character of a text, or the character that none has: nothing is printed as an empty box.

TrueType files only. Scripts written from right to left need a shaping that is not done here, and are refused too.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

# Fonts with many letters, where systems keep them; the first that has all characters is taken.
_KNOWN = (
    "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
    "/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf",
    "/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf",
    "/usr/share/fonts/TTF/DejaVuSans.ttf",
    "/usr/share/fonts/dejavu-sans-fonts/DejaVuSans.ttf",
    "/usr/share/fonts/google-noto/NotoSans-Regular.ttf",
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
    "/Library/Fonts/Arial Unicode.ttf",
    "/System/Library/Fonts/Supplemental/Arial Unicode.ttf",
    "/System/Library/Fonts/Supplemental/Arial.ttf",
    "C:/Windows/Fonts/arial.ttf",
    "C:/Windows/Fonts/msyh.ttc",
)
_ROOMS = "\n "


class NoFont(Exception):
    """The font the rep named cannot be used; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Font:
    """A font ready to print with: its name for the canvas, the characters it has, and how wide they are (in
    thousandths of the size; `other` where nothing is said)."""

    name: str
    has: frozenset[int]
    widths: Mapping[int, float] = field(default_factory=dict)
    other: float = 0

    def width(self, text: str, size: float) -> float:
        """How wide `text` is at `size`, in points."""
        return size * sum([self.widths.get(ord(char), self.other) for char in text]) / 1000


def printable(text: str) -> str:
    """`text` without the characters that have no look of their own (joiners, marks of direction, soft hyphens)."""
    if text.isascii():
        return text
    kept = (char for char in text if char in _ROOMS or unicodedata.category(char) not in ("Cf", "Cc", "Cs"))
    return "".join(char for char in kept if not "\ufe00" <= char <= "\ufe0f").replace("\u00a0", " ")


@lru_cache(maxsize=8)
def fonts(named: str) -> tuple[Font, ...]:
    """The fonts there are, best first: the one the rep `named` (a path), the system's, the one reportlab brings.

    Raises `NoFont` when the named one cannot be used, and `ImportError` without reportlab.
    """
    found = [font for path in _KNOWN if (font := _read(path)) is not None]
    found += [font for font in (_read(_bundled()),) if font is not None]
    if not named:
        return tuple(found)
    own = _read(str(Path(named).expanduser()))
    if own is None:
        raise NoFont("the font under [letters] in config.toml cannot be read; name a TrueType file (.ttf)")
    return (own, *found)


def _bundled() -> str:
    import reportlab

    return str(Path(reportlab.__file__).parent / "fonts" / "Vera.ttf")


def _read(path: str) -> Font | None:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFError, TTFont

    if not Path(path).is_file():
        return None
    name = f"desk-{path}"
    try:
        font = TTFont(name, path)
        pdfmetrics.registerFont(font)
    except (TTFError, OSError, ValueError, KeyError, IndexError):
        return None
    face = font.face
    return Font(name, frozenset(face.charToGlyph), face.charWidths, face.defaultWidth)


def font_for(text: str, known: Iterable[Font]) -> Font | str:
    """The first font that has every character of `text`, else why there is none."""
    wanted = frozenset(ord(char) for char in text if char not in _ROOMS)
    leftward = next((char for char in text if unicodedata.bidirectional(char) in ("R", "AL")), None)
    if leftward is not None:
        return "it has a script written from right to left, which the desk cannot print; use the merge file"
    fewest = wanted
    for font in known:
        missing = wanted - font.has
        if not missing:
            return font
        fewest = min(fewest, missing, key=len)
    lacking = chr(min(fewest))
    way = "name a font that has it under [letters] in config.toml"
    return f"no font here has the character “{lacking}” (U+{ord(lacking):04X}); {way}"
