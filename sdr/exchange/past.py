"""A team's past: the states and times of leads that were worked elsewhere become states, events and handoffs here.

Open work becomes new or working and is read again by the rep; what was qualified, handed over, won or lost keeps
its state and its times, so that reports are right from the first day. Owners and executives the desk does not know
begin with the file.
"""

from __future__ import annotations

from typing import Any

from sdr.desk import making, steps
from sdr.desk.making import Setting
from sdr.desk.steps import Fields, NextStep
from sdr.exchange.naming import tokens
from sdr.models.terms import Channel, HandoffState, LeadState, NextKind
from sdr.rules.dates import preset
from sdr.rules.why import AGAIN
from sdr.store import rows
from sdr.store.changes import Edit
from sdr.store.queries import handoffs, playbook
from sdr.store.session import Session

Values = dict[str, Any]

# The words of products and people for a lead's state; the first phrase that stands in the cell decides.
WORDS = """
disqualified: disqualified, unqualified, not qualified, not converted, no fit, bad fit
lost: closed lost, lost
won: closed won, won, customer, client, kunde
opportunity: opportunity, open deal, deal, proposal, negotiation
accepted: accepted, sal, converted, handed off
offered: offered, pending acceptance, pending
nurture: nurture, nurturing, recycle, recycled, bad timing, not now, long term
rejected: rejected, junk, spam, invalid, duplicate, fake
new: not contacted, unread, new, neu, nouveau, nuevo, novo, nuovo, raw, inquiry, mql, prospect
qualified: sales qualified, qualified, sql, qualifiziert, qualifie, calificado
working: contacted, working, in progress, connected, attempting, attempted, talking, meeting, engaged, open, kontaktiert
working: contacte, contactado, contattato
"""
# Without a word, the furthest time tells the state.
FURTHEST = (
    ("won_at", LeadState.WON), ("lost_at", LeadState.LOST), ("accepted_at", LeadState.ACCEPTED),
    ("offered_at", LeadState.OFFERED), ("qualified_at", LeadState.QUALIFIED), ("contacted_at", LeadState.WORKING),
)  # fmt: skip
HANDED = {
    LeadState.OFFERED: HandoffState.OFFERED, LeadState.ACCEPTED: HandoffState.ACCEPTED,
    LeadState.OPPORTUNITY: HandoffState.OPPORTUNITY, LeadState.WON: HandoffState.WON, LeadState.LOST: HandoffState.LOST,
}  # fmt: skip
CLOSED = (LeadState.WON, LeadState.LOST, LeadState.REJECTED, LeadState.DISQUALIFIED)
NOBODY = "not named"
READ_AGAIN = "from before: what next?"


def state_of(values: Values) -> LeadState:
    """Where a lead stood, by its word, else by its times."""
    said = f" {' '.join(tokens(values.get('state', '')))} "
    for line in WORDS.strip().splitlines() if said.strip() else ():
        state, _, phrases = line.partition(": ")
        if any(f" {phrase} " in said for phrase in phrases.split(", ")):
            return LeadState(state)
    return next((state for field, state in FURTHEST if field in values), LeadState.NEW)


