"""The single lines of every screen: where I am, a thin rule, the keys that work now, the result of the last act.

Each is one row high, takes foreign text as it comes, cuts it to the cell, and never lays the screen out again.
"""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len, set_cell_size
from textual.content import Content

from sdr.screens.columns import GAP, one_line
from sdr.screens.look import UNICODE, Marks
from sdr.screens.still import Still

LEFT_LEAST = 20  # cells the left words need before the right ones may stand beside them

Part = tuple[str, str]  # words and their look ("" or one of look.LOOKS)
Key = tuple[str, str]  # a key as pressed, and what it does ("" when the key says it)


def parts(words: str | Sequence[Part]) -> list[Part]:
    """`words` cleaned, as pieces with a look; a plain string is one plain piece. Spaces between pieces stay."""
    pieces = [(words, "")] if isinstance(words, str) else words
    return [(_spaced(text), look) for text, look in pieces]


def _spaced(text: str) -> str:
    inner = text.strip(" ")
    before, _inner, after = text.partition(inner) if inner else (text, "", "")
    return before + one_line(inner) + after


def length(pieces: Sequence[Part]) -> int:
    """How many cells `pieces` take."""
    return sum(cell_len(text) for text, _look in pieces)


def cut_parts(pieces: Sequence[Part], width: int, sign: str = "…") -> list[Part]:
    """`pieces` in at most `width` cells; a cut ends in `sign`."""
    if length(pieces) <= width:
        return list(pieces)
    kept: list[Part] = []
    room = width
    for text, look in pieces:
        cells = cell_len(text)
        if cells >= room:
            kept.append((whole_words(text, room, sign), look))
            break
        kept.append((text, look))
        room -= cells
    return kept


def whole_words(text: str, room: int, sign: str) -> str:
    """As many whole words of `text` as fit in `room` cells, with the sign that it goes on; a long first word is cut."""
    short = set_cell_size(text, max(room - len(sign), 0))
    at = len(short) if text[len(short) : len(short) + 1] == " " else short.rfind(" ")
    kept = short[:at].rstrip(" ·,:(") if at > 0 else short
    return kept + sign


def fitting(units: Sequence[Sequence[Part]], width: int, sign: str) -> list[Part]:
    """As many of `units` as stand whole in `width` cells, a gap between two; `sign` stands for the rest."""
    kept: list[Part] = []
    for place, unit in enumerate(units):
        gap = [(" " * GAP, "")] if place else []
        tail = 0 if place == len(units) - 1 else GAP + cell_len(sign)
        if length([*kept, *gap, *unit]) + tail > width:
            return [*kept, *gap, (sign, "dim")]
        kept += [*gap, *unit]
    return kept


def styled(pieces: Sequence[Part]) -> Content:
    """`pieces` as a `Content` in the colours of the theme."""
    return Content.assemble(*((text, f"${look}" if look else "") for text, look in pieces))


class Line(Still):
    """One row of words."""

    DEFAULT_CSS = "Line { height: 1; padding: 0 1; }"

    def __init__(self, *, signs: Marks = UNICODE, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, classes=classes)
        self.signs = signs


class WordsLine(Line):
    """Words that change, such as how much more there is."""

    said: Sequence[Part] = ()

    def show(self, words: str | Sequence[Part]) -> None:
        """Other words; the line is drawn with the next frame."""
        said = parts(words)
        if said != self.said:
            self.said = said
            self.refresh()

    def render(self) -> Content:
        return styled(cut_parts(self.said, self.content_size.width, self.signs.cut))


class HeadLine(Line):
    """The first line: `left` says where I am and what waits, `right` today's pace, which leaves first."""

    left: Sequence[Part] = ()
    right: Sequence[Part] = ()

    def show(self, left: str | Sequence[Part], right: str | Sequence[Part] = "") -> None:
        """Other words; the line is drawn with the next frame."""
        before = self.left, self.right
        self.left, self.right = parts(left), parts(right)
        if before != (self.left, self.right):
            self.refresh()

    def render(self) -> Content:
        width, right = self.content_size.width, length(self.right)
        if right + GAP + min(length(self.left), LEFT_LEAST) > width or not right:
            return styled(cut_parts(self.left, width, self.signs.cut))
        left = cut_parts(self.left, width - right - GAP, self.signs.cut)
        return styled([*left, (" " * (width - right - length(left)), ""), *self.right])


class KeyLine(Line):
    """The keys that work now, most useful first; those that do not fit are left out whole."""

    keys: Sequence[Key] = ()
    always: Sequence[Key] = ()

    def show(self, keys: Sequence[Key], always: Sequence[Key] = (("?", ""),)) -> None:
        """Other keys; `always` stand last and stay however narrow the screen."""
        before = self.keys, self.always
        self.keys, self.always = tuple(keys), tuple(always)
        if before != (self.keys, self.always):
            self.refresh()

    def fitting(self, width: int) -> list[Key]:
        """The keys that stand in `width` cells."""
        left = width - sum(self._cells(key) for key in self.always)
        kept: list[Key] = []
        for key in self.keys:
            left -= self._cells(key)
            if left < -GAP:  # the last one needs no gap after it
                break
            kept.append(key)
        return [*kept, *self.always]

    def render(self) -> Content:
        pieces: list[Part] = []
        for key, label in self.fitting(self.content_size.width):
            pieces += [(key, "now"), (f" {label}" if label else "", ""), (" " * GAP, "")]
        return styled(pieces[:-1])

    def _cells(self, key: Key) -> int:
        return cell_len(" ".join(filter(None, key))) + GAP


class ResultLine(Line):
    """The last line: what the last act did, and its undo, which is never cut."""

    words: Sequence[Part] = ()
    tail: Sequence[Part] = ()

    def show(self, words: str | Sequence[Part], look: str = "", tail: str = "") -> None:
        """The result in a `look`; `tail`, such as `u undo`, stays whole at the end."""
        self.words = [(text, given or look) for text, given in parts(words)]
        self.tail = parts([(f" {self.signs.dot} ", "dim"), (tail, "now")]) if tail else ()
        self.refresh()

    def render(self) -> Content:
        room = max(0, self.content_size.width - length(self.tail))
        return styled([*cut_parts(self.words, room, self.signs.cut), *self.tail])


class Rule(Line):
    """The thin line that separates; there are no boxes."""

    DEFAULT_CSS = "Rule { color: $rule; }"

    def render(self) -> Content:
        return Content(self.signs.rule * self.content_size.width)
