"""One drip, step by step: the real dates for somebody enrolled now, and who stands before which step.

The dates are those of a prospect next door, in the rep's zone; every prospect's own depend on theirs.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import CancelledError
from datetime import datetime
from typing import ClassVar, NamedTuple

from textual import work

from sdr.desk.cadences import dates_from
from sdr.rules.cadence import Cadence, Planned, Step, Track
from sdr.rules.money import spoken_money
from sdr.screens.columns import Cells, Column
from sdr.screens.lines import Key, Part
from sdr.screens.table_room import TableRoom
from sdr.store import rows
from sdr.store.queries import cadences
from sdr.store.queries.playbook import cadence_of
from sdr.store.session import Reader

NAMED = 4  # leads that are named under a step
SIGNS = {Track.MAIN: "", Track.POSITIVE: "+ ", Track.NEGATIVE: "- "}


class Opened(NamedTuple):
    """A drip with its dates and those inside: ids of the leads before each step, and the names of the first few."""

    row: rows.Cadence
    cadence: Cadence
    dates: dict[int, Planned]
    before: dict[int, tuple[int, ...]]
    names: dict[int, str]
    older: int


def opened(db: Reader, name: str, now: datetime) -> Opened | None:
    """The drip in force under `name`; None when there is none any more."""
    row = cadences.current(db, name)
    if row is None:
        return None
    before: dict[int, list[int]] = {}
    found = cadences.inside(db, name)
    for one in found:
        before.setdefault(one.step, []).append(one.enrollment.lead_id)
    cadence = cadence_of(row.text, row.version)
    first = [lead for ids in before.values() for lead in ids[:NAMED]]
    older = sum(one.version != row.version for one in found)
    held = {number: tuple(ids) for number, ids in before.items()}
    return Opened(row, cadence, dates_from(db, cadence, now), held, cadences.names(db, first), older)


class DripScreen(TableRoom):
    """A row a step of the drip called `name`."""

    columns: ClassVar[Sequence[Column]] = (
        Column("step", "no", 2, "right", keep=6),
        Column("channel", "channel", 8, keep=7),
        Column("what", "what", None, keep=9),
        Column("after", "wait", 4, "right", keep=4),
        Column("when", "enrolled now", 16, keep=8),
        Column("inside", "inside", 6, "right", keep=8),
    )
    under: ClassVar[int] = 4

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name_of_drip = name
        self.found: Opened | None = None

    @property
    def current(self) -> Step | None:
        """The step under the cursor."""
        number = self.table.current
        steps = self.found.cadence.steps if self.found else ()
        return steps[number - 1] if number is not None and 0 < number <= len(steps) else None

    def refresh_rows(self) -> None:
        """Read the drip again."""
        self._read()

    @work(group="drip", exclusive=True)
    async def _read(self) -> None:
        try:
            self.found = await asyncio.wrap_future(
                self.desk.store.view("drip", opened, self.name_of_drip, self.desk.now())
            )
        except (CancelledError, asyncio.CancelledError):
            return
        found = self.found
        self.put({} if found is None else {step.number: self._cells(found, step) for step in found.cadence.steps})

    # --- drawing -----------------------------------------------------------------------------------------------

    def _cells(self, found: Opened, step: Step) -> Cells:
        planned, count = found.dates.get(step.number), len(found.before.get(step.number, ()))
        when = f"{planned.due_at:%a} {planned.due_at.day:>2} {planned.due_at:%b %H:%M}" if planned else "never"
        name = SIGNS[step.track] + step.name
        texts = (str(step.number), step.channel.value, name, str(step.delay), when, f"{count:,}" if count else "")
        return Cells(texts, ("dim", "dim", "", "dim", "" if planned else "late", "now" if count else "dim"))

    def draw(self) -> None:
        """Which drip, and about the current step: why then, what is sent, who is before it."""
        found, step = self.found, self.current
        inside = sum(len(ids) for ids in found.before.values()) if found else 0
        version = f" version {found.row.version}" if found else ""
        older = f" ({found.older:,} in an older version)" if found and found.older else ""
        self.head([(self.name_of_drip, "now"), (f"{version}  {inside:,} inside{older}", "")], f"dates: {self._place()}")
        if found is None or step is None:
            self.below("this drip is no longer in force", [("Esc", "now"), (" back to the drips", "dim")])
            return
        planned = found.dates.get(step.number)
        self.below(
            [("when     ", "dim"), (planned.why if planned else "its window opens on no working day", "")],
            [("sends    ", "dim"), (sends(step, found.cadence), "")],
            [("rule     ", "dim"), (rule(step), "")],
            [("inside   ", "dim"), *self._who(found, step)],
        )

    def _place(self) -> str:
        return self.desk.rep.zone.rpartition("/")[2].replace("_", " ")

    def _who(self, found: Opened, step: Step) -> list[Part]:
        ids = found.before.get(step.number, ())
        if not ids:
            return [("nobody stands before this step", "dim")]
        named = ", ".join(found.names.get(lead, "") for lead in ids[:NAMED])
        more = f" and {len(ids) - NAMED:,} more" if len(ids) > NAMED else ""
        return [(named, ""), (more, "dim")]

    def keys(self) -> Sequence[Key]:
        """Enter opens who is there."""
        step = self.current
        there = self.found is not None and step is not None and step.number in self.found.before
        return (("Enter", "leads before this step"), ("Esc", "drips")) if there else (("Esc", "drips"),)

    def on_lead_table_chosen(self) -> None:
        """The leads before this step."""
        found, step = self.found, self.current
        ids = found.before.get(step.number, ()) if found and step else ()
        if ids and step:
            title = f"{self.name_of_drip} {self.signs.dot} before step {step.number}"
            self.desk.open_place("leads", ids=ids, title=title)


def sends(step: Step, cadence: Cadence) -> str:
    """The message text or texts of a step, what it costs, and how long it is in the post."""
    words = [
        " or ".join(step.variants) if step.variants else step.template or "no text",
        spoken_money(step.cost, cadence.currency) if step.cost is not None else "",
        f"{step.lead_time} in the post" if step.lead_time else "",
    ]
    return ", ".join(word for word in words if word)


def rule(step: Step) -> str:
    """What holds for a step: its window, whether it waits to be done, what it answers."""
    words = [
        "" if step.track is Track.MAIN else f"{step.track} track",
        str(step.window) if step.window else "in their hours",
        "one-to-one" if step.personal else "",
        "" if step.blocking else "the next does not wait for it",
        f"answers step {step.needs}" if step.needs else "",
    ]
    return ", ".join(word for word in words if word)
