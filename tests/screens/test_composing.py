"""The message of a due step by keys: sent in two, given one sentence where it goes to one person, changed for one."""

from __future__ import annotations

import pytest

from sdr.desk.cadences import load_cadence
from sdr.desk.drip import enroll
from sdr.desk.texts import approve, change_text, load_texts, retire
from sdr.models.terms import Refused, at, ms
from sdr.store import rows
from sdr.store.queries import playbook
from sdr.store.queries.reading import every
from tests.desks import Desk, begin
from tests.screens.desk_app import driving

LINKEDIN_STEP = 3


def due(desk: Desk, at_step: int = 2, **fields: object) -> int:
    """A lead whose step is due now: the mail, or another one of the standard drip."""
    lead = desk.new_lead(**fields)
    desk.act(enroll, lead, desk.store.read(playbook.cadence).result(10)[0], at_step=at_step)
    desk.clock.now = at(desk.lead(lead).due_at or 0)
    return lead


def messages(desk: Desk) -> tuple[rows.Message, ...]:
    return desk.store.read(lambda db: every(db, rows.Message, "SELECT * FROM message ORDER BY id")).result(10)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_due_mail_is_read_and_sent_in_two_keys(desk: Desk, size: tuple[int, int]) -> None:
    due(desk)
    async with driving(desk, size) as driven:
        await driven.press("e")
        shown = driven.text()
        assert "email 2 of 8 · to ana@acme.example" in shown
        assert "mail-introduction v1 · approved as shipped" in shown
        assert "subject  Why I called" in shown
        assert "Hello Ana," in shown
        assert "would rather not hear from me" in shown
        assert "Enter into the outbox  e change it for this one  Esc not now" in shown
        await driven.press("enter")
        assert "Mail: why I called in the outbox · next linkedin" in driven.text()
    [made] = messages(desk)
    assert (made.state, made.subject, made.address) == ("ready", "Why I called", "ana@acme.example")
    assert made.text.startswith("Hello Ana,\n\nI tried to reach you")


async def test_two_keys_in_one_burst_are_enough_and_u_takes_it_back(desk: Desk) -> None:
    lead = due(desk)
    async with driving(desk) as driven:
        await driven.burst("e", "enter")
        await driven.settle()
        assert [one.state for one in messages(desk)] == ["ready"]
        await driven.press("u")
        assert messages(desk) == ()
        assert desk.lead(lead).next_kind == "mail"
        await driven.press("U")
        assert len(messages(desk)) == 1


async def test_esc_leaves_it(desk: Desk) -> None:
    due(desk)
    async with driving(desk) as driven:
        await driven.press("e", "escape", "j", "k")
        assert "subject" not in driven.text()
        assert driven.place == "QueueScreen"
    assert messages(desk) == ()


async def test_one_to_one_does_not_go_without_a_sentence(desk: Desk) -> None:
    due(desk, LINKEDIN_STEP, linkedin="https://www.linkedin.com/in/ana")
    async with driving(desk) as driven:
        await driven.press("e")
        assert "Hello Ana, [your sentence] I wrote to you" in driven.text()
        assert "one sentence for Ana Ruiz, then Enter" in driven.text()
        await driven.press("enter")
        assert "at least 3 words" in driven.text()
        await driven.type("Hello Ana here")
        await driven.press("enter")
        assert "these words are the text's own" in driven.text()
        await driven.press(*["backspace"] * 14)
        await driven.type("Your Vigo line impressed me.")
        await driven.press("enter")
        assert "LinkedIn: connect in the outbox" in driven.text()
    [made] = messages(desk)
    assert made.personal == "Your Vigo line impressed me."
    assert made.text.startswith("Hello Ana, Your Vigo line impressed me. I wrote to you")
    assert made.address == "https://www.linkedin.com/in/ana"


async def test_the_sentence_is_heard_in_the_same_burst(desk: Desk) -> None:
    due(desk, LINKEDIN_STEP)
    async with driving(desk) as driven:
        await driven.burst("e", *"I saw your pumps", "enter")
        await driven.settle()
    assert [one.personal for one in messages(desk)] == ["I saw your pumps"]


async def test_the_text_is_changed_for_this_one(desk: Desk) -> None:
    due(desk)
    async with driving(desk) as driven:
        await driven.press("e", "e")
        assert "the first line is the subject; Esc ends it" in driven.text()
        assert "Esc done changing" in driven.text()
        await driven.press(*["up"] * 20, "end", *" twice", *["down"] * 20, "end", "enter", *"PS: {company}", "escape")
        assert "changed for this one" in driven.text()
        assert "subject  Why I called twice" in driven.text()
        await driven.press("enter")
        assert "{company} is not filled in any more; write the word itself" in driven.text()
        assert messages(desk) == ()
        await driven.press("e", "e", *["down"] * 20, "end", "enter", *"PS: Acme", "escape", "enter")
    [made] = messages(desk)
    assert made.subject == "Why I called"
    assert made.text.endswith("\nPS: Acme")
    assert made.personal == "PS: Acme"


async def test_changing_the_text_is_a_sentence_of_ones_own(desk: Desk) -> None:
    due(desk, LINKEDIN_STEP)
    async with driving(desk) as driven:
        await driven.press("e", "tab", *" Seen in Vigo", "escape")
        assert "Enter into the outbox  e change it for this one" in driven.text()
        await driven.press("enter")
    [made] = messages(desk)
    assert made.text.endswith("Seen in Vigo")


