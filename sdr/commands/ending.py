"""`sdr day`, `sdr export`: what is left before the day may end, what was done, and the files that tell it.

`sdr export --filter` makes a file of a list of leads instead.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sdr import config
from sdr.commands.frame import ATTENTION, UNUSABLE, Desk, Stop, common, desk, nonsense, remark
from sdr.commands.naming import one_of, the_filter
from sdr.commands.shapes import Document, iso
from sdr.desk import fitting, telling
from sdr.desk.replanning import touches
from sdr.models.terms import at, ms
from sdr.rules.prospecting import spans_on
from sdr.rules.spoken import spoken
from sdr.store.queries import day as queries
from sdr.store.queries import leads, listing
from sdr.store.queries.day import Left, SourceDay, Summary
from sdr.store.session import Reader

if TYPE_CHECKING:
    from sdr.exchange.crm_columns import Profile
    from sdr.exchange.folders import Written

LISTS = {
    "untouched": "untouched past their clock",
    "promises": "promises broken or undated",
    "unanswered": "handoffs without an answer",
    "unsynced": "rows that have not gone out",
    "untold": "people to be told that we have their data",
}
DAYS = {"today": 0, "yesterday": -1}


@click.command()
@click.option(
    "--date", "when", default="today", show_default=True, metavar="DATE", help="A day: 2026-03-02, yesterday."
)
@common
@click.pass_context
def day(ctx: click.Context, when: str, as_json: bool) -> None:
    """The lists of the day's end, and the summary."""
    from sdr.exchange.day_export import bounds
    from sdr.exchange.day_summary import five_lines

    with desk(ctx) as found:
        wanted = _day(found, when)
        start, end = bounds(wanted, found.zone)
        summary = found.read(queries.summary, start, end, ms(found.now))
        document: Document = {"date": wanted.isoformat()}
        lists = {name: getattr(summary, name) for name in LISTS if name != "untold"}
        lists["untold"] = found.read(telling.untold, found.now)
        document |= {name: _list(found, left) for name, left in lists.items()}
        lines = five_lines(summary, found.book.rep.name, wanted).splitlines()
        document["summary"] = _summary(summary, lines)
        rest = found.read(fitting.whole, found.now, block=found.block) if wanted == _day(found, "today") else None
        document["today"] = _rest_of(found, rest) if rest else None
        document["prospecting"], words = _prospecting(found, wanted)
        told = [*words, *([_rest_words(rest)] if rest else ())]
        found.say(document, [*_lines(lists, lines, found), *told])


def _day(found: Desk, words: str) -> date:
    """The rep's day that `words` mean."""
    today = found.now.astimezone(at(0, found.zone).tzinfo).date()
    if words in DAYS:
        return today + timedelta(days=DAYS[words])
    try:
        wanted = date.fromisoformat(words)
    except ValueError:
        wanted = date.min
    if not 1970 < wanted.year < 9000:
        nonsense("date.unclear", f"“{words}” is not a day", "write 2026-03-02, today or yesterday")
    return wanted


def _list(found: Desk, left: Left) -> list[Document]:
    """Every lead of a list by name; of the first few also since when."""
    since = {one.lead_id: one.at for one in left.first}
    return [
        {"lead": str(lead.id), "name": lead.name, "account": lead.company, "state": lead.state,
         "due_at": iso(since.get(lead.id, lead.due_at), found.zone)}
        for lead in found.read(_leads, left.ids)
    ]  # fmt: skip


def _leads(db: Reader, ids: tuple[int, ...]) -> list[Any]:
    return [found for one in ids if (found := leads.lead(db, one)) is not None]


def _summary(summary: Summary, lines: list[str]) -> Document:
    counts = summary.counts
    return {
        "calls": counts.calls, "talks": counts.talks, "qualified": counts.qualified,
        "handed_off": counts.handed_off, "mails": counts.mails, "letters": counts.letters, "left": summary.left,
        "sources": [_source(one) for one in summary.sources], "best": _source(summary.best),
        "worst": _source(summary.worst), "lines": lines,
    }  # fmt: skip


def _rest_of(found: Desk, rest: fitting.Today) -> Document:
    """What the rest of today holds, and the first lead whose work does not fit."""
    over = found.read(leads.lead, rest.over) if rest.over is not None else None
    return {
        "minutes_left": round(rest.minutes), "fits": len(rest.fits), "does_not_fit": rest.left_out,
        "first_over": {"lead": str(over.id), "name": over.name} if over else None,
    }  # fmt: skip


