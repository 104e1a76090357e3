"""One answers, and the others at the account are left in peace: their drips pause in the same act.

It is asked once, on the next business day, about all of them: the worthiest colleague carries the question, the
others come up by themselves only when nobody answered it for two weeks. `p` on any of them resumes them together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from sdr.desk import halting, onward, steps
from sdr.desk.onward import OUTRANKING, Onward
from sdr.desk.steps import NextStep
from sdr.models.terms import Band, LeadState, NextKind, Refused, ms
from sdr.store import rows
from sdr.store.changes import Change, Edit
from sdr.store.queries import playbook
from sdr.store.queries import siblings as found_there
from sdr.store.queries.siblings import Sibling
from sdr.store.session import Reader, Session

MARK = "colleague answered: "  # how the reason of such a pause begins
NET = timedelta(weeks=2)


def is_softened(drip: rows.Enrollment | None) -> bool:
    """Whether a drip is paused because a colleague answered."""
    return drip is not None and drip.state == "paused" and (drip.why or "").startswith(MARK)


def soften_edits(session: Session, lead: rows.Lead, word: str, now: datetime) -> Iterator[Edit]:
    """Pause the drips of everybody else at the account of `lead`, who `word` (interested, said no)."""
    there = found_there.in_drips(session, lead.account_id, but=lead.id)
    fresh = [one for one in there if not is_softened(one.drip) and _goes_on(one)]
    reason = f"{MARK}{lead.name}, {word}"
    for one in fresh:
        back = halting.first_step(session, one.drip)
        yield Edit.set("enrollment", one.drip.id, state="paused", paused_until=None, why=reason, step_no=back)
        yield from _left_alone(session, one, reason, now)
    yield from _asked_once(session, lead, there, fresh, now)


def to_soften(db: Reader, lead: rows.Lead) -> int:
    """How many drips at the account of `lead` would pause when it answers."""
    there = found_there.in_drips(db, lead.account_id, but=lead.id)
    return sum(not is_softened(one.drip) and _goes_on(one) for one in there)


def stop_edits(session: Session, lead: rows.Lead, now: datetime) -> Iterator[Edit]:
    """End the drips of everybody else at the account: one of them spoke for all."""
    there = found_there.in_drips(session, lead.account_id, but=lead.id)
    reason = f"the account unsubscribed ({lead.name})"
    for one in there:
        yield Edit.set("enrollment", one.drip.id, state="stopped", paused_until=None, why=reason)
        yield from _left_alone(session, one, reason, now)
    others = [one for one in there if one.lead.next_kind not in OUTRANKING]
    for place, one in enumerate(others):
        note = f"{lead.company or lead.name} unsubscribed: verdict?"
        yield _step(session, one.lead, _question(session, one.lead, note, now, asks=place == 0))


def resume_account(session: Session, lead_id: int, now: datetime) -> Change | Refused:
    """Every drip at this account that paused because a colleague answered goes on, each with its own next touch."""
    lead = steps.open_lead(session, lead_id)
    if isinstance(lead, Refused):
        return lead
    there = [one for one in found_there.in_drips(session, lead.account_id) if is_softened(one.drip)]
    if not there:
        return Refused("drip.none-paused", f"no drip at {lead.company or lead.name} waits for a colleague's answer")
    edits: list[Edit] = []
    for one in there:
        goes = _resumed(session, one, now)
        edits.append(Edit.set("enrollment", one.drip.id, **{**goes.drip, "why": None}))
        if goes.step is not None:
            edits.append(onward.moved(session, one.lead, LeadState(one.lead.state), goes, {}))
    words = f"{lead.company or lead.name}: {_drips(len(there))} resumed"
    if len(there) == 1:
        words = f"{there[0].lead.name}: drip resumed"
    return Change("resume", words, ms(now), tuple(edits), lead.id)


# --- what is written -------------------------------------------------------------------------------------------


def _goes_on(one: Sibling) -> bool:
    """Whether a drip would touch them by itself: running, or paused until a date. Who raised a hand is answered."""
    return one.lead.queue_band != Band.HOT and (one.drip.state == "active" or one.drip.paused_until is not None)


def _left_alone(session: Session, one: Sibling, reason: str, now: datetime) -> Iterator[Edit]:
    yield from halting.dropped(session, one.lead.id, now)
    yield Edit.new(
        "event", session.new_id(), lead_id=one.lead.id, kind="drip-halted", at=ms(now), text=reason,
        rep_id=playbook.rep(session).id,
    )  # fmt: skip


def _asked_once(
    session: Session, lead: rows.Lead, there: Sequence[Sibling], fresh: Sequence[Sibling], now: datetime
) -> Iterator[Edit]:
    """The question stands on one colleague; it moves to another when who carried it has answered."""
    before = [one for one in there if is_softened(one.drip)]
    free = [one for one in (*fresh, *before) if one.lead.next_kind not in OUTRANKING]
    carried = any(_asks(session, one.lead, now) for one in before)
    many = len(before) + len(fresh)
    note = f"{lead.name} answered: go on{f' with {many}' if many > 1 else ''}? (p)"
    for place, one in enumerate(free):
        asks = place == 0 and not carried
        if asks or one in fresh:
            yield _step(session, one.lead, _question(session, one.lead, note, now, asks=asks))


def _asks(session: Reader, lead: rows.Lead, now: datetime) -> bool:
    """Whether a paused colleague comes up soon enough to carry the question."""
    soon = onward.verdict(lead, now, "", session).due_at
    return lead.next_kind == NextKind.TRIAGE and lead.due_at is not None and lead.due_at <= ms(soon)


def _question(session: Reader, lead: rows.Lead, note: str, now: datetime, *, asks: bool) -> NextStep:
    step = onward.verdict(lead, now, note, session)
    if asks:
        return step
    return steps.in_hours(lead, NextKind.TRIAGE, onward.opened(lead, step.due_at + NET, now, session), now, note)


def _step(session: Session, lead: rows.Lead, step: NextStep) -> Edit:
    return onward.moved(session, lead, LeadState(lead.state), Onward(step), {})


def _resumed(session: Reader, one: Sibling, now: datetime) -> Onward:
    if one.lead.next_kind in OUTRANKING:
        return Onward(None, {"state": "active", "paused_until": None})
    drip = onward.drip_of(session, one.lead.id)
    assert drip is not None  # it was found by its drip
    return onward.goes_on(session, one.lead, drip, drip.row.step_no, now)


def _drips(count: int) -> str:
    return f"{count} drip{'' if count == 1 else 's'}"
