"""Pairs of leads that may be one person, one after the other: side by side, a key for the verdict, the next at once.

The likeliest come first, as many as there are: they are read a page at a time. The same view serves one pair, when
`m` on a lead has found its double. Merged leads come apart again with `u`, or later with `sdr unmerge`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence, Set
from concurrent.futures import CancelledError
from typing import Any, ClassVar

from textual import events, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from sdr.desk import comparing, merging, suspecting
from sdr.desk.comparing import Compared
from sdr.screens.card_view import CardView
from sdr.screens.lines import Key
from sdr.screens.pair_lines import choosable, pair_lines, why_lines
from sdr.screens.pair_walk import Walk
from sdr.screens.pairs_at_once import PairsAtOnce
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


class DoublesScreen(PairsAtOnce):
    """The walk through the pairs; with `pair` it is about that one alone."""

    DEFAULT_CSS = "DoublesScreen #card { height: 1fr; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,m", "merge", "one person: merge", id="doubles.merge", show=False),
        Binding("s", "swap", "the other one stays", id="doubles.swap", show=False),
        Binding("x", "apart", "two persons", id="doubles.apart", show=False),
        Binding("n,right_square_bracket,j,down", "later", "later, the next pair", id="doubles.later", show=False),
        Binding("left_square_bracket,k,up", "earlier", "the pair before", id="doubles.earlier", show=False),
        Binding("v", "history", "history of who stays", id="doubles.history", show=False),
        *(
            Binding(str(digit), f"turn({digit})", f"the other value of {digit}", id=f"doubles.turn-{digit}", show=False)
            for digit in range(1, 10)
        ),
    ]

    def __init__(self, pair: Pair | None = None) -> None:
        super().__init__()
        self.walk = Walk(pair)
        self.found: Compared | None = None
        self.stays: int | None = None
        self.turned: set[str] = set()
        self.total = 0
        self.read_once = False
        self.compared: int | None = None  # leads compared so far, while doubles are looked for

    def body(self) -> ComposeResult:
        """Why they may be one, and the table."""
        yield CardView(id="card")

    def on_mount(self) -> None:
        """The first pair; and doubles are looked for among what came since the last time."""
        self.refresh_rows()
        if self.walk.only is None:
            self._look()

    def on_resize(self, _event: events.Resize) -> None:
        """Other columns."""
        if self.is_mounted:
            self._draw()

    # --- reading -----------------------------------------------------------------------------------------------

    @property
    def shown(self) -> Pair | None:
        """The pair on screen, once it is drawn."""
        return self.walk.pair if self.found is not None else None

    def refresh_rows(self) -> None:
        """The pair as it is now, and how many wait."""
        self._reread()

    def on_changed(self, leads: Set[int]) -> None:
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
        if self.walk.only is not None and found is None:
            self.action_back()
            return
        self._draw()
        self.show_keys()

    async def _first(self) -> Compared | None:
        walk = self.walk
        while True:
            if walk.pair is None and walk.only is None:
                walk.ahead += await self._read("pairs", doubles.pairs, PAGE, walk.reached)
            if walk.pair is None:
                return None
            found: Compared | None = await self._read("pair", looked_at, walk.pair, self.stays)
            if found is not None:
                return found
            walk.ahead.pop(0)
            self._fresh()

    async def _read(self, name: str, query: Callable[..., Any], *args: Any) -> Any:
        return await asyncio.wrap_future(self.desk.store.view(name, query, *args))

    # --- drawing -----------------------------------------------------------------------------------------------

    def _draw(self) -> None:
        found, card = self.found, self.query_one("#card", CardView)
        if found is None:
            self.head([("doubles", "now")])
            card.show([[(self._nothing(), "")]])
            return
        place = len(self.walk.behind) + 1
        at_all = "" if self.walk.only else f"  {place:,} of {max(self.total, place):,}"
        self.head([("doubles", "now"), (at_all, "")], [(f"{found.score} of 100", "")])
        width = card.content_size.width or self.app.size.width - 2
        table = pair_lines(found, self.turned, self.desk.now(), self.signs, width)
        card.show([*why_lines(found.reasons, width), *table])

    def _nothing(self) -> str:
        if self.compared is not None:
            return f"looking for doubles: {self.compared:,} leads compared"
        put_off = len(self.walk.behind)
        done = f"; {put_off:,} put off come again with g p" if put_off else ""
        return f"no two leads look like one person{done}" if self.read_once else ""

    def keys(self) -> Sequence[Key]:
        """The verdicts."""
        if self.found is None:
            return (("g q", "queue"),)
        turn = (("1-9", "other value"),) if choosable(self.found) else ()
        later: Sequence[Key] = () if self.walk.only else (("n", "later"),)
        sure = (("M", "all like it"),) if self.sure_reason() and not self.walk.only else ()
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
        if (pair := self.shown) is not None:
            self._verdict(suspecting.tell_apart, pair.a, pair.b)

    def _verdict(self, verb: Callable[..., Any], *args: Any, **how: Any) -> None:
        """Write it, and on: what is refused comes back."""
        pair = self.walk.give()
        self._fresh()
        self.found = None  # a key that comes before the next pair is shown is about nothing
        future = self.desk.store.write(verb, *args, self.desk.now(), **how)
        self.desk.follow(future, refused=lambda: self._again(pair))

    def _again(self, pair: Pair) -> None:
        self.walk.again(pair)
        self._fresh()
        self.refresh_rows()

    def returned(self, done: Applied) -> None:
        """A verdict was taken back: its pair stands here again. Brought again, the pair drops out by itself."""
        self._taken_back()

    @work(group="returned", exclusive=True)
    async def _taken_back(self) -> None:
        for pair in reversed(self.walk.given[-PAGE:]):
            if await asyncio.wrap_future(self.desk.store.read(looked_at, pair, None)) is not None:
                self._again(pair)
                break
        else:
            self.refresh_rows()
        self.desk.has_come()

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
        if self.found is not None and self.walk.only is None:
            self.walk.put_off()
            self._fresh()
            self.refresh_rows()

    def action_earlier(self) -> None:
        """The one that was put off last."""
        if self.walk.back():
            self._fresh()
            self.refresh_rows()

    def action_history(self) -> None:
        """Everything about the one that would stay."""
        if self.found is not None:
            self.desk.open_place("history", lead=self.found.stays.lead.id)
