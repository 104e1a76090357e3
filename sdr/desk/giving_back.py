"""What the survivor of a merge took from the other goes back when they are taken apart, unless somebody changed it.

The survivor may have been merged into others since; what these took on from it goes back, too.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Any

from sdr.desk import making, onward, steps
from sdr.desk.calling import REACHED
from sdr.models.terms import LeadState, NextKind
from sdr.store import rows
from sdr.store.changes import Edit
from sdr.store.queries import leads, merges
from sdr.store.queries.merges import Fields, Merge, Wrote

if TYPE_CHECKING:
    from sdr.desk.unmerging import Parting

# Fields that make sense together only: they go back as one, or stay as what was done since left them.
PLACE = (
    "state", "next_kind", "next_note", "due_at", "close_at", "queue_band", "rank", "touch_no", "touch_of", "snoozes",
    "reason", "closed_at", "qualified_at", "opened_at",
)  # fmt: skip
SCORE = ("rubric_id", "score", "fit", "engagement", "known", "known_of", "grade", "verdict", "missing")
NUMBERS = ("phones", "phone", "phone_type")
TOGETHER = frozenset((*PLACE, *SCORE, *NUMBERS))
PROMISED = (NextKind.PROMISE, NextKind.MEETING)
NOTHING = Wrote({}, {})
Taken = dict[str, tuple[Any, Any]]  # field: what was had of the other, and what there is instead


def edits(parting: Parting) -> Iterator[Edit]:
    """The rows of those who stood for the lead, from the one it joined up to the one that stands for all."""
    taken: Taken = {}
    brought: frozenset[str] = frozenset()
    for merge in parting.line:
        wrote = merges.wrote(parting.session, merge.step).get(("lead", merge.into), NOTHING)
        lead, row = merges.row_of(parting.session, merge.into), merges.row(parting.session, ("lead", merge.into))
        assert lead is not None  # leads never leave the file while another points to them
        assert row is not None
        first = merge is parting.merge
        taken = _given(row, wrote, parting.gone) if first else _passed_on(row, wrote, taken)
        brought = _brought(wrote) if first else brought & _brought(wrote)
        fields = {field: value for field, (_, value) in taken.items()} | _numbers(row, wrote, brought)
        if first:
            fields |= _untouched(parting, row, wrote)
        if merge.into == parting.here.id:
            fields |= _as_it_stands(parting, lead, fields)
        if fields:
            yield Edit.set("lead", merge.into, **fields)
    yield from _permissions(parting)


def asked(parting: Parting, lead: rows.Lead, note: str, state: LeadState | None = None) -> Fields:
    """The rep decides what comes next for a lead, which stays in its state unless another is given."""
    step = onward.verdict(lead, parting.now, note, parting.session)
    source = leads.source(parting.session, lead.source_id)
    return steps.placed(lead, source, state or LeadState(lead.state), step)


# --- fields ----------------------------------------------------------------------------------------------------------


def _current(row: Fields, field: str) -> Any:
    return field[4:] in json.loads(row["tags"] or "[]") if field.startswith("tag:") else row[field]


def _given(row: Fields, wrote: Wrote, other: rows.Lead) -> Taken:
    """What a lead was given by the merge and nobody changed since, with what it had before."""
    found: Taken = {}
    for field in wrote.after.keys() - TOGETHER:
        now, was = _current(row, field), wrote.before[field]
        if now == wrote.after[field] or (now is not None and now == getattr(other, field, None)):
            found[field] = (now, bool(was) if field.startswith("tag:") else was)
    return found


def _passed_on(row: Fields, wrote: Wrote, taken: Taken) -> Taken:
    """Of what was `taken` below, what this lead took on from there: it gets what is there now, else what it had."""
    found: Taken = {}
    for field, (value, instead) in taken.items():
        if field in wrote.after and wrote.after[field] == value == _current(row, field):
            found[field] = (value, wrote.before[field] if instead is None else instead)
    return found


def _brought(wrote: Wrote) -> frozenset[str]:
    """The numbers that a merge added."""
    listed = [json.loads(fields.get("phones") or "[]") for fields in (wrote.after, wrote.before)]
    after, before = ({one["e164"] for one in found} for found in listed)
    return frozenset(after - before)


def _numbers(row: Fields, wrote: Wrote, brought: Collection[str]) -> Fields:
    """The telephone columns without what was brought; a number struck out since stays, struck out."""
    if not brought:
        return {}
    if all(row[field] == wrote.after.get(field, row[field]) for field in NUMBERS):
        listed = json.loads(wrote.before.get("phones") or "[]")
        if {one["e164"] for one in json.loads(row["phones"] or "[]")} - {one["e164"] for one in listed} <= set(brought):
            return {field: wrote.before[field] for field in NUMBERS if field in wrote.after}
    held = json.loads(row["phones"] or "[]")
    left = [one for one in held if one["e164"] not in brought or one.get("struck")]
    return dict.fromkeys(NUMBERS) | making.numbers(left) if left != held else {}


# --- what only makes sense together ----------------------------------------------------------------------------------


def stands_still(parting: Parting) -> bool:
    """Whether the lead that was joined stands where the merge left it."""
    row = merges.row(parting.session, ("lead", parting.merge.into))
    left = merges.as_of(parting.session, parting.merge.into, parting.merge, after=True)
    return row is not None and all(row[field] == left.get(field) for field in PLACE)


def _untouched(parting: Parting, row: Fields, wrote: Wrote) -> Fields:
    """Place and score as before the merge, each where nothing changed it since. A wish that was carried over stays."""
    left = merges.as_of(parting.session, row["id"], parting.merge, after=True)
    found: Fields = {}
    for group in (PLACE, SCORE):
        carried = group is PLACE and merges.carried(parting.session, parting.merge)
        if not carried and all(row[field] == left.get(field) for field in group):
            found |= {field: wrote.before[field] for field in group if field in wrote.after}
    return found


def _as_it_stands(parting: Parting, lead: rows.Lead, fields: Fields) -> Fields:
    """What the one that stands for them needs anew, now that some of what it had is the other's."""
    found: Fields = {}
    ids = {table: [row_id for (t, row_id) in parting.returning if t == table] for table, _ in parting.returning}
    if not fields.keys() & set(SCORE) and (ids.keys() & {"answer", "event"} or fields.keys() & set(making.FACTS)):
        found |= _scored(parting, making.with_fields(lead, fields), ids)
    for name, first in (("first_touch_at", _first_touch), ("contacted_at", _first_contact)):
        if name in fields and fields[name] is None:
            found[name] = first(parting, lead.id, ids)
    after = making.with_fields(lead, fields | found)
    if after.next_kind in PROMISED and not _left(parting, "promise", "kept_at IS NULL AND dropped_at IS NULL"):
        found |= asked(parting, after, "the promise was the other's: what next?")
    elif after.state == LeadState.OFFERED and not _left(parting, "handoff", "state = 'offered'"):
        found |= asked(parting, after, "the handoff was the other's: what next?", LeadState.QUALIFIED)
    return found


