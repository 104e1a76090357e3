"""Messages on a real file: made with their touch in one act, taken back with it, refused with a hole, threaded."""

from __future__ import annotations

import pytest

from sdr.desk import outgoing
from sdr.desk.cadences import load_cadence
from sdr.desk.composing import Edited, draft_of
from sdr.desk.drip import enroll, touch
from sdr.desk.texts import approve, change_text, load_texts, retire
from sdr.models.terms import Refused, at, ms
from sdr.store import rows
from sdr.store.changes import Edit
from sdr.store.queries import playbook, texts
from tests.desk.calls import assert_journal_holds, table
from tests.desks import Desk, dump, write

DRIP = """
name = "Threads"
version = 1
currency = "EUR"
[[step]]
name = "First mail"
channel = "email"
delay = "0m"
template = "mail-case"
[[step]]
name = "Its answer"
channel = "email"
delay = "1d"
needs = 1
template = "mail-goodbye"
[[step]]
name = "Card"
channel = "postcard"
delay = "1d"
cost = "0.85"
template = "postcard"
[[step]]
name = "Text"
channel = "sms"
delay = "1d"
window = "mon-fri 13:00-15:00"
template = "sms-short"
[[step]]
name = "By hand"
channel = "linkedin"
delay = "1d"
[[step]]
name = "A gift"
channel = "parcel"
delay = "1d"
"""
TEST = 'name = "Test"\nversion = 1\n[[step]]\nname = "Mail"\nchannel = "email"\ndelay = "0m"\n'


def inside(desk: Desk, text: str, at_step: int = 1, **fields: object) -> int:
    """A lead in the drip of `text`, its step due now."""
    if not desk.store.read(lambda db: db.execute("SELECT 1 FROM cadence WHERE text=?", (text,)).fetchone()).result(10):
        desk.act(load_cadence, text)
    newest = max(one.id for one in desk.store.read(playbook.cadences).result(10))
    lead = desk.new_lead(**fields)
    desk.act(enroll, lead, newest, at_step=at_step)
    desk.clock.now = max(desk.clock.now, at(desk.lead(lead).due_at or 0))
    return lead


def due(desk: Desk, at_step: int = 2, **fields: object) -> int:
    """A lead at a step of the standard drip."""
    lead = desk.new_lead(**fields)
    desk.act(enroll, lead, desk.store.read(playbook.cadence).result(10)[0], at_step=at_step)
    desk.clock.now = max(desk.clock.now, at(desk.lead(lead).due_at or 0))
    return lead


def refused(desk: Desk, *args: object, **more: object) -> Refused:
    before = dump(desk.store)
    done = desk.try_(touch, *args, **more)
    assert isinstance(done, Refused), done
    assert dump(desk.store) == before
    return done


def messages(desk: Desk) -> list[rows.Message]:
    return list(table(desk, rows.Message, "message"))


# --- made ------------------------------------------------------------------------------------------------------------


def test_message_and_touch_are_one_act_and_one_undo(desk: Desk) -> None:
    lead = due(desk)
    before = dump(desk.store)
    desk.act(touch, lead, None)
    [made] = messages(desk)
    [done] = table(desk, rows.Touch, "touch")
    assert done.message_id == made.id
    assert (made.state, made.template, made.template_version, made.step_no) == ("ready", "mail-introduction", 1, 2)
    assert (made.address, made.not_before, made.made_at) == ("ana@acme.example", ms(desk.clock()), ms(desk.clock()))
    assert (made.personal, made.variant, made.reply_to, made.cost_minor) == (None, None, None, None)
    assert made.text.endswith('answer "stop" and you will not.')
    assert made.rep_id == done.rep_id
    desk.store.undo().result(10)
    assert dump(desk.store) == before
    desk.store.redo().result(10)
    assert messages(desk) == [made]
    assert_journal_holds(desk)


def test_what_was_written_to_a_file_is_not_silently_taken_back(desk: Desk) -> None:
    desk.act(touch, due(desk), None)
    desk.act(outgoing.written, (messages(desk)[0].id,), "2026-03-03-email-1")
    before = dump(desk.store)
    no = desk.store.undo().result(10)
    assert isinstance(no, Refused)
    assert no.rule == "undo.changed-since"
    assert no.reason == (
        "“Ana Ruiz: Mail: why I called in the outbox · next linkedin tomorrow 10:00 Madrid” was changed since "
        "(“1 mail written to files, 2026-03-03-email-1”, by ana); look at its history with v"
    )
    assert dump(desk.store) == before


def test_what_was_sent_by_hand_is_first_unsent_and_then_taken_back(desk: Desk) -> None:
    lead = due(desk)
    before = dump(desk.store)
    desk.act(touch, lead, None)
    desk.act(outgoing.sent, (messages(desk)[0].id,))
    desk.store.undo().result(10)
    assert [one.state for one in messages(desk)] == ["ready"]
    desk.store.undo().result(10)
    assert dump(desk.store) == before


