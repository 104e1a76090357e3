"""What the queue shows of the day itself: the line where it ends, and the prospecting block with what was done in it.

Both are read after the first frame and after each act; no key waits for them, and neither moves the cursor.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import CancelledError
from datetime import datetime
from typing import TYPE_CHECKING

from sdr.screens.lead_list import LeadList
from sdr.screens.lines import Part

if TYPE_CHECKING:
    from sdr.rules.capacity import Pace


class TodayInQueue(LeadList):
    """A queue that knows its day."""

    after = ("sdr.desk.fitting", *LeadList.after)
    filter_text = ""
    block = False  # whether the list stands in the order of the prospecting block
    pace: Pace | None = None  # how long work takes this rep; read once, after the first frame
    prospected = 0  # touches of prospecting in today's block

    # --- the line ----------------------------------------------------------------------------------------------

    async def draw_today(self) -> None:
        """The line where today ends, in the whole queue, and what was done of the block."""
        if not self.complete:
            return
        from sdr.desk import fitting, workload

        now, store = self.desk.now(), self.desk.store
        try:
            if self.pace is None:
                self.pace = await asyncio.wrap_future(store.behind("pace", workload.own_pace, now))
            found = await asyncio.wrap_future(store.behind("today", fitting.today, now, self.pace, block=self.block))
            await self._read_block()
        except (CancelledError, asyncio.CancelledError):
            return
        everything = not self.filter_text
        self.table.part(found.over if found.fits and everything else None, "today ends here")
        self.draw_more()
        self.draw_head()

    def draw_head(self) -> None:
        """Say the first line again."""
        raise NotImplementedError

    # --- the block ---------------------------------------------------------------------------------------------

    def block_ends(self) -> datetime | None:
        """When the prospecting block that is on now ends; None outside one, or without any."""
        hours = self.desk.setting.prospecting
        if hours is None:
            return None
        from sdr.rules.prospecting import ends_at

        return ends_at(hours, self.desk.rep.zone, self.desk.now())

    def look_at_block(self) -> None:
        """The list is about to be read: in which order?"""
        self.block = self.block_ends() is not None

    @property
    def turned(self) -> str:
        """What is to be said when the block began or ended under an open list, which is never reordered by itself."""
        on = self.block_ends() is not None
        if on == self.block:
            return ""
        return "time to prospect" if on else "the prospecting block is over"

    async def _read_block(self) -> None:
        hours = self.desk.setting.prospecting
        if hours is None or self.block_ends() is None:
            return
        from sdr.desk import fitting
        from sdr.models.terms import zone_of
        from sdr.rules.prospecting import spans_on

        zone = self.desk.rep.zone
        spans = spans_on(hours, zone, self.desk.now().astimezone(zone_of(zone)).date())
        self.prospected = (await asyncio.wrap_future(self.desk.store.behind("block", fitting.used, spans))).touches

    def prospecting_words(self) -> Iterator[list[Part]]:
        """The block for the first line: until when, and how many touches are done."""
        ends = self.block_ends()
        if ends is not None:
            yield [("  prospecting till ", "dim"), (f"{ends:%H:%M}", ""), (f" · {self.prospected} done", "dim")]
