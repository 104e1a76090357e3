"""The sources: what each was agreed to bring, what it brought, and what one qualified lead of it cost.

Every number opens the leads behind it by its digit. Volume never stands without quality, nor cost without result.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError
from datetime import date, time
from functools import partial
from typing import Any, ClassVar

from textual import events, work
from textual.binding import Binding, BindingType

from sdr.desk.sources import set_source
from sdr.exchange.digest import digest_of
from sdr.models.terms import SourceType, ms, zone_of
from sdr.rules.calendar import local_time
from sdr.rules.money import decimal, minor_units
from sdr.screens.asking import Choice
from sdr.screens.columns import Column
from sdr.screens.lines import Key
from sdr.screens.source_rows import BEHIND, COLUMNS, cells, count_of, percent, under
from sdr.screens.table_room import TableRoom
from sdr.store.queries import hearing, playbook, sources
from sdr.store.queries.sources import FOREVER, Line, Pace

NOBODY = -1  # the row of the leads without a source
PERIODS = ("quarter to date", "month to date", "year to date", "all time")
DIGEST_LINES = 12


def started(period: str, today: date) -> date | None:
    """The first day of a period that holds `today`; None for all time."""
    month = {"quarter to date": (today.month - 1) // 3 * 3 + 1, "month to date": today.month, "year to date": 1}
    return date(today.year, month[period], 1) if period in month else None


def share(text: str) -> float | None:
    """A share as people write it (`20 %`, `20`, `0.2`) between 0 and 1; None when it is not one."""
    try:
        value = float(text.replace("%", "").replace(",", ".").strip())
    except ValueError:
        return None
    value = value / 100 if "%" in text or value > 1 else value
    return value if 0 <= value <= 1 else None


class SourcesScreen(TableRoom):
    """A row a source, and what stands behind it."""

    columns: ClassVar[Sequence[Column]] = COLUMNS
    under: ClassVar[int] = 5
    BINDINGS: ClassVar[list[BindingType]] = [
        *(
            Binding(str(digit), f"behind('{which}')", f"the leads behind: {word}", id=f"sources.{which}", show=False)
            for digit, (which, word) in enumerate(BEHIND, 1)
        ),
        Binding("d", "digest", "what its owner should hear", id="sources.digest", show=False),
        Binding("t", "target", "the agreed target", id="sources.target", show=False),
        Binding("e", "edit", "price, owner, kind", id="sources.edit", show=False),
        Binding("p", "period", "another period", id="sources.period", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.lines: dict[int, Line] = {}
        self.paces: dict[int, Pace] = {}
        self.period = PERIODS[0]

    @property
    def current(self) -> Line | None:
        """The source under the cursor."""
        return self.lines.get(self.table.current or 0)

    # --- reading -----------------------------------------------------------------------------------------------

    def refresh_rows(self) -> None:
        """Read the report again."""
        self._read()

    def _cohort(self) -> tuple[int, int]:
        """The period as ms UTC, its end open."""
        zone = self.desk.rep.zone
        first = started(self.period, self.desk.now().astimezone(zone_of(zone)).date())
        return (ms(local_time(zone, first, time())) if first else 0), FOREVER

    @work(group="sources", exclusive=True)
    async def _read(self) -> None:
        try:
            found = await asyncio.wrap_future(
                self.desk.store.view("sources", sources.report, *self._cohort(), hour_cost=self.desk.setting.hour_cost)
            )
        except (CancelledError, asyncio.CancelledError):
            return
        self.lines = {line.id or NOBODY: line for line in found}
        self.paces = {}
        self.put({key: cells(line, self.signs) for key, line in self.lines.items()})
        self._look_at_ours()

    @work(group="pace", exclusive=True)
    async def _look_at_ours(self) -> None:
        line = self.current
        if line is None or (line.id or NOBODY) in self.paces:
            return
        try:
            found = await asyncio.wrap_future(self.desk.store.view("pace", sources.pace, line.id, *self._cohort()))
        except (CancelledError, asyncio.CancelledError):
            return
        self.paces[line.id or NOBODY] = found
        self.draw()

    # --- drawing -----------------------------------------------------------------------------------------------

    def draw(self) -> None:
        """The period, who signed the agreement, and what is behind the current source."""
        row = self.desk.book.rubric_row
        signed = [
            f"{name} ({side})" for name, side in ((row.signed_sales, "sales"), (row.signed_marketing, "mktg")) if name
        ]
        agreed = f"agreed: {', '.join(signed)}" if signed else "the rubric is not signed yet"
        self.head([("sources", "now"), (f"   {self.period}", "")], [(agreed, "dim" if signed else "soon")])
        line = self.current
        if line is None:
            self.below("no source is known yet", [("g i", "now"), (" imports leads and names their source", "dim")])
            return
        pace, width = self.paces.get(line.id or NOBODY), self.query_one("#under-0").content_size.width
        self.below(*under(line, pace, playbook.reasons(), width or self.app.size.width - 2, self.signs.cut))
        self._look_at_ours()

    def on_resize(self, _event: events.Resize) -> None:
        """More or fewer digits fit."""
        if self.is_mounted:
            self.call_after_refresh(self.draw)

    def keys(self) -> Sequence[Key]:
        """What can be done with the current source."""
        if self.current is None:
            return (("g i", "import"), ("p", "period"))
        owned: tuple[Key, ...] = () if self.current.source is None else (("t", "target"), ("e", "price and owner"))
        return (("Enter", "rows behind"), ("d", "digest for its owner"), *owned, ("p", "period"))

    # --- rows behind -------------------------------------------------------------------------------------------

    def on_lead_table_chosen(self) -> None:
        """Enter opens every lead of the source."""
        self.action_behind("delivered")

    def action_behind(self, which: str) -> None:
        """The leads behind one number."""
        line = self.current
        if line is not None and count_of(line, which):
            self._open(line, which)

    @work(group="behind", exclusive=True)
    async def _open(self, line: Line, which: str) -> None:
        ids = await asyncio.wrap_future(self.desk.store.read(sources.rows_behind, line.id, which, *self._cohort()))
        word = dict(BEHIND)[which]
        self.desk.open_place("leads", ids=ids, title=f"{line.name} · {word} · {self.period}")

    @work(group="digest", exclusive=True)
    async def action_digest(self) -> None:
        """What marketing should hear, to read here and to copy."""
        line = self.current
        if line is None:
            return
        found = await asyncio.wrap_future(self.desk.store.read(hearing.heard, *self._cohort(), line.id))
        if not found:
            self.desk.tell(f"nothing is heard of {line.name} in this period", "soon")
            return
        text = digest_of(found[0], playbook.reasons()).text
        shown = [word.lstrip("# ") for word in text.replace("\\", "").splitlines() if word][:DIGEST_LINES]
        self.ask("digest", [Choice("y", "copy it")], lambda _chosen: self._copy(text), lines=shown)

    def _copy(self, text: str) -> None:
        self.app.copy_to_clipboard(text)
        self.desk.tell(f"{self.signs.done} the digest is copied")

    # --- what was agreed ---------------------------------------------------------------------------------------

    def _set(self, line: Line, **fields: Any) -> None:
        self.desk.act(partial(set_source, **fields), line.name)

    def _ask_field(self, label: str, value: str, read: Callable[[str], dict[str, Any] | None], wrong: str) -> None:
        line = self.current
        if line is None or line.source is None:
            return

        def typed(text: str) -> str | None:
            fields = read(text)
            if fields is None:
                return wrong
            self._set(line, **fields)
            return None

        self.ask_line(label, typed, value=value)

    def action_target(self) -> None:
        """The share of its leads that was agreed to qualify."""
        line = self.current
        if line is not None and line.source is not None:
            value = percent(line.source.target) if line.source.target is not None else ""
            self._ask_field(f"target of {line.name}", value, _target, "write a share, like 20 %")

    def action_edit(self) -> None:
        """Which field of the agreement."""
        line = self.current
        if line is None or line.source is None:
            return
        choices = (
            Choice("1", "price of a lead", "cost_minor"), Choice("2", "owner", "owner"),
            Choice("3", "department", "department"), Choice("4", "response clock", "respond_for"),
            *(Choice(str(5 + number), f"it is: {kind}", kind) for number, kind in enumerate(SourceType)),
        )  # fmt: skip
        self.ask(f"change of {line.name}", choices, self._edit)

    def _edit(self, chosen: Choice) -> None:
        line, field = self.current, chosen.value
        if line is None or line.source is None:
            return
        if isinstance(field, SourceType):
            self._set(line, type=field.value)
        elif field == "cost_minor":
            price = decimal(line.source.cost_minor, line.currency) or ""
            self._ask_field("price of a lead", price, partial(_price, line.currency), "write an amount, like 105.00")
        else:
            held = getattr(line.source, str(field)) or ""
            self._ask_field(chosen.label, held, lambda text: {str(field): text or None}, "")

    def action_period(self) -> None:
        """Another cohort."""
        choices = [Choice(str(digit), word, word) for digit, word in enumerate(PERIODS, 1)]

        def chosen(choice: Choice) -> None:
            self.period = str(choice.value)
            self.refresh_rows()

        self.ask("leads that arrived in", choices, chosen)


def _target(text: str) -> dict[str, Any] | None:
    value = share(text)
    return {"target": value} if value is not None else {"target": None} if not text else None


def _price(currency: str, text: str) -> dict[str, Any] | None:
    minor = minor_units(text, currency)
    return {"cost_minor": minor} if minor is not None else {"cost_minor": None} if not text else None
