"""The drips: who is inside each, who is due today, and what came of those who were.

Every number opens the leads behind it by its digit; Enter shows the steps with their real dates.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import CancelledError
from datetime import datetime, time, timedelta
from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType

from sdr.desk import fitting
from sdr.models.terms import at, ms
from sdr.rules.cadence import Cadence, Track
from sdr.rules.calendar import local_time
from sdr.screens.columns import Cells, Column
from sdr.screens.lines import Key, Part
from sdr.screens.table_room import TableRoom
from sdr.store.queries import cadences
from sdr.store.queries.cadences import BEHIND, Line

WORDS = {"inside": "inside", "due": "due today", "paused": "paused", "finished": "finished", "replied": "replied"}


def tonight(now: datetime, zone: str) -> int:
    """The end of today in `zone`, ms UTC."""
    return ms(local_time(zone, at(ms(now), zone).date() + timedelta(days=1), time()))


class DripsScreen(TableRoom):
    """A row a drip, and what stands behind it."""

    columns: ClassVar[Sequence[Column]] = (
        Column("drip", "drip", None, keep=9),
        Column("version", "version", 7, "right", keep=4),
        Column("steps", "steps", 5, "right", keep=5),
        Column("inside", "inside", 6, "right", keep=8),
        Column("due", "due today", 9, "right", keep=8),
        Column("paused", "paused", 6, "right", keep=6),
        Column("finished", "done", 5, "right", keep=6),
        Column("replied", "replied", 7, "right", keep=7),
    )
    under: ClassVar[int] = 4
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(str(digit), f"behind('{which}')", f"the leads behind: {WORDS[which]}", id=f"drips.{which}", show=False)
        for digit, which in enumerate(BEHIND, 1)
    ]

    def __init__(self) -> None:
        super().__init__()
        self.lines: dict[int, Line] = {}
        self.left_out = 0

    @property
    def current(self) -> Line | None:
        """The drip under the cursor."""
        return self.lines.get(self.table.current or 0)

    def refresh_rows(self) -> None:
        """Read the drips again."""
        self._read()

    @work(group="drips", exclusive=True)
    async def _read(self) -> None:
        until = tonight(self.desk.now(), self.desk.rep.zone)
        try:
            found = await asyncio.wrap_future(self.desk.store.view("drips", cadences.lines, until))
            rest = await asyncio.wrap_future(self.desk.store.view("today", fitting.whole, self.desk.now()))
        except (CancelledError, asyncio.CancelledError):
            return
        self.left_out = rest.left_out
        self.lines = {line.row.id: line for line in found}
        self.put({key: _cells(line) for key, line in self.lines.items()})

    # --- drawing -----------------------------------------------------------------------------------------------

    def draw(self) -> None:
        """How many are inside and due in all, and what the current drip is."""
        inside, due = (sum(getattr(line, which) for line in self.lines.values()) for which in ("inside", "due"))
        told: list[Part] = [("drips", "now"), (f"  {inside:,} inside  {due:,} due today", "")]
        if self.left_out:  # of the whole queue: the day is one, whatever brings its work
            told.append((f"  {self.left_out:,} of the queue do not fit", "soon"))
        self.head(told, f"{len(self.lines)} in force")
        line = self.current
        if line is None:
            self.below("no drip is in force", [("sdr cadence load FILE", "now"), (" puts one in force", "dim")])
            return
        older = (
            f"{line.older:,} of those inside keep an older version" if line.older else "all inside have this version"
        )
        self.below(
            [("steps    ", "dim"), (steps_words(line.cadence), "")],
            [("apart    ", "dim"), (f"{line.cadence.minimum_gap} at the least{_rest(line)}", ""), *_product(line)],
            [("version  ", "dim"), (f"{line.row.version}, {older}" if line.inside else str(line.row.version), "")],
            [("rows     ", "dim"), *_digits(line)],
        )

    def keys(self) -> Sequence[Key]:
        """What can be looked at."""
        if self.current is None:
            return (("g q", "queue"),)
        return (("Enter", "steps and dates"), ("1-5", "rows behind"))

    # --- going -------------------------------------------------------------------------------------------------

    def on_lead_table_chosen(self) -> None:
        """Enter opens the steps."""
        if self.current is not None:
            self.desk.open_place("drip", name=self.current.row.name)

    def action_behind(self, which: str) -> None:
        """The leads behind one number."""
        line = self.current
        if line is not None and getattr(line, which):
            self._open(line, which)

    @work(group="behind", exclusive=True)
    async def _open(self, line: Line, which: str) -> None:
        until = tonight(self.desk.now(), self.desk.rep.zone)
        ids = await asyncio.wrap_future(self.desk.store.read(cadences.rows_behind, line.row.name, which, until))
        self.desk.open_place("leads", ids=ids, title=f"{line.row.name} {self.signs.dot} {WORDS[which]}")


def _rest(line: Line) -> str:
    rest = line.cadence.rest
    return f", then rest {rest}" if rest else ""


def _cells(line: Line) -> Cells:
    texts = (
        line.row.name, str(line.row.version), str(len(line.cadence.steps)), f"{line.inside:,}", f"{line.due:,}",
        f"{line.paused:,}", f"{line.finished:,}", f"{line.replied:,}",
    )  # fmt: skip
    return Cells(texts, ("", "dim", "dim", "", "soon" if line.due else "dim", "dim", "dim", ""))


def steps_words(cadence: Cadence) -> str:
    """How many steps the main track has on each channel, and how many the reactive ones have."""
    main = Counter(step.channel.value for step in cadence.of(Track.MAIN))
    tracks = [
        f"{len(cadence.of(track))} when {track}" for track in Track if track is not Track.MAIN and cadence.of(track)
    ]
    return "; ".join([", ".join(f"{count} {channel}" for channel, count in main.items()), *tracks])


def _product(line: Line) -> list[Part]:
    return [("   product  ", "dim"), (line.row.product, "")] if line.row.product else []


def _digits(line: Line) -> list[Part]:
    shown: list[Part] = []
    for digit, which in enumerate(BEHIND, 1):
        if count := getattr(line, which):
            word = WORDS[which].split()[0]  # all five fit on the narrowest screen
            shown += [(str(digit), "now"), (f" {word} {count:,}  ", "")]
    return shown or [("nobody was in it yet   ", "dim"), ("l", "now"), (" puts the lead under the cursor in", "dim")]
