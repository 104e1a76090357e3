"""A message as lines of a screen: wrapped to its cells, holes marked; and as the text that is changed by hand."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap

from textual.content import Content
from textual.widget import Widget

from sdr.desk.composing import Edited
from sdr.rules.templates import PERSONAL, Piece
from sdr.screens.lines import Part, cut_parts, parts, styled

SENTENCE = "[your sentence]"
SUBJECT = "subject: "


def as_text(edited: Edited) -> str:
    """A message as it is changed by hand: a mail's subject is its first line."""
    return edited.text if edited.subject is None else f"{SUBJECT}{edited.subject}\n\n{edited.text}"


def as_edited(text: str, subject: bool) -> Edited:
    """The reverse of `as_text`."""
    if not subject:
        return Edited(None, text.strip())
    first, _end, rest = text.lstrip().partition("\n")
    return Edited(first.removeprefix(SUBJECT.strip()).strip(), rest.strip())


def lines_of(pieces: Sequence[Piece], width: int) -> list[list[Part]]:
    """Pieces as lines of at most `width` cells, holes marked, what was filled in as plain as the rest."""
    lines: list[list[Part]] = []
    for line in _split(pieces):
        words = "".join(text for text, _look in line)
        for part in wrap(words, width, drop_whitespace=True, break_long_words=True) or [""]:
            lines.append(_looks(part, line))
    return lines


def _split(pieces: Sequence[Piece]) -> list[list[Part]]:
    found: list[list[Part]] = [[]]
    for piece in pieces:
        hole = piece.kind == "hole"
        shown = SENTENCE if hole and piece.text == PERSONAL else f"[{piece.text}?]" if hole else piece.text
        first, *more = shown.split("\n")
        found[-1].append((first, "late" if hole else ""))
        found += [[(part, "")] for part in more]
    return found


def _looks(part: str, line: Sequence[Part]) -> list[Part]:
    """A wrapped part of a line, its holes in their look again."""
    for text, look in line:
        if look and text in part:
            before, _hole, after = part.partition(text)
            return [(before, ""), (text, look), *_looks(after, line)]
    return [(part, "")]


class Preview(Widget):
    """The message as it would go."""

    DEFAULT_CSS = "Preview { height: auto; }"

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[list[Part]] = []

    def show(self, lines: list[list[Part]]) -> None:
        """Other lines."""
        self.lines = lines
        self.refresh(layout=True)

    def render(self) -> Content:
        width = self.size.width or self.screen.size.width - 2
        return Content("\n").join(styled(cut_parts(parts(line), width)) for line in self.lines)
