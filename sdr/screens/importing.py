"""Bringing a file in: what each column becomes, what would come of the rows, then Enter.

Nothing is written before Enter. Reading and writing go on beside the desk, which stays usable; Esc calls a running
write off and nothing of it is kept. `u` takes the whole file back.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from concurrent.futures import CancelledError
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, ClassVar

from textual import work
from textual.binding import Binding, BindingType

from sdr.exchange import intake
from sdr.exchange.intake import Options, Plan, Prepared
from sdr.exchange.mapping import Found
from sdr.exchange.reading import open_table
from sdr.exchange.tables import Table, UnreadableFile
from sdr.exchange.verdicts import Flag, Verdict
from sdr.exchange.vocabulary import FIELDS
from sdr.models.terms import Refused
from sdr.rules.money import minor_units, spoken_money
from sdr.screens.asking import Choice
from sdr.screens.columns import Cells, Column
from sdr.screens.lines import Key, Part
from sdr.screens.table_room import TableRoom
from sdr.store.changes import Applied
from sdr.store.faults import Cancelled

ORDERS = (("dmy", "day first, as 31/12/2026"), ("mdy", "month first, as 12/31/2026"), ("ymd", "year first"))
BAR = 30  # cells of the bar


@dataclass(slots=True)
class Going:
    """A reading or writing under way: what, since when (loop seconds), how far, and the wish to stop."""

    word: str
    since: float
    done: int = 0
    of: int = 0
    stop: threading.Event = field(default_factory=threading.Event)

    def count(self, done: int, of: int) -> None:
        """Heard on another thread; two numbers need no lock."""
        self.done, self.of = done, of


class ImportScreen(TableRoom):
    """One file on its way in."""

    columns: ClassVar[Sequence[Column]] = (
        Column("column", "column in file", 22, keep=9),
        Column("becomes", "becomes", 16, keep=8),
        Column("sample", "sample", None, keep=6),
    )
    under = 4
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("o", "open", "open a file", id="import.open", show=False),
        Binding("m", "map", "what this column becomes", id="import.map", show=False),
        Binding("s", "source", "name its source", id="import.source", show=False),
        Binding("d", "dates", "order of day and month", id="import.dates", show=False),
        Binding("v", "doubtful", "walk the doubtful rows", id="import.doubtful", show=False),
        Binding("x", "bad", "rows that cannot come in", id="import.bad", show=False),
    ]

    def __init__(self, path: str = "") -> None:
        super().__init__()
        self.path = path
        self.content: Table | None = None
        self.prepared: Prepared | None = None
        self.plan: Plan | None = None
        self.options = Options("")
        self.pairs: dict[str, str] = {}
        self.date_order: str | None = None
        self.going: Going | None = None
        self.result: list[Sequence[Part]] = []

    def came_over(self) -> None:
        """Ask for the file at once, unless it was named."""
        self.set_interval(0.25, self._tick)
        self.draw()
        if self.path:
            self.read_file(self.path)
        else:
            self.action_open()

    # --- reading -----------------------------------------------------------------------------------------------

    def action_open(self) -> None:
        """Name the file; a dropped path with quotes is fine."""
        if self.going is None:
            self.ask_line("file (CSV, TSV or XLSX)", self._named, value=self.path)

    def _named(self, text: str) -> str | None:
        path = Path(text.strip().strip("'\"").replace("\\ ", " ")).expanduser()
        if not path.is_file():
            return f"no file is called {path.name or 'that'}; mend the path:"
        self.read_file(str(path))
        return None

    @work(group="reading", exclusive=True)
    async def read_file(self, path: str) -> None:
        """Open the file and look at every row."""
        self.path, self.pairs, self.date_order, self.result = path, {}, None, []
        self.options = Options(Path(path).name)
        try:
            self.content = await asyncio.to_thread(open_table, Path(path))
        except UnreadableFile as fault:
            self.desk.tell(f"{fault.message} {fault.hint}".strip(), "late")
            return
        await self._look()

    @work(group="reading", exclusive=True)
    async def look_again(self) -> None:
        """The mapping, the source or the dates changed: every row again."""
        await self._look()

    async def _look(self) -> None:
        if self.content is None:
            return
        self.going = going = Going("reading", asyncio.get_running_loop().time())
        try:
            said = await asyncio.to_thread(self._judge, self.content, going)
        except (Cancelled, CancelledError):
            return
        except UnreadableFile as fault:
            self.desk.tell(f"{fault.message} {fault.hint}".strip(), "late")
            return
        finally:
            self.going = None
        if isinstance(said, Refused):
            self.desk.tell(f"{said.reason} {said.hint}".strip(), "late")
            return
        self.show_plan()
        self._ask_what_is_unsure()

    def _judge(self, table: Table, going: Going) -> Refused | None:
        """On a thread of its own: how the file is read and what becomes of its rows."""

        def look(query: Any, *args: Any) -> Any:
            return self.desk.store.read(query, *args).result()

        pairs = [f"{column}={name}" for column, name in self.pairs.items()]
        prepared = intake.prepare(look, table, self.options, pairs, self.date_order)
        if isinstance(prepared, Refused):
            return prepared
        orders = {name: order.order for name, order in prepared.orders.items()}
        made = intake.plan(
            look, table, prepared.mapping, prepared.options, self.desk.now(), orders,
            progress=going.count, cancelled=going.stop.is_set,
        )  # fmt: skip
        self.prepared, self.plan, self.options = prepared, made, prepared.options
        return None

    def _ask_what_is_unsure(self) -> None:
        if self.prepared is not None and any(not order.certain for order in self.prepared.orders.values()):
            self.action_dates()

    # --- changing ----------------------------------------------------------------------------------------------

    def action_dates(self) -> None:
        """Which comes first in its dates."""
        if self.prepared is None or not self.prepared.orders:
            self.desk.tell("no column of this file holds dates", "soon")
            return
        choices = [Choice(str(n), label, order) for n, (order, label) in enumerate(ORDERS, 1)]
        self.ask("which comes first in its dates?", choices, self._dated)

    def _dated(self, choice: Choice) -> None:
        self.date_order = str(choice.value)
        self.look_again()

    def action_map(self) -> None:
        """What the column under the cursor becomes."""
        if self.prepared is None or self.table.current is None:
            return
        column = self.prepared.mapping.choices[self.table.current - 1]

        def named(text: str) -> str | None:
            wanted = text.strip().lower().replace(" ", "_")
            near = [name for name in FIELDS if name.startswith(wanted)] if wanted else [""]
            exact = wanted if wanted in FIELDS else near[0] if len(near) == 1 else None
            if exact is None:
                return f"{', '.join(near[:6])}?" if near else "no such field; email, phone, company, title, notes…"
            self.pairs[str(column.column + 1)] = exact
            self.look_again()
            return None

        self.ask_line("becomes (empty leaves it out)", named, value=column.field or "")

    def action_source(self) -> None:
        """The source and what was agreed on it, in one line."""
        if self.plan is None:
            return
        label = "source, cost a lead, owner, target %"
        self.ask_line(label, self._sourced, value=self._source_line())

    def _agreed(self) -> tuple[int | None, str, float | None]:
        """Cost in minor units, owner and target of the source: said for this file, else what is known of it."""
        said = self.options
        known = self.prepared.source if self.prepared else None
        cost = said.cost_minor if said.cost_minor is not None else (known.cost_minor if known else None)
        target = said.target if said.target is not None else (known.target if known else None)
        return cost, said.owner or (known.owner if known else None) or "", target

    def _source_line(self) -> str:
        cost, owner, target = self._agreed()
        words = [
            self.options.source or "",
            f"{cost / 100:g}" if cost is not None else "",
            owner,
            f"{target * 100:g}" if target is not None else "",
        ]
        return ", ".join(words).rstrip(", ")

    def _sourced(self, text: str) -> str | None:
        name, cost, owner, target = (part.strip() for part in (text.split(",") + [""] * 4)[:4])
        if not name:
            return "a source needs a name:"
        cents = minor_units(cost, self.options.currency) if cost else None
        if cost and cents is None:
            return "the cost is an amount, like 105.00:"
        share = target.rstrip("% ")
        if share and not (share.replace(".", "", 1).isdigit() and 0 <= float(share) <= 100):
            return "the target is a percentage, like 20:"
        self.options = replace(
            self.options, source=name, cost_minor=cents, owner=owner or None,
            target=float(share) / 100 if share else None,
        )  # fmt: skip
        self.look_again()
        return None

    def action_doubtful(self) -> None:
        """Walk the rows that may be somebody who is here already."""
        self._rows("doubtful")

    def action_bad(self) -> None:
        """The rows that cannot come in, with their reasons."""
        self._rows("bad")

    def _rows(self, which: str) -> None:
        from sdr.screens.import_rows import RowsScreen

        if self.plan is None:
            return
        screen = RowsScreen(self.plan, which)
        if not screen.rows:
            self.desk.tell(f"no row is {which}", "done")
            return
        self.app.push_screen(screen)

    def refresh_rows(self) -> None:
        """Back from the rows: the counts may differ."""
        if self.plan is not None and self.going is None:
            self.draw()

    # --- writing -----------------------------------------------------------------------------------------------

    def on_lead_table_chosen(self) -> None:
        """Enter brings them in."""
        if self.plan is None or self.going is not None:
            return
        if not self.plan.writes:
            self.desk.tell("nothing in this file is new: every row is known already, or cannot come in", "soon")
            return
        if self.options.source is None and "source" not in self.plan.mapping.fields():
            self.action_source()
            return
        self._write()

    @work(group="writing", exclusive=True)
    async def _write(self) -> None:
        made = self.plan
        assert made is not None
        self.going = going = Going("bringing in", asyncio.get_running_loop().time(), of=len(made.shelf))
        future = self.desk.store.write(
            intake.apply, made, self.desk.now(), progress=going.count, cancelled=going.stop.is_set
        )
        self.desk.follow(future, then=lambda done: self._written(made, done))
        while not future.done():
            await asyncio.sleep(0.1)
        self.going = None
        self.draw()
        self.show_keys()

    def _written(self, made: Plan, done: Applied) -> None:
        rejects = None
        try:
            rejects = intake.reject_rows(made, self.desk.setting.rejects, self.desk.now())
        except OSError as fault:
            self.desk.tell(f"the rejected rows could not be written to a file: {fault.strerror}", "late")
        self.result = [[("brought in   ", "done"), (done.summary, "")]]
        if rejects is not None:
            self.result.append([("to mend      ", "soon"), (f"{rejects.name} in {rejects.parent}", "")])
        ways = (("u", " takes the whole file back   "), ("g q", " queue   "), ("o", " another file"))
        self.result.append([part for key, words in ways for part in ((key, "now"), (words, "dim"))])
        self.plan = None
        self.draw()

    def action_back(self) -> None:
        """Esc calls off what runs; else leaves."""
        if self.going is not None:
            self.going.stop.set()
        else:
            super().action_back()

    # --- drawing -----------------------------------------------------------------------------------------------

    def show_plan(self) -> None:
        """The columns, each with what it becomes and a sample."""
        if self.plan is None or self.content is None:
            return
        sample = self.content.sample(40)
        rows = {}
        for choice in self.plan.mapping.choices:
            values = (cells[choice.column].strip() for cells in sample if choice.column < len(cells))
            text = next((value for value in values if value), "")
            sure = choice.found not in (Found.CONTENT, Found.NOTHING)
            becomes = (choice.field or "— left out —").replace("_", " ")
            rows[choice.column + 1] = Cells(
                (choice.name, becomes, text),
                ("", "" if choice.field else "dim", "dim"),
                " " if sure or choice.field is None else self.signs.guess,
                "soon",
            )
        self.put(rows)

    def draw(self) -> None:
        """How it is read, what would come of it, where it comes from; or how far it is."""
        if self.going is not None:
            self.below(*self._progress(self.going))
            return
        if self.content is None or (self.plan is None and not self.result):
            self.head([("import", "now")])
            self.below([("o", "now"), (" names a file of leads: CSV, TSV or XLSX, in any encoding", "dim")])
            return
        self.head([("import   ", "now"), (" · ".join(self._read_as()), "")])
        self.below(*(self.result or self._outcome()))

    def _read_as(self) -> list[str]:
        table = self.content
        assert table is not None
        words = [Path(self.path).name]
        if table.kind == "csv":
            words.append(f"{table.encoding}{' (assumed)' if table.assumed else ''}")
            words.append({"\t": "tabs", ",": "commas"}.get(table.delimiter, table.delimiter or "one column"))
        words.append(f"header on line {table.header_row}" if table.header_row else "no header")
        if self.plan is not None and self.plan.mapping.preset:
            words.append(self.plan.mapping.preset)
        return words

    def _outcome(self) -> list[Sequence[Part]]:
        made = self.plan
        assert made is not None
        counts, verdicts = made.counts, made.verdicts
        said: list[Part] = [(f"{sum(counts.values()):,} rows", "now")]
        named = (("new", counts["created"]), ("known", counts["known"]), ("update", counts["updated"]),
                 ("joined", counts["merged"]), ("maybe double", len(verdicts.doubtful())))  # fmt: skip
        said += [(f"   {n:,} {word}", "") for word, n in named if n]
        if counts["rejected"]:
            said.append((f"   {counts['rejected']:,} bad", "late"))
        if inquiries := verdicts.count(Flag.INQUIRY, Verdict.CREATED):
            said.append((f"   {inquiries:,} only inquiries", "dim"))
        warning = next(iter(made.warnings), "")
        return [said, self._source_words(), [(warning, "soon")]]

    def _source_words(self) -> list[Part]:
        label: Part = ("source  ", "dim")
        if self.options.source is None:
            if self.plan is not None and "source" in self.plan.mapping.fields():
                return [label, ("as each row says", "")]
            return [label, ("none yet: ", "soon"), ("s", "now"), (" names it, its cost and target", "dim")]
        cost, owner, target = self._agreed()
        known = self.prepared.source if self.prepared else None
        words = [self.options.source]
        if cost is not None:
            words.append(f"{spoken_money(cost, self.options.currency or (known.currency if known else None))} a lead")
        words += [owner] if owner else []
        words.append(f"target {target * 100:g} %" if target is not None else "no target agreed")
        return [label, (" · ".join(words), "")]

    def _progress(self, going: Going) -> list[Sequence[Part]]:
        seconds = max(asyncio.get_running_loop().time() - going.since, 0.001)
        speed = going.done / seconds
        words = f"{going.word} {going.done:,}{f' of {going.of:,}' if going.of else ''} rows · {speed:,.0f} rows/s"
        if not going.of:
            return [[(words, "now")]]
        full = min(BAR, going.done * BAR // going.of)
        left = (going.of - going.done) / speed if speed else 0
        bar = self.signs.full * full + self.signs.empty * (BAR - full)
        return [
            [(words, "now"), (f" · {left:,.0f} s left", "")],
            [(bar, "done")],
            [("Esc", "now"), (" calls it off", "dim")],
        ]

    def _tick(self) -> None:
        if self.going is not None:
            self.draw()

    def keys(self) -> Sequence[Key]:
        """What fits where it stands."""
        if self.going is not None:
            return (("Esc", "call it off"),)
        if self.plan is None:
            return (("o", "open a file"), ("u", "take back"), ("g q", "queue"))
        dates: tuple[Key, ...] = (("d", "dates"),) if self.prepared and self.prepared.orders else ()
        return (("Enter", "bring them in"), ("v", "doubtful"), ("x", "bad rows"), ("m", "mapping"), ("s", "source"),
                *dates, ("Esc", "leave"))  # fmt: skip
