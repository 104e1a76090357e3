"""Replies of every kind and the mail of a voicemail, by keys on the real screen, each taken back by one `u`."""

from __future__ import annotations

import pytest

from sdr.desk.drip import enroll
from sdr.models.terms import at
from sdr.store import rows
from sdr.store.queries import playbook
from tests.desk.calls import table
from tests.desks import Desk, begin, dump
from tests.screens.desk_app import driving

AWAY = "I am away.\n\nBack on 12 March. Please contact Bo Lind,\nbo@acme.example."


def in_drip(desk: Desk) -> int:
    """A lead of an account whose drip has its first call due."""
    account = begin(desk.store, "account", name="Acme Pumps", name_key="acme pumps")
    lead = desk.new_lead(account_id=account)
    desk.act(enroll, lead, desk.store.read(playbook.cadence).result(10)[0])
    return lead


@pytest.mark.parametrize(
    ("keys", "state", "kind", "events_"),
    [
        (("1",), "talking", "reply", "replied"),
        (("2",), "talking", "reply", "replied"),
        (("3", "5"), "nurture", "wake", "replied"),
        (("4",), "disqualified", None, "replied"),
        (("5", "3"), "working", "call", "out-of-office"),
        (("6", "enter"), "working", "call", "replied"),
        (("7", *"Bo Lind", "enter"), "talking", "call", "replied"),
        (("8",), "working", "call", "bounce"),
    ],
)
async def test_each_kind_of_reply_by_its_keys_and_back(
    desk: Desk, keys: tuple[str, ...], state: str, kind: str | None, events_: str
) -> None:
    lead = in_drip(desk)
    before = dump(desk.store)
    async with driving(desk) as driven:
        await driven.press("i", *(key.replace(" ", "space") for key in keys))
        now = desk.lead(lead)
        assert (now.state, now.next_kind) == (state, kind)
        assert events_ in [one.kind for one in table(desk, rows.Event, "event", f"lead_id={lead}")]
        wishes = dump(desk.store)["suppression"]
        assert bool(wishes) is (keys[0] == "6")
        await driven.press("u")
        assert dump(desk.store) == before | {"suppression": wishes}


async def test_a_pasted_answer_proposes_the_date_and_enter_takes_it(desk: Desk) -> None:
    lead = in_drip(desk)
    async with driving(desk) as driven:
        await driven.press("i", "5", "0")
        await driven.paste(AWAY)
        await driven.press("enter")
        text = driven.text()
        assert "back Thu 12 Mar (“Back on 12 March”)" in text
        assert "Bo Lind stands in (bo@acme.example): a new lead" in text
        assert "Enter takes it" in text
        await driven.press("enter")
        assert at(desk.lead(lead).due_at or 0, "Europe/Madrid").strftime("%F") == "2026-03-12"
        assert [one.name for one in table(desk, rows.Lead, "lead", "email='bo@acme.example'")] == ["Bo Lind"]


async def test_a_digit_gives_another_date_than_the_one_that_was_read(desk: Desk) -> None:
    lead = in_drip(desk)
    async with driving(desk) as driven:
        await driven.press("i", "5", "0")
        await driven.paste(AWAY)
        await driven.press("enter", "4")
        assert at(desk.lead(lead).due_at or 0, "Europe/Madrid").strftime("%F") == "2026-04-07"
        assert table(desk, rows.Lead, "lead", "email='bo@acme.example'")


async def test_words_that_say_nothing_stay_to_be_mended(desk: Desk) -> None:
    lead = in_drip(desk)
    stood = desk.lead(lead)
    async with driving(desk) as driven:
        await driven.press("i", "5", "0", *"hello", "enter")
        assert "no date of return" in driven.text()
        await driven.press("escape")
        assert desk.lead(lead) == stood


async def test_unsubscribed_for_everybody_is_one_more_digit(desk: Desk) -> None:
    lead = in_drip(desk)
    async with driving(desk) as driven:
        await driven.press("i", "6")
        assert "everybody at acme.example" in driven.text()
        await driven.press("3")
        scopes = {one.scope for one in table(desk, rows.Suppression, "suppression")}
        assert scopes == {"person", "email", "account"}
        assert desk.lead(lead).next_kind == "call"


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_voicemail_and_its_mail_are_three_keys_and_one_undo(desk: Desk, size: tuple[int, int]) -> None:
    lead = in_drip(desk)
    before = dump(desk.store)
    async with driving(desk, size) as driven:
        await driven.press("c", "2")
        text = driven.text()
        assert "Enter: voicemail left, and this mail · 0: without it" in text
        assert "subject: My message on your voicemail" in text
        assert dump(desk.store) == before  # nothing is written before the answer
        await driven.press("enter")
        assert [one.template for one in table(desk, rows.Message, "message")] == ["after-voicemail"]
        assert len(table(desk, rows.Call, "call")) == 1
        assert desk.lead(lead).next_kind == "call"
        await driven.press("u")
        assert dump(desk.store) == before


async def test_voicemail_without_the_mail_or_with_another_outcome_after_all(desk: Desk) -> None:
    in_drip(desk)
    async with driving(desk) as driven:
        await driven.press("c", "2", "0")
        assert (len(table(desk, rows.Call, "call")), table(desk, rows.Message, "message")) == (1, ())
        await driven.press("u", "c", "2", "escape", "1")
        assert [one.outcome for one in table(desk, rows.Call, "call")] == ["no-answer"]


async def test_without_an_address_a_voicemail_is_two_keys(desk: Desk) -> None:
    desk.new_lead(email=None)
    async with driving(desk) as driven:
        await driven.press("c", "2")
        assert [one.outcome for one in table(desk, rows.Call, "call")] == ["voicemail"]


async def test_a_colleagues_answer_is_asked_about_once_and_p_resumes(desk: Desk) -> None:
    ana = in_drip(desk)
    cadence = desk.store.read(playbook.cadence).result(10)[0]
    others = []
    for number in (1, 2):
        other = desk.new_lead(
            name=f"Person {number}", email=f"p{number}@acme.example", phone=f"+3461111111{number}",
            account_id=desk.lead(ana).account_id,
        )  # fmt: skip
        desk.act(enroll, other, cadence)
        others.append(other)
    async with driving(desk) as driven:
        await driven.press("i", "1")
        assert "2 colleagues" in driven.text()
    desk.clock.pass_(days=1)
    async with driving(desk) as driven:
        await driven.press("j")
        assert "Ana Ruiz answered: go on with 2? (p)" in driven.text()
        await driven.press("p")
        assert "2 drips resumed" in driven.text()
        assert [desk.lead(other).next_kind for other in others] == ["call", "call"]
        await driven.press("u")
        assert [desk.lead(other).next_kind for other in others] == ["triage", "triage"]


async def test_a_question_that_a_typed_line_leads_to_hears_the_next_key(desk: Desk) -> None:
    async with driving(desk) as driven:
        await driven.press("plus", *"Bo Lind, bo@acme.example", "enter")
        assert "Enter: keep it" in driven.text()
        await driven.press("enter")
        assert [one.name for one in table(desk, rows.Lead, "lead")] == ["Bo Lind"]
