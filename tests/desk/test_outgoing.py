"""What becomes of messages: written once, sent by hand, dropped; what they cost; and what undo may still take back."""

from __future__ import annotations

import pytest

from sdr.desk import leaving, outgoing
from sdr.models.terms import Channel, Refused, ms
from sdr.rules.sender import Sender
from sdr.store import rows
from sdr.store.changes import Applied
from sdr.store.queries import leads, messages, sources
from sdr.store.queries.reading import every
from tests.desks import MONDAY, Desk, begin, dump
from tests.outboxes import standing, waits


def refused(result: object) -> Refused:
    assert isinstance(result, Refused), result
    return result


def touch_of(desk: Desk, message_id: int) -> rows.Touch:
    sql = "SELECT * FROM touch WHERE message_id=?"
    [found] = desk.store.read(lambda db: every(db, rows.Touch, sql, (message_id,))).result(10)
    return found


def undo(desk: Desk) -> Applied | Refused:
    return desk.store.undo().result(10)


def test_written_messages_are_on_record_and_written_once(desk: Desk) -> None:
    first, second = waits(desk), waits(desk)
    done = desk.act(outgoing.written, (first, second), "2026-03-02-email-1", mail_ids={first: "<a@b.example>"})
    assert done.summary == "2 mails written to files, 2026-03-02-email-1"
    found = standing(desk, first)
    assert (found.state, found.done_at, found.batch, found.mail_id) == (
        "written", ms(MONDAY), "2026-03-02-email-1", "<a@b.example>",
    )  # fmt: skip
    assert standing(desk, second).mail_id is None
    assert refused(desk.try_(outgoing.written, (first,), "2026-03-02-email-2")).rule == "outbox.gone"
    assert standing(desk, first).batch == "2026-03-02-email-1"


def test_a_batch_is_refused_as_a_whole_when_one_of_it_is_gone(desk: Desk) -> None:
    first, second = waits(desk), waits(desk)
    desk.act(outgoing.dropped, (first,))
    assert refused(desk.try_(outgoing.written, (first, second), "b")).rule == "outbox.gone"
    assert refused(desk.try_(outgoing.written, (), "b")).rule == "outbox.gone"
    assert standing(desk, second).state == "ready"


def test_undo_empties_the_outbox_until_it_is_written_and_then_passes_over_the_writing(desk: Desk) -> None:
    before = dump(desk.store)
    lead = desk.new_lead()
    there = dump(desk.store)
    message = waits(desk, lead, touched=False)
    assert isinstance(undo(desk), Applied)
    assert dump(desk.store) == there != before
    message = waits(desk, lead, touched=False)
    desk.act(outgoing.written, (message,), "2026-03-02-email-1")
    no = refused(undo(desk))
    assert no.rule == "undo.changed-since"
    assert "1 mail written to files" in no.reason
    assert standing(desk, message).state == "written"


@pytest.mark.parametrize("verb", [outgoing.sent, outgoing.dropped])
def test_what_the_rep_said_of_a_message_is_taken_back_by_undo(desk: Desk, verb: object) -> None:
    message = waits(desk, channel="linkedin", cost_minor=50)
    before = dump(desk.store)
    desk.act(verb, (message,))  # type: ignore[arg-type]
    assert dump(desk.store) != before
    assert isinstance(undo(desk), Applied)
    assert dump(desk.store) == before


def test_a_message_sent_by_hand_has_its_time_and_the_batch_of_the_day(desk: Desk) -> None:
    message = waits(desk, channel="linkedin")
    assert desk.act(outgoing.sent, (message,)).summary == "Ana Ruiz: 1 LinkedIn message sent"
    found = standing(desk, message)
    assert (found.state, found.done_at, found.batch) == ("sent", ms(MONDAY), "2026-03-02-linkedin")
    assert refused(desk.try_(outgoing.sent, (message,))).rule == "outbox.gone"
    assert refused(desk.try_(outgoing.dropped, (message, 99))).rule == "outbox.gone"


def test_a_dropped_message_is_a_touch_that_did_not_happen(desk: Desk) -> None:
    message = waits(desk, channel="postcard", cost_minor=120)
    desk.act(outgoing.dropped, (message,))
    assert standing(desk, message).state == "dropped"
    touch = touch_of(desk, message)
    assert (touch.skipped, touch.human, touch.outcome, touch.cost_minor) == (1, 0, "dropped", None)


# --- money -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cost", "currency", "booked_before", "booked"),
    [
        (120, "USD", None, 120),
        (120, None, None, 120),
        (120, "EUR", None, None),  # not the currency of the source: what it comes to there is not known
        (None, None, None, None),
        (120, "USD", 95, 95),
    ],
)
def test_a_cost_is_booked_once_and_in_the_currency_of_the_source(
    desk: Desk, cost: int | None, currency: str | None, booked_before: int | None, booked: int | None
) -> None:
    lead = desk.new_lead(source_id=desk.source(currency="USD"))
    message = waits(desk, lead, "postcard", touched=False, cost_minor=cost, currency=currency)
    begin(desk.store, "touch", lead_id=lead, channel="postcard", at=ms(MONDAY), message_id=message,
          cost_minor=booked_before)  # fmt: skip
    desk.act(outgoing.written, (message,), "2026-03-02-postcard-1")
    assert touch_of(desk, message).cost_minor == booked


