"""Message texts: only placeholders of the list, no template language, no holes; and what changed in them, by word."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdr.models.terms import Channel
from sdr.rules.cadence import parse_cadence
from sdr.rules.templates import (
    FIELDS,
    Hole,
    Piece,
    Template,
    TemplateFault,
    TextError,
    TooLong,
    fault_of,
    fields_of,
    left_open,
    parse_templates,
    pieces,
    render,
    sentence_fault,
    shown,
    with_sentence,
)
from sdr.rules.text import clean
from tests.rules.playbook_files import text

TEMPLATES = {template.key: template for template in parse_templates(text("templates"))}
MAIL = '[[template]]\nkey = "hello"\nchannel = "email"\nsubject = "Hello"\ntext = "Hello {first_name|there}"\n'
WORDS = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="{}"), max_size=12)
VALUES = st.one_of(st.none(), st.text(max_size=20), st.sampled_from(["{rep_email}", "{", "}}", "{first_name|x}", "%s"]))


# --- placeholders ----------------------------------------------------------------------------------------------------


def test_blanks_take_the_default_and_values_are_never_read_again() -> None:
    values = {"first_name": " ", "company": "Acme {first_name}", "title": None}
    asked = "Hi {first_name|there}, is {company} still {title|}leaking?"
    assert render(asked, values) == "Hi there, is Acme {first_name} still leaking?"
    assert fields_of(asked + "{company}") == ("first_name", "company", "title")


@pytest.mark.parametrize(
    ("asked", "line", "column", "says"),
    [
        ("Hello {firstname}", 1, 7, "{firstname} is no placeholder; did you mean {first_name}?"),
        ("a\n\nHello {revenue|much}", 3, 7, "{revenue} is no placeholder; there is first_name, last_name"),
        ("Hello {first_name", 1, 7, "“{first_name” is never closed"),
        ("Hello {first_name\n}", 1, 7, "is never closed"),
        ("Hello {first_name|{company}}", 1, 19, "a placeholder inside another"),
        ("{{7*7}}", 1, 2, "a placeholder inside another"),
        ("ab }", 1, 4, "a } without its {"),
        ("{}", 1, 1, "{} is no placeholder"),
        ("{company!r}", 1, 1, "{company!r} is no placeholder; did you mean {company}?"),
        ("{company.__class__}", 1, 1, "is no placeholder"),
        ("${company}s {% for a in b %}", 1, 13, "{% for a in b %} is no placeholder"),
        ("{ company }", 1, 1, "{ company } is no placeholder; did you mean {company}?"),
    ],
)
def test_a_brace_that_is_no_placeholder_is_refused_by_name_and_place(
    asked: str, line: int, column: int, says: str
) -> None:
    with pytest.raises(TemplateFault) as refused:
        render(asked, {"company": "Acme"})
    assert (refused.value.line, refused.value.column) == (line, column)
    assert str(refused.value).startswith(f"line {line}, column {column}: ")
    assert says in str(refused.value)


def test_a_hole_refuses_and_is_shown() -> None:
    asked, values = "{first_name}, of {company}, {company}", {"company": "", "first_name": "\u200b"}
    with pytest.raises(Hole, match="first_name and company are empty: fill them in") as hole:
        render(asked, values)
    assert hole.value.fields == ("first_name", "company")
    with pytest.raises(Hole, match="company is empty: fill it in"):
        render(asked, {"first_name": "Ana"})
    assert shown(pieces(asked, {"first_name": "Ana"})) == "Ana, of [company?], [company?]"


def test_a_message_has_an_end() -> None:
    with pytest.raises(TooLong):
        render("{company}", {"company": "a" * 20_001})


def test_values_are_one_clean_line() -> None:
    assert render("{company}", {"company": " Acme\u202e\r\nBcc: x\x1b[31m "}) == "Acme Bcc: x"


@given(
    st.lists(st.tuples(WORDS, st.sampled_from(sorted(FIELDS)), st.one_of(st.none(), WORDS)), max_size=5),
    st.dictionaries(st.sampled_from(sorted(FIELDS)), VALUES),
)
def test_what_comes_out_is_our_words_and_their_values_and_no_brace_of_ours(
    parts: list[tuple[str, str, str | None]], values: dict[str, str | None]
) -> None:
    asked, expected, holes = "", "", set()
    for words, field, default in parts:
        default = default.replace("\n", " ") if default is not None else None
        asked += words + "{" + field + ("" if default is None else f"|{default}") + "}"
        value = clean(values.get(field) or "")
        holes |= {field} if not value and default is None else set()
        expected += words + (value or default or "")
    if holes:
        with pytest.raises(Hole) as hole:
            render(asked, values)
        assert set(hole.value.fields) == holes
        return
    made = render(asked, values)
    assert made == expected
    braces = sum(clean(values.get(field) or "").count("{") for _words, field, _default in parts)
    assert made.count("{") == braces


@given(st.text(st.sampled_from("{}|ab_\nfirst_name"), max_size=30))
def test_any_text_is_either_understood_whole_or_refused(asked: str) -> None:
    try:
        made = render(asked, dict.fromkeys(FIELDS, "x"))
    except TemplateFault:
        assert "{" in asked or "}" in asked
    else:
        assert "{" not in made
        assert "}" not in made


def test_somebody_called_like_a_placeholder_stays_that() -> None:
    found = pieces("Hello {first_name}", {"first_name": "{rep_email}", "rep_email": "kim@ours.example"})
    assert found == (Piece("Hello ", "text"), Piece("{rep_email}", "value"))


# --- one sentence ----------------------------------------------------------------------------------------------------

LETTER = "Hello Ana,\n\nwe help companies like yours with one thing.\n\nKim"


@pytest.mark.parametrize(
    ("sentence", "says"),
    [
        ("", "at least 3 words"),
        ("Hello Ana", "at least 3 words"),
        ("- - - hello", "at least 3 words"),
        ("We help companies", "these words are the text's own"),
        ("hello KIM, we help yours!", "these words are the text's own"),
        ("a b " * 101, "of at most 400"),
        ("I saw your line in Vigo.", None),
        ("Tres bombas en Vigo", None),
    ],
)
def test_a_sentence_is_written_for_this_person(sentence: str, says: str | None) -> None:
    found = sentence_fault(sentence, LETTER)
    assert (found is None) if says is None else (found is not None and says in found)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (LETTER, "Hello Ana,\n\nI saw it.\n\nwe help companies like yours with one thing.\n\nKim"),
        ("Hello Ana,", "Hello Ana,\n\nI saw it."),
        ("We meet on Monday.\nKim", "I saw it.\n\nWe meet on Monday.\nKim"),
    ],
)
def test_the_sentence_comes_after_the_greeting(before: str, after: str) -> None:
    assert with_sentence(before, "I saw it.") == after


@pytest.mark.parametrize(
    ("typed", "before", "found"),
    [
        ("Hello {first_name}", "", "{first_name}"),
        ("Hello {company|you}", "", "{company|you}"),
        ("Hello {rep_email}", "{rep_email}", None),
        ("a {set} of things", "", None),
    ],
)
def test_a_placeholder_typed_into_a_finished_text_is_found(typed: str, before: str, found: str | None) -> None:
    assert left_open(typed, before) == found


# --- the file --------------------------------------------------------------------------------------------------------


def test_a_file_says_who_owns_a_text_and_until_when_it_holds() -> None:
    [one] = parse_templates(MAIL + 'owner = "Kim"\nretires_on = 2026-10-01\n')
    expected = ("hello", Channel.EMAIL, "Hello", "Hello {first_name|there}", "Kim", date(2026, 10, 1))
    assert one == Template(*expected)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (MAIL, MAIL + MAIL, 'text "hello", line 6: the key "hello" is taken'),
        ('channel = "email"', 'channel = "call"', "a mail needs a subject, and nothing else has one"),
        ('subject = "Hello"\n', "", "a mail needs a subject"),
        ('subject = "Hello"', 'subject = "Hello\\nBcc: x"', '"subject" must be one line'),
        ('channel = "email"', 'channel = "pigeon"', '"channel" must be one of call, email'),
        ("first_name", "frist_name", "text, line 1, column 7: {frist_name} is no placeholder; did you mean"),
        ('subject = "Hello"', 'subject = "{hello"', "subject, line 1, column 1: “{hello” is never closed"),
        ("[[template]]", "[[templates]]", '"templates" is not a field here'),
        (MAIL, "", "it has no texts"),
        (MAIL, MAIL + 'retires_on = "soon"\n', '"retires_on" must be a date without quotes'),
    ],
)
def test_texts_that_cannot_work_are_refused(old: str, new: str, says: str) -> None:
    with pytest.raises(TextError) as refused:
        parse_templates(MAIL.replace(old, new, 1))
    assert says in str(refused.value)


def test_a_text_of_nothing_is_refused() -> None:
    assert fault_of(Channel.SMS, None, " \n") == "the text is empty"


# --- the shipped ones ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("drip", ["cadence", "cadence_inbound", "cadence_trade_fair"])
def test_the_drips_name_only_texts_there_are_and_of_their_channel(drip: str) -> None:
    named = [(step, key) for step in parse_cadence(text(drip)).steps
             for key in (*step.variants, step.template, step.alone) if key]  # fmt: skip
    assert len(named) >= 5
    assert all(TEMPLATES[key].channel == step.channel for step, key in named)


def test_there_is_a_text_for_every_written_channel_and_what_outcomes_promise() -> None:
    assert {"after-voicemail", "value", "postcard", "letter", "event-invitation", "sms-short"} <= TEMPLATES.keys()
    assert {one.channel for one in TEMPLATES.values()} >= {*Channel} - {
        Channel.PARCEL, Channel.EVENT, Channel.CUSTOM
    }  # fmt: skip


def test_every_text_can_be_sent_to_somebody_of_whom_nothing_is_known() -> None:
    values = {"rep_name": "Kim", "personal": "I saw your line."}
    for template in TEMPLATES.values():
        assert "Kim" in render(template.text, values)
        assert not fields_of(template.subject or "")


def test_every_mail_says_how_to_stop_them_and_every_paragraph_is_one_line() -> None:
    for template in TEMPLATES.values():
        if template.channel is Channel.EMAIL:
            assert 'answer "stop"' in template.text
            assert all(line.endswith((".", "?", ",", "}", "")) for line in template.text.split("\n"))
