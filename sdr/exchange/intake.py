"""Bringing a file of leads in: look at every row first, write nothing, then write all of it as one act.

`prepare` says how the file would be read, `plan` gives each row its verdict, `apply` is the verb that writes, and
`report` is what `sdr import --json` prints. A plan outlives changes of the desk: when something was written since,
`apply` looks again inside its own transaction.
"""

from __future__ import annotations

import marshal
import re
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from sdr.desk.making import FILL, KEEP, REPLACE, Setting
from sdr.desk.mending import setting_of
from sdr.exchange import incoming, matching
from sdr.exchange.arriving import Arrivals
from sdr.exchange.cleaning import Lost, Stretch, cleaned
from sdr.exchange.content import blank_word_warnings
from sdr.exchange.decoding import name_of
from sdr.exchange.foremade import Maker, coming
from sdr.exchange.mapping import ColumnMap, fingerprint
from sdr.exchange.matching import Look, Matcher, Origin
from sdr.exchange.preparing import Options, Prepared, policy_field, prepare
from sdr.exchange.rejects import write_rejects
from sdr.exchange.rows_read import Reading, Seen, lean
from sdr.exchange.shelf import Pages, Shelf
from sdr.exchange.tables import Table
from sdr.exchange.verdicts import Flag, Verdict, Verdicts
from sdr.exchange.withdrawing import Kept, Standing, standing, withdraw
from sdr.models.terms import Refused, ms
from sdr.rules.text import slug
from sdr.store import rows
from sdr.store.changes import Change
from sdr.store.faults import Cancelled
from sdr.store.queries import batches, sources
from sdr.store.session import Session

__all__ = [
    "FILL",
    "KEEP",
    "REPLACE",
    "Kept",
    "Options",
    "Plan",
    "Prepared",
    "Report",
    "Standing",
    "apply",
    "plan",
    "policy_field",
    "prepare",
    "reject_rows",
    "report",
    "standing",
    "withdraw",
]  # fmt: skip

DATED = re.compile(r"\A\d{4}-\d\d-\d\d-|-\d{1,3}\Z")  # what we put around the name of a file of rejects
MOST_FLAWS = 9  # kinds of unreadable values that are told
NO_SOURCE = "No source was named: what these leads cost and bring cannot be held to anything."
IDENTITY = frozenset({"name", "first_name", "last_name", "email", "email_2", "phone", "mobile"})

Progress = Callable[[int, int], None]
Shelves = tuple[Shelf, Pages, Pages, Pages | None]  # of each row: values, asides, facts, the lead made


