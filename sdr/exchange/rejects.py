"""The file of rejected rows: the original columns and a last column `reason`, to be corrected and imported again.

It is UTF-8 with a byte order mark and every cell quoted. A cell that a spreadsheet might run as a formula, or
that begins with an apostrophe, gets one apostrophe in front (safety.md 2.3); reading such a file takes exactly
that one away (`rules.text.plain`) and leaves the `reason` column out. We know our own file by that column and
by the first words of what stands in it, so it may have been through a spreadsheet in between, and a `reason`
column of the rep's own is left alone.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from sdr.exchange.headers import column_names
from sdr.exchange.tables import BadRecord, Record, Row, Table
from sdr.rules.text import neutral, plain

REASON = "reason"
MARK = "not imported: "
DONE = "done"  # the folder of those that came in
MOST_FILES = 50
WIDER = "the row has more cells than the header has names"


def write_rejects(path: Path, header: Sequence[str], bad: Iterable[tuple[Sequence[str], str]]) -> int:
    """Write a new file at `path` (mode 0600; an existing one is an error) and return how many rows it has.

    `bad` gives cells and reason. Rows with more cells than `header` get columns without a name, so that no
    cell is lost and `reason` stays last. Raises `OSError`.
    """
    rows = [(tuple(cells), reason) for cells, reason in bad]
    width = max([len(header), *(len(cells) for cells, _ in rows)])
    with path.open("x", encoding="utf-8-sig", errors="replace", newline="") as file:
        path.chmod(0o600)
        writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
        writer.writerow([*map(neutral, _filled(header, width)), REASON])
        for cells, reason in rows:
            writer.writerow([*map(neutral, _filled(cells, width)), MARK + reason])
    return len(rows)


def _filled(cells: Sequence[str], width: int) -> list[str]:
    return [*cells, *[""] * (width - len(cells))]


def recognised(table: Table) -> Table:
    """`table` without its `reason` column if it is a file of ours, else `table` itself."""
    if not table.header or table.header[-1] not in (REASON, f"{REASON} (2)"):
        return table
    if not any(cells[-1].startswith(MARK) for cells in table.sample(50)):
        return table
    names = [plain(name) for name in table.header[:-1]]
    while names and names[-1] == column_names([""] * len(names))[-1]:
        names.pop()  # columns without a name: what a too long row had over
    rows = table._rows
    return replace(table, header=tuple(names), rejects=True, _rows=lambda tally: _reading(rows(tally), len(names)))


def _reading(rows: Iterator[Row], width: int) -> Iterator[Row]:
    for row in rows:
        cells = tuple(map(plain, row.cells[:-1]))
        if isinstance(row, BadRecord):
            yield BadRecord(row.line, cells, row.reason)
        elif any(map(str.strip, cells[width:])):
            yield BadRecord(row.line, cells, WIDER)
        elif any(map(str.strip, cells)):
            yield Record(row.line, cells[:width])


class Waiting(NamedTuple):
    """A file of ours with rows that wait to be mended."""

    path: Path
    rows: int


def waiting(folder: Path) -> list[Waiting]:
    """The files of `folder` whose rows did not come in yet, newest first; those that cannot be read are passed over."""
    found = []
    for path in sorted(folder.glob("*.csv"), key=lambda one: one.name, reverse=True)[:MOST_FILES]:
        try:
            with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
                rows = sum(1 for _ in csv.reader(file)) - 1
        except (OSError, csv.Error):
            continue
        if rows > 0:
            found.append(Waiting(path, rows))
    return found


def settle(path: Path, folder: Path) -> None:
    """A file of `folder` came in: what is still wrong stands in a newer one, and this one moves out of the way.

    It is kept, because the import may be taken back. Files from anywhere else are left alone. Raises `OSError`.
    """
    if path.resolve().parent != folder.resolve():
        return
    done = folder / DONE
    done.mkdir(mode=0o700, exist_ok=True)
    path.rename(done / path.name)