def _scored(parting: Parting, after: rows.Lead, ids: dict[str, list[int]]) -> Fields:
    answers = leads.answers(parting.session, after.id)
    for row_id in ids.get("answer", ()):
        row = parting.returning["answer", row_id]
        was = merges.as_of(parting.session, row_id, parting.merge)
        if row["level"] == was.get("level"):  # one that was given anew since stays
            answers.pop(row["criterion"], None)
    events = [one for one in leads.events(parting.session, after.id) if one.id not in ids.get("event", ())]
    return steps.scored(parting.session, after, answers, parting.now, events=events)


def _first_touch(parting: Parting, lead_id: int, ids: dict[str, list[int]]) -> int | None:
    return _least(parting, "touch", "human = 1 AND skipped = 0", lead_id, ids)


def _first_contact(parting: Parting, lead_id: int, ids: dict[str, list[int]]) -> int | None:
    spoken = _least(parting, "call", f"contact IN {REACHED!r}", lead_id, ids)
    wrote = _least(parting, "event", "kind = 'replied'", lead_id, ids)
    return min((moment for moment in (spoken, wrote) if moment is not None), default=None)


def _least(parting: Parting, table: str, which: str, lead_id: int, ids: dict[str, list[int]]) -> int | None:
    sql = f"""SELECT min(at) FROM {table} WHERE lead_id=? AND {which}
      AND id NOT IN (SELECT value FROM json_each(?))"""
    found: int | None = parting.session.execute(sql, (lead_id, json.dumps(ids.get(table, [])))).fetchone()[0]
    return found


def _left(parting: Parting, table: str, which: str) -> bool:
    """Whether the one that stands for them keeps such a row."""
    sql = f"SELECT id FROM {table} WHERE lead_id=? AND {which}"
    found = parting.session.execute(sql, (parting.here.id,))
    return any((table, row_id) not in parting.returning for (row_id,) in found)


# --- what was allowed ------------------------------------------------------------------------------------------------


def _permissions(parting: Parting) -> Iterator[Edit]:
    """Blanks that the other's permission filled are blank again, here and wherever they were passed on."""
    taken: Taken = {}
    for merge in parting.line:
        filled, below = _filled(parting, merge), taken
        taken = {}
        for row_id, wrote in filled.items():
            row = merges.row(parting.session, ("permission", row_id))
            if row is not None:
                first = merge is parting.merge
                taken = _given(row, wrote, parting.gone) if first else _passed_on(row, wrote, below)
                if taken:
                    yield Edit.set("permission", row_id, **{field: value for field, (_, value) in taken.items()})
        for (table, _), row in parting.returning.items():
            if table == "permission" and merge is parting.merge:
                taken = {field: (value, None) for field, value in row.items()}


def _filled(parting: Parting, merge: Merge) -> dict[int, Wrote]:
    wrote = merges.wrote(parting.session, merge.step)
    return {row_id: one for (t, row_id), one in wrote.items() if t == "permission" and "lead_id" not in one.after}