def test_a_step_without_a_text_is_done_by_hand_unless_something_was_written(desk: Desk) -> None:
    lead = inside(desk, DRIP, 5)
    done = desk.act(touch, lead, None)
    assert "By hand done" in done.summary
    assert messages(desk) == []
    other = inside(desk, DRIP, 5, email="bo@beta.example", phone="+34600000002")
    desk.act(touch, other, None, text="I saw your line in Vigo.")
    [made] = messages(desk)
    assert made.text == "I saw your line in Vigo."
    assert made.address.startswith("https://www.linkedin.com/search/results/people/?keywords=Ana%20Ruiz%20Acme%20Pumps")


def test_a_parcel_without_a_text_is_no_message(desk: Desk) -> None:
    desk.act(touch, inside(desk, DRIP, 6), None)
    assert messages(desk) == []


def test_a_touch_besides_the_drip_makes_no_message(desk: Desk) -> None:
    desk.act(touch, due(desk), "linkedin")
    assert messages(desk) == []


# --- to where, when, for how much ------------------------------------------------------------------------------------


def test_post_costs_and_goes_to_the_address_the_rep_wrote_last(desk: Desk) -> None:
    lead = inside(desk, DRIP, 3, postcode="28013")
    desk.act(touch, lead, None)
    [made] = messages(desk)
    assert (made.channel, made.address, made.not_before) == ("postcard", "28013 Madrid", None)
    assert (made.cost_minor, made.currency) == (85, "EUR")
    desk.act(outgoing.readdress, made.id, "Calle Mayor 1 / 28013 Madrid")
    assert desk.store.read(texts.last_post, lead).result(10) == "Calle Mayor 1\n28013 Madrid"


def test_a_message_waits_for_the_window_of_its_step(desk: Desk) -> None:
    lead = inside(desk, DRIP, 4)
    desk.clock.now = at(desk.lead(lead).due_at or 0).replace(hour=9, minute=30)  # UTC: 10:30 there, before its window
    desk.act(touch, lead, None)
    [made] = messages(desk)
    assert (made.channel, made.address) == ("sms", "+34600000001")
    assert made.not_before == ms(desk.clock.now.replace(hour=12, minute=0))


def test_an_answer_stands_in_the_thread_of_its_mail(desk: Desk) -> None:
    lead = inside(desk, DRIP)
    desk.act(touch, lead, None)
    desk.clock.now = at(desk.lead(lead).due_at or 0)
    desk.act(touch, lead, None)
    first, second = messages(desk)
    assert first.mail_id is not None
    assert second.reply_to == first.mail_id != second.mail_id
    assert second.subject == "Re: A case like yours"


# --- words -----------------------------------------------------------------------------------------------------------


def test_a_hole_refuses_names_itself_and_changes_nothing(desk: Desk) -> None:
    desk.act(change_text, "mail-introduction", "For {city}", "Hello {first_name},\n\nabout {industry}")
    desk.act(approve, "mail-introduction", "Kim")
    lead = due(desk, first_name=None, city=None)
    no = refused(desk, lead, None)
    assert no.rule == "text.hole"
    assert no.reason.startswith("Ana Ruiz: “mail-introduction” does not go: city and first_name and industry are empty")
    draft = desk.store.read(draft_of, lead, desk.clock()).result(10)
    assert draft is not None
    assert draft.wrong is not None
    assert draft.wrong.rule == "text.hole"


def test_lead_text_is_never_a_template(desk: Desk) -> None:
    desk.act(touch, due(desk, first_name="{rep_email}", company="{{7*7}} {company"), None)
    [made] = messages(desk)
    assert made.text.startswith("Hello {rep_email},\n\nI tried to reach you")
    assert "companies like {{7*7}} {company with one thing" in made.text


@pytest.mark.parametrize("text", [None, "Hello Ana", "Hello Ana Acme Pumps"])
def test_one_to_one_asks_for_a_sentence(desk: Desk, text: str | None) -> None:
    assert refused(desk, due(desk, 3), None, text=text).rule == "text.sentence"


def test_a_sentence_is_placed_and_kept(desk: Desk) -> None:
    desk.act(touch, due(desk, 3), None, text=" I saw \u202eyour line. ")
    desk.act(touch, due(desk, email="b@b.example", phone="+34600000003"), None, text="I saw your line.")
    there, mail = messages(desk)
    assert (there.personal, mail.personal) == ("I saw your line.",) * 2
    assert there.text.startswith("Hello Ana, I saw your line. I wrote to you about Acme Pumps")
    assert mail.text.startswith("Hello Ana,\n\nI saw your line.\n\nI tried to reach you")


