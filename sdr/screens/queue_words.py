"""What the queue says: its rows, its marks, what waits, the keys that fit a lead. Words only, nothing is drawn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from sdr.desk.explaining import why
from sdr.models.terms import Band, ms
from sdr.screens.card_view import Line
from sdr.screens.columns import Cells, Column
from sdr.screens.lines import Key, Part
from sdr.screens.look import Marks
from sdr.store.queries.queue import CAP, LATER, Counts, Item

COLUMNS = (
    Column("name", "name", 17),
    Column("account", "account", 13, keep=3),
    Column("why", "why", None, keep=9),
    Column("grade", "grade", 3, "right", keep=4),
)


def cells_of(item: Item, now: datetime, signs: Marks) -> Cells:
    """An item as a row of the list."""
    mark, look = mark_of(item, now, signs)
    texts = (item.name, item.company or "", why(item, now).short, item.grade)
    dim = "dim" if item.band == LATER else ""
    return Cells(texts, (dim, dim, look if look == "late" else dim, "dim"), mark, look)


def mark_of(item: Item, now: datetime, signs: Marks) -> tuple[str, str]:
    """The row's mark and its look."""
    if item.band == LATER:
        return signs.later, "dim"
    if item.band in (Band.HOT, Band.PROMISE) and item.due_at < ms(now):
        return signs.late, "late"
    if item.band == Band.RETURNED:
        return signs.returned, "soon"
    soon = item.band in (Band.HOT, Band.PROMISE, Band.REPLY)
    return signs.due, "soon" if soon else "dim"


def waiting(c: Counts, signs: Marks) -> Iterator[list[Part]]:
    """What waits, most pressing first."""
    if c.hot:
        late = f", {c.late} late" if c.late else ""
        yield [(f"  {signs.late}{c.hot} hot{late}", "late" if c.late else "soon")]
    named = (("promised", c.promised), ("replies", c.replies), ("new", c.new), ("calls", c.calls),
             ("mail", c.mails), ("returned", c.returned), ("overdue", c.overdue))  # fmt: skip
    for word, n in named:
        if n:
            yield [(f"  {word} ", "dim"), (f"{n:,}" if n < CAP else f"{n:,}+", "")]


def keys_for(state: str | None) -> Sequence[Key]:
    """The keys that a lead in `state` needs, most useful first; without a lead, those that bring one."""
    if state is None:
        return (("g i", "import"), ("+", "add"), ("g x", "day's end"))
    if state in ("new", "inquiry"):
        first = (("a", "accept"), ("r", "reject"), ("c", "call"), ("z", "snooze"), ("m", "merge"), ("E", "fill in"))
    elif state in ("talking", "qualified"):
        first = (
            ("c", "call"),
            ("o", "answers"),
            ("h", "hand off"),
            ("i", "reply"),
            ("z", "snooze"),
            ("d", "disqualify"),
        )
    else:
        first = (
            ("c", "call"),
            ("e", "do step"),
            ("z", "snooze"),
            ("i", "reply"),
            ("o", "answers"),
            ("h", "hand off"),
        )
    return (*first, ("v", "history"), ("x", "mark"), ("/", "filter"), (":", "all verbs"))


def nothing(filter_text: str) -> list[Line]:
    """What an empty queue says: what would fill it."""
    if filter_text:
        return [
            [("nothing matches ", ""), (filter_text, "now")],
            [("/ changes the filter · Esc lets go of it · Tab goes on", "dim")],
        ]
    return [
        [("nothing waits", "")],
        [("g i", "now"), (" import a file of leads   ", "dim"), ("+", "now"), (" add one   ", "dim"),
         ("g x", "now"), (" day's end", "dim")],
    ]  # fmt: skip


def pace_bar(done: int, goal: int, full: str, empty: str, cells: int = 7) -> str:
    """Today's pace as `cells` marks."""
    filled = min(cells, done * cells // max(goal, 1))
    return full * filled + empty * (cells - filled)
