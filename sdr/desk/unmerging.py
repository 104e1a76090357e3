"""Two persons who were merged are taken apart again, however much was done since.

Nothing was kept aside for this: what the merge wrote is read from the journal. Who was merged away comes back with
what was its own; what was done since stays with the one that stood for both. A wish not to be contacted is never
lost by it: those heard since hold for both, until they are lifted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from sdr.desk import giving_back, steps, suspecting, wishes
from sdr.desk.handing_off import after_answer
from sdr.models.terms import LeadState, Refused, ms
from sdr.rules.consent import EVERY_CHANNEL
from sdr.store import rows
from sdr.store.changes import Change, Edit
from sdr.store.queries import leads, merges, playbook
from sdr.store.queries.merges import Entity, Fields, Merge, Wrote
from sdr.store.session import Session

UNQUALIFIED = (*steps.BEFORE_WORK, LeadState.WORKING, LeadState.TALKING)
ONE_EACH = ("answer", "permission")  # a lead has one of them (per question), which later acts write over


@dataclass(frozen=True)
class Parting:
    """A merge that is being undone: `gone` comes back, `here` stands for both now."""

    session: Session
    now: datetime
    gone: rows.Lead
    here: rows.Lead
    line: tuple[Merge, ...]  # the merge of `gone`, then that of the lead it joined, up to `here`

    @property
    def merge(self) -> Merge:
        """The act that joined them."""
        return self.line[0]

    @cached_property
    def holders(self) -> frozenset[int]:
        """The leads that hold what was brought: the one it was joined to, and those that one was joined to."""
        return frozenset(merge.into for merge in self.line)

    @cached_property
    def wrote(self) -> dict[Entity, Wrote]:
        """What the merge changed."""
        return merges.wrote(self.session, self.merge.step)

    @cached_property
    def claimed(self) -> frozenset[Entity]:
        """What later merges brought to the same lead with others: it is theirs, wherever it was before."""
        found: set[Entity] = set()
        for other in merges.joined(self.session, self.here.id):
            merge = merges.merge_of(self.session, other.id)
            if merge is not None and merge.at > self.merge.at and merge not in self.line:
                wrote = merges.wrote(self.session, merge.step)
                found |= {entity for entity, one in wrote.items() if {"lead_id", "alias_of"} & one.after.keys()}
        return frozenset(found)

    @cached_property
    def returning(self) -> dict[Entity, Fields]:
        """The rows that go back, as they are now."""
        found: dict[Entity, Fields] = {}
        for entity, wrote in self.wrote.items():
            row = merges.row(self.session, entity) if "lead_id" in wrote.after else None
            if row is None or row["lead_id"] not in self.holders or entity in self.claimed:
                continue
            taken_up = entity[0] == "enrollment" and row["state"] != wrote.after.get("state", row["state"])
            if not taken_up:  # else it is the survivor's drip by now
                found[entity] = row
        return found

    @cached_property
    def since(self) -> tuple[rows.Suppression, ...]:
        """The wishes heard since the merge."""
        return tuple(merges.wishes_since(self.session, (*self.holders, self.gone.id), self.merge.at))

    @cached_property
    def shut(self) -> frozenset[str]:
        """The channels on which nobody may be contacted since the merge."""
        return frozenset(one.channel for one in self.since)


def unmerge(session: Session, lead_id: int, now: datetime) -> Change | Refused:
    """Take a merged lead out of the one that stands for it; what came later with others stays where it is."""
    gone = merges.row_of(session, lead_id)
    if gone is None:
        return Refused("lead.unknown", "this lead is no longer here; it was taken back")
    merge, here = merges.merge_of(session, lead_id), leads.lead(session, lead_id)
    if merge is None or here is None:
        return Refused("unmerge.apart", f"{gone.name} is a lead of its own; there is nothing to take apart")
    parting = Parting(session, now, gone, here, merges.line_of(session, merge))
    edits = [*_rows(parting), *_wishes(parting), *_leads(parting), *giving_back.edits(parting), *_apart(parting)]
    summary = f"{gone.name} is apart from {here.name} again ({gone.company or 'no company'})"
    return Change("unmerge", summary, ms(now), tuple(edits), gone.id)


def _apart(parting: Parting) -> Iterator[Edit]:
    """They are not suggested to be one person again: neither with whom it was joined to, nor with who stands there."""
    for other in dict.fromkeys((parting.merge.into, parting.here.id)):
        yield from suspecting.apart_edits(parting.session, parting.gone.id, other, parting.now)


# --- rows ------------------------------------------------------------------------------------------------------------


def _rows(parting: Parting) -> Iterator[Edit]:
    """What happened with the lead, and what the merge stopped, dropped or filled in rows that are not leads."""
    for entity, wrote in parting.wrote.items():
        table, row_id = entity
        if table == "lead":
            continue
        if entity in parting.returning:
            yield from _returned(parting, entity, wrote)
        elif "lead_id" not in wrote.after:
            row = merges.row(parting.session, entity)
            if row is not None and (row["lead_id"] == parting.gone.id or _stopped_for_it(parting, table, row)):
                yield Edit.set(table, row_id, **_earlier(parting, table, row, wrote))


def _stopped_for_it(parting: Parting, table: str, row: Fields) -> bool:
    """Whether a row of the one it was joined to may go on, because nothing else came of that lead since."""
    if table == "permission" or row["lead_id"] != parting.here.id:
        return False
    return row["lead_id"] == parting.merge.into and giving_back.stands_still(parting)


def _returned(parting: Parting, entity: Entity, wrote: Wrote) -> Iterator[Edit]:
    table, row_id = entity
    row, home = parting.returning[entity], parting.gone.id
    if table not in ONE_EACH:
        yield Edit.set(table, row_id, **{**_earlier(parting, table, row, wrote), "lead_id": home})
        return
    was = merges.as_of(parting.session, row_id, parting.merge)
    own = {name: was.get(name) for name in row if name not in ("id", "lead_id")}
    yield Edit.set(table, row_id, **own, lead_id=home)
    if any(row[name] != value for name, value in own.items()):  # said anew since: that stays where it was said
        again = {"lead_id": row["lead_id"], **{name: row[name] for name in own}}
        new_id = parting.session.new_id()
        yield Edit.new("answer", new_id, **again) if table == "answer" else Edit.new("permission", new_id, **again)


def _earlier(parting: Parting, table: str, row: Fields, wrote: Wrote) -> Fields:
    """The values before the merge of what nobody changed since; what is shut since then stays stopped."""
    shut = parting.shut
    if table in ("message", "touch") and (EVERY_CHANNEL in shut or row["channel"] in shut):
        return {}
    if table == "enrollment" and shut:
        if EVERY_CHANNEL in shut or wrote.before.get("state") not in ("active", "paused"):
            return {}
        return {"state": "paused", "paused_until": None, "why": f"asked for no {', '.join(sorted(shut))}"}
    if table == "promise" and (EVERY_CHANNEL in shut or ("call" in shut and row["kind"] == "callback")):
        return {}
    return {name: wrote.before[name] for name, value in wrote.after.items() if row[name] == value}


# --- the lead that comes back ----------------------------------------------------------------------------------------


def _wishes(parting: Parting) -> Iterator[Edit]:
    """Wishes heard since hold for who comes back, too; those of before were never taken from it."""
    sql = "SELECT channel FROM suppression WHERE lead_id=? AND scope='person'"
    held = {row[0] for row in parting.session.execute(sql, (parting.gone.id,))}
    for one in parting.since:
        if one.channel not in held:
            held.add(one.channel)
            yield Edit.new(
                "suppression", parting.session.new_id(), lead_id=parting.gone.id, channel=one.channel, scope="person",
                value=str(parting.gone.id), at=one.at, wording=one.wording, rep_id=one.rep_id,
            )  # fmt: skip


def _leads(parting: Parting) -> Iterator[Edit]:
    """The lead itself, and those that had been merged into it before."""
    for (table, lead_id), wrote in parting.wrote.items():
        if table != "lead" or "alias_of" not in wrote.after:
            continue
        if lead_id == parting.gone.id:
            yield Edit.set("lead", lead_id, **_back(parting, wrote))
            continue
        inner = merges.row_of(parting.session, lead_id)
        stands = inner is not None and inner.alias_of == parting.here.id
        if stands and (table, lead_id) not in parting.claimed:
            yield Edit.set("lead", lead_id, alias_of=parting.gone.id)


def _back(parting: Parting, wrote: Wrote) -> Fields:
    """The lead's own columns as they were, unless its next step makes no sense any more."""
    fields: Fields = {**wrote.before, "alias_of": None}
    lead = parting.gone._replace(**fields)
    if lead.next_kind is None:
        return fields
    in_force = playbook.rubric(parting.session)[0]  # which judges all leads until they qualify
    if lead.state in UNQUALIFIED and lead.rubric_id not in (None, in_force):
        fields |= _judged(parting, lead)
    if EVERY_CHANNEL in parting.shut and lead.state != LeadState.OFFERED:
        return {**fields, **wishes.closed_fields(lead, parting.now)}
    over = [row for (table, _), row in parting.returning.items() if table == "handoff"]
    if lead.state == LeadState.OFFERED and over and over[-1]["state"] != "offered":
        return {**fields, **after_answer(parting.session, lead, over[-1]["state"], parting.now)}
    if (closed := wishes.closed_step(lead, parting.shut)) is not None:
        return fields | giving_back.asked(parting, lead, f"asked for no {closed}: go on? (p)")
    if lead.next_kind in giving_back.PROMISED and not _promised(parting):
        return fields | giving_back.asked(parting, lead, "what was promised is over: what next?")
    return fields


def _judged(parting: Parting, lead: rows.Lead) -> Fields:
    """The score of who comes back, by its own answers and events."""
    answers = leads.answers(parting.session, lead.id)
    for (table, row_id), row in parting.returning.items():
        if table == "answer":
            answers[row["criterion"]] = merges.as_of(parting.session, row_id, parting.merge)["level"]
    events = [rows.Event(**row) for (table, _), row in parting.returning.items() if table == "event"]
    return steps.scored(parting.session, lead, answers, parting.now, events=events)


def _promised(parting: Parting) -> bool:
    """Whether a promise to who comes back is still open."""
    for entity, wrote in parting.wrote.items():
        if entity[0] == "promise" and (row := merges.row(parting.session, entity)) is not None:
            row |= _earlier(parting, "promise", row, wrote)
            mine = entity in parting.returning or row["lead_id"] == parting.gone.id
            if mine and row["kept_at"] is None and row["dropped_at"] is None:
                return True
    return False
