"""What the end of a call or a reply does to its lead, by the row of the playbook: state, drip, promises, blocks.

Calls and replies share these rows; what is particular to each (the dial, the message) is theirs.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from sdr.desk import halting, onward, steps
from sdr.desk.onward import Drip, Onward
from sdr.desk.steps import Fields, NextStep, when
from sdr.desk.triage import suppression
from sdr.models.terms import OPEN_STATES, LeadState, NextKind, Refused, ms
from sdr.rules.cadence import Track
from sdr.rules.calling import Effect
from sdr.rules.reasons import Reason
from sdr.store import rows
from sdr.store.changes import Edit
from sdr.store.queries import leads, playbook
from sdr.store.queries.reading import every
from sdr.store.session import Session


class Turn(NamedTuple):
    """One act on one lead. `lead` is as it was; `after` is how it can be reached from now on."""

    session: Session
    lead: rows.Lead
    after: rows.Lead
    effect: Effect
    now: datetime
    drip: Drip | None
    until: datetime | None = None
    reason: Reason | None = None

    @property
    def state(self) -> LeadState:
        """Where the lead stands afterwards. With the account executive it stays; "later" reasons put it to sleep."""
        before = LeadState(self.lead.state)
        if before is LeadState.OFFERED or before not in OPEN_STATES:
            return before
        if self.reason is not None and self.reason.state == LeadState.NURTURE:
            return LeadState.NURTURE
        return self.effect.state_after(before)

    @property
    def ends(self) -> bool:
        """Whether nothing is owed afterwards, or nothing before a date."""
        return self.state is LeadState.NURTURE or self.state not in OPEN_STATES

    @property
    def track(self) -> str | None:
        """The reactive row of steps that their drip turns to, where it has one; a closed matter has none."""
        track = Track.NEGATIVE.value if self.state is LeadState.NURTURE else self.effect.track
        if self.drip is None or track is None or self.effect.suppress or self.state not in OPEN_STATES:
            return None
        stands = self.state in (LeadState.OFFERED, LeadState.QUALIFIED)
        if stands or (track == Track.NEGATIVE and self.state is not LeadState.NURTURE):
            return None
        return track if self.drip.cadence.of(track) else None

    @property
    def halts(self) -> bool:
        """Whether what was to be sent to them no longer fits: they answered, or nothing more is to come."""
        return self.ends or self.effect.drip != "keep"


def refused(lead: rows.Lead, effect: Effect, until: datetime | None, now: datetime) -> Refused | None:
    """Why this effect cannot be recorded, whatever brought it about."""
    if until is not None and ms(until) < ms(now):
        return Refused("date.past", f"{when(lead, until, now)} has passed; choose a later date")
    if lead.state != LeadState.OFFERED or effect.suppress:
        return None
    moves = effect.state in (LeadState.QUALIFIED, LeadState.NURTURE, LeadState.DISQUALIFIED)
    if moves or effect.next == "promise":
        return Refused("handoff.offered", f"{lead.name} is with the account executive; recall it first (g h)")
    return None


def decided(turn: Turn) -> Onward | None:
    """The next step where the state or a promise alone decides it; None where the caller has to."""
    if turn.state is LeadState.OFFERED or turn.state not in OPEN_STATES:
        return Onward(None)
    date = turn.until or onward.usual(turn.effect.next, turn.lead, turn.now, turn.session)
    if turn.state is LeadState.NURTURE:
        # A reason that means "later" sleeps half a year, as it does for the verdict outside a call.
        rule = "preset:6" if turn.reason else "preset"
        date = turn.until or onward.usual(rule, turn.lead, turn.now, turn.session)
        opens = onward.opened(turn.lead, date, turn.now, turn.session)
        if (goes := on_track(turn, not_before=opens)) is not None:
            return goes
        note = turn.reason.label if turn.reason else turn.effect.word
        return Onward(steps.in_hours(turn.lead, NextKind.WAKE, opens, turn.now, note))
    if turn.effect.next == "promise":  # exactly as promised, whatever the hours
        return Onward(steps.in_hours(turn.lead, NextKind.PROMISE, date, turn.now))
    if turn.effect.next_kind is NextKind.HANDOFF:
        return Onward(onward.handoff_now(turn.lead, turn.now))
    return None


def on_track(turn: Turn, *, not_before: datetime | None = None) -> Onward | None:
    """The first touch of the reactive track they turned to; None when there is none, or none can reach them."""
    if turn.drip is None or turn.track is None:
        return None
    goes = onward.by_drip(
        turn.session, turn.after, turn.drip.cadence, _behind(turn), turn.now, not_before=not_before,
        track=turn.track, done=turn.drip.done,
    )  # fmt: skip
    return None if goes.drip.get("state") == "finished" else goes


def _behind(turn: Turn) -> int:
    """The last step behind them on the track they turn to: none, unless they are on it already."""
    return turn.drip.row.step_no if turn.drip is not None and turn.drip.row.track == turn.track else 0


def lead_fields(turn: Turn, goes: Onward, **changes: object) -> Fields:
    """The lead's columns after the act; `changes` are those the act sets besides."""
    if turn.state not in OPEN_STATES:
        key = turn.reason.key if turn.reason else None
        closed = {**steps.CLEARED, "state": turn.state.value, "reason": key, "closed_at": ms(turn.now)}
        return {**closed, **changes}
    if turn.state is LeadState.OFFERED:
        return dict(changes)
    asleep = turn.state is LeadState.NURTURE and turn.reason is not None
    more = {**goes.lead, **changes, "reason": turn.reason.key if asleep and turn.reason else None}
    step = goes.step or onward.standing(turn.lead)
    source = leads.source(turn.session, turn.lead.source_id)
    return steps.placed(turn.lead, source, turn.state, step, **more)


