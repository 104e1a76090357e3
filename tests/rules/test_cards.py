"""Objection cards and message texts: reachable by letters, no holes, and nothing the drip asks for is missing."""

import re

import pytest

from sdr.models.terms import Channel
from sdr.rules.cards import CardError, matching, parse_cards, parse_templates
from sdr.rules.rubric import parse_rubric
from sdr.rules.text import render, template_fields
from tests.rules.playbook_files import text

CARDS = parse_cards(text("objections"))
TEMPLATES = {template.key: template for template in parse_templates(text("templates"))}
CARD = '[[card]]\nkey = "price"\ntitle = "Too dear"\ntext = "Compared with what?"\n'
MAIL = '[[template]]\nkey = "hello"\nchannel = "email"\nsubject = "Hello"\ntext = "Hello {first_name|there}"\n'


def test_eight_cards_each_by_one_letter():
    assert len(CARDS) == 8
    assert all(matching(CARDS, card.key[0].upper()) == (card,) for card in CARDS)
    assert matching(CARDS, "zz") == ()


def test_the_rubric_names_only_cards_there_are():
    named = {card for item in parse_rubric(text("rubric")).criteria for card in item.objections}
    assert named
    assert named <= {card.key for card in CARDS}


def test_the_drip_names_only_texts_there_are_and_of_its_channel():
    steps = re.findall(r'channel = "(\w+)"(?:\n(?!\[).*)*?\ntemplate = "([\w-]+)"', text("cadence"))
    assert len(steps) == 8
    assert all(TEMPLATES[key].channel == channel for channel, key in steps)


def test_every_text_can_be_sent_to_somebody_of_whom_nothing_is_known():
    fields = {"first_name": None, "company": None, "rep_name": "Kim"}
    for template in TEMPLATES.values():
        assert "Kim" in render(template.text, fields)
        assert not template_fields(template.subject or "")


def test_every_mail_says_how_to_stop_them():
    mails = [template for template in TEMPLATES.values() if template.channel == Channel.EMAIL]
    assert len(mails) == 5
    assert all('answer "stop"' in mail.text for mail in mails)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (CARD, CARD + CARD, 'card "price": the key "price" is taken'),
        (CARD, CARD + CARD.replace('"price"', '"price-list"'), "typing could never reach it"),
        ('title = "Too dear"', "title = 3", '"title" must be a text in quotes'),
        ("title", "tittle", '"tittle" is not a field here'),
        ("[[card]]", "[card]", '"card" must be a list of tables'),
    ],
)
def test_cards_that_cannot_work_are_refused(old, new, says):
    with pytest.raises(CardError) as refused:
        parse_cards(CARD.replace(old, new, 1))
    assert says in str(refused.value)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (MAIL, MAIL + MAIL, 'template "hello": the key "hello" is taken'),
        ('channel = "email"', 'channel = "call"', "a mail needs a subject, and nothing else has one"),
        ('subject = "Hello"\n', "", "a mail needs a subject"),
        ('subject = "Hello"', 'subject = "Hello\\nBcc: x"', '"subject" must be one line'),
        ('channel = "email"', 'channel = "pigeon"', '"channel" must be one of call, email'),
    ],
)
def test_texts_that_cannot_work_are_refused(old, new, says):
    with pytest.raises(CardError) as refused:
        parse_templates(MAIL.replace(old, new, 1))
    assert says in str(refused.value)
