"""All pairs as sure as the one on screen, for the same reason, merged by one answer; each comes apart alone."""

from __future__ import annotations

import asyncio
from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType

from sdr.desk import merging_many
from sdr.screens.room import Room
from sdr.store.changes import Applied
from sdr.store.queries import suspects
from sdr.store.queries.doubles import Pair


class PairsAtOnce(Room):
    """A screen with a pair on it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("M", "many", "merge all of this sure reason", id="doubles.many", show=False),
    ]

    @property
    def shown(self) -> Pair | None:
        """The pair on screen, once it is drawn."""
        raise NotImplementedError

    def sure_reason(self) -> str | None:
        """Why the pair on screen is one person beyond doubt, if it is."""
        return merging_many.sure_reason(self.shown) if self.shown is not None else None

    def action_many(self) -> None:
        """All pairs that are as sure as this one, for the same reason."""
        reason = self.sure_reason()
        if reason is None:
            self.desk.tell("only an equal e-mail or outside id is sure enough for all at once; look at these", "soon")
            return
        self._count(reason)

    @work(group="many", exclusive=True)
    async def _count(self, reason: str) -> None:
        count = await asyncio.wrap_future(self.desk.store.read(suspects.waiting_for, reason))
        words = f"merge {count:,} pair{'' if count == 1 else 's'} with {reason}"
        self.confirm(words, lambda: self._all_of(reason, count), lines=["each of them comes apart again alone"])

    def _all_of(self, reason: str, count: int) -> None:
        self._merge_all(reason, count)

    @work(group="many", exclusive=True)
    async def _merge_all(self, reason: str, count: int) -> None:
        """A stretch at a time; those that are refused are left for the rep's own look."""
        seen: set[tuple[int, int]] = set()
        merged = 0
        while pairs := await asyncio.wrap_future(
            self.desk.store.read(suspects.next_for, reason, merging_many.AT_ONCE, tuple(seen))
        ):
            story = merging_many.story(pairs, self.desk.now())
            done = await asyncio.wrap_future(self.desk.store.write_many(story))
            applied = [one for one in done if isinstance(one, Applied)]
            merged += len(applied)
            seen |= {(pair.a, pair.b) for pair in pairs}
            self.desk.tell(f"merged {merged:,} of {count:,}")
            self.desk.changed.publish(frozenset().union(*(one.leads for one in applied)))
        left = f", {count - merged:,} left to look at" if merged < count else ""
        self.desk.tell(f"{self.signs.done} {merged:,} pairs merged{left}", tail="u undo")