# --- looking ---------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Plan:
    """What would become of every row of a file. Rows are numbered from 0, in the order of the file.

    `shelf` has their values, `asides` what only the rep asks for: line, cells, flaws, reason; `made` what `maker` made
    of each, unless the file tells the past.
    """

    table: Table
    mapping: ColumnMap
    options: Options
    orders: Mapping[str, str]
    setting: Setting
    verdicts: Verdicts
    shelf: Shelf
    asides: Pages
    stamp: int
    maker: Maker | None = None
    made: Pages | None = None
    warnings: tuple[str, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """Rows by the word of their verdict; they add up to the rows."""
        return self.verdicts.counts()

    @property
    def writes(self) -> bool:
        """Whether anything would be written."""
        counts = self.counts
        return bool(counts["created"] or counts["updated"])

    def row(self, number: int) -> Seen:
        """A row as it was read."""
        line, cells, flaws, reason = self.asides[number]
        return Seen(line, cells, self.shelf[number], flaws, reason)

    def close(self) -> None:
        """Let go of the rows set aside."""
        for shelf in (self.shelf, self.asides, self.made):
            if shelf is not None:
                shelf.close()

    def rejected(self) -> Iterator[tuple[int, Seen, str]]:
        """Rows that are not brought in, each with its number and the reason in words."""
        for number in self.verdicts.rows(Verdict.REJECTED):
            seen = self.row(number)
            yield number, seen, seen.reason or "left out by you"


def plan(
    look: Look,
    table: Table,
    mapping: ColumnMap,
    options: Options,
    now: datetime,
    orders: Mapping[str, str] | None = None,
    *,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Plan:
    """The verdict on every row, asking the desk through `look(query, *args)` for some hundred rows at a time.

    `orders` is the order of day and month by date field. May raise `UnreadableFile`, or `Cancelled` when
    `cancelled()` says so. `progress` is called now and then: (rows read, 0) while the file is read, then
    (rows judged, rows), which takes a third of that.
    """
    setting: Setting = look(setting_of, now)
    stamp: int = look(batches.written)
    source = look(sources.by_name, options.source) if options.source else None
    origin = Origin(mapping.preset, source.id if source else None)
    arrivals = Arrivals(look, options.source, options.type, options.history)
    matcher = Matcher(look, setting, origin, dict(options.policy), fingerprint(table.header), arrivals)
    reading = Reading(
        mapping=lean(mapping, history=options.history),
        orders=orders or {},
        zone=setting.rep.zone,
        home=options.country or setting.rep.country,
        currency=options.currency or (source.currency if source else None) or "USD",
        source=options.source,
        history=options.history,
    )
    going = Going(progress or (lambda done, of: None), cancelled or (lambda: False))
    maker = None if options.history else _maker(look, options, setting, source)
    try:
        shelves, flaws = _read(cleaned(table, reading, maker), matcher, going)
    except Lost:
        matcher = Matcher(look, setting, origin, dict(options.policy), fingerprint(table.header), arrivals)
        shelves, flaws = _read(cleaned(table, reading, maker, alone=True), matcher, going)
    _judge(shelves, matcher, going)
    shelf, asides, _facts, begun = shelves
    made = Plan(table, mapping, options, reading.orders, setting, matcher.verdicts, shelf, asides, stamp, maker, begun)
    made.warnings = _warnings(made, flaws)
    return made


def _maker(look: Look, options: Options, setting: Setting, source: rows.Source | None) -> Maker:
    own = coming(source, options.source, options.said()) if options.source else None
    return Maker(setting, own, {one.name.casefold(): one for one in look(sources.listed)})


class Going(NamedTuple):
    """How a look at a file is going: whom to tell, and whether it was called off."""

    progress: Progress
    cancelled: Callable[[], bool]

    def on(self, done: int, of: int) -> None:
        """So many rows are done; raises `Cancelled` when it was called off."""
        if self.cancelled():
            raise Cancelled
        self.progress(done, of)


def _read(stretches: Generator[Stretch, None, None], matcher: Matcher, going: Going) -> tuple[Shelves, Counter[str]]:
    """Every row of the file set aside, its keys heard."""
    shelf, asides, facts, flaws = Shelf(), Pages(), Pages(), Counter[str]()
    made: Pages | None = None
    with closing(stretches):
        for one in stretches:
            going.on(len(shelf) + one.size, 0)
            matcher.hear(marshal.loads(one.facts))
            shelf.put(one.values)
            asides.put(one.asides, one.size)
            facts.put(one.facts, one.size)
            flaws.update(one.flaws)
            if one.made is not None:
                made = made if made is not None else Pages()
                made.put(one.made, one.size)
    return (shelf, asides, facts, made), flaws


def _judge(shelves: Shelves, matcher: Matcher, going: Going) -> None:
    """The verdict on every row, when all have been heard."""
    shelf, _, facts, _ = shelves
    first = 0
    for stretch in facts:
        rows = range(first, first + len(stretch))
        matcher.judge(matching.Stretch(stretch, partial(_taken_out, shelf, rows)))
        first = rows.stop
        going.on(first, len(shelf))
    facts.close()


def _taken_out(shelf: Shelf, rows: range) -> list[dict[str, Any]]:
    return [shelf[row] for row in rows]


def _kept(count: int) -> str:
    return "1 row is kept" if count == 1 else f"{count:,} rows are kept"


def _warnings(made: Plan, flaws: Counter[str]) -> tuple[str, ...]:
    said, fields = list(made.table.warnings), made.mapping.fields()
    if made.table.assumed:
        said.append(f"The encoding is assumed to be {name_of(made.table.encoding)}; look at the names.")
    if not made.table.header_row:
        said.append("The file has no header; columns were told by what they hold.")
    if not fields & IDENTITY:
        said.append("No column is read as a name, an e-mail address or a phone number; map one (--map COLUMN=FIELD).")
    said += blank_word_warnings(made.table.header, made.table.sample())
    said += [f"{_kept(count)} without a value: {flaw}." for flaw, count in flaws.most_common(MOST_FLAWS)]
    if made.options.source is not None and {"source", "campaign"} <= fields:
        said.append("The file's own sources are left out: all of it is of the source that was named.")
    if "owner" in fields and not made.options.history:
        said.append("Who owned a lead is left out: the leads become yours (--history keeps whose they were).")
    if made.options.source is None and "source" not in fields:
        said.append(NO_SOURCE)
    return tuple(said)


# --- writing ---------------------------------------------------------------------------------------------------------


def apply(
    session: Session,
    made: Plan,
    now: datetime,
    *,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Change | Refused:
    """Write a plan: one batch, one source, their accounts and leads. `progress(done, rows)` is called every some
    hundred rows; when `cancelled()` says so, `Cancelled` is raised and nothing is kept."""
    if batches.written(session) != made.stamp:
        _renew(session, made, now, cancelled)
    if not made.writes:
        return Refused("import.nothing-new", "nothing in this file is new: every row is known already, or was rejected")
    counts = made.counts
    words = [f"{counts[word]:,} {'new' if word == 'created' else word}" for word in counts if counts[word]]
    edits = incoming.edits(session, made, now, progress or (lambda done, of: None), cancelled or (lambda: False))
    # What changes a lead that is here may look for others by their indexes, which an act that begins many does without.
    begins = 0 if counts["updated"] else counts["created"]
    return Change("import", f"{made.options.file}: {', '.join(words)}", ms(now), edits, begins=begins)


def _renew(session: Session, made: Plan, now: datetime, cancelled: Callable[[], bool] | None) -> None:
    """Look again: the desk has changed since. The rep's words on rows stand."""

    def look(query: Callable[..., Any], *args: Any) -> Any:
        return query(session, *args)

    again = plan(look, made.table, made.mapping, made.options, now, made.orders, cancelled=cancelled)
    again.verdicts.said = made.verdicts.said
    made.close()
    made.setting, made.verdicts, made.stamp = again.setting, again.verdicts, again.stamp
    made.shelf, made.asides = again.shelf, again.asides
    made.maker, made.made = again.maker, again.made


def reject_rows(made: Plan, folder: Path, now: datetime) -> Path | None:
    """Write the rejected rows with their reasons into a new file of `folder`; None when there are none."""
    found = [(seen.cells, reason) for _, seen, reason in made.rejected()]
    if not found:
        return None
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    name = Path(made.options.file).stem
    if made.table.rejects:
        name = DATED.sub("", name)
    stem = f"{now.astimezone(now.tzinfo):%Y-%m-%d}-{slug(name)}"
    for number in range(1, 1000):
        path = folder / (f"{stem}.csv" if number == 1 else f"{stem}-{number}.csv")
        try:
            write_rejects(path, made.table.header, found)
        except FileExistsError:
            continue
        return path
    raise FileExistsError(folder)


class Report(NamedTuple):
    """What an import did, with the keys of `sdr import --json`. `rows` is the sum of created to rejected, without
    suggested, inquiries and suppressed, which are counted among the others."""

    batch: str | None
    file: str
    preset: str | None
    encoding: str
    delimiter: str
    header_row: int
    mapping: dict[str, str | None]
    rows: int
    created: int
    updated: int
    known: int
    merged: int
    suggested: int
    inquiries: int
    suppressed: int
    rejected: int
    rejects_file: str | None
    warnings: list[str]
    seconds: float

    def document(self) -> dict[str, Any]:
        """As JSON has it."""
        return self._asdict()


def report(look: Look, made: Plan, step: int | None, rejects_file: Path | None = None, seconds: float = 0.0) -> Report:
    """The report on a plan that act `step` wrote; without one it was a dry run, or nothing was new (then `batch` is
    the earlier batch of a file with these columns)."""
    batch = look(batches.of_step, step) if step is not None else None
    if step is None and not made.writes and made.counts["known"]:
        earlier = look(batches.of_shape, fingerprint(made.table.header))
        batch = earlier.id if earlier is not None else None
    verdicts, kept = made.verdicts, (Verdict.CREATED, Verdict.UPDATED, Verdict.KNOWN, Verdict.MERGED)
    return Report(
        batch=str(batch) if batch else None,
        file=made.options.file,
        preset=made.mapping.preset,
        encoding=made.table.encoding,
        delimiter=made.table.delimiter,
        header_row=made.table.header_row,
        mapping=made.mapping.by_name(),
        rows=len(made.shelf),
        **made.counts,
        suggested=verdicts.count(Flag.DOUBTFUL, Verdict.CREATED),
        inquiries=verdicts.count(Flag.INQUIRY, Verdict.CREATED),
        suppressed=verdicts.count(Flag.SUPPRESSED, *kept),
        rejects_file=str(rejects_file) if rejects_file else None,
        warnings=list(made.warnings),
        seconds=round(seconds, 3),
    )
