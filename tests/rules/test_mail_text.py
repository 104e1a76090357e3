"""What somebody wrote themselves: quoted parts, signatures and footers left out, in several languages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdr.rules.mail_text import LONGEST, own_words

QUOTED = "> Would Tuesday suit you?\n> Bo\n> -- \n> Bo Lind, Desk"


@pytest.mark.parametrize(
    "announced",
    [
        "On Mon, 2 Mar 2026 at 09:00, Bo Lind <bo@desk.example> wrote:",
        "On Mon, 2 Mar 2026 at 09:00, Bo Lind from a company with a long name\n<bo@desk.example> wrote:",
        "Am Mo., 2. März 2026 um 09:00 Uhr schrieb Bo Lind <bo@desk.example>:",
        "Am 02.03.2026 um 09:00 schrieb Bo Lind:",
        "Le lun. 2 mars 2026 à 09:00, Bo Lind <bo@desk.example> a écrit :",
        "El lun, 2 mar 2026 a las 9:00, Bo Lind (<bo@desk.example>) escribió:",
        "Il giorno lun 2 mar 2026 alle ore 09:00 Bo Lind <bo@desk.example> ha scritto:",
        "Op ma 2 mrt 2026 om 09:00 schreef Bo Lind <bo@desk.example>:",
        "Em seg., 2 de mar. de 2026 às 09:00, Bo Lind <bo@desk.example> escreveu:",
        "W dniu 2.03.2026 o 09:00, Bo Lind pisze, napisał:",
    ],
)
def test_what_was_quoted_is_not_theirs(announced: str) -> None:
    assert own_words(f"Tuesday is fine.\n\n{announced}\n\n{QUOTED}") == "Tuesday is fine."
    assert own_words(f"{announced}\n{QUOTED}\n\nTuesday is fine.") == "Tuesday is fine."
    bare = QUOTED.replace("> ", "")
    assert own_words(f"Tuesday is fine.\n\n{announced}\n\n{bare}") == "Tuesday is fine."


@pytest.mark.parametrize(
    "older",
    [
        "-----Original Message-----\nFrom: Bo Lind",
        "-----Ursprüngliche Nachricht-----\nVon: Bo Lind",
        "________________________________\nFrom: Bo Lind <bo@desk.example>\nSent: Monday",
        "From: Bo Lind <bo@desk.example>\nSent: Monday, 2 March 2026 09:00\nTo: Ana\nSubject: pumps",
        "Von: Bo Lind <bo@desk.example>\nGesendet: Montag, 2. März 2026 09:00\nAn: Ana",
        "De : Bo Lind <bo@desk.example>\nEnvoyé : lundi 2 mars 2026 09:00",
        "Da: Bo Lind\nInviato: lunedì 2 marzo 2026",
        "-- \nAna Ruiz\nAcme Pumps",
        "--\nAna Ruiz",
        "Sent from my iPhone",
        "Von meinem iPhone gesendet",
        "Envoyé de mon iPhone",
        "Get Outlook for Android",
    ],
)
def test_signatures_and_older_mails_end_it(older: str) -> None:
    assert own_words(f"Call me.\nBefore noon.\n\n{older}\nwords that are not theirs") == "Call me.\nBefore noon."


def test_answers_between_quoted_lines_are_kept_together() -> None:
    text = "> Budget?\nYes, this year.\n> Who decides?\nI do.\n\n\n\n> When?\nMarch."
    assert own_words(text) == "Yes, this year.\nI do.\n\nMarch."


def test_sentences_that_look_alike_stay() -> None:
    text = "On Tuesday I wrote to Bo.\nFrom: what I see it fits.\nDe: nada"
    assert own_words(text) == text


def test_it_is_bounded_and_harmless() -> None:
    assert len(own_words("word " * 100_000)) <= LONGEST
    assert own_words("a\x00b\x1b[31mc\u202ed") == "abcd"
    assert own_words("") == ""


@given(st.text(alphabet=st.sampled_from("On wrote:>-_ \nFrom:Sent Am schrieb2,"), max_size=400))
def test_any_text_gives_some_of_its_own_lines(text: str) -> None:
    given_lines = {line.strip() for line in text.split("\n")}
    assert all(line.strip() in given_lines for line in own_words(text).split("\n") if line)
