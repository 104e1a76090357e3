"""The edits of an import, in the order they are written: sources, the batch, then accounts, leads and what was said.

They are made while they are written, some hundred rows at a time, so that a million rows need no more memory than
a thousand.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sdr.desk import making, steps
from sdr.desk.accounts import Accounts
from sdr.desk.inquiring import Inquiry, broken
from sdr.desk.making import Setting
from sdr.exchange import past
from sdr.exchange.arriving import Arrivals
from sdr.exchange.foremade import Made, alike, coming
from sdr.exchange.joining import joined
from sdr.exchange.mapping import fingerprint
from sdr.exchange.verdicts import Verdict, Verdicts, written
from sdr.models.terms import Channel, at
from sdr.store import rows
from sdr.store.changes import Edit
from sdr.store.faults import Cancelled
from sdr.store.queries import doubles, leads, sources
from sdr.store.session import Session

if TYPE_CHECKING:
    from sdr.exchange.intake import Options, Plan

AT_ONCE = 500
Values = dict[str, Any]


def edits(
    session: Session,
    plan: Plan,
    now: datetime,
    progress: Callable[[int, int], None],
    cancelled: Callable[[], bool],
) -> Iterator[Edit]:
    """Everything an import writes. Raises `Cancelled` between two stretches of rows."""
    settled, known = plan.verdicts.settled(), Sources(session, plan.options)
    writer = Writer(session, plan, settled, now, known, session.new_id())
    main = known.of(plan.options.source) if plan.options.source else None
    yield from known.begun()
    yield writer.batch_edit(main)
    total, rows_to_write = len(plan.shelf), array("q", written(settled))
    for start in range(0, len(rows_to_write), AT_ONCE):
        if cancelled():
            raise Cancelled
        stretch = rows_to_write[start : start + AT_ONCE]
        yield from writer.stretch(stretch)
        progress(stretch[-1] + 1, total)
    progress(total, total)


class Sources:
    """The sources of one file by name; those that are new begin with it, and learn what was said of the file's own."""

    def __init__(self, session: Session, options: Options) -> None:
        self._session, self._options = session, options
        self._found: dict[str, rows.Source] = {}
        self._begun: list[Edit] = []

    def of(self, name: str) -> rows.Source:
        """The source called `name`, whatever its case."""
        key = name.casefold()
        if key not in self._found:
            own = key == (self._options.source or "").casefold()
            self._found[key] = self._known(name, self._options.said() if own else {})
        return self._found[key]

    def begun(self) -> list[Edit]:
        """The edits of sources that began or changed since this was last asked."""
        edits, self._begun = self._begun, []
        return edits

    def _known(self, name: str, said: Values) -> rows.Source:
        found = sources.by_name(self._session, name)
        if found is None:
            begun = coming(None, name, {**said, "id": self._session.new_id()})
            fields = {word: value for word, value in begun._asdict().items() if value is not None and word != "id"}
            self._begun.append(Edit.new("source", begun.id, **fields))
            return begun
        changed = {word: value for word, value in said.items() if getattr(found, word) != value}
        if changed:
            self._begun.append(Edit.set("source", found.id, **changed))
        return coming(found, name, changed)


