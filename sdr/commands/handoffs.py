"""`sdr handoff`, `sdr handoffs`: leads on their way to an account executive, and back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from sdr.commands.frame import (
    ATTENTION,
    Desk,
    Stop,
    common,
    complain,
    desk,
    error_document,
    nonsense,
    refusal,
)  # fmt: skip
from sdr.commands.naming import an_id, moment, one_of, the_lead
from sdr.commands.shapes import Document, iso
from sdr.commands.tabular import aligned, terminal_width
from sdr.models.terms import HandoffState, Refused, at, ms
from sdr.rules.spoken import spoken
from sdr.store import rows
from sdr.store.changes import Applied
from sdr.store.queries import handoffs as queries
from sdr.store.queries import leads, playbook
from sdr.store.queries.handoffs import Listed

# --- offering --------------------------------------------------------------------------------------------------


class _HandoffGroup(click.Group):
    """`sdr handoff LEAD` offers; `sdr handoff answer …` and the like are words of their own."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the word `offer` before a lead."""
        first = args[0] if args else ""
        if first and first not in self.commands and first not in ("-h", "--help"):
            args = ["offer", *args]
        return super().parse_args(ctx, args)


@click.group(cls=_HandoffGroup)
def handoff() -> None:
    """Offer a qualified lead to an account executive: sdr handoff LEAD. Or answer, recall, outcome."""


@handoff.command()
@click.argument("lead")
@click.option("--to", "ae", metavar="AE", help="The account executive, instead of the one the rules choose.")
@click.option("--meeting", metavar="TIME", help="The meeting agreed with the prospect.")
@click.option("--force", is_flag=True, help="Although something agreed is missing; the brief says so.")
@click.option("--zone", metavar="ZONE", help="The zone of a time without offset (else the rep's).")
@common
@click.pass_context
def offer(
    ctx: click.Context, lead: str, ae: str | None, meeting: str | None, force: bool, zone: str | None, as_json: bool
) -> None:
    """Offer LEAD (the word may be left out: sdr handoff LEAD)."""
    from sdr.desk.handing_off import hand_off

    with desk(ctx) as found:
        offered = the_lead(found, lead)
        to = _executive(found, ae).id if ae else None
        agreed = moment(found, meeting, lead=offered, zone=zone) if meeting else None
        done = found.act(hand_off, offered.id, ae_id=to, meeting_at=agreed, force=force)
        if isinstance(done, Refused):
            _refused_offer(ctx, found, offered, done)
        else:
            _say_offer(found, offered, done)


def _executive(found: Desk, name: str) -> rows.AccountExecutive:
    executive = found.read(queries.executive, name)
    if executive is None:
        known = ", ".join(one.ae.name for one in found.read(queries.executives)) or "nobody yet"
        nonsense(
            "ae.unknown", f"no account executive is called “{name}”; there is {known}", "name one with `sdr aes set`"
        )
    return executive


def _refused_offer(ctx: click.Context, found: Desk, lead: rows.Lead, refused: Refused) -> None:
    stop = refusal(refused)
    empty = dict.fromkeys(("handoff", "ae", "why_ae", "respond_by", "brief_file"))
    told = {"rule": refused.rule, "reason": refused.reason, "set_by": refused.set_by}
    found.say(empty | {"lead": str(lead.id), "refused": told} | error_document(stop), [])
    complain(stop)
    ctx.exit(ATTENTION)


def _say_offer(found: Desk, lead: rows.Lead, done: Applied) -> None:
    made = found.read(leads.live_handoff, lead.id)
    assert made is not None  # written a moment ago
    listed = found.read(queries.one_listed, made.id, ms(found.now))
    brief = _brief_file(found, made)
    document = {
        "handoff": str(made.id), "lead": str(lead.id), "ae": listed.ae if listed else None, "why_ae": made.why_ae,
        "respond_by": iso(made.respond_by, found.zone), "brief_file": brief,
        "meeting_at": iso(made.meeting_at, lead.zone), "summary": done.summary, "refused": None,
    }  # fmt: skip
    found.say(document, [done.summary, f"brief: {brief}"])


def _brief_file(found: Desk, made: rows.Handoff) -> str:
    """The brief as a file among today's exports, where the day's export finds it in place."""
    from sdr.exchange.folders import ExportFailed, Outbound, file_name

    day = at(made.offered_at, found.zone).date().isoformat()
    try:
        outbound = Outbound(found.places.exports / day)
        name = file_name("brief", str(made.id), suffix="md")
        return str(outbound.write(name, made.brief.encode("utf-8", "replace"), 1).path)
    except ExportFailed as fault:
        raise Stop(
            ATTENTION, "export.failed", f"the handoff is offered, but {fault}", "`sdr export` tries again"
        ) from None


# --- what comes back -------------------------------------------------------------------------------------------