def _prospecting(found: Desk, wanted: date) -> tuple[Document | None, list[str]]:
    """What of the day's prospecting block went into prospecting, twice: as JSON and in words."""
    hours = config.prospecting(found.config)
    spans = spans_on(hours, found.zone, wanted) if hours else ()
    if not spans:
        return None, []
    used = found.read(fitting.used, spans)
    block = ", ".join(f"{start:%H:%M}-{end:%H:%M}" for start, end in spans)
    words = f"prospecting {block}: {used.minutes} of {used.of} minutes, {touches(used.touches)}"
    return {"block": block, "minutes": used.minutes, "of": used.of, "touches": used.touches}, [words]


def _rest_words(rest: fitting.Today) -> str:
    hours, minutes = divmod(round(rest.minutes), 60)
    left = f"{hours} h {minutes} min" if hours else f"{minutes} min"
    return f"{left} of today left: {len(rest.fits):,} fit, {rest.left_out:,} do not"


def _source(one: SourceDay | None) -> Document | None:
    return {"source": one.name, "qualified": one.qualified, "talks": one.talks} if one else None


def _lines(lists: dict[str, Left], lines: list[str], found: Desk) -> Iterator[str]:
    yield from lines
    for name, words in LISTS.items():
        left = lists[name]
        yield f"{len(left.ids):>4} {words}"
        for one in left.first:
            since = spoken(at(one.at, found.zone), found.now)
            yield f"       {one.name}{f', {one.company}' if one.company else ''} · {since}"


@click.command()
@click.option(
    "--date", "when", default="today", show_default=True, metavar="DATE", help="A day: 2026-03-02, yesterday."
)
@click.option("--profile", default="sheet", show_default=True, help="sheet, salesforce, hubspot, pipedrive or json.")
@click.option("--all", "everything", is_flag=True, help="Also rows older than a week that never went out.")
@click.option(
    "--to", "folder", type=click.Path(path_type=Path), help="The folder of the exports, instead of the desk's."
)
@click.option("--filter", "list_of", metavar="FILTER", help="Instead, one file of these leads: state:new city:madrid")
@common
@click.pass_context
def export(
    ctx: click.Context, when: str, profile: str, everything: bool, folder: Path | None, list_of: str | None,
    as_json: bool,
) -> None:  # fmt: skip
    """Handoffs, activity, digest and calendar of a day; a second run writes only what changed."""
    from sdr.exchange.crm_columns import Profile
    from sdr.exchange.folders import ExportFailed

    one_of("profile", profile, (one.value for one in Profile))
    if list_of is not None and (everything or when != "today"):
        nonsense("export.both", "a list of leads has no day", "leave out --date and --all")
    with desk(ctx) as found:
        exports = folder or found.places.exports
        try:
            if list_of is not None:
                _export_list(ctx, found, list_of, Profile(profile), exports)
            else:
                _export_day(ctx, found, _day(found, when), Profile(profile), exports, everything=everything)
        except ExportFailed as fault:
            raise Stop(UNUSABLE, "export.failed", str(fault).rstrip("."), "what stood there still stands") from None


def _export_day(
    ctx: click.Context, found: Desk, wanted: date, profile: Profile, exports: Path, *, everything: bool
) -> None:
    from sdr.exchange.day_export import export_day

    done = export_day(found.store, exports, wanted, profile, found.now, everything=everything)
    counts = {"new": done.new, "changed": done.changed, "unchanged": done.unchanged}
    told = f"{done.new} new, {done.changed} changed, {done.unchanged} unchanged"
    _say_files(ctx, found, done.folder, done.files, counts, [told])


def _export_list(ctx: click.Context, found: Desk, words: str, profile: Profile, exports: Path) -> None:
    from sdr.exchange.list_export import export_list

    ids = found.read(listing.ids, the_filter(found, words))
    if not ids:
        raise Stop(ATTENTION, "export.nobody", "no lead matches, so no file was written")
    done = export_list(found.read, ids, profile, exports, at(ms(found.now), found.zone))
    _say_files(ctx, found, done.path.parent, (done,), {}, [])


def _say_files(
    ctx: click.Context, found: Desk, folder: Path, written: Sequence[Written], counts: dict[str, int],
    told: Sequence[str],
) -> None:  # fmt: skip
    """The files that stand now, and the rows that were left out, which is for somebody to mend."""
    files = [
        {"path": str(one.path), "rows": one.rows, "sha256": one.sha256, "state": one.state.value} for one in written
    ]
    out = [one for file in written for one in file.refused]
    refused = [{"row": one.row, "name": one.whose, "column": one.column, "reason": one.reason} for one in out]
    lines = [f"{one['state']:<10} {one['rows']:>6} rows  {one['path']}" for one in files]
    found.say({"dir": str(folder), "files": files, **counts, "refused": refused}, [*lines, *told])
    for one in out:
        remark(f"sdr: left out: {one.whose or f'row {one.row + 1}'}: {one.column} {one.reason}")
    ctx.exit(ATTENTION if refused else 0)
