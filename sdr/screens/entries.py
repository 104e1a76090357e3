"""The entries of a lead's timeline as lines: when and by whom, what, the words said in it, what it changed.

All words are foreign text: they are cleaned and wrapped by cells; nothing here is markup.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple

from textual.content import Content

from sdr.models.terms import at
from sdr.rules.spoken import ago, spoken
from sdr.rules.text import cut
from sdr.screens.card_view import Line
from sdr.screens.columns import fit, one_line
from sdr.screens.lines import Part, length
from sdr.screens.look import UNICODE, Marks
from sdr.screens.safe import shown
from sdr.store.queries.leads import Entry, FieldEdit, Words

WHEN, AGO, BY = 17, 6, 8  # cells of the columns before the summary
NARROW = 70  # below this the columns of how long ago and by whom leave
LABEL = 18  # cells of a field's name and the gap after it
VALUE = 200  # characters of one value of an edit


class Told(NamedTuple):
    """What an entry needs to be told: its words, its edits when it is open, whose name to leave out, the time."""

    entry: Entry
    words: tuple[Words, ...]
    edits: tuple[FieldEdit, ...] | None
    name: str
    zone: str
    now: datetime


def entry_lines(told: Told, width: int, signs: Marks = UNICODE) -> list[Line]:
    """An entry as lines of at most `width` cells: when, how long ago, by whom, what; then words, then edits."""
    entry, moment = told.entry, at(told.entry.at, told.zone)
    when = spoken(moment, told.now)
    when = when if ":" in when else f"{when} {moment:%H:%M}"
    head = f"{when:<{WHEN}} "
    if width >= NARROW:
        head += f"{ago(moment, told.now):>{AGO}}  {fit(one_line(entry.by), BY, 'left', signs.cut)}  "
    look = "dim" if entry.undone else ""
    summary = entry.summary.removeprefix(f"{entry.whose or told.name}: ")
    first: list[Part] = [(head, "dim")]
    if entry.whose:  # somebody who was merged into this lead
        room = min(24, max(4, width - 40))
        first.append((f"{cut(one_line(entry.whose), room, signs.cut)}  ", "now"))
    if entry.undone:
        first.append(("taken back  ", "soon"))
    rows = _wrap(summary, max(1, width - length(first)))
    indent = " " * len(head)
    lines: list[Line] = [[*first, (rows[0], look)], *([(indent, ""), (row, look)] for row in rows[1:])]
    inner = max(12, width - 4)
    for words in told.words:
        quoted = f"“{words.text}”" if words.kind == "said" else words.text
        lines += [[("    ", ""), (row, look)] for row in _wrap(quoted, inner)]
    if told.edits is not None:
        lines += [[("    ", ""), *line] for line in edit_lines(told.edits, told.zone, inner, signs)]
    return lines


def _wrap(text: str, width: int) -> list[str]:
    """Foreign text in rows of at most `width` cells; its own line ends stand."""
    return [row.plain.rstrip() for row in Content(shown(text)).wrap(width)] or [""]


def edit_lines(edits: Sequence[FieldEdit], zone: str, width: int, signs: Marks = UNICODE) -> list[Line]:
    """What an act changed: a changed field a line, before → after; a new row whole. Times are in `zone`."""
    arrow = "→" if signs.cut == UNICODE.cut else "->"
    lines: list[Line] = []
    for (table, _row, done), fields in groupby(edits, key=lambda edit: (edit.table, edit.row, edit.done)):
        if done == "end":
            lines.append([(f"{table} ended", "dim")])
        elif done == "new":
            lines += _labelled(f"new {table}", _row_words(fields, zone), width)
        else:
            for edit in fields:
                before, after = (value_words(edit.field, value, zone) for value in (edit.before, edit.after))
                lines += _labelled(_words(edit.field), f"{before} {arrow} {after}", width)
    return lines or [[("nothing about this lead itself", "dim")]]


def _row_words(fields: Iterable[FieldEdit], zone: str) -> str:
    """A new row in a line; that it is of this lead goes without saying."""
    told = [(edit.field, value_words(edit.field, edit.after, zone)) for edit in fields if edit.field != "lead_id"]
    return ", ".join(f"{_words(field)} {value}" for field, value in told)


def _words(field: str) -> str:
    return field.removesuffix("_id").replace("_", " ")


def _labelled(label: str, words: str, width: int) -> list[Line]:
    first, *rest = _wrap(words, max(12, width - LABEL))
    blank: Part = (" " * LABEL, "")
    return [[(fit(one_line(label), LABEL - 2) + "  ", "dim"), (first, "")], *([blank, (row, "")] for row in rest)]


def value_words(field: str, value: Any, zone: str) -> str:
    """One value of the journal as a person reads it."""
    if value is None or value == "":
        return "nothing"
    if (field == "at" or field.endswith(("_at", "_until", "_by"))) and isinstance(value, int):
        return f"{at(value, zone):%Y-%m-%d %H:%M}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)[:VALUE]
