"""A mail that was pasted or saved, as a lead: whoever wrote it, in whatever language their program speaks."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdr.desk.one_line import Parsed
from sdr.exchange.mail_leads import CHANNEL, SOURCE, is_mail, lead_of
from sdr.models.terms import Refused
from sdr.rules.told import called, told

SAVED = """Return-Path: <ana@acme.example>
Received: from mx.acme.example
Date: Mon, 2 Mar 2026 08:15:00 +0100
From: =?utf-8?q?Ana_Ru=C3=ADz?= <ana@acme.example>
To: sales@us.example
Subject: Leaks at three sites

Hello, we lose water at three sites. Can you call me?

Ana
Tel: +34 600 111 222

> On 1 March you wrote:
> anything
"""
OUTLOOK = """Von: Ana Ruíz <ana@acme.example>
Gesendet: Montag, 2. März 2026 08:15
An: Vertrieb
Betreff: Leaks at three sites

Hello, we lose water at three sites."""
WEBMAIL = """Ana Ruíz <ana@acme.example>
to me

Hello, we lose water at three sites."""
SPANISH = "De: Ana Ruíz <ana@acme.example>\nAsunto: Leaks at three sites\n\nHola\n"
JAPANESE = "差出人： Ana Ruíz <ana@acme.example>\n件名： 水漏れ\n\nこんにちは\n"
FORWARDED = f"""From: Kim Ode <kim@us.example>
Subject: Fwd: Leaks

For you.

---------- Forwarded message ---------
{SPANISH}"""


def found(text: str) -> Parsed:
    parsed = lead_of(text)
    assert isinstance(parsed, Parsed), parsed
    return parsed


@pytest.mark.parametrize("text", [SAVED, OUTLOOK, WEBMAIL, SPANISH, JAPANESE, FORWARDED])
def test_the_writer_is_the_lead(text: str) -> None:
    assert is_mail(text)
    parsed = found(text)
    values = told(parsed.cells).values
    assert (values["email"], called(values)) == ("ana@acme.example", "Ana Ruíz")
    assert (parsed.source, parsed.channel) == (SOURCE, CHANNEL)


def test_the_message_its_hour_and_the_signatures_number_come_along() -> None:
    parsed = found(SAVED)
    assert parsed.cells["notes"].startswith("Leaks at three sites\n\nHello, we lose water")
    assert "anything" not in parsed.cells["notes"]
    assert parsed.cells["phone"] == "+34 600 111 222"
    assert parsed.arrived == datetime(2026, 3, 2, 7, 15, tzinfo=UTC)
    assert found(OUTLOOK).arrived is None  # no zone: not for sure


def test_another_source_may_be_named() -> None:
    parsed = lead_of(WEBMAIL, "Web form")
    assert isinstance(parsed, Parsed)
    assert (parsed.source, parsed.channel) == ("Web form", None)


def test_an_address_alone_is_enough() -> None:
    assert told(found("please call\nbo@b.example\nthanks").cells).values["email"] == "bo@b.example"


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("", "mail.nobody"),
        ("Hello\nfrom nobody", "mail.nobody"),
        ("From: MAILER-DAEMON@x.example\nSubject: Undelivered Mail Returned to Sender\n\nno such user", "mail.machine"),
        ("From: ana@acme.example\nAuto-Submitted: auto-replied\nSubject: Out of office\n\nback Monday", "mail.machine"),
    ],
)
def test_what_nobody_wrote_is_refused(text: str, rule: str) -> None:
    refused = lead_of(text)
    assert isinstance(refused, Refused)
    assert refused.rule == rule


def test_a_line_about_somebody_is_no_mail() -> None:
    assert not is_mail("Ana Ruiz, Acme, ana@acme.example")
    assert not is_mail("Ana Ruiz\nAcme Pumps\n+34 600 111 222")


@given(st.text(max_size=300), st.sampled_from(["", "From: ", "De: Ana <a@b.example>\n", "Content-Type: multipart/"]))
def test_any_text_is_a_lead_or_a_refusal(text: str, start: str) -> None:
    is_mail(start + text)
    assert isinstance(lead_of(start + text), Parsed | Refused)
