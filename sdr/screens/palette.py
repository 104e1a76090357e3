"""Every verb of the screen below with its key, found by typing; Enter does it there.

Entries are the desk's own words only, never a lead's. A verb that cannot be done now says why.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, NamedTuple

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen

from sdr.rules.text import folded
from sdr.screens.columns import Cells, Column
from sdr.screens.keys_here import Verb, key_name, verbs_of
from sdr.screens.lead_table import LeadTable
from sdr.screens.lines import Key
from sdr.screens.prompt import Typed
from sdr.screens.room import PLACES, Room
from sdr.screens.verbs import LeadVerbs

COLUMNS = (
    Column("key", "key", 10, keep=8),
    Column("verb", "verb", 30, keep=9),
    Column("why", "why not", None, keep=4),
)
# Not offered: the palette itself and keys that only move.
LEFT_OUT = ("table.", "timeline.", "help.", "app.palette", "go.menu")
OPEN_ONLY = frozenset(
    {"accept", "reject", "disqualify", "do_step", "skip", "snooze", "reply", "hand_off", "drip", "pause", "give"}
)


class Entry(NamedTuple):
    """One line: the keys, the words, why not now (or nothing), and the verb or the place behind it."""

    keys: str
    words: str
    why_not: str = ""
    verb: Verb | None = None
    place: str = ""


class PaletteScreen(Room):
    """Every verb, searched."""

    CSS_PATH = "palette.tcss"
    AUTO_FOCUS = "#find"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,ctrl+n", "step(1)", "next", id="palette.down", show=False),
        Binding("up,ctrl+p", "step(-1)", "previous", id="palette.up", show=False),
    ]

    def body(self) -> ComposeResult:
        """The line to type into, and what it finds."""
        yield Typed(self, id="find", placeholder="a verb or a place")
        yield LeadTable(COLUMNS, signs=self.signs, id="list")

    def on_mount(self) -> None:
        """Ask the screen below what it can do."""
        self.table.can_focus = False
        below = self.app.screen_stack[-2] if len(self.app.screen_stack) > 1 else self
        self.entries = entries_of(below)
        self._find("")

    @property
    def table(self) -> LeadTable:
        """The list."""
        return self.query_one("#list", LeadTable)

    def _find(self, words: str) -> None:
        self._found = words
        found = matching(words, self.entries)
        self.table.show(found, {place: self._cells(self.entries[place]) for place in found})
        self.head([("every verb", "now")], [(f"{len(found)} of {len(self.entries)}", "dim")])

    def _cells(self, entry: Entry) -> Cells:
        look = "dim" if entry.why_not else ""
        return Cells((entry.keys, entry.words, entry.why_not), ("dim" if entry.why_not else "now", look, "dim"))

    def keys(self) -> Sequence[Key]:
        """How to choose and how to leave."""
        return (("Up Down", "choose"), ("Enter", "do it"), ("Esc", "close"))

    def on_input_changed(self, event: Typed.Changed) -> None:
        """Every letter narrows the list."""
        event.stop()
        self._find(event.value)

    def entered(self, line: str) -> None:
        """Do the verb under the cursor on the screen below: of what the line finds, as it stands."""
        if line != self._found:
            self._find(line)
        self._choose()

    def on_lead_table_chosen(self, message: LeadTable.Chosen) -> None:
        """A second click does it too."""
        self._choose()

    def taken_back(self) -> None:
        """Esc in the line: what was typed goes first, then the palette."""
        find = self.query_one("#find", Typed)
        if find.value:
            find.value = ""
        else:
            self.action_back()

    def on_key(self, event: events.Key) -> None:
        """Pages, which the line does not use."""
        pages = {"pagedown": 1, "pageup": -1}.get(event.key)
        if pages is not None:
            self.table.action_page(pages)

    def action_step(self, rows: int) -> None:
        """The next or previous line."""
        self.table.action_step(rows)

    def _choose(self) -> None:
        if self.table.current is None:
            return
        entry = self.entries[self.table.current]
        if entry.why_not:
            self.desk.tell(f"{entry.words}: {entry.why_not}", "soon")
            return
        self.action_back()
        if entry.verb is not None:
            self.app.call_next(self.app.run_action, entry.verb.action, entry.verb.node)
        else:
            self.app.call_next(self.desk.open_place, entry.place)


def entries_of(below: Screen[Any]) -> tuple[Entry, ...]:
    """What can be done on `below`: its verbs, then the places."""
    verbs = [verb for verb in verbs_of(below) if not verb.id.startswith(LEFT_OUT)]
    go = next((verb.keys[0] for verb in verbs_of(below) if verb.id == "go.menu"), key_name("g"))
    return (
        *(Entry(" ".join(verb.keys), verb.words, why_not(below, verb), verb) for verb in verbs),
        *(Entry(f"{go} {place.key}", f"go to {place.label}", place=str(place.value)) for place in PLACES),
    )


def why_not(screen: Screen[Any], verb: Verb) -> str:
    """Why `verb` cannot be done on `screen` now; empty when it can. A screen with `why_not` of its own says first."""
    own = getattr(screen, "why_not", None)
    told = own(verb.action) if own is not None else None
    if told or not isinstance(screen, LeadVerbs) or not verb.id.startswith("lead."):
        return told or ""
    if verb.action == "repeat":
        return "" if screen.desk.last_verb else "no verb to repeat yet"
    if verb.action == "add" or screen.marked_ids():
        return ""
    if screen.current_id() is None:
        return "no lead under the cursor"
    card = screen.current_card()
    if verb.action in OPEN_ONLY and card is not None and card.lead.next_kind is None:
        return f"this lead is closed ({card.lead.state})"
    return ""


def matching(words: str, entries: Sequence[Entry]) -> list[int]:
    """The places of the entries that all of `words` are in, those that begin with them first."""
    wanted = folded(words).split()
    ranked = []
    for place, entry in enumerate(entries):
        ranks = [_rank(word, folded(f"{entry.words} {entry.verb.id if entry.verb else ''}")) for word in wanted]
        if None not in ranks:
            ranked.append((sum(rank for rank in ranks if rank is not None), place))
    return [place for _rank_, place in sorted(ranked)]


def _rank(word: str, text: str) -> int | None:
    """0 when a word of `text` begins with `word`, 1 when their first letters do, 2 when it is inside one."""
    parts = text.replace(".", " ").split()
    if any(part.startswith(word) for part in parts):
        return 0
    if word in "".join(part[0] for part in parts):
        return 1
    return 2 if word in text else None