def test_a_text_changed_for_one_is_what_goes(desk: Desk) -> None:
    changed = Edited("Vigo\r\nBcc: x", "Hello Ana,\n\nyour pumps \x1b[31mrun.\n")
    desk.act(touch, due(desk), None, edited=changed)
    [made] = messages(desk)
    [done] = table(desk, rows.Touch, "touch")
    assert (made.subject, made.text) == ("Vigo Bcc: x", "Hello Ana,\n\nyour pumps run.")
    assert made.personal is not None
    assert done.human == 1


@pytest.mark.parametrize(
    ("edited", "rule"),
    [
        (Edited("", "Hello"), "text.subject"),
        (Edited("Hi", " \n"), "text.empty"),
        (Edited("Hi", "Hello {first_name}"), "text.hole"),
        (Edited("{company}", "Hello"), "text.hole"),
        (Edited("Hi", "a" * 20_001), "text.long"),
    ],
)
def test_changes_that_do_not_go(desk: Desk, edited: Edited, rule: str) -> None:
    assert refused(desk, due(desk), None, edited=edited).rule == rule


# --- approval --------------------------------------------------------------------------------------------------------


def test_a_mass_step_sends_only_what_is_approved(desk: Desk) -> None:
    lead = due(desk)
    desk.act(change_text, "mail-introduction", "Hello", "Hello {first_name|there}")
    no = refused(desk, lead, None)
    assert (no.rule, no.set_by) == ("text.changed", "marketing")
    assert "sdr text approve mail-introduction --by NAME" in no.reason
    desk.act(approve, "mail-introduction", "Kim")
    desk.act(touch, lead, None)
    assert messages(desk)[0].template_version == 2


def test_one_to_one_needs_no_approval_but_nothing_retired_goes(desk: Desk) -> None:
    lead = due(desk, 3)
    desk.act(change_text, "linkedin-connect", None, "Hello {first_name|there}. {personal}")
    desk.act(retire, "linkedin-connect", desk.clock().date())
    assert refused(desk, lead, None, text="I saw your line.").rule == "text.retired"
    desk.act(retire, "linkedin-connect", None)
    desk.act(touch, lead, None, text="I saw your line.")
    assert messages(desk)[0].text == "Hello Ana. I saw your line."


def test_a_text_nobody_has_seen_before_needs_approval(desk: Desk) -> None:
    desk.act(load_texts, '[[template]]\nkey="own"\nchannel="email"\nsubject="Hi"\ntext="Hello"\n')
    lead = inside(desk, TEST + 'template = "own"\n')
    assert refused(desk, lead, None).rule == "text.unapproved"


def test_a_text_that_is_gone_is_named(desk: Desk) -> None:
    lead = inside(desk, DRIP)
    row = desk.store.read(texts.in_force, "mail-case").result(10)
    assert row is not None
    write(desk.store, Edit.set("template", row.id, current=0))
    no = refused(desk, lead, None)
    assert (no.rule, "“mail-case”" in no.reason) == ("text.unknown", True)


def test_a_text_that_came_in_unchecked_does_not_go(desk: Desk) -> None:
    lead = inside(desk, DRIP)
    row = desk.store.read(texts.in_force, "mail-case").result(10)
    assert row is not None
    write(desk.store, Edit.set("template", row.id, text="Hello {company.__class__}"))
    assert refused(desk, lead, None).rule == "text.fault"


# --- variants --------------------------------------------------------------------------------------------------------


def test_variants_are_drawn_by_lead_and_kept_on_touch_and_message(desk: Desk) -> None:
    drip = TEST + 'variants = ["mail-case", "mail-goodbye"]\n'
    for number in range(12):
        lead = inside(desk, drip, email=f"p{number}@acme{number}.example", phone=f"+3460000{number:04}",
                      company=f"Acme {number}")  # fmt: skip
        draft = desk.store.read(draft_of, lead, desk.clock()).result(10)
        desk.act(touch, lead, None)
        last = messages(desk)[-1]
        assert draft is not None
        assert draft.variant == last.variant
    sent = messages(desk)
    touches = table(desk, rows.Touch, "touch")
    assert {(one.variant, one.template) for one in sent} == {("A", "mail-case"), ("B", "mail-goodbye")}
    assert [(one.variant, one.template) for one in touches] == [(one.variant, one.template) for one in sent]
    some = desk.store.read(texts.arms).result(10)
    assert [(one.variant, one.template, one.qualified) for one in some] == [
        ("A", "mail-case", 0), ("B", "mail-goodbye", 0),
    ]  # fmt: skip
    assert sum(one.leads for one in some) == 12


def test_what_a_text_came_to_is_counted_by_leads_that_qualified(desk: Desk) -> None:
    lead = due(desk)
    desk.act(touch, lead, None)
    desk.act(touch, due(desk, email="b@b.example", phone="+34600000003"), None)
    write(desk.store, Edit.set("lead", lead, qualified_at=ms(desk.clock())))
    found = desk.store.read(texts.used).result(10)
    assert (found["mail-introduction"].times, found["mail-introduction"].leads) == (2, 2)
    assert found["mail-introduction"].qualified == 1
