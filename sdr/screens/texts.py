"""The message texts: which there are, whose they are, who approved them, how often they went and what came of it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import CancelledError
from typing import ClassVar

from textual import work

from sdr.desk.texts import Overview, overview
from sdr.screens.columns import Cells, Column
from sdr.screens.lines import Key, Part
from sdr.screens.table_room import TableRoom
from sdr.screens.text_verbs import TextVerbs
from sdr.store import rows

WORDS = {"approved": "approved", "changed": "changed", "unapproved": "to approve", "retired": "retired"}
LOOKS = {"approved": "", "changed": "soon", "unapproved": "soon", "retired": "dim"}


class TextsScreen(TextVerbs, TableRoom):
    """A row a text."""

    columns: ClassVar[Sequence[Column]] = (
        Column("text", "text", 18, keep=9),
        Column("by", "by", 8, keep=6),
        Column("version", "v", 2, "right", keep=4),
        Column("stands", "stands", 10, keep=8),
        Column("owner", "owner", None, keep=3),
        Column("went", "went", 5, "right", keep=5),
        Column("good", "qualified", 9, "right", keep=7),
    )
    under: ClassVar[int] = 5

    def __init__(self) -> None:
        super().__init__()
        self.seen = Overview((), {}, ())

    @property
    def text(self) -> rows.Template | None:
        """The text under the cursor."""
        return next((one for one in self.seen.rows if one.id == self.table.current), None)

    def refresh_rows(self) -> None:
        """Read the texts again."""
        self._read()

    @work(group="texts", exclusive=True)
    async def _read(self) -> None:
        try:
            self.seen = await asyncio.wrap_future(self.desk.store.view("texts", overview))
        except (CancelledError, asyncio.CancelledError):
            return
        self.put({one.id: self._cells(one) for one in self.seen.rows})

    def _cells(self, row: rows.Template) -> Cells:
        stands, used = self.stands(row), self.seen.used.get(row.key)
        went, good = (str(used.times), f"{used.qualified} of {used.leads}") if used else ("", "")
        look = LOOKS[stands.state]
        mark = self.signs.no if stands.state == "retired" else self.signs.due if look else " "
        texts = (row.key, row.channel, str(row.version), WORDS[stands.state], row.owner or "", went, good)
        return Cells(texts, ("", "dim", "dim", look, "dim", "", ""), mark, look)

    def draw(self) -> None:
        """How many wait for approval; how the current text stands, begins and does."""
        waiting = sum(self.stands(one).state in ("changed", "unapproved") for one in self.seen.rows)
        head: list[Part] = [("texts", "now"), (f"  {len(self.seen.rows)}", "")]
        self.head([*head, (f"  {waiting} to approve", "soon")] if waiting else head)
        row = self.text
        if row is None:
            self.below("no text is loaded yet", [("sdr text load FILE", "now"), (" brings them", "dim")])
            return
        lines = [line for line in row.text.split("\n") if line.strip()]
        shown: list[list[Part]] = [[("subject  ", "dim"), (row.subject, "")]] if row.subject else []
        shown += [[(line, "")] for line in lines[: 3 - len(shown)]]
        stands: list[Part] = [("stands   ", "dim"), (self.stands(row).words, LOOKS[self.stands(row).state])]
        self.below(stands, *shown, *([[("trial    ", "dim"), (told, "")]] if (told := self._trial(row)) else []))

    def _trial(self, row: rows.Template) -> str:
        """What the variants of its step come to, when it is one of them."""
        found = (one for one in self.seen.trials if any(arm.template == row.key for arm in one.arms))
        trial = next(found, None)
        if trial is None:
            return ""
        arms = ", ".join(f"{arm.variant} {arm.qualified} of {arm.leads}" for arm in trial.arms)
        return f"{trial.words} · {arms} · {trial.cadence}, step {trial.step_no}"

    def keys(self) -> Sequence[Key]:
        """What can be done with the current text."""
        return (("Enter", "read it"), *self.text_keys()) if self.text else (("g q", "queue"),)

    def on_lead_table_chosen(self) -> None:
        """Enter opens the text."""
        if (row := self.text) is not None:
            self.desk.open_place("text", key=row.key)
