"""Taking an import back when work has begun: what nobody touched since goes, the rest stays and is listed.

Straight after an import `u` takes all of it back. Later that would lose somebody's work: then `withdraw` drops the
leads nobody worked, gives changed leads their old values, and keeps what has a later act on it. Reps and executives
that came with a team's past stay.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from sdr.models.terms import Refused, ms
from sdr.store import rows
from sdr.store.changes import Change, Edit
from sdr.store.queries import batches, leads
from sdr.store.queries.batches import Wrote
from sdr.store.session import Reader, Session

BEGINS = ("new", "event", "sup")
STAY = ("rep", "ae")


class Kept(NamedTuple):
    """A lead that stays, and the act on it that keeps it."""

    lead: int
    name: str
    why: str


class Standing(NamedTuple):
    """What a withdrawal would do: the leads that go, those that get their old values, and those that stay."""

    batch: rows.Batch
    step: int
    going: frozenset[int]
    restored: tuple[int, ...]
    kept: tuple[Kept, ...]

    @property
    def withdrawn(self) -> int:
        """How many leads would be as they were before the import."""
        return len(self.going) + len(self.restored)


def standing(db: Reader, batch_id: int) -> Standing | Refused:
    """What withdrawing this batch would do now."""
    batch = batches.batch(db, batch_id)
    step = batches.step_of(db, batch_id)
    if batch is None or step is None:
        return Refused("import.no-batch", "there is no such import; it may have been taken back already")
    if batch.withdrawn:
        return Refused("import.withdrawn", f"{batch.file} was taken back already")
    worked = batches.worked_since(db, step, batch_id)
    began: list[int] = []
    changed: list[int] = []
    for one in batches.wrote(db, step):
        if one.table == "lead":
            (began if one.kind == "new" else changed).append(one.row)
    kept = tuple(Kept(lead, batches.name_of(db, lead), worked[lead]) for lead in (*began, *changed) if lead in worked)
    going = frozenset(lead for lead in began if lead not in worked)
    return Standing(batch, step, going, tuple(lead for lead in changed if lead not in worked), kept)


def withdraw(session: Session, batch_id: int, now: datetime) -> Change | Refused:
    """Take a batch back as far as nobody has worked on it since."""
    found = standing(session, batch_id)
    if isinstance(found, Refused):
        return found
    if not found.withdrawn and found.kept:
        return Refused(
            "import.worked", f"every lead of {found.batch.file} has been worked since; nothing was taken back"
        )
    left = f", {len(found.kept):,} kept because they were worked" if found.kept else ""
    summary = f"{found.batch.file} withdrawn: {found.withdrawn:,} leads as they were before{left}"
    return Change("withdraw", summary, ms(now), tuple(_edits(session, found)))


def _edits(session: Session, found: Standing) -> Iterator[Edit]:
    ended: set[int] = set()
    for one in batches.wrote(session, found.step):
        edits = list(_back(session, one, found))
        ended.update(edit.id for edit in edits if edit.kind == "drop")
        yield from edits
    source = {"source_id": None} if found.batch.source_id in ended else {}
    yield Edit.set("batch", found.batch.id, withdrawn=1, **source)


def _back(session: Session, one: Wrote, found: Standing) -> Iterator[Edit]:
    """What takes back one thing that the import wrote."""
    if one.table in STAY or one.table == "batch":
        return
    if one.table in ("account", "source"):
        yield from _company_or_source(session, one, found)
    elif one.lead in found.going:
        yield Edit.drop(one.table, one.row)
    elif one.lead in found.restored:
        if one.kind in BEGINS:
            yield Edit.drop(one.table, one.row)
        else:
            yield _earlier(session, one, found.step)


def _company_or_source(session: Session, one: Wrote, found: Standing) -> Iterator[Edit]:
    """An account or source that began with the import ends when nothing else came to need it."""
    if batches.changed_since(session, one.row, found.step):
        return
    if one.kind not in BEGINS:
        yield _earlier(session, one, found.step)
        return
    used = batches.leads_with(session, f"{one.table}_id", one.row)
    shared = one.table == "source" and batches.other_batches(session, one.row, found.batch.id)
    restored = set(found.restored) if one.table == "account" else set()
    if not shared and all(lead in found.going or lead in restored for lead in used):
        yield Edit.drop(one.table, one.row)


def _earlier(session: Session, one: Wrote, step: int) -> Edit:
    """The values that the fields of an update had before it."""
    lead = one.row if one.table == "lead" else None
    told = {edit.field: edit.before for edit in leads.edits_of(session, step, lead) if edit.row == one.row}
    return Edit.set(one.table, one.row, **told)
