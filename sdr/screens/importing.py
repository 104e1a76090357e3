"""Bringing a file in: what each column becomes, what would come of the rows, then Enter.
Long, because the whole course of a file, from its name to the last word on it, is one screen.

Nothing is written before Enter. Reading and writing go on beside the desk, which stays usable; Esc calls a running
write off and nothing of it is kept. `u` takes the whole file back.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import CancelledError
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual import work
from textual.binding import Binding, BindingType

from sdr.exchange import intake
from sdr.exchange.content import blank_words, offered_blanks
from sdr.exchange.intake import FILL, KEEP, REPLACE, Options, Plan, Prepared
from sdr.exchange.opening import source_of
from sdr.exchange.reading import open_table
from sdr.exchange.rejects import Waiting, settle, waiting
from sdr.exchange.tables import Table, UnreadableFile
from sdr.exchange.vocabulary import FIELDS
from sdr.models.terms import Refused
from sdr.rules.money import minor_units
from sdr.screens import import_words as words
from sdr.screens.asking import Choice
from sdr.screens.columns import Column
from sdr.screens.import_words import Going
from sdr.screens.lines import Key, Part
from sdr.screens.table_room import TableRoom
from sdr.store.changes import Applied
from sdr.store.faults import Cancelled

if TYPE_CHECKING:
    from sdr.screens.import_rows import RowsScreen

ORDERS = (("dmy", "day first, as 31/12/2026"), ("mdy", "month first, as 12/31/2026"), ("ymd", "year first"))
POLICIES = ((FILL, "fill blanks only"), (KEEP, "leave what is here"), (REPLACE, "take the file's"))


class ImportScreen(TableRoom):
    """One file on its way in."""

    columns: ClassVar[Sequence[Column]] = (
        Column("column", "column in file", 18, keep=9),
        Column("becomes", "becomes", 18, keep=8),
        Column("sample", "sample", None, keep=6),
    )
    under = 4
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("o", "open", "open a file", id="import.open", show=False),
        Binding("m", "map", "what this column becomes", id="import.map", show=False),
        Binding("p", "policy", "when a known lead has another value", id="import.policy", show=False),
        Binding("s", "source", "name its source", id="import.source", show=False),
        Binding("d", "dates", "order of day and month", id="import.dates", show=False),
        Binding("b", "blanks", "which words stand for nothing", id="import.blanks", show=False),
        Binding("v", "doubtful", "walk the doubtful rows", id="import.doubtful", show=False),
        Binding("x", "bad", "rows that cannot come in", id="import.bad", show=False),
        Binding("w", "remarks", "what was noticed in the file", id="import.remarks", show=False),
    ]

    def __init__(self, path: str = "") -> None:
        super().__init__()
        self.path = path
        self.content: Table | None = None
        self.prepared: Prepared | None = None
        self.plan: Plan | None = None
        self.options = Options("")
        self.offered: dict[str, int] = {}  # words of the first rows that may stand for nothing
        self.waiting: list[Waiting] = []
        self.mended: dict[int, tuple[str, ...]] = {}  # as they were when the plan was made
        self.pairs: dict[str, str] = {}
        self.date_order: str | None = None
        self.going: Going | None = None
        self.result: list[Sequence[Part]] = []
        self.brought = ""  # what the file that came in last did, in words

    def came_over(self) -> None:
        """Ask for the file at once, unless it was named."""
        self.set_interval(0.25, self._tick)
        self._count_waiting()
        self.draw()
        if self.path:
            self.read_file(self.path)
        else:
            self.action_open()

    # --- reading -----------------------------------------------------------------------------------------------

    def action_open(self) -> None:
        """Name the file; a dropped path with quotes is fine."""
        if self.going is None:
            from sdr.exchange.nearby import completed

            self.ask_line("file (CSV, TSV or XLSX; Tab completes)", self._named, value=self.path, rest=completed)

    def _named(self, text: str) -> str | None:
        try:
            path = Path(text.strip().strip("'\"").replace("\\ ", " ")).expanduser()
            source_of(path)
        except UnreadableFile as fault:
            return f"{fault.message} Mend the path:"
        except RuntimeError:  # `~somebody` who is not there
            return "nobody of that name has a home here; mend the path:"
        self.read_file(str(path))
        return None

    @work(group="reading", exclusive=True)
    async def read_file(self, path: str) -> None:
        """Open the file and look at every row."""
        self.path, self.pairs, self.date_order, self.result, self.mended = path, {}, None, [], {}
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
        content = self.content
        clock = asyncio.get_running_loop().time
        going = Going("reading", clock(), share=lambda: content.share, clock=clock)
        self._goes(going)
        try:
            said = await asyncio.to_thread(self._judge, self.content, going)
        except (Cancelled, CancelledError):
            return
        except UnreadableFile as fault:
            self.desk.tell(f"{fault.message} {fault.hint}".strip(), "late")
            return
        finally:
            self._goes(None)
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
        if self.plan is not None and table.mended != self.mended:
            made.verdicts.said = self.plan.verdicts.said  # the same rows, and the rep's word on them stands
        self.mended = dict(table.mended)
        self.prepared, self.plan, self.options = prepared, made, prepared.options
        self.offered = offered_blanks(table.sample())
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

    @work(group="counting", exclusive=True)
    async def action_blanks(self) -> None:
        """Words like “N/A” are text unless the rep says that they stand for nothing."""
        if self.content is None or self.going is not None:
            return
        try:
            found = await asyncio.to_thread(blank_words, self.content)
        except UnreadableFile as fault:
            self.desk.tell(f"{fault.message} {fault.hint}".strip(), "late")
            return
        if not found:
            self.desk.tell("no cell of this file holds a word like “N/A” or “-” alone", "done")
            return
        self.ask("which words stand for nothing?", words.blanks(found, self.content.blanks), self._blanked)

    def _blanked(self, choice: Choice) -> None:
        assert isinstance(choice.value, tuple)
        self.options = replace(self.options, blanks=choice.value)
        self.look_again()

    def action_policy(self) -> None:
        """What happens where a lead that is here already has another value than this column."""
        if self.prepared is None or self.table.current is None:
            return
        column = self.prepared.mapping.choices[self.table.current - 1]
        field = intake.policy_field(column.field)
        if field is None:
            self.desk.tell("what this column says is added to a known lead, or left alone", "soon")
            return

        def chosen(choice: Choice) -> None:
            self.options = replace(self.options, policy={**self.options.policy, field: str(choice.value)})
            self.look_again()

        choices = [Choice(str(n), label, policy) for n, (policy, label) in enumerate(POLICIES, 1)]
        self.ask(f"where a known lead has another {field.replace('_', ' ')}", choices, chosen)

    def action_source(self) -> None:
        """The source and what was agreed on it, in one line."""
        if self.plan is None:
            return
        label = "source, cost a lead, owner, target %"
        known = self.prepared.source if self.prepared else None
        self.ask_line(label, self._sourced, value=words.source_line(self.options, known))

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

    def action_bad(self) -> None:
        """The rows that cannot come in, with their reasons."""
        from sdr.screens.import_mending import MendingScreen

        if self.plan is not None:
            self._walk(MendingScreen(self.plan))
        elif self.waiting and self.going is None:
            self.read_file(str(self.waiting[0].path))

    def action_remarks(self) -> None:
        """Every remark on the file, whole."""
        from sdr.screens.import_remarks import RemarksScreen

        if self.plan is not None and (said := words.remarks(self.plan)):
            self.app.push_screen(RemarksScreen(said))
        elif self.plan is not None:
            self.desk.tell("nothing was noticed in this file", "done")

    def action_doubtful(self) -> None:
        """Walk the rows that may be somebody who is here already."""
        from sdr.screens.import_rows import RowsScreen

        if self.plan is not None:
            self._walk(RowsScreen(self.plan, "doubtful"))

    def _walk(self, screen: RowsScreen) -> None:
        if screen.rows:
            self.app.push_screen(screen)
        else:
            self.desk.tell(f"no row is {screen.which}", "done")

    def refresh_rows(self) -> None:
        """Back from the rows: the counts may differ, and mended rows are looked at among the others."""
        if self.plan is None or self.going is not None:
            return
        if self.plan.table.mended != self.mended:
            self.look_again()
        else:
            self.draw()

    @work(group="waiting", exclusive=True)
    async def _count_waiting(self) -> None:
        """The rows of earlier files that wait to be mended."""
        self.waiting = await asyncio.to_thread(waiting, self.desk.setting.rejects)
        self.draw()
        self.show_keys()

    # --- writing -----------------------------------------------------------------------------------------------

    def on_lead_table_chosen(self) -> None:
        """Enter brings them in."""
        if self.plan is None or self.going is not None:
            return
        if not self.plan.writes:
            if self.plan.table.rejects and not self.plan.counts["rejected"]:
                settle(Path(self.path), self.desk.setting.rejects)
                self._count_waiting()
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
        going = Going("bringing in", asyncio.get_running_loop().time(), of=len(made.shelf))
        self._goes(going)
        future = self.desk.store.write(
            intake.apply, made, self.desk.now(), progress=going.count, cancelled=going.stop.is_set
        )
        self.desk.follow(future, then=lambda done: self._written(made, done))
        while not future.done():
            await asyncio.sleep(0.1)
        self._goes(None)

    def _goes(self, going: Going | None) -> None:
        """What is under way, if anything is: only Esc does something then."""
        self.going = going
        self.draw()
        self.show_keys()

    def _written(self, made: Plan, done: Applied) -> None:
        rejects = None
        try:
            rejects = intake.reject_rows(made, self.desk.setting.rejects, self.desk.now())
            if made.table.rejects:
                settle(Path(self.path), self.desk.setting.rejects)
        except OSError as fault:
            self.desk.tell(f"the rejected rows could not be written to a file: {fault.strerror}", "late")
        self.brought = done.summary
        self.result = [[("brought in   ", "done"), (done.summary, "")]]
        if rejects is not None:
            self.result.append(
                [("to mend      ", "soon"), ("x", "now"), (f" opens the rejected rows ({rejects.name})", "dim")]
            )
        self.result.append(_ways("u", "takes the whole file back"))
        self.plan = None
        self._count_waiting()

    def returned(self, done: Applied) -> None:
        """The file that came in was taken back, or came in again: that stands here instead of what no more is."""
        if self.result and self.brought and done.summary.endswith(f": {self.brought}"):
            word = done.summary.removesuffix(f": {self.brought}")
            key, does = ("u", "takes the whole file back") if word == "again" else ("U", "brings it in again")
            self.result[0] = [(f"{word:<13}", "done"), (self.brought, "")]
            self.result[-1] = _ways(key, does)
            self.draw()
        super().returned(done)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While a file is read or written, nothing of it is changed."""
        changes = ("open", "map", "policy", "source", "dates", "blanks", "doubtful", "bad", "remarks")
        return not (self.going is not None and action in changes) and super().check_action(action, parameters)

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
        home = self.options.country or self.desk.book.rep.country
        rows = words.columns(self.plan, self.content.sample(words.SAMPLE), home, self.signs)
        self.put(rows)

    def draw(self) -> None:
        """How it is read, what would come of it, where it comes from; or how far it is."""
        if self.going is not None:
            now = asyncio.get_running_loop().time()
            self.below(*words.progress(self.going, now, self.signs))
            return
        if self.content is None or (self.plan is None and not self.result):
            self.head([("import", "now")])
            names: list[Part] = [("o", "now"), (" names a file of leads: CSV, TSV or XLSX, in any encoding", "dim")]
            self.below(names, words.waiting(self.waiting))
            return
        preset = self.plan.mapping.preset if self.plan is not None else None
        self.head([("import   ", "now"), (" · ".join(words.read_as(self.content, self.path, preset)), "")])
        if self.result or self.plan is None:
            self.below(*self.result)
        else:
            known = self.prepared.source if self.prepared else None
            self.below(*words.outcome(self.plan, self.options, known), words.offered(self.options, self.offered))

    def _tick(self) -> None:
        if self.going is not None:
            self.draw()

    def keys(self) -> Sequence[Key]:
        """What fits where it stands."""
        if self.going is not None:
            return (("Esc", "call it off"),)
        if self.plan is None:
            mend: tuple[Key, ...] = (("x", "mend rejected rows"),) if self.waiting else ()
            return (("o", "open a file"), *mend, ("u", "take back"), ("g q", "queue"))
        dates: tuple[Key, ...] = (("d", "dates"),) if self.prepared and self.prepared.orders else ()
        blanks: tuple[Key, ...] = (("b", "blanks"),) if self.offered or self.options.blanks else ()
        return (("Enter", "bring them in"), ("v", "doubtful"), ("x", "bad rows"), ("m", "mapping"), ("s", "source"),
                *dates, *blanks, ("p", "known leads"), ("Esc", "leave"))  # fmt: skip


def _ways(key: str, does: str) -> list[Part]:
    """What can be done after a file came in; `key` does the first."""
    ways = ((key, f" {does}   "), ("g q", " queue   "), ("o", " another file"))
    return [part for one, said in ways for part in ((one, "now"), (said, "dim"))]
