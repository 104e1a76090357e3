"""The day's end as files: handoffs for the CRM, a brief each, the activity, the digest, the calendar, five lines.

Planning reads and decides; writing puts the files in place; only then are the rows noted as gone out. Equal data
give equal bytes at any hour, so a second export writes nothing. No name of a file holds a lead's text.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import chain, islice
from pathlib import Path
from typing import NamedTuple

from sdr.desk.delivering import record_delivery
from sdr.exchange.crm_columns import Profile, columns_for
from sdr.exchange.day_calendar import calendar_of
from sdr.exchange.day_rows import ACTIVITY, Lines, activity_lines, handoff_words, row_digest
from sdr.exchange.day_summary import five_lines
from sdr.exchange.digest import digest_of, digest_page
from sdr.exchange.folders import Content, Filled, Outbound, RefusedRow, Written, file_name
from sdr.exchange.pages import SIZE, Row, packed, unpacked
from sdr.exchange.settled import Settled
from sdr.exchange.sheets import write_pages, write_xlsx
from sdr.exchange.shelf import Shelf
from sdr.models.terms import ms
from sdr.rules.calendar import local_time
from sdr.store import rows
from sdr.store.queries import day as days
from sdr.store.queries import deliveries, hearing, playbook
from sdr.store.session import Reader
from sdr.store.store import Store

ASIDE = 1 << 20  # bytes of a table in memory: some thousand rows, more than a day has
LOOK_BACK = timedelta(days=7)  # rows of days nobody exported go out late, this far back


@dataclass(frozen=True, slots=True)
class Planned:
    """One file to be: its name, its bytes or what fills it, and the rows whose going out it settles, in order."""

    name: str
    content: Content
    rows: int
    settles: Settled = field(default_factory=Settled)


class Plan(NamedTuple):
    """An export before it is written: its day (`YYYY-MM-DD`), its files, and its rows against what went out before."""

    day: str
    files: tuple[Planned, ...]
    new: int
    changed: int
    unchanged: int


class Exported(NamedTuple):
    """An export in place: its folder, its files, the counts of its rows, what was left out and what is settled."""

    folder: Path
    files: tuple[Written, ...]
    new: int
    changed: int
    unchanged: int
    refused: tuple[RefusedRow, ...]
    delivered: Settled


class _Due:
    """The rows of one table that belong to the day: set aside, with what their going out settles, in order."""

    def __init__(self, kind: str, columns: dict[str, str]) -> None:
        self.kind = kind
        self.columns = columns  # field to label
        self.settles = Settled()
        self.news: Counter[str] = Counter()
        self.pages = Shelf(ASIDE)

    def add(self, lines: Lines, news: Iterable[str]) -> None:
        """These belong to the day; what each of them is against what went out before."""
        self.pages.add([lines.page])
        self.settles.add(self.kind, lines)
        self.news.update(news)

    def rows(self) -> Iterator[Row]:
        """The cells of every row."""
        return chain.from_iterable(map(unpacked, self.pages))


def export_day(
    store: Store, exports: Path, day: date, profile: Profile, now: datetime, *, everything: bool = False
) -> Exported:
    """Export the rep's `day` into `exports`/`YYYY-MM-DD` and note what went out. Waits for the disk.

    `everything` also takes rows older than a week that never went out. Raises `folders.ExportFailed`.
    """
    plan = store.read(plan_export, day, profile, now, everything=everything).result()
    done = write_export(plan, exports)
    store.write(record_delivery, plan.day, done.delivered, now).result()
    return done


def write_export(plan: Plan, exports: Path) -> Exported:
    """Put the files of `plan` in place; those whose bytes would not change are not touched."""
    outbound = Outbound(exports / plan.day)
    written: list[Written] = []
    delivered: list[Settled] = []
    for file in plan.files:
        done = outbound.write(file.name, file.content, file.rows)
        written.append(done)
        left_out = {refused.row for refused in done.refused}
        delivered.append(file.settles.without(left_out))
    refused = tuple(one for done in written for one in done.refused)
    counts = plan.new, plan.changed, plan.unchanged
    return Exported(outbound.folder, tuple(written), *counts, refused, Settled(delivered))


def bounds(day: date, zone: str) -> tuple[int, int]:
    """The local `day` in `zone` as ms UTC, its end excluded."""
    return ms(local_time(zone, day, time())), ms(local_time(zone, day + timedelta(days=1), time()))


def plan_export(db: Reader, day: date, profile: Profile, now: datetime, *, everything: bool = False) -> Plan:
    """What an export of `day` in the rep's zone would write, and how its rows stand to what went out before."""
    rep = playbook.rep(db)
    start, end = bounds(day, rep.zone)
    columns = {column.field: column.label for column in columns_for(profile)}
    since = 0 if everything else ms(local_time(rep.zone, day - LOOK_BACK, time()))
    handoffs = _due(db, "handoff", day, columns, _handoffs(db, rep.zone, columns, day, since, end))
    activity = _due(db, "touch", day, ACTIVITY, _activity(db, rep.zone, day, since, end))
    files = (
        *_tables("handoffs", day, profile, handoffs),
        *_tables("activity", day, profile, activity),
        *_briefs(db, handoffs),
        *_pages(db, rep, day, start, end, now),
    )
    news = handoffs.news + activity.news
    return Plan(day.isoformat(), files, news["new"], news["changed"], news["unchanged"])