async def test_a_hole_is_shown_and_does_not_go_until_it_is_filled(desk: Desk) -> None:
    due(desk, first_name=None, name="Ruiz")
    desk.act(change_text, "mail-introduction", "To {city}", "Hello {first_name}, of {company|yours}.")
    async with driving(desk) as driven:
        await driven.press("e", "enter")
        shown = driven.text()
        assert "Hello [first_name?], of Acme Pumps." in shown
        assert "changed since it was shipped" in shown
        desk.act(approve, "mail-introduction", "Kim")
        await driven.press("escape", "e", "enter")
        assert "first_name is empty: fill it in, or give the text a default like" in driven.text()
        assert messages(desk) == ()
        await driven.press("e", *["up"] * 9, "home", "down", "down", *["delete"] * 18, *"Hello,", "escape", "enter")
    [made] = messages(desk)
    assert made.text == "Hello,, of Acme Pumps."


async def test_a_text_changed_since_it_was_approved_shows_what_changed(desk: Desk) -> None:
    due(desk)
    row = desk.store.read(playbook.template, "mail-introduction").result(10)
    assert row is not None
    desk.act(change_text, row.key, row.subject, row.text.replace("ten minutes", "half an hour"))
    async with driving(desk) as driven:
        await driven.press("e")
        assert "the text “mail-introduction” was changed since it was shipped: marketing" in driven.text()
        assert "Enter into the outbox" not in driven.text()
        await driven.press("d")
        assert "Would [-ten minutes-]{+half an hour+} this week suit you?" in driven.text()
        await driven.press("d", "enter")
        assert "half an hour this week" in driven.text()
    assert messages(desk) == ()


async def test_a_retired_text_does_not_go(desk: Desk) -> None:
    due(desk)
    desk.act(retire, "mail-introduction", desk.clock().date())
    async with driving(desk) as driven:
        await driven.press("e", "enter")
        assert "the text “mail-introduction” was retired on 3 Mar 2026" in driven.text()
    assert messages(desk) == ()


async def test_marked_leads_get_theirs_in_one_act(desk: Desk) -> None:
    due(desk)
    due(desk, name="Bo Lee", first_name="Bo", email="bo@beta.example", company="Beta", phone="+34600000009")
    desk.clock.pass_(days=2)
    async with driving(desk) as driven:
        await driven.press("X", "e")
        assert "do it for 2 of 2" in driven.text()
        await driven.press("enter")
        assert {one.text.split("\n")[0] for one in messages(desk)} == {"Hello Ana,", "Hello Bo,"}
        await driven.press("u")
        assert messages(desk) == ()


async def test_what_was_written_for_one_is_not_repeated_on_another(desk: Desk) -> None:
    due(desk)
    due(desk, name="Bo Lee", first_name="Bo", email="bo@beta.example", company="Beta", phone="+34600000009")
    desk.clock.pass_(days=2)
    async with driving(desk) as driven:
        await driven.press("e", "e", *["down"] * 20, "end", *" Ana only", "escape", "enter", "full_stop")
    first, second = messages(desk)
    assert first.text.endswith("Ana only") != second.text.endswith("Ana only")
    assert first.lead_id != second.lead_id


async def test_hostile_names_are_words_and_nothing_else(desk: Desk) -> None:
    load = '[[template]]\nkey="to-all"\nchannel="letter"\ntext="Dear {name}, {company}."\n'
    desk.act(load_texts, load)
    drip = 'name = "Post"\nversion = 1\n[[step]]\nname = "Letter"\nchannel = "letter"\ndelay = "0m"\npersonal = true\n'
    desk.act(load_cadence, drip + 'template = "to-all"\n')
    lead = desk.new_lead(name="[/] {rep_email}", company="[bold]\x1b[31m")
    newest = max(one.id for one in desk.store.read(playbook.cadences).result(10))
    desk.act(enroll, lead, newest)
    desk.clock.now = at(desk.lead(lead).due_at or 0)
    async with driving(desk) as driven:
        await driven.press("e")
        assert "Dear [/] {rep_email}, [bold]." in driven.text()
        await driven.type("Your pumps run well")
        await driven.press("enter")
    [made] = messages(desk)
    assert "Dear [/] {rep_email}, [bold]." in made.text


async def test_a_warning_of_the_gate_is_shown_and_does_not_hinder(desk: Desk) -> None:
    due(desk, country="GB", city="Leeds", zone="Europe/London", phone="+441134960001")
    async with driving(desk) as driven:
        await driven.press("e")
        assert "No lawful basis is noted for this person" in driven.text()
        await driven.press("enter")
    assert [one.state for one in messages(desk)] == ["ready"]


async def test_a_stop_of_the_gate_asks_why_all_the_same(desk: Desk) -> None:
    lead = due(desk)
    for _ in range(3):
        begin(desk.store, "touch", lead_id=lead, channel="email", at=ms(desk.clock()), outcome="done", human=0)
    async with driving(desk) as driven:
        await driven.press("e")
        assert "Enter asks why all the same" in " ".join(driven.text().split())
        await driven.press("enter", "enter")
        assert "a stop is passed by a reason; Esc leaves it" in driven.text()
        assert messages(desk) == ()
        await driven.type("they asked for it on the phone")
        await driven.press("enter")
    assert [one.state for one in messages(desk)] == ["ready"]


async def test_who_said_no_is_not_written_to(desk: Desk) -> None:
    from sdr.desk.triage import suppression
    from tests.desks import write

    lead, held = due(desk), []
    row = desk.lead(lead)

    def block(session: object) -> Refused:
        held.append(suppression(session, row, "email", "stop", desk.clock()))  # type: ignore[arg-type]
        return Refused("", "")

    desk.store.write(block).result(10)
    write(desk.store, *held)
    async with driving(desk) as driven:
        await driven.press("e", "enter")
        assert "email blocked: asked on 3 Mar 2026 (“stop”)" in driven.text()
        assert "Enter into the outbox" not in driven.text()
    assert messages(desk) == ()