def test_the_price_of_a_qualified_lead_has_its_postcards_in_it(desk: Desk) -> None:
    source = desk.source(cost_minor=10_000, currency="EUR")
    lead = desk.new_lead(source_id=source, state="qualified", next_kind="handoff")
    message = waits(desk, lead, "postcard", cost_minor=120, currency="EUR")

    def cost(hour_cost: int = 0) -> int:
        report = desk.store.read(sources.report, hour_cost=hour_cost).result(10)
        return next(one.cost.minor for one in report if one.id == source)

    assert cost() == 10_000
    desk.act(outgoing.written, (message,), "2026-03-02-postcard-1")
    assert cost() == 10_120
    assert cost(6_000) > 10_120


# --- where it goes -----------------------------------------------------------------------------------------------


def test_a_postal_address_is_written_in_one_line_and_kept_as_lines(desk: Desk) -> None:
    message = waits(desk, channel="letter", address="Madrid")
    desk.act(outgoing.readdress, message, "Gran Vía 5 / 28013 Madrid")
    assert standing(desk, message).address == "Gran Vía 5\n28013 Madrid"
    [one] = desk.store.read(messages.waiting, "letter").result(10)
    assert one.message.address == "Gran Vía 5\n28013 Madrid"


@pytest.mark.parametrize(
    ("channel", "address"), [("email", "no address"), ("email", "a@b.example / c@d.example"), ("letter", " / ")]
)
def test_what_is_no_address_is_refused(desk: Desk, channel: str, address: str) -> None:
    message = waits(desk, channel=channel)
    assert refused(desk.try_(outgoing.readdress, message, address)).rule == "outbox.address"


def test_a_message_that_left_keeps_its_address(desk: Desk) -> None:
    message = waits(desk)
    desk.act(outgoing.sent, (message,))
    assert refused(desk.try_(outgoing.readdress, message, "bo@acme.example")).rule == "outbox.gone"


# --- the gate, once more -----------------------------------------------------------------------------------------


def no_to(desk: Desk, lead: int, channel: str) -> None:
    begin(desk.store, "suppression", lead_id=lead, channel=channel, scope="person", value="", at=ms(MONDAY))


def no_of(desk: Desk, message_id: int, sender: Sender | None = None) -> Refused | None:
    found = standing(desk, message_id)
    reading = desk.store.read(leaving.refused, found.lead_id, Channel(found.channel), desk.clock(), found, sender)
    return reading.result(10)


def test_a_message_does_not_hold_itself_back_but_one_that_left_does(desk: Desk) -> None:
    lead = desk.new_lead()
    first, second = waits(desk, lead), waits(desk, lead)
    assert no_of(desk, first) is None
    assert no_of(desk, second) is None
    desk.act(outgoing.written, (first,), "2026-03-02-email-1")
    assert "the cap is 1" in refused(no_of(desk, second)).reason
    desk.clock.pass_(days=1)
    assert no_of(desk, second) is None


def test_what_was_written_yesterday_counts_for_the_day_on_which_it_leaves(desk: Desk) -> None:
    lead = desk.new_lead()
    first, second = waits(desk, lead), waits(desk, lead)
    desk.clock.pass_(days=1)
    desk.act(outgoing.written, (first,), "2026-03-03-email-1")
    assert "the cap is 1" in refused(no_of(desk, second)).reason


@pytest.mark.parametrize("channel", ["linkedin", "all"])
def test_what_the_gate_blocks_is_not_marked_as_sent(desk: Desk, channel: str) -> None:
    message = waits(desk, channel="linkedin")
    no_to(desk, standing(desk, message).lead_id, channel)
    assert refused(desk.try_(outgoing.sent, (message,))).rule == "consent.blocked"
    assert standing(desk, message).state == "ready"


def test_a_template_to_the_us_needs_the_profile(desk: Desk) -> None:
    message = waits(desk, desk.new_lead(country="US", region="TX"), template="mail-introduction")
    assert refused(no_of(desk, message, Sender(email="me@rep.example"))).rule == "us.mail"
    assert no_of(desk, message, Sender(email="me@rep.example", address=("1 Main St",))) is None


def test_each_no_is_kept_once_a_day(desk: Desk) -> None:
    message, free = waits(desk), waits(desk)
    lead = standing(desk, message).lead_id
    no_to(desk, lead, "email")

    def kept() -> list[rows.Event]:
        return [one for one in desk.store.read(leads.events, lead).result(10) if one.kind == "gate"]

    assert isinstance(desk.try_(leaving.held_back, (message, free, 99)), Applied)
    assert len(kept()) == 1
    assert refused(desk.try_(leaving.held_back, (message,))).rule == "gate.nothing"
    desk.clock.pass_(days=1)
    assert isinstance(desk.try_(leaving.held_back, (message,)), Applied)
    assert len(kept()) == 2
