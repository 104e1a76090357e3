"""One record of a file as a person: its cells mapped to fields, cleaned, dated, or rejected with a reason in words.

A row is rejected when it names nobody, or when its only way to reach somebody is an address that is none. What is
wrong beside that is a flaw: the row is kept. Whatever a lead has no place for, or nobody can read, stays with it as a
note: nothing that a file says is lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from sdr.desk.accounts import domain_of
from sdr.exchange.content import BLANK_WORDS
from sdr.exchange.dates import DateOrder, date_order, parse_when
from sdr.exchange.mapping import ColumnMap
from sdr.exchange.tables import Record, Row, Table
from sdr.exchange.vocabulary import HISTORY_FIELDS, word_set
from sdr.models.terms import ms
from sdr.rules.told import Told, keeping, told_again

NOBODY = "no name and no address: nobody to talk to"
DATES = frozenset(
    {"arrived_at", "contacted_at", "qualified_at", "offered_at", "accepted_at", "won_at", "lost_at"}
)  # fmt: skip
ONLY_PAST = frozenset(HISTORY_FIELDS) | {"owner"}
TOTAL = "the row adds up the others: nobody to talk to"
_TOTALS = word_set("total totals subtotal sum summe gesamt gesamtsumme somme totale suma totaal soma razem итого") | {
    "grand total", "total général", "合計", "総計", "合计", "总计", "합계", "المجموع", "कुल",
}  # fmt: skip
LONGEST_REASON = 200
MOST_MOMENTS = 4_096  # dates kept as they were read: days come again, times of the second do not


class Seen(NamedTuple):
    """One row. `reason` is why it is rejected ("" if it is not); `values` are plain, `flaws` sentences for the rep."""

    line: int
    cells: tuple[str, ...]
    values: dict[str, Any]
    flaws: tuple[str, ...]
    reason: str


class Reading(NamedTuple):
    """How the rows of one file are read. `home` (ISO alpha-2) dials numbers without a plus; dates without an
    offset are of `zone`; `orders` is the order of day and month by field."""

    mapping: ColumnMap
    orders: Mapping[str, str]
    zone: str
    home: str | None
    currency: str = "USD"
    source: str | None = None
    history: bool = False


def lean(mapping: ColumnMap, *, history: bool) -> ColumnMap:
    """The columns that feed something; who owned a lead and what became of it only with `history`."""
    kept = [choice for choice in mapping.choices if choice.field and (history or choice.field not in ONLY_PAST)]
    return mapping._replace(choices=tuple(kept))


class Reader:
    """Reads the rows of one file: what does not change from row to row is found out once."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        choices = [choice for choice in reading.mapping.choices if choice.field]
        alone = len({choice.field for choice in choices}) == len(choices)
        plain = alone and not reading.mapping.prefixed and not any(choice.also for choice in choices)
        self._fields = [choice.field or "" for choice in choices]
        self._columns = [choice.column for choice in choices] if plain else None
        self._dates = [field for field in sorted(DATES) if field in reading.mapping.fields()]
        self._kept = keeping(reading.mapping.fields())
        self._moments: dict[tuple[str, str], int | None] = {}

    def read(self, row: Row) -> Seen:
        """What `row` says, or why it is rejected."""
        if not isinstance(row, Record):
            return Seen(row.line, row.cells, {}, (), row.reason[:LONGEST_REASON])
        reading = self._reading
        found, cells = told_again(self._said(row.cells), reading.home, reading.currency, self._kept)
        values = found.values
        for field in self._dates:
            if field in cells:
                self._date(field, cells[field], found)
        if reading.source is not None and "source" in values:
            said = values.pop("source")
            values.setdefault("campaign", said)
        if found.left_out or "notes" in values:
            _note(found)
        if (domain := domain_of(values)) is not None:
            values["domain"] = domain
        if not found.flaws:
            fine = "email" in values or "phones" in values
            return Seen(row.line, row.cells, values, (), "" if fine else _rejected(values, ()))
        flaws = tuple(dict.fromkeys(reason for _, reason in found.flaws))
        return Seen(row.line, row.cells, values, flaws, _rejected(values, found.flaws))

    def _said(self, cells: tuple[str, ...]) -> Iterable[tuple[str, str]]:
        """Every field with its text, blank or not."""
        if self._columns is None:
            return self._reading.mapping.values(cells).items()
        return zip(self._fields, [cells[at] for at in self._columns], strict=True)

    def _date(self, field: str, text: str, found: Told) -> None:
        key = (field, text)
        if key not in self._moments:
            if len(self._moments) >= MOST_MOMENTS:
                self._moments.clear()
            moment = parse_when(text, self._reading.orders.get(field, "ymd"), self._reading.zone)
            self._moments[key] = None if moment is None else ms(moment)
        if (stamp := self._moments[key]) is None:
            found.wrong(field, text, f"{field.removesuffix('_at')} is not a date")
        else:
            found.values[field] = stamp


def _note(found: Told) -> None:
    """The notes of a row: what it says itself, and what the lead cannot hold otherwise; “n/a” says nothing."""
    found.left_out = [one for one in found.left_out if one[1].strip().casefold() not in BLANK_WORDS]
    notes = [found.values["notes"]] if "notes" in found.values else []
    if notes or found.left_out:
        found.values["notes"] = notes + found.notes("in the file")


def _rejected(values: Mapping[str, Any], flaws: Iterable[tuple[str, str]]) -> str:
    if "email" in values or "phones" in values:
        return ""
    wrong = [reason for field, reason in flaws if field in ("email", "email_2")]
    if wrong and "linkedin" not in values:
        return wrong[0]
    if "name" in values:
        alone = values.keys() <= {"name", "first_name", "last_name", "source", "notes", "tags", "employees"}
        return TOTAL if alone and values["name"].casefold().rstrip(":. ") in _TOTALS else ""
    return next((reason for field, reason in flaws if field in ("phone", "mobile")), NOBODY)


# --- dates -----------------------------------------------------------------------------------------------------------


def date_orders(table: Table, mapping: ColumnMap, country: str | None) -> dict[str, DateOrder]:
    """How the dates of each date column are written: by a sample, by the whole column when that does not prove it."""
    columns = {choice.field: choice.column for choice in mapping.choices if choice.field in DATES}
    if not columns:
        return {}
    sample = table.sample()
    orders = {field: date_order((row[at] for row in sample), country or "") for field, at in columns.items()}
    open_ones = {field: columns[field] for field, order in orders.items() if not order.certain}
    if open_ones:
        cells: dict[str, list[str]] = {field: [] for field in open_ones}
        for row in table:
            for field, at in open_ones.items():
                if isinstance(row, Record) and row.cells[at].strip():
                    cells[field].append(row.cells[at][:40])
        orders |= {field: date_order(values, country or "") for field, values in cells.items()}
        for field in open_ones:
            if not any(_numeric(value) for value in cells[field]):
                orders[field] = orders[field]._replace(certain=True)
    return {str(field): order for field, order in orders.items()}


def _numeric(value: str) -> bool:
    """Whether the two readings of `value` differ."""
    return parse_when(value, "dmy", "UTC") != parse_when(value, "mdy", "UTC")
