"""Pairs of leads that may be one person, one after the other: side by side, a key for the verdict, the next at once.

The likeliest come first, as many as there are: they are read a page at a time. The same view serves one pair, when
`m` on a lead has found its double. Merged leads come apart again with `u`, or later with `sdr unmerge`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError
from typing import Any, ClassVar

from textual import events, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from sdr.desk import comparing, merging, merging_many, suspecting
from sdr.desk.comparing import Compared
from sdr.screens.card_view import CardView
from sdr.screens.lines import Key, WordsLine
from sdr.screens.pair_lines import choosable, pair_lines
from sdr.screens.room import Room
from sdr.store import sweeping
from sdr.store.changes import Applied
from sdr.store.faults import Cancelled
from sdr.store.queries import doubles, suspects
from sdr.store.queries.doubles import Pair
from sdr.store.session import Reader

PAGE = 50  # pairs read at once


def looked_at(db: Reader, pair: Pair, stays: int | None) -> Compared | None:
    """Two leads beside each other; `None` when they are one by now, gone, or told apart."""
    if not merging.still_two(db, pair.a, pair.b) or doubles.told_apart(db, pair.a, pair.b) is not None:
        return None
    return comparing.compared(db, pair.a, pair.b, stays)


class DoublesScreen(Room):
    """The walk through the pairs; with `pair` it is about that one alone."""

    DEFAULT_CSS = "DoublesScreen #card { height: 1fr; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,m", "merge", "one person: merge", id="doubles.merge", show=False),
        Binding("s", "swap", "the other one stays", id="doubles.swap", show=False),
        Binding("x", "apart", "two persons", id="doubles.apart", show=False),
        Binding("n,right_square_bracket,j,down", "later", "later, the next pair", id="doubles.later", show=False),
        Binding("left_square_bracket,k,up", "earlier", "the pair before", id="doubles.earlier", show=False),
        Binding("M", "many", "merge all of this sure reason", id="doubles.many", show=False),
        Binding("v", "history", "history of who stays", id="doubles.history", show=False),
        *(
            Binding(str(digit), f"turn({digit})", f"the other value of {digit}", id=f"doubles.turn-{digit}", show=False)
            for digit in range(1, 10)
        ),
    ]

    def __init__(self, pair: Pair | None = None) -> None:
        super().__init__()
        self.only = pair
        self.ahead: list[Pair] = [pair] if pair else []
        self.behind: list[Pair] = []  # put off; they come again the next time
        self.given: list[Pair] = []  # verdicts, the newest last
        self.found: Compared | None = None
        self.stays: int | None = None
        self.turned: set[str] = set()
        self.total = 0
        self.read_once = False
        self.compared: int | None = None  # leads compared so far, while doubles are looked for

    def body(self) -> ComposeResult:
        """Why they may be one, then the table."""
        yield WordsLine(id="why", signs=self.signs)
        yield CardView(id="card")

    def on_mount(self) -> None:
        """The first pair; and doubles are looked for among what came since the last time."""
        self.refresh_rows()
        if self.only is None:
            self._look()

    def on_resize(self, _event: events.Resize) -> None:
        """Other columns."""
        if self.is_mounted:
            self._draw()

    # --- reading -----------------------------------------------------------------------------------------------

    @property
    def pair(self) -> Pair | None:
        """The pair on screen."""
        return self.ahead[0] if self.ahead else None

    def refresh_rows(self) -> None:
        """The pair as it is now, and how many wait."""
        self._reread()

    def on_changed(self, leads: frozenset[int]) -> None:
        """Somebody was merged, or changed."""
        self.refresh_rows()

    @work(group="look")
    async def _look(self) -> None:
        try:
            await asyncio.to_thread(sweeping.catch_up, self.desk.store, self._counted)
        except Cancelled:
            return
        self.compared = None
        self.refresh_rows()

    def _counted(self, compared: int) -> None:
        """Heard on another thread; a screen that was left looks no further."""
        if self.left:
            raise Cancelled
        self.compared = compared
        self.app.call_from_thread(self._draw)

    @work(group="pair", exclusive=True)
    async def _reread(self) -> None:
        """Show the first pair ahead that still is one; pairs that were dealt with drop out."""
        try:
            found = await self._first()
            self.total = await self._read("pairs waiting", suspects.waiting)
        except (CancelledError, asyncio.CancelledError):
            return
        self.found, self.read_once = found, True
        if self.only is not None and found is None:
            self.action_back()
            return
        self._draw()
        self.show_keys()

    async def _first(self) -> Compared | None:
        while True:
            if not self.ahead and self.only is None:
                last = max(self.behind + self.given, key=_order, default=None)
                self.ahead += await self._read("pairs", doubles.pairs, PAGE, last.place if last else None)
            if not self.ahead:
                return None
            found: Compared | None = await self._read("pair", looked_at, self.ahead[0], self.stays)
            if found is not None:
                return found
            self.ahead.pop(0)
            self._fresh()

    async def _read(self, name: str, query: Callable[..., Any], *args: Any) -> Any:
        return await asyncio.wrap_future(self.desk.store.view(name, query, *args))

    # --- drawing -----------------------------------------------------------------------------------------------

    def _draw(self) -> None:
        found, why, card = self.found, self.query_one("#why", WordsLine), self.query_one("#card", CardView)
        if found is None:
            self.head([("doubles", "now")])
            why.show(self._nothing())
            card.show([])
            return
        at_all = "" if self.only else f"  {len(self.behind) + 1:,} of {max(self.total, len(self.behind) + 1):,}"
        self.head([("doubles", "now"), (at_all, "")], [(f"{found.score} of 100", "")])
        reasons = ", ".join(found.reasons) or "nothing in common"
        why.show([("why    ", "dim"), (reasons, "")])
        width = card.content_size.width or self.app.size.width - 2
        card.show(list(pair_lines(found, self.turned, self.desk.now(), self.signs, width)))

    def _nothing(self) -> str:
        if self.compared is not None:
            return f"looking for doubles: {self.compared:,} leads compared"
        done = f"; {len(self.behind):,} put off come again with g p" if self.behind else ""
        return f"no two leads look like one person{done}" if self.read_once else ""

    def keys(self) -> Sequence[Key]:
        """The verdicts."""
        if self.found is None:
            return (("g q", "queue"),)
        turn = (("1-9", "other value"),) if choosable(self.found) else ()
        later: Sequence[Key] = () if self.only else (("n", "later"),)
        sure = (("M", "all like it"),) if self.pair and merging_many.sure_reason(self.pair) and not self.only else ()
        verdicts: Sequence[Key] = (("Enter", "merge"), ("x", "two persons"), *later, ("s", "swap who stays"), *turn)
        return (*verdicts, *sure, ("u", "undo"))

    # --- verdicts ----------------------------------------------------------------------------------------------

    def action_merge(self) -> None:
        """They are one person; the values marked stand."""
        if (found := self.found) is None:
            return
        stays, goes = found.stays.lead.id, found.goes.lead.id
        keep = dict.fromkeys(self.turned, goes)
        self._verdict(merging.merge, stays, goes, keep=keep, stays=stays)

    def action_apart(self) -> None:
        """They are two, and are not asked about again."""
        if self.pair is not None and self.found is not None:
            self._verdict(suspecting.tell_apart, self.pair.a, self.pair.b)

    def _verdict(self, verb: Callable[..., Any], *args: Any, **how: Any) -> None:
        """Write it, and on: what is refused comes back."""
        pair = self.ahead.pop(0)
        self.given.append(pair)
        self._fresh()
        self.found = None  # a key that comes before the next pair is shown is about nothing
        future = self.desk.store.write(verb, *args, self.desk.now(), **how)
        self.desk.follow(future, refused=lambda: self._again(pair))

    def _again(self, pair: Pair) -> None:
        if pair in self.given:
            self.given.remove(pair)
        self.ahead.insert(0, pair)
        self._fresh()
        self.refresh_rows()

    def returned(self, done: Applied) -> None:
        """A verdict was taken back: its pair stands here again. Brought again, the pair drops out by itself."""
        self._taken_back()

    @work(group="returned", exclusive=True)
    async def _taken_back(self) -> None:
        for pair in reversed(self.given[-PAGE:]):
            if await asyncio.wrap_future(self.desk.store.read(looked_at, pair, None)) is not None:
                self._again(pair)
                return
        self.refresh_rows()

    def action_swap(self) -> None:
        """The other one stays."""
        if self.found is not None:
            self.stays = self.found.goes.lead.id
            self.turned.clear()
            self.refresh_rows()

    def action_turn(self, digit: int) -> None:
        """Of one field the other value stands."""
        words = choosable(self.found) if self.found else []
        if digit <= len(words):
            self.turned ^= {words[digit - 1]}
            self._draw()

    def _fresh(self) -> None:
        """Nothing is chosen yet for the pair that comes."""
        self.stays = None
        self.turned = set()

    # --- walking -----------------------------------------------------------------------------------------------

    def action_later(self) -> None:
        """Another time."""
        if self.found is not None and self.only is None:
            self.behind.append(self.ahead.pop(0))
            self._fresh()
            self.refresh_rows()

    def action_earlier(self) -> None:
        """The one that was put off last."""
        if self.behind:
            self.ahead.insert(0, self.behind.pop())
            self._fresh()
            self.refresh_rows()

    def action_history(self) -> None:
        """Everything about the one that would stay."""
        if self.found is not None:
            self.desk.open_place("history", lead=self.found.stays.lead.id)

    # --- many --------------------------------------------------------------------------------------------------

    def action_many(self) -> None:
        """All pairs that are as sure as this one, for the same reason."""
        reason = merging_many.sure_reason(self.pair) if self.pair and self.found else None
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


def _order(pair: Pair) -> tuple[int, int, int]:
    """Where a pair stands in the walk, the last one highest."""
    return -pair.score, pair.a, pair.b