class Writer:
    """Turns rows into edits, a stretch at a time."""

    def __init__(
        self, session: Session, plan: Plan, settled: Verdicts, now: datetime, known: Sources, batch_id: int
    ) -> None:
        self._session, self._plan, self._settled, self._now = session, plan, settled, now
        self._sources, self._batch = known, batch_id
        self._setting: Setting = plan.setting
        self._accounts = Accounts(session)
        self._seemed: dict[str | None, bool] = {}  # by name, whether a source is what it seemed when the file was read
        self._past = past.Past(session, plan.setting) if plan.options.history else None
        options = plan.options
        self._arrivals = Arrivals(self._look, options.source, options.type, options.history)

    def _look(self, query: Callable[..., Any], *args: Any) -> Any:
        return query(self._session, *args)

    def batch_edit(self, main: rows.Source | None) -> Edit:
        """The file itself, with its counts and with what the next file of this shape should know."""
        plan = self._plan
        kept = {
            "columns": plan.mapping.by_name(), "orders": dict(plan.orders), "policy": dict(plan.options.policy),
            "country": plan.options.country, "blanks": sorted(plan.table.blanks),
        }  # fmt: skip
        return Edit.new(
            "batch", self._batch, file=plan.options.file, source_id=main.id if main else None,
            preset=plan.mapping.preset, fingerprint=fingerprint(plan.table.header),
            mapping=json.dumps(kept, ensure_ascii=False), at=self._setting.stamp, row_count=len(plan.shelf),
            **plan.counts,
        )  # fmt: skip

    def stretch(self, numbers: Sequence[int]) -> Iterator[Edit]:
        """The edits of these rows, with the rows that joined them."""
        ready = [self._ready(number) for number in numbers]
        told = [self._values(number) if one is None else one[1] for number, one in zip(numbers, ready, strict=True)]
        self._accounts.look_up(told)
        ids = {self._settled.leads[n] for n in numbers if self._settled.kinds[n] == Verdict.UPDATED}
        kept = doubles.leads_of(self._session, ids) if ids else {}
        blocked = doubles.blocked_people(self._session, ids) if ids else frozenset()
        notes = doubles.notes_of(self._session, ids) if ids else frozenset()
        raised = self._arrivals.raised(ids, told)
        main: list[Edit] = []
        after: list[Edit] = []
        for number, values, made in zip(numbers, told, ready, strict=True):
            if self._settled.kinds[number] == Verdict.CREATED:
                lead_id = self._session.new_id()
                self._create(lead_id, values, made, main, after)
                if "notes" in values:
                    after += self._said(lead_id, values, notes)
                if "do_not_call" in values or "do_not_email" in values:
                    after += self._no(lead_id, values, blocked)
            elif (lead := kept.get(self._settled.leads[number])) is not None:
                asks = self._arrivals.inquires(lead, values, raised, notes)
                main += self._update(lead, values, after, asks=asks)
                after += self._said(lead.id, values, notes) + self._no(lead.id, values, blocked)
        yield from self._sources.begun()
        if self._past is not None:
            yield from self._past.begun()
        yield from self._accounts.begun()
        yield from main
        yield from after

    def _ready(self, number: int) -> Made | None:
        """The lead made of a row as it was read, if the row alone makes it and its source is what it seemed."""
        made, maker = self._plan.made, self._plan.maker
        if made is None or maker is None or number in self._settled.joins:
            return None
        if self._settled.kinds[number] != Verdict.CREATED:
            return None
        found: Made = made[number]
        name = self._plan.options.source or found[1].get("source")
        if name not in self._seemed:
            self._seemed[name] = alike(maker.source_of(found[1]), self._source_of(found[1]))
        return found if self._seemed[name] else None

    def _source_of(self, values: Values) -> rows.Source | None:
        name = self._plan.options.source or values.get("source")
        return self._sources.of(name) if name else None

    def _values(self, number: int) -> Values:
        values: Values = self._plan.shelf[number]
        others = self._settled.joins.of(number)
        if not others:
            return values
        source = self._source_of(values)
        currency = self._plan.options.currency or (source.currency if source else None)
        return joined(values, [self._plan.shelf[one] for one in others], self._setting.rep.zone, currency)

    def _create(self, lead_id: int, values: Values, made: Made | None, main: list[Edit], after: list[Edit]) -> None:
        source = self._source_of(values)
        fields = {
            **(making.lead_fields(values, self._setting, source) if made is None else made[0]),
            "account_id": self._accounts.of(values),
            "source_id": source.id if source else None,
            "batch_id": self._batch,
        }
        if self._past is not None:
            after += self._past.lived(lead_id, fields, values)
        main.append(Edit("lead", lead_id, "new", fields))

    def _update(self, lead: rows.Lead, values: Values, after_all: list[Edit], *, asks: bool) -> Iterator[Edit]:
        changed = making.filled(lead, values, self._setting, self._plan.options.policy)
        if not changed and not asks:
            return
        after = making.with_fields(lead, changed)
        if lead.account_id is None:
            changed["account_id"] = self._accounts.of(values)
        if changed.keys() & set(making.FACTS):
            changed |= steps.scored(self._session, after, leads.answers(self._session, lead.id), self._now)
        changed |= making.promoted(lead, changed, leads.source(self._session, lead.source_id), self._setting)
        if asks:
            changed |= self._asked_again(after, values, after_all)
        yield Edit.set("lead", lead.id, **changed)

    def _asked_again(self, lead: rows.Lead, values: Values, after_all: list[Edit]) -> Values:
        """Somebody we work raises a hand by this row: the lead's columns; the rest goes to `after_all`."""
        source = self._sources.of(self._plan.options.source or values["source"])
        arrived = values.get("arrived_at")
        inquiry = Inquiry(source, at(arrived) if arrived is not None else self._now)
        fields, edits = broken(self._session, lead, inquiry, self._now)
        after_all += edits
        return fields

    def _said(self, lead_id: int, values: Values, held: frozenset[tuple[int, str]]) -> list[Edit]:
        return [
            Edit.new(
                "event", self._session.new_id(), lead_id=lead_id, kind="note", at=self._setting.stamp, text=text,
                rep_id=self._setting.rep.id,
            )
            for text in values.get("notes", ())
            if (lead_id, text) not in held
        ]  # fmt: skip

    def _no(self, lead_id: int, values: Values, held: frozenset[tuple[int, str]]) -> list[Edit]:
        """What the file says about leaving somebody alone: for the person, and for their very numbers or addresses."""
        found: list[Edit] = []
        if "do_not_call" not in values and "do_not_email" not in values:
            return found
        for channel in (Channel.CALL, Channel.EMAIL):
            if not values.get(f"do_not_{channel.value}") or (lead_id, channel.value) in held:
                continue
            covers = [("person", str(lead_id))]
            if channel is Channel.CALL:
                covers += [("number", one["e164"]) for one in values.get("phones", ())]
            else:
                covers += [("email", values[word]) for word in ("email", "email_2") if word in values]
            found += [
                Edit.new(
                    "suppression", self._session.new_id(), lead_id=lead_id, channel=channel.value, scope=scope,
                    value=value, at=self._setting.stamp, wording="the file said so", rep_id=self._setting.rep.id,
                )
                for scope, value in covers
            ]  # fmt: skip
        return found