class Past:
    """Makes the past of one file's leads."""

    def __init__(self, session: Session, setting: Setting) -> None:
        self._session, self._setting = session, setting
        self._reps = {rep.name.casefold(): rep.id for rep in playbook.reps(session)}
        self._executives: dict[str, int] = {}
        self._begun: list[Edit] = []

    def begun(self) -> list[Edit]:
        """The reps and executives that began since this was last asked."""
        edits, self._begun = self._begun, []
        return edits

    def lived(self, lead_id: int, fields: Fields, values: Values) -> list[Edit]:
        """Set the columns of a new lead to its past; the edits of what happened then."""
        state = state_of(values)
        if state in (LeadState.OFFERED, LeadState.QUALIFIED) and "ae" not in values:
            state = LeadState.QUALIFIED
        if "owner" in values:
            fields["owner_id"] = self._rep(values["owner"])
        for field in ("contacted_at", "qualified_at"):
            if field in values:
                fields[field] = values[field]
        if "contacted_at" in values:
            fields |= {
                "first_touch_at": values["contacted_at"],
                "last_at": values["contacted_at"],
                "last_kind": "touch",
            }
        if state is not LeadState.NEW:
            fields |= self._standing(state, fields, values)
        return [*self._events(lead_id, values, fields["owner_id"]), *self._handoff(lead_id, state, fields, values)]

    def _standing(self, state: LeadState, fields: Fields, values: Values) -> Fields:
        """The columns of a lead that stood in `state`."""
        closed = values.get("won_at") or values.get("lost_at") or fields.get("contacted_at") or fields["arrived_at"]
        if state in CLOSED:
            return {**steps.CLEARED, "state": state.value, "closed_at": closed, "reason": self._reason(state, values)}
        if state in (LeadState.ACCEPTED, LeadState.OPPORTUNITY):
            return {**steps.CLEARED, "state": state.value}
        lead = making.blank()._replace(grade=fields["grade"], first_touch_at=fields["arrived_at"])
        return steps.placed(lead, None, state, self._step(state, fields["zone"]))

    def _step(self, state: LeadState, zone: str) -> NextStep:
        now = self._setting.now
        if state is LeadState.NURTURE:
            return NextStep(NextKind.WAKE, preset(6, now, zone) or now, None, AGAIN)
        if state is LeadState.QUALIFIED:
            return NextStep(NextKind.HANDOFF, now)
        if state is LeadState.OFFERED:
            return NextStep(NextKind.ANSWER, now)
        return NextStep(NextKind.TRIAGE, now, None, READ_AGAIN)

    def _reason(self, state: LeadState, values: Values) -> str | None:
        said = values.get("reason")
        verb = {LeadState.REJECTED: "reject", LeadState.DISQUALIFIED: "disqualify"}.get(state)
        option = playbook.reasons().find(verb, said) if verb and said else None
        return option.key if option else said

    def _events(self, lead_id: int, values: Values, rep_id: int) -> list[Edit]:
        found = [
            Edit.new(
                "event", self._session.new_id(), lead_id=lead_id, kind="past", at=values[field], rep_id=rep_id,
                text=field.removesuffix("_at"),
            )
            for field, _ in reversed(FURTHEST) if field in values
        ]  # fmt: skip
        if "contacted_at" in values:
            found.append(Edit.new(
                "touch", self._session.new_id(), lead_id=lead_id, channel=Channel.CUSTOM.value,
                at=values["contacted_at"], outcome="done", rep_id=rep_id,
            ))  # fmt: skip
        return found

    def _handoff(self, lead_id: int, state: LeadState, fields: Fields, values: Values) -> list[Edit]:
        handed = HANDED.get(state)
        if handed is None or (state is LeadState.LOST and not {"ae", "offered_at", "accepted_at"} & values.keys()):
            return []
        offered = values.get("offered_at") or values.get("accepted_at") or values.get("qualified_at")
        offered = offered or values.get("won_at") or values.get("lost_at") or fields["arrived_at"]
        answered = values.get("accepted_at") or (None if handed is HandoffState.OFFERED else offered)
        return [Edit.new(
            "handoff", self._session.new_id(), lead_id=lead_id, ae_id=self._executive(values.get("ae", NOBODY)),
            state=handed.value, offered_at=offered, respond_by=offered, answered_at=answered,
            closed_at=fields.get("closed_at"), reason=fields.get("reason"), why_ae="as it was before", brief="",
        )]  # fmt: skip

    def _rep(self, name: str) -> int:
        key = name.casefold()
        if key not in self._reps:
            rep = self._setting.rep
            self._reps[key] = self._session.new_id()
            self._begun.append(
                Edit.new("rep", self._reps[key], name=name, zone=rep.zone, hours=rep.hours, country=rep.country)
            )
        return self._reps[key]

    def _executive(self, name: str) -> int:
        key = name.casefold()
        if key not in self._executives:
            known: rows.AccountExecutive | None = handoffs.executive(self._session, name)
            self._executives[key] = known.id if known else self._session.new_id()
            if known is None:
                self._begun.append(Edit.new("ae", self._executives[key], name=name))
        return self._executives[key]