# --- rows ------------------------------------------------------------------------------------------------------


def _handoffs(db: Reader, zone: str, columns: dict[str, str], day: date, since: int, end: int) -> Iterator[Lines]:
    ids = iter(deliveries.handoff_ids(db, day.isoformat(), since, end))
    while some := list(islice(ids, SIZE)):
        found = [one for about in some if (one := deliveries.handed_off(db, about))]
        words = [handoff_words(one, zone) for one in found]
        page = packed([[said[field] for field in columns] for said in words])
        yield Lines([one.handoff.id for one in found], list(map(row_digest, words)), page)


def _activity(db: Reader, zone: str, day: date, since: int, end: int) -> Iterator[Lines]:
    found = deliveries.activity(db, day.isoformat(), since, end)
    while some := list(islice(found, SIZE)):
        yield activity_lines(some, zone)


def _due(db: Reader, kind: str, day: date, columns: dict[str, str], every: Iterator[Lines]) -> _Due:
    """The rows that belong to `day`: those that went out under it, and those new or changed since they went out."""
    due, under = _Due(kind, columns), day.isoformat()
    for lines in every:
        held = deliveries.sent(db, kind, lines.about)
        news = [
            _news(digest, held[about], under) if about in held else "new"
            for about, digest in zip(lines.about, lines.digests, strict=True)
        ]
        if any(news):
            due.add(lines.only(news), filter(None, news))
    return due


def _news(digest: bytes, before: tuple[deliveries.Sent, ...], day: str) -> str:
    """What a row that went out before is against then; nothing when it has no place in this day's files."""
    here = next((one for one in before if one.day == day), None)
    if here is not None:
        return "unchanged" if here.hash == digest.hex() else "changed"
    return "changed" if before[-1].hash != digest.hex() and before[-1].day < day else ""


# --- files -----------------------------------------------------------------------------------------------------


def _tables(what: str, day: date, profile: Profile, due: _Due) -> list[Planned]:
    """The rows as JSON, or as CSV for the profile with a workbook of the same."""
    settles, count = due.settles, len(due.settles)
    name = (what, day.isoformat(), profile.value)
    if profile is Profile.JSON:
        listed = [dict(zip(due.columns, row, strict=True)) for row in due.rows()]
        text = json.dumps(listed, ensure_ascii=False, indent=1) + "\n"
        return [Planned(file_name(*name, suffix="json"), text.encode("utf-8", "replace"), count, settles)]
    header = list(due.columns.values())
    return [
        Planned(
            file_name(*name, suffix="csv"),
            lambda path: write_pages(path, header, due.pages, profile.csv),
            count,
            settles,
        ),
        Planned(file_name(*name, suffix="xlsx"), lambda path: write_xlsx(path, header, due.rows()), count),
    ]


def _briefs(db: Reader, due: _Due) -> list[Planned]:
    """One page a handoff, named by the handoff's id."""
    sql = "SELECT brief FROM handoff WHERE id=?"
    pages = ((one.about_id, db.execute(sql, (one.about_id,)).fetchone()[0]) for one in due.settles)
    return [
        Planned(file_name("brief", str(about_id), suffix="md"), page.encode("utf-8", "replace"), 1)
        for about_id, page in pages
    ]


def _pages(db: Reader, rep: rows.Rep, day: date, start: int, end: int, now: datetime) -> list[Planned]:
    """The digest, the calendar and the five lines."""
    digests = [digest_of(one, playbook.reasons()) for one in hearing.heard(db, start, end)]
    promises = deliveries.promises(db, start)
    closing = days.closing(db, start, end)  # as it stands when the day is over, whatever the hour

    def calendar(path: Path) -> Filled:
        path.write_bytes(calendar_of(promises, now))  # nobody else's reading waits while it is drawn up
        return Filled(len(promises))

    text = digest_page(day.isoformat(), digests), five_lines(closing, rep.name, day)
    digest, lines = (one.encode("utf-8", "replace") for one in text)
    return [
        Planned(file_name("digest", day.isoformat(), suffix="md"), digest, len(digests)),
        Planned(file_name("calendar", day.isoformat(), suffix="ics"), calendar, len(promises)),
        Planned("summary.txt", lines, 5),
    ]
