"""One message text: its placeholders marked, what changed since it was approved, and changing it.

What is changed becomes a version of its own, which mass steps send only once it is approved.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence, Set
from textwrap import wrap
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from sdr.desk.composing import Edited
from sdr.desk.texts import change_text, changes
from sdr.models.terms import Channel
from sdr.rules.templates import FIELDS, Place, TemplateFault, fault_of, fields_of, parsed
from sdr.rules.wording import Changed
from sdr.screens.lines import Key, Part, parts, styled
from sdr.screens.message_lines import as_edited, as_text
from sdr.screens.text_verbs import TextVerbs
from sdr.screens.writing import Finished, Words
from sdr.store import rows
from sdr.store.queries import texts

SIGNS = {"same": ("", "", ""), "gone": ("[-", "-]", "late"), "new": ("{+", "+}", "done")}


class TextScreen(TextVerbs):
    """A text, to read, compare and change."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("e", "edit", "change the text", id="text.edit", show=False),
        Binding("d", "differences", "what changed since it was approved", id="text.differences", show=False),
        Binding("j,down", "scroll(1)", "further down", id="text.down", show=False),
        Binding("k,up", "scroll(-1)", "further up", id="text.up", show=False),
    ]
    AUTO_FOCUS = ""
    DEFAULT_CSS = """
    TextScreen VerticalScroll { height: 1fr; padding: 0 1; scrollbar-size: 0 0; }
    TextScreen Words { display: none; padding: 0 1; }
    """

    def __init__(self, key: str) -> None:
        super().__init__()
        self.key = key
        self.row: rows.Template | None = None
        self.differs = False
        self._refused = ""

    @property
    def text(self) -> rows.Template | None:
        """The text this screen is about."""
        return self.row

    def body(self) -> ComposeResult:
        """The text, and where it is changed."""
        with VerticalScroll(id="page", can_focus=False):
            yield Static("", id="words-shown", markup=False)
        yield Words(id="words")

    def on_mount(self) -> None:
        """Read it."""
        self.refresh_rows()

    def on_changed(self, leads: Set[int]) -> None:
        """It may be another version now."""
        self.refresh_rows()

    def refresh_rows(self) -> None:
        """Read it again."""
        self._read()

    @work(group="text", exclusive=True)
    async def _read(self) -> None:
        self.row = await asyncio.wrap_future(self.desk.store.read(texts.in_force, self.key))
        self._draw()
        self.show_keys()

    # --- drawing -----------------------------------------------------------------------------------------------------

    @property
    def area(self) -> Words:
        """Where it is changed."""
        return self.query_one("#words", Words)

    def _draw(self) -> None:
        row = self.row
        if row is None:
            self.head([("text", "now")])
            return
        stands = self.stands(row)
        owner = f" · {row.owner}" if row.owner else ""
        self.head([(row.key, "now"), (f"  {row.channel}, version {row.version}{owner}", "")], stands.words)
        lines = self._changes(row) if self.differs else self._page(row)
        self.query_one("#words-shown", Static).update(Content("\n").join(styled(parts(line)) for line in lines))

    def _page(self, row: rows.Template) -> list[list[Part]]:
        width = max(20, self.size.width - 2)
        lines: list[list[Part]] = [[("subject  ", "dim"), *self._marked(row.subject)], []] if row.subject else []
        for line in row.text.split("\n"):
            lines += [self._marked(part) for part in wrap(line, width) or [""]]
        if wrong := fault_of(Channel(row.channel), row.subject, row.text):
            return [*lines, [], [(f"it cannot be used: {wrong}", "late")]]
        asked = dict.fromkeys((*fields_of(row.subject or ""), *fields_of(row.text)))
        return [*lines, [], *([(f"{{{field}}}", "now"), (f"  {FIELDS[field]}", "dim")] for field in asked)]

    def _marked(self, words: str) -> list[Part]:
        """Words with their placeholders in the accent; a line in which one is cut in two is left plain."""
        try:
            found = parsed(words)
        except TemplateFault:
            return [(words, "")]
        return [(part, "") if isinstance(part, str) else (self._place(part), "now") for part in found]

    def _place(self, place: Place) -> str:
        return f"{{{place.field}}}" if place.default is None else f"{{{place.field}|{place.default}}}"

    def _changes(self, row: rows.Template) -> list[list[Part]]:
        return [_line(line) for line in changes(row)] or [[("nothing changed since it was approved", "dim")]]

    def keys(self) -> Sequence[Key]:
        """What can be done with it."""
        if self.area.display:
            return (("Esc", "done changing"),)
        if self.row is None:
            return ()
        told: tuple[Key, ...] = (("d", "the text" if self.differs else "what changed"),) if changes(self.row) else ()
        return (("e", "change it"), *told, *self.text_keys(), ("Esc", "back"))

    # --- verbs -------------------------------------------------------------------------------------------------------

    def action_scroll(self, lines: int) -> None:
        """Further up or down."""
        self.query_one("#page", VerticalScroll).scroll_relative(y=lines, animate=False)

    def action_differences(self) -> None:
        """The words that changed, or the text again."""
        self.differs = not self.differs
        self._draw()
        self.show_keys()

    def action_edit(self) -> None:
        """Change the words; Esc ends it."""
        row = self.row
        if row is None:
            return
        self.area.text = as_text(Edited(row.subject, row.text))
        self._refused = ""
        self._show_area(True)
        first = "the first line is the subject; " if row.subject is not None else ""
        self.desk.tell(f"{first}{{first_name|there}} is a placeholder; Esc ends it", "dim")

    def _show_area(self, shown: bool) -> None:
        self.area.display, self.query_one("#page").display = shown, not shown
        self.set_focus(self.area if shown else None)
        self.show_keys()

    def on_finished(self, event: Finished) -> None:
        """Esc: the words are kept as a new version, unless nothing changed or something is wrong with them."""
        event.stop()
        row = self.row
        if row is None:
            return
        changed = as_edited(self.area.text, row.subject is not None)
        if changed == Edited(row.subject, row.text):
            self._show_area(False)
            return
        wrong = fault_of(Channel(row.channel), changed.subject or None, changed.text)
        if wrong is not None and self._refused != self.area.text:
            self._refused = self.area.text
            self.desk.tell(f"{wrong}; Esc again leaves it as it was", "late")
            return
        self._show_area(False)
        if wrong is not None:
            self.desk.tell("left as it was", "soon")
            return
        words = f"keep it as version {row.version + 1}; mass steps send it once it is approved"
        self.confirm(words, lambda: self.desk.act(change_text, row.key, changed.subject, changed.text))


def _line(line: Changed) -> list[Part]:
    """A changed line: what is gone and what is new in signs and in looks."""
    return [(SIGNS[sign][0] + text + SIGNS[sign][1], SIGNS[sign][2]) for sign, text in line]
