"""The day's end: a few lists to empty, then one key that writes everything that leaves.

Enter on a list opens its leads, where the usual verbs empty it; Enter on an empty one exports. What is left when
the day is closed is explained by one digit.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import CancelledError
from datetime import date
from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType

from sdr.desk import fitting, telling
from sdr.desk.delivering import close_day
from sdr.desk.replanning import touches as touches_of
from sdr.exchange.crm_columns import Profile
from sdr.exchange.day_export import Exported, bounds, export_day
from sdr.exchange.day_summary import best_and_worst, done, five_lines
from sdr.exchange.folders import ExportFailed
from sdr.models.terms import at, ms, zone_of
from sdr.rules.hours import WEEKDAYS
from sdr.rules.prospecting import Prospected, spans_on
from sdr.rules.spoken import ago, spoken
from sdr.screens.asking import Choice
from sdr.screens.columns import Cells, Column
from sdr.screens.lines import Key, Part
from sdr.screens.table_room import TableRoom
from sdr.store.queries import day as queries
from sdr.store.queries.day import Left, Summary, Waiting

LISTS = (
    ("untouched", "untouched past their clock"),
    ("promises", "promises"),
    ("unanswered", "handoffs unanswered"),
    ("unsynced", "rows that did not go out"),
    ("untold", "not told we have their data"),
)
WHY_LEFT = ("first thing tomorrow", "waits for somebody else", "not worth it today", "no time")


class DayScreen(TableRoom):
    """What is left of today, and the export."""

    columns: ClassVar[Sequence[Column]] = (
        Column("what", "what is left", 27, keep=9),
        Column("count", "", 5, "right", keep=8),
        Column("first", "", None, keep=7),
    )
    under: ClassVar[int] = 4
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("x", "export", "export the day", id="day.export", show=False),
        Binding("y", "copy", "copy the summary", id="day.copy", show=False),
        Binding("p", "profile", "who the files are for", id="day.profile", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.summary: Summary | None = None
        self.untold = queries.NOTHING
        self.used: Prospected | None = None  # of today's prospecting block, where there is one
        self.profile = Profile.SHEET
        self.exporting = False

    @property
    def today(self) -> date:
        """The rep's day."""
        return self.desk.now().astimezone(zone_of(self.desk.rep.zone)).date()

    def refresh_rows(self) -> None:
        """Read the day again."""
        self._read()

    @work(group="day", exclusive=True)
    async def _read(self) -> None:
        start, end = bounds(self.today, self.desk.rep.zone)
        try:
            self.summary = await asyncio.wrap_future(
                self.desk.store.view("day", queries.summary, start, end, ms(self.desk.now()))
            )
            self.untold = await asyncio.wrap_future(self.desk.store.view("untold", telling.untold, self.desk.now()))
            await self._read_block()
        except (CancelledError, asyncio.CancelledError):
            return
        first_time = not self.table.count
        self.put({number: self._cells(number) for number in range(1, len(LISTS) + 1)})
        if first_time and (busy := next((n for n in range(1, len(LISTS) + 1) if self._left(n).ids), None)):
            self.table.move_to(busy)

    async def _read_block(self) -> None:
        hours = self.desk.setting.prospecting
        spans = spans_on(hours, self.desk.rep.zone, self.today) if hours else ()
        if spans:
            self.used = await asyncio.wrap_future(self.desk.store.view("block", fitting.used, spans))

    def _left(self, number: int) -> Left:
        assert self.summary is not None
        name = LISTS[number - 1][0]
        found: Left = self.untold if name == "untold" else getattr(self.summary, name)
        return found

    @property
    def left_over(self) -> int:
        """How many things are left in all the lists."""
        return sum(len(self._left(number).ids) for number in range(1, len(LISTS) + 1))

    # --- drawing -----------------------------------------------------------------------------------------------

    def _cells(self, number: int) -> Cells:
        name, words = LISTS[number - 1]
        left = self._left(number)
        if not left.ids:
            return Cells((words, "0", self.signs.done), ("dim", "dim", "done"))
        more = " …" if len(left.ids) > len(left.first) else ""
        named = " · ".join(self._example(name, one) for one in left.first)
        return Cells((words, f"{len(left.ids):,}", named + more), ("", "late", ""), self.signs.late, "late")

    def _example(self, name: str, one: Waiting) -> str:
        now = self.desk.now()
        if name == "untouched":
            return f"{one.name} ({one.source or 'no source'}, {ago(at(one.at), now)} over)"
        if name == "promises":
            return f"{one.name} {spoken(at(one.at, one.zone), now)}"
        if name == "unanswered":
            return f"{one.name} ({ago(at(one.at), now)} {'over' if one.at < ms(now) else 'left'})"
        if name == "untold":
            due = at(one.at, self.desk.rep.zone)
            return f"{one.name} (by {due.day} {due:%b})"
        return one.name

    def draw(self) -> None:
        """The day, what is left, what was done."""
        found = self.summary
        if found is None:
            return
        count = self.left_over
        left = f"{count:,} {'thing' if count == 1 else 'things'} left" if count else "nothing left"
        day = spoken_day(self.today)
        self.head([("day's end", "now"), (f"   {day}", "")], [(left, "late" if count else "done")])
        touches, results = done(found)
        if self.used is not None:
            results += f" · prospecting {self.used.minutes} of {self.used.of} min, {touches_of(self.used.touches)}"
        to: list[Part] = [
            ("export   ", "dim"),
            (f"handoffs, briefs, activity, digest, calendar · for {self.profile}", ""),
        ]
        self.below([("today    ", "dim"), (touches, "")], [("         ", ""), (results, "")],
                   [("sources  ", "dim"), (best_and_worst(found), "")], to)  # fmt: skip

    def keys(self) -> Sequence[Key]:
        """What Enter does depends on the list under the cursor."""
        if self.summary is None:
            return ()
        number = self.table.current
        here: Key = ("Enter", "export")
        if number is not None and self._left(number).ids:
            here = ("Enter", "open these")
        return (here, *((("x", "export"),) if here[1] != "export" else ()), ("y", "copy summary"), ("p", "files for"))

    # --- going -------------------------------------------------------------------------------------------------

    def on_lead_table_chosen(self) -> None:
        """Enter: the leads of a list, or the export when it is empty."""
        number = self.table.current
        if self.summary is None or number is None:
            return
        ids = self._left(number).ids
        if ids:
            self.desk.open_place("leads", ids=ids, title=LISTS[number - 1][1])
        else:
            self.action_export()

    def action_profile(self) -> None:
        """Whom the files are for."""
        choices = [Choice(str(digit), profile.value, profile) for digit, profile in enumerate(Profile, 1)]
        self.ask("files for", choices, self._for)

    def _for(self, chosen: Choice) -> None:
        self.profile = Profile(str(chosen.value))
        self.draw()

    def action_copy(self) -> None:
        """The five lines, to paste where the team reads them."""
        if self.summary is not None:
            self.app.copy_to_clipboard(five_lines(self.summary, self.desk.rep.name, self.today))
            self.desk.tell(f"{self.signs.done} the summary is copied")

    # --- export ------------------------------------------------------------------------------------------------

    def action_export(self) -> None:
        """Write the day's files; what is left is explained by one digit first."""
        if self.summary is None or self.exporting:
            return
        if not self.left_over:
            self._export()
            return
        choices = [Choice(str(digit), word, word) for digit, word in enumerate(WHY_LEFT, 1)]
        self.ask(f"{self.left_over} left: why", choices, lambda chosen: self._close(str(chosen.value)))

    def _close(self, why: str) -> None:
        assert self.summary is not None
        self.desk.act(close_day, self.today.isoformat(), self.left_over, why, then=lambda _done: self._export())

    def _export(self) -> None:
        self.exporting = True
        self.desk.tell(f"writing the files of {self.today}{self.signs.cut}")
        self.app.run_worker(self._write(), group="export")  # on the app: a screen that closes stops nothing

    async def _write(self) -> None:
        setting = self.desk.setting
        try:
            exported = await asyncio.to_thread(
                export_day, setting.store, setting.exports, self.today, self.profile, self.desk.now()
            )
        except ExportFailed as fault:
            self.desk.tell(str(fault), "late")
            return
        finally:
            self.exporting = False
        self.desk.tell(*told(exported, self.signs.done))
        if self.is_mounted:
            self.refresh_rows()


def told(exported: Exported, mark: str) -> tuple[str, str]:
    """What an export did, and its look."""
    rows = f"{exported.new} new, {exported.changed} changed, {exported.unchanged} unchanged"
    if exported.refused:
        first = exported.refused[0]
        whose = first.whose or f"row {first.row + 1}"
        return f"{rows}; {len(exported.refused)} left out: {whose}: {first.column} {first.reason}", "late"
    return f"{mark} {rows} · {exported.folder}", ""


def spoken_day(day: date) -> str:
    """`Tue 2026-05-12`."""
    return f"{WEEKDAYS[day.weekday()][:3].capitalize()} {day.day} {day:%b %Y}"