def drip_edits(turn: Turn, goes: Onward, done: int) -> Iterator[Edit]:
    """What becomes of the drip, of which `done` steps are behind. Paused, it waits for the step that comes next."""
    if turn.drip is None:
        return
    fields = dict(goes.drip)
    if turn.track is not None:
        promised = goes.step if goes.step is not None and goes.step.kind is NextKind.PROMISE else None
        state = {"state": "paused" if promised else "active", "step_no": _behind(turn), "paused_until": None}
        waits = {"paused_until": ms(promised.due_at)} if promised else {}
        fields = {"track": turn.track, "why": turn.effect.word, **state, **waits, **fields}
    elif turn.ends or turn.effect.drip == "stop":
        fields = {"state": "stopped", "why": turn.effect.word, "step_no": done, "paused_until": None}
    elif turn.effect.drip == "pause":
        until = ms(goes.step.due_at) if goes.step else turn.lead.due_at
        fields = {"state": "paused", "step_no": done, "paused_until": until}
    if fields:
        yield Edit.set("enrollment", turn.drip.row.id, **fields)


def open_promises(turn: Turn) -> tuple[rows.Promise, ...]:
    """What was promised to the lead and not kept yet."""
    sql = "SELECT * FROM promise WHERE lead_id=? AND kept_at IS NULL AND dropped_at IS NULL"
    return every(turn.session, rows.Promise, sql, (turn.lead.id,))


def promise_edits(turn: Turn, goes: Onward, *, kept: frozenset[int] = frozenset()) -> Iterator[Edit]:
    """Promises that this act keeps, those it ends (a new date, a closed lead, no way to call), and the new one."""
    renewed = turn.effect.next == "promise"
    lost = turn.after.phone is None and turn.lead.phone is not None
    for promise in open_promises(turn):
        if promise.id in kept:
            yield Edit.set("promise", promise.id, kept_at=ms(turn.now))
        elif turn.ends or (promise.kind == "callback" and (renewed or lost)):
            yield Edit.set("promise", promise.id, dropped_at=ms(turn.now))
    if renewed and goes.step is not None:
        yield Edit.new(
            "promise", turn.session.new_id(), lead_id=turn.lead.id, kind="callback", due_at=ms(goes.step.due_at),
            made_at=ms(turn.now), zone=turn.lead.zone,
        )  # fmt: skip


def suppression_edits(turn: Turn, number: str | None, wording: str | None = None) -> Iterator[Edit]:
    """What may never be used again, for the person and for the very number or addresses."""
    channel = suppressed(turn)
    if channel is None:
        return
    words = wording or turn.effect.label
    yield suppression(turn.session, turn.lead, channel, words, turn.now)
    scoped = [("number", number)] if channel == "call" else []
    if channel in ("email", "all"):
        scoped = [("email", turn.lead.email), ("email", turn.lead.email_2)]
    for scope, value in scoped:
        if value:
            yield Edit.new(
                "suppression", turn.session.new_id(), lead_id=turn.lead.id, channel=channel, scope=scope,
                value=value, at=ms(turn.now), wording=words, rep_id=playbook.rep(turn.session).id,
            )  # fmt: skip


def waiting_edits(turn: Turn) -> Iterator[Edit]:
    """What waits in the outbox and is not sent now: all of it when they answered, else what was struck or blocked."""
    channel = suppressed(turn)
    held = (turn.lead.email, turn.lead.email_2) if channel in ("email", "all") else ()
    addresses = [address for address in held if address]
    if turn.halts or channel == "all":
        yield from halting.dropped(turn.session, turn.lead.id, turn.now, addresses=addresses)
    elif channel is not None:
        yield from halting.dropped(turn.session, turn.lead.id, turn.now, channel=channel, addresses=addresses)


def suppressed(turn: Turn) -> str | None:
    """The channel that this closes for good (`all` for every one)."""
    return turn.effect.suppress or ("all" if turn.reason and turn.reason.suppress else None)


def event(
    turn: Turn,
    kind: str,
    text: str | None = None,
    *,
    about: int | None = None,
    detail: str | None = None,
    mail_id: str | None = None,
) -> Edit:
    """Something that was said or happened; `about` another lead than the turn's."""
    rep = playbook.rep(turn.session).id
    lead_id = turn.lead.id if about is None else about
    return Edit.new(
        "event", turn.session.new_id(), lead_id=lead_id, kind=kind, at=ms(turn.now), text=text, rep_id=rep,
        detail=detail, mail_id=mail_id,
    )  # fmt: skip


def summary(turn: Turn, step: NextStep | None) -> str:
    """The sentence of the act: `Lee: no answer · next call Wed 14:10 Madrid`."""
    words = f"{turn.lead.name}: {turn.effect.word}"
    if turn.reason is not None and turn.reason.label != turn.effect.word:
        words += f", {turn.reason.label}"
    return words if step is None else f"{words} · {onward.said_next(turn.lead, step, turn.now)}"
