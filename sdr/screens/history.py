"""One lead whole: its card, its answers and what each was worth, and everything that ever happened to it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence, Set
from concurrent.futures import CancelledError
from datetime import datetime
from typing import ClassVar, NamedTuple

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from sdr.desk.steps import judge
from sdr.models.terms import ms
from sdr.rules.scoring import Score
from sdr.screens.calls import Calls
from sdr.screens.card import Shown, lines_of
from sdr.screens.card_view import CardView
from sdr.screens.lines import Key, Part, Rule
from sdr.screens.score_lines import score_lines
from sdr.screens.still import Ground
from sdr.screens.timeline import Timeline
from sdr.store.queries import leads, listing
from sdr.store.session import Reader

MOST = 2_000  # acts shown; a lead with more says so


class Past(NamedTuple):
    """A lead with its past: acts newest first, the words said in them, and the score by the rubric in force."""

    opened: listing.Opened
    entries: tuple[leads.Entry, ...]
    words: tuple[leads.Words, ...]
    score: Score


def past(db: Reader, lead_id: int, now: datetime) -> Past | None:
    """Everything about a lead at `now`; `None` when there is no such lead."""
    opened = listing.opened(db, lead_id, ms(now))
    if opened is None:
        return None
    lead = opened.card.lead
    _rubric, score = judge(db, lead, opened.card.answers, now)
    return Past(opened, leads.timeline(db, lead.id, MOST), leads.words(db, lead.id), score)


class HistoryScreen(Calls):
    """The history of one lead; the lead verbs act on it."""

    CSS_PATH = "history.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012 (the base declares it so)
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "swap", "card or score", id="history.swap", show=False),
    ]

    def __init__(self, lead: int) -> None:
        super().__init__()
        self.lead_id = lead
        self.past: Past | None = None

    def body(self) -> ComposeResult:
        """The card and the score, which change places with Tab; then the timeline."""
        with Ground(id="work"):
            with Ground(id="about"):
                yield CardView(id="card")
                yield CardView(id="score")
            yield Rule(id="between", signs=self.signs)
            yield Timeline(signs=self.signs, id="time")

    @property
    def timeline(self) -> Timeline:
        """The acts."""
        return self.query_one("#time", Timeline)

    def on_mount(self) -> None:
        """Read it, and let its clocks run."""
        self.refresh_rows()
        self.set_interval(30, self._draw)

    # --- reading -----------------------------------------------------------------------------------------------

    def refresh_rows(self) -> None:
        """The lead as it is now."""
        self._reread()

    @work(group="past", exclusive=True)
    async def _reread(self) -> None:
        try:
            self.past = await asyncio.wrap_future(self.desk.store.view("past", past, self.lead_id, self.desk.now()))
        except (CancelledError, asyncio.CancelledError):
            return
        if self.past is not None:
            self.lead_id = self.past.opened.card.lead.id  # a merged lead gives its survivor
        self._draw()
        self.show_keys()

    def on_changed(self, changed: Set[int]) -> None:
        """Something happened to this lead."""
        if self.lead_id in changed:
            self.refresh_rows()

    def on_timeline_opened(self, message: Timeline.Opened) -> None:
        """Enter on an act: what it changed."""
        self._open(message.step)

    @work(group="edits")
    async def _open(self, step: int) -> None:
        found = await asyncio.wrap_future(self.desk.store.read(leads.edits_of, step, self.lead_id))
        self.timeline.open(step, found)

    # --- drawing -----------------------------------------------------------------------------------------------

    def _draw(self) -> None:
        if self.past is None:
            self.head([("history", "now"), ("  there is no such lead; Esc goes back", "soon")])
            return
        opened, now = self.past.opened, self.desk.now()
        rubric = self.desk.book.rubric
        card = lines_of(Shown(opened.card, opened.item, rubric, now, self.signs))
        score = score_lines(rubric, opened.card.answers, self.past.score, self.signs)
        # What was done last stands in the timeline itself; the score joins the card where there is room for both.
        self.query_one("#card", CardView).show([line for line in card if line[0] != ("last  ", "dim")], score)
        self.query_one("#score", CardView).show(score)
        lead = opened.card.lead
        self.timeline.show(self.past.entries, self.past.words, lead.name, self.desk.rep.zone, now)
        self._draw_head()

    def _draw_head(self) -> None:
        assert self.past is not None
        entries, lead = self.past.entries, self.past.opened.card.lead
        undone = sum(entry.undone for entry in entries)
        left: list[Part] = [("history", "now"), (f"  {lead.name}", "")]
        if lead.company:
            left.append((f" {self.signs.dot} {lead.company}", "dim"))
        count = f"{len(entries):,}{'+' if len(entries) == MOST else ''} {'act' if len(entries) == 1 else 'acts'}"
        right: list[Part] = [(count, ""), (f" {self.signs.dot} {undone:,} taken back" if undone else "", "dim")]
        self.head(left, right)

    def keys(self) -> Sequence[Key]:
        """Looking first, then what this lead needs."""
        card = self.current_card()
        state = card.lead.state if card else ""
        verbs: Sequence[Key]
        if state in ("new", "inquiry"):
            verbs = (("a", "accept"), ("r", "reject"), ("c", "call"), ("E", "fill in"))
        else:
            verbs = (("c", "call"), ("e", "do step"), ("o", "answers"), ("h", "hand off"), ("z", "snooze"))
        other = "card" if self.has_class("-score") else "score"
        return (("Enter", "what it changed"), ("Tab", other), *verbs, ("n", "note"), ("u", "undo"), ("Esc", "back"))

    # --- what the verbs ask ------------------------------------------------------------------------------------

    def current_card(self) -> leads.Card | None:
        """The card of this lead, once it has been read."""
        return self.past.opened.card if self.past is not None else None

    def current_id(self) -> int | None:
        """This lead."""
        return self.lead_id

    def action_swap(self) -> None:
        """The score in the place of the card, or the card again."""
        self.toggle_class("-score")
        self.show_keys()

    def action_history(self) -> None:
        """The same key that came here goes back."""
        self.action_back()
