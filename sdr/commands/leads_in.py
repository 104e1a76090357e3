"""`sdr import`: leads come in from files, or a file is taken back. Nothing is asked: what is guessed is said.

A file is looked at whole before one row is written, and written as one act; a number of files is a number of acts.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from sdr.commands.counting import Progress, counting
from sdr.commands.frame import (
    ATTENTION,
    NONSENSE,
    Desk,
    Stop,
    common,
    complain,
    desk,
    error_document,
    nonsense,
    refusal,
)
from sdr.commands.naming import LARGEST
from sdr.models.terms import Refused, SourceType
from sdr.rules.money import minor_units
from sdr.rules.spoken import counted
from sdr.rules.text import clean

if TYPE_CHECKING:
    from sdr.exchange.doubtful import Doubtful
    from sdr.exchange.intake import Options, Plan, Prepared, Report
    from sdr.exchange.tables import Table

STDIN = "-"
SHOWN = 20  # doubtful rows listed for a person


class Wanted(NamedTuple):
    """What the command was told about its files, besides their options."""

    pairs: tuple[str, ...]
    date_order: str | None
    encoding: str | None
    sheet: str | None
    dry_run: bool


@click.command("import")
@click.argument("files", nargs=-1, metavar="FILE…")
@click.option("--source", metavar="NAME", help="Where these leads come from.")
@click.option("--cost", metavar="105.00", help="What a lead of this source costs.")
@click.option("--currency", metavar="USD", help="Of the cost.")
@click.option("--type", "kind", type=click.Choice([one.value for one in SourceType]), help="What kind of source.")
@click.option("--map", "pairs", multiple=True, metavar="COLUMN=FIELD", help="What a column holds; blank: nothing.")
@click.option("--date-order", type=click.Choice(["dmy", "mdy", "ymd"]), help="How dates are written.")
@click.option("--blank", "blanks", multiple=True, metavar="WORD", help='A word that means nothing, like "N/A".')
@click.option("--policy", multiple=True, metavar="FIELD=WORD", help="Known leads: fill, keep or replace this field.")
@click.option("--encoding", metavar="NAME", help="Instead of the one that is guessed.")
@click.option("--country", metavar="US", help="Of numbers without a country code.")
@click.option("--sheet", metavar="NAME", help="Of a workbook.")
@click.option("--history", is_flag=True, help="Also states, owners and dates: a team's past.")
@click.option("--dry-run", is_flag=True, help="Say what would become of every row, and write nothing.")
@click.option("--undo", metavar="BATCH", help="Take an import back.")
@common
@click.pass_context
def import_(
    ctx: click.Context, files: tuple[str, ...], source: str | None, cost: str | None, currency: str | None,
    kind: str | None, pairs: tuple[str, ...], date_order: str | None, blanks: tuple[str, ...],
    policy: tuple[str, ...], encoding: str | None, country: str | None, sheet: str | None, history: bool,
    dry_run: bool, undo: str | None, as_json: bool,
) -> None:  # fmt: skip
    """Bring in CSV, TSV or XLSX files of leads (- for stdin), or take an import back."""
    if undo is not None:
        if files:
            nonsense("import.both", "an import is either made or taken back", "leave the files out with --undo")
        with desk(ctx) as found:
            _take_back(ctx, found, undo)
        return
    if not files:
        nonsense("import.no-file", "no file was named", "sdr import FILE, or - for stdin")
    options = replace(
        _options(source, cost, currency, kind, country, history), blanks=_blanks(blanks), policy=_policy(policy)
    )
    wanted = Wanted(pairs, date_order, encoding, sheet, dry_run)
    with desk(ctx) as found:
        _bring_all(ctx, found, files, options, wanted)


def _options(
    source: str | None, cost: str | None, currency: str | None, kind: str | None, country: str | None, history: bool
) -> Options:
    from sdr.exchange.intake import Options
    from sdr.rules import places

    if currency is not None and not (len(currency) == 3 and currency.isalpha()):
        nonsense("import.currency", f"“{currency}” is not a currency", "write three letters, like USD")
    cents = minor_units(cost, currency and currency.upper()) if cost else None
    if cost and (cents is None or "-" in cost):
        nonsense("import.cost", f"“{cost}” is not a price", "write 105.00")
    code = places.country(country) if country else None
    if country and code is None:
        nonsense("import.country", f"“{country}” is not a country", "write its two letters, like US")
    money = currency.upper() if currency else None
    source = clean(source) or None if source else None
    return Options(
        "", source=source, cost_minor=cents, currency=money, type=kind, country=code, history=history
    )  # fmt: skip


def _blanks(words: tuple[str, ...]) -> tuple[str, ...] | None:
    """The words in lower case; None when nothing was said, so that those of the last such file hold."""
    return tuple({word.strip().casefold() for word in words} - {""}) if words else None


def _policy(pairs: tuple[str, ...]) -> dict[str, str]:
    """What is to happen by field."""
    from sdr.exchange.intake import FILL, KEEP, REPLACE, policy_field

    found: dict[str, str] = {}
    for pair in pairs:
        name, _, word = (part.strip().lower() for part in pair.partition("="))
        field = policy_field(name)
        if word not in (FILL, KEEP, REPLACE):
            nonsense("import.policy", f"“{word or pair}” is not a policy", "write FIELD=fill, keep or replace")
        if field is None:
            nonsense("import.policy", f"“{name}” is not a field that can be kept or replaced", "like company=replace")
        found[field] = word
    return found


def _bring_all(ctx: click.Context, found: Desk, files: tuple[str, ...], options: Options, wanted: Wanted) -> None:
    """Every file in turn; one that cannot be read does not keep out the others. The worst of them is the exit code."""
    told: list[dict[str, Any]] = []
    code = 0
    for file in files:
        try:
            report, doubtful = _bring(found, file, options, wanted)
        except Stop as stop:
            if len(files) == 1:
                raise
            told.append({"file": _name(file)} | error_document(stop))
            complain(stop)
            code = max(code, stop.exit_code)
            continue
        more = {"doubtful": [one.document() for one in doubtful]} if wanted.dry_run else {}
        told.append(report.document() | more)
        code = max(code, ATTENTION if report.rejected else 0)
        if not found.as_json:
            found.say(None, [*_lines(report, wanted.dry_run), *_whose(doubtful)])
    if found.as_json:
        found.say(told if len(files) > 1 else told[0], [])
    ctx.exit(code)


def _name(file: str) -> str:
    return "stdin" if file == STDIN else Path(file).name


def _bring(found: Desk, file: str, options: Options, wanted: Wanted) -> tuple[Report, list[Doubtful]]:
    """Read, look at every row, write, report; of a dry run also whose the doubtful rows may be."""
    from sdr.exchange import doubtful, intake
    from sdr.exchange.tables import UnreadableFile

    began = time.perf_counter()
    try:
        table, prepared = _prepared(found, file, options, wanted)
        orders = {field: order.order for field, order in prepared.orders.items()}
        with counting("rows", lambda: table.share) as progress:
            made = intake.plan(
                found.read, table, prepared.mapping, prepared.options, found.now, orders, progress=progress
            )
            try:
                made.warnings += tuple(_unsure(prepared))
                step = None if wanted.dry_run else _write(found, made, progress)
                rejects = None if wanted.dry_run else _rejects(found, made, file)
                unsure = doubtful.doubtful(found.read, made, found.now) if wanted.dry_run else []
                return intake.report(found.read, made, step, rejects, time.perf_counter() - began), unsure
            finally:
                made.close()
    except UnreadableFile as fault:
        raise Stop(NONSENSE, "import.unreadable", f"{_name(file)}: {fault.message}", fault.hint) from None


def _prepared(found: Desk, file: str, options: Options, wanted: Wanted) -> tuple[Table, Prepared]:
    """The opened file and how it is read."""
    from sdr.exchange import intake
    from sdr.exchange.opening import piped
    from sdr.exchange.reading import open_table

    content = piped(getattr(sys.stdin, "buffer", None)) if file == STDIN else Path(file)
    table = open_table(content, encoding=wanted.encoding, sheet=wanted.sheet)
    named = replace(options, file=_name(file))
    prepared = intake.prepare(found.read, table, named, wanted.pairs, wanted.date_order)
    if isinstance(prepared, Refused):
        nonsense(prepared.rule, prepared.reason.rstrip("."), prepared.hint)
    said = any((options.cost_minor is not None, options.currency, options.type))
    if said and prepared.options.source is None:
        nonsense("import.no-source", "a cost, a currency or a type belongs to a source", "name it with --source")
    return table, prepared


def _unsure(prepared: Prepared) -> Iterator[str]:
    """Dates that nothing settled, said instead of asked."""
    for field, order in prepared.orders.items():
        if order.mixed:
            yield (
                f"Dates of {field} are of two orders; those that cannot be {order.order} are left out. "
                "--date-order settles which."
            )
        elif not order.certain:
            yield f"Dates of {field} are read as {order.order}, which no value proves; --date-order settles it."


def _write(found: Desk, made: Plan, progress: Progress) -> int | None:
    """Write the plan as one act; its step, or `None` when nothing in the file was new. Ctrl+C leaves nothing behind."""
    from sdr.exchange import intake

    stop = threading.Event()
    writing = found.store.write(intake.apply, made, found.now, progress=progress, cancelled=stop.is_set)
    try:
        done = writing.result()
    except KeyboardInterrupt:
        stop.set()
        raise
    if not isinstance(done, Refused):
        return done.step
    if done.rule != "import.nothing-new":
        raise refusal(done)
    return None


def _rejects(found: Desk, made: Plan, file: str) -> Path | None:
    """The new file of rejected rows, if there are any; one of ours that came in moves out of the way."""
    from sdr.exchange import intake
    from sdr.exchange.rejects import settle

    try:
        path = intake.reject_rows(made, found.places.rejects, found.now)
        if made.table.rejects and file != STDIN:
            settle(Path(file), found.places.rejects)
        return path
    except OSError as fault:
        made.warnings += (f"The rejected rows could not be written to a file: {fault.strerror}.",)
        return None


def _lines(report: Report, dry_run: bool) -> Iterator[str]:
    read = (report.preset, report.encoding, report.delimiter and f"“{report.delimiter}”")
    yield " · ".join(word for word in (report.file, *read) if word)
    words = ("created", "updated", "known", "merged", "rejected", "suggested", "suppressed")
    counts = [f"{getattr(report, word):,} {word}" for word in words if getattr(report, word)]
    if report.inquiries:
        counts.append(counted(report.inquiries, "inquiry", "inquiries"))
    unwritten = " (nothing was written)" if dry_run else ""
    yield f"{counted(report.rows, 'row')}: {', '.join(counts) or 'nothing in it'}{unwritten}"
    left = [name for name, field in report.mapping.items() if field is None]
    if left:
        yield f"columns left out: {', '.join(left)}"
    yield from report.warnings
    if report.rejects_file:
        yield f"rejected rows, to be corrected and imported again: {report.rejects_file}"
    if report.batch:
        yield f"batch {report.batch}; take it back with sdr import --undo {report.batch}"


def _whose(doubtful: list[Doubtful]) -> Iterator[str]:
    """The first of the doubtful rows, each with who it may be."""
    for one in doubtful[:SHOWN]:
        whose = f"exists, {one.whose}" if one.whose else f"as line {one.other_line}"
        yield f"doubtful: line {one.line} · {one.name} · {one.why} · {whose}"
    if len(doubtful) > SHOWN:
        yield f"doubtful: {len(doubtful) - SHOWN:,} rows more; --json lists all"


def _take_back(ctx: click.Context, found: Desk, words: str) -> None:
    """Withdraw a batch: what nobody worked since goes, the rest stays and is listed."""
    from sdr.exchange import withdrawing

    batch = int(words) if words.isascii() and words.isdigit() and int(words) <= LARGEST else 0
    standing = found.read(withdrawing.standing, batch)
    if isinstance(standing, Refused):
        if standing.rule == "import.no-batch":
            nonsense(standing.rule, f"{standing.reason} ({words})", "the batch is in the answer of `sdr import`")
        raise refusal(standing)
    kept = [{"lead": str(one.lead), "name": one.name, "why": one.why} for one in standing.kept]
    done = found.act(withdrawing.withdraw, batch)
    if isinstance(done, Refused):
        stop = refusal(done)
        found.say({"withdrawn": 0, "kept": kept} | error_document(stop), [])
        complain(stop)
        ctx.exit(ATTENTION)
    document = {"withdrawn": standing.withdrawn, "kept": kept, "summary": done.summary}
    found.say(document, [done.summary, *(f"kept: {one['name']} · {one['why']}" for one in kept)])