@handoff.command("answer")
@click.argument("handoff_id", metavar="ID")
@click.argument("verdict")
@click.option("--reason", help="Why it is returned, by digit or key.")
@click.option("--note", help="What they say about it.")
@common
@click.pass_context
def answer_(
    ctx: click.Context, handoff_id: str, verdict: str, reason: str | None, note: str | None, as_json: bool
) -> None:
    """The account executive's answer: accept, or return with a reason."""
    from sdr.desk.handing_off import answer_handoff

    one_of("answer", verdict, ("accept", "return"))
    if reason and playbook.reasons().find("returned", reason) is None:
        listed = ", ".join(f"{one.digit} {one.key}" for one in playbook.reasons().returned)
        nonsense("reason.unknown", f"“{reason}” is no reason to return; there is {listed}")
    with desk(ctx) as found:
        known = _known(found, handoff_id)
        _say_applied(ctx, found, known, found.act(_about(answer_handoff, verdict), known, reason=reason, note=note))


@handoff.command()
@click.argument("handoff_id", metavar="ID")
@common
@click.pass_context
def recall(ctx: click.Context, handoff_id: str, as_json: bool) -> None:
    """Take a handoff back."""
    from sdr.desk import handing_off

    with desk(ctx) as found:
        known = _known(found, handoff_id)
        _say_applied(ctx, found, known, found.act(handing_off.recall, known))


@handoff.command()
@click.argument("handoff_id", metavar="ID")
@click.argument("what")
@click.option("--reason", help="Why, for a lost one.")
@click.option("--at", "when", metavar="TIME", help="When it happened, if not now.")
@click.option("--zone", metavar="ZONE", help="The zone of a time without offset (else the rep's).")
@common
@click.pass_context
def outcome(
    ctx: click.Context,
    handoff_id: str,
    what: str,
    reason: str | None,
    when: str | None,
    zone: str | None,
    as_json: bool,
) -> None:
    """What became of it: met, no-show, opportunity, won, lost."""
    from sdr.desk import handing_off

    one_of("outcome", what, handing_off.OUTCOMES)
    with desk(ctx) as found:
        known = _known(found, handoff_id)
        happened = moment(found, when, zone=zone) if when else None
        verb = _about(handing_off.outcome, what)
        _say_applied(ctx, found, known, found.act(verb, known, reason=reason, at=happened))


def _about(verb: Any, word: str) -> Any:
    """`verb` with its word given: what is left takes the handoff and the time."""
    return lambda session, handoff_id, now, **more: verb(session, handoff_id, word, now, **more)


def _known(found: Desk, words: str) -> int:
    handoff_id = an_id(words, "handoff")
    if found.read(queries.by_id, handoff_id) is None:
        nonsense("handoff.unknown", f"there is no handoff {words}", "`sdr handoffs` lists them")
    return handoff_id


def _say_applied(ctx: click.Context, found: Desk, handoff_id: int, done: Applied | Refused) -> None:
    """How many answers were applied, meant nothing, or were refused; and the handoff as it stands."""
    refused = done if isinstance(done, Refused) else None
    listed = found.read(queries.one_listed, handoff_id, ms(found.now))
    told = [{"handoff": str(handoff_id), "rule": refused.rule, "reason": refused.reason}] if refused else []
    document: Document = {
        "applied": 0 if refused else 1,
        "unknown": 0,
        "refused": len(told),
        "refusals": told,
        "summary": None if isinstance(done, Refused) else done.summary,
        "handoffs": [_document(listed, found.zone)] if listed else [],
    }
    if refused is None:
        found.say(document, [document["summary"]])
        return
    stop = refusal(refused)
    found.say(document | error_document(stop), [])
    complain(stop)
    ctx.exit(ATTENTION)


# --- listing ---------------------------------------------------------------------------------------------------


@click.command()
@click.option("--state", help="Only those in this state.")
@common
@click.pass_context
def handoffs(ctx: click.Context, state: str | None, as_json: bool) -> None:
    """All handoffs with their clocks and whose move it is; those that wait for an answer first."""
    if state is not None:
        one_of("state", state, (one.value for one in HandoffState))
    with desk(ctx) as found:
        listed = found.read(queries.listed, state, ms(found.now))
        document = [_document(one, found.zone) for one in listed]
        found.say(document, _table(listed, found) if listed else ["no handoffs"])


def _table(listed: tuple[Listed, ...], found: Desk) -> Iterator[str]:
    lines = [(str(one.id), one.lead, one.ae, one.state, _clock(one, found), one.accountable) for one in listed]
    head = ("handoff", "lead", "ae", "state", "clock", "whose move")
    return aligned(head, lines, (20, 20, 16, 12, 0, 16), terminal_width())


def _clock(one: Listed, found: Desk) -> str:
    if one.state == HandoffState.OFFERED:
        return f"{'late since' if one.overdue else 'answer by'} {spoken(at(one.respond_by, found.zone), found.now)}"
    last = one.closed_at or one.answered_at or one.offered_at
    return spoken(at(last, found.zone), found.now)


def _document(one: Listed, zone: str) -> Document:
    return {
        "handoff": str(one.id), "lead": str(one.lead_id), "name": one.lead, "account": one.company, "ae": one.ae,
        "state": one.state, "offered_at": iso(one.offered_at, zone), "respond_by": iso(one.respond_by, zone),
        "answered_at": iso(one.answered_at, zone), "closed_at": iso(one.closed_at, zone),
        "meeting_at": iso(one.meeting_at, one.zone), "reason": one.reason, "note": one.note, "why_ae": one.why_ae,
        "accountable": one.accountable, "overdue": one.overdue, "lead_state": one.lead_state,
    }  # fmt: skip
