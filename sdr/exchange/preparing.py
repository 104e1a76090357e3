"""How a file would be read before a row of it is: mapping, options, date orders, what a file like it was before."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from sdr.desk.making import PLAIN
from sdr.exchange.dates import DateOrder
from sdr.exchange.mapping import ColumnMap, fingerprint, override, propose
from sdr.exchange.matching import Look
from sdr.exchange.rows_read import date_orders, lean
from sdr.exchange.tables import Table
from sdr.models.terms import Refused
from sdr.store import rows
from sdr.store.queries import batches, playbook, sources
from sdr.store.session import Reader


@dataclass(frozen=True, slots=True)
class Options:
    """What is said once of a file. `file` is its name without its folder; `cost_minor` in minor units of `currency`.

    `source` None leaves the source to the file's own column. `country` (ISO alpha-2) dials numbers without a plus,
    the rep's when None. `policy` says per field what happens to a value that differs: `fill`, `keep` or `replace`.
    `blanks` are words in lower case that stand for nothing; None takes those of the last file of this shape.
    """

    file: str
    source: str | None = None
    cost_minor: int | None = None
    currency: str | None = None
    type: str | None = None
    owner: str | None = None
    department: str | None = None
    target: float | None = None
    country: str | None = None
    orders: Mapping[str, str] = field(default_factory=dict)
    policy: Mapping[str, str] = field(default_factory=dict)
    blanks: tuple[str, ...] | None = None
    history: bool = False

    def said(self) -> dict[str, Any]:
        """What is said of the source itself, by its columns."""
        words = ("cost_minor", "currency", "type", "owner", "department", "target")
        return {word: value for word in words if (value := getattr(self, word)) is not None}


def policy_field(field: str | None) -> str | None:
    """The field whose policy a column of `field` follows; None where nothing is ever overwritten."""
    if field in ("first_name", "last_name"):
        return "name"
    if field == "mobile":
        return "phone"
    return field if field in (*PLAIN, "name", "phone") else None


class Prepared(NamedTuple):
    """How a file would be read: its mapping, the options with what was remembered of files of this shape, and the
    date orders, of which those not `certain` are to be asked."""

    mapping: ColumnMap
    options: Options
    orders: Mapping[str, DateOrder]
    source: rows.Source | None
    remembered: rows.Batch | None


def prepare(
    look: Look, table: Table, options: Options, pairs: Sequence[str] = (), date_order: str | None = None
) -> Prepared | Refused:
    """The mapping of `table` and the options for it. `pairs` are the rep's `COLUMN=FIELD`; `date_order` (dmy, mdy,
    ymd) settles every date column."""
    before: rows.Batch | None = look(batches.of_shape, fingerprint(table.header))
    kept = json.loads(before.mapping) if before is not None and before.mapping else {}
    blanks = tuple(kept.get("blanks", ())) if options.blanks is None else options.blanks
    table.blanks = frozenset(blanks)
    proposed = propose(table.header, table.sample(), kept.get("columns"), history=options.history)
    mapping = override(proposed, pairs)
    if isinstance(mapping, Refused):
        return mapping
    options = replace(
        options,
        country=options.country or kept.get("country"),
        blanks=blanks,
        policy={**kept.get("policy", {}), **options.policy},
        source=options.source or (look(source_name, before.source_id) if before is not None else None),
    )
    home = options.country or look(playbook.rep).country
    orders = date_orders(table, lean(mapping, history=options.history), home)
    for name, order in (kept.get("orders", {}) if not date_order else dict.fromkeys(orders, date_order)).items():
        if name in orders and (date_order or not orders[name].certain):
            orders[name] = DateOrder(order, True)
    known = look(sources.by_name, options.source) if options.source else None
    return Prepared(mapping, options, orders, known, before)


def source_name(db: Reader, source_id: int | None) -> str | None:
    """The name of a source by its id."""
    row = db.execute("SELECT name FROM source WHERE id=?", (source_id,)).fetchone()
    return row[0] if row else None
