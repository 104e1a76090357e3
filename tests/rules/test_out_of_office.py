"""The return date and the stand-in of an out-of-office answer, in seven languages, and what is no such thing."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdr.rules.out_of_office import AHEAD, FARTHEST, Certainty, Return, back_on
from sdr.rules.stand_in import stand_in

TODAY = date(2026, 3, 2)  # a Monday
SAID, LIKELY = Certainty.SAID, Certainty.LIKELY


@pytest.mark.parametrize(
    ("text", "day", "phrase", "certainty"),
    [
        ("back on 12 March", 12, "back on 12 March", SAID),
        ("Back on Monday 16 March.", 16, "Back on Monday 16 March", SAID),
        ("I'll be back on the 12th of March", 12, "back on the 12th of March", SAID),
        ("out of office and will return Thursday, March 12.", 12, "return Thursday, March 12", SAID),
        ("We are here 24/7. I return 2026-03-12", 12, "return 2026-03-12", SAID),
        ("I will be back\non 12 March.\n\nBest, Ana", 12, "back on 12 March", SAID),
        ("I am out of the office until 12/03.", 13, "until 12/03", LIKELY),
        ("I am on leave through Friday, 13 March.", 14, "through Friday, 13 March", LIKELY),
        ("away 9-13 March", 14, "9-13 March", LIKELY),
        ("Out between 2 and 11 March", 12, "and 11 March", LIKELY),
        ("Away from 2 March to 11 March, back on March 12th, 2026.", 12, "back on March 12th, 2026", SAID),
        ("please call me after 12 March", 13, "after 12 March", LIKELY),
        ("12 March", 12, "12 March", LIKELY),
        ("back Monday", 9, "back Monday", LIKELY),
        ("back tomorrow", 3, "back tomorrow", SAID),
        ("back next week", 9, "back next week", LIKELY),
        ("ab dem 12.03. wieder", 12, "dem 12.03", SAID),
        ("Ich bin vom 02.03. bis 11.03.2026 nicht im Büro.", 12, "bis 11.03.2026", LIKELY),
        ("Bin bis einschließlich 11.3. im Urlaub.", 12, "bis einschließlich 11.3", LIKELY),
        ("Ich kehre am 12. März 2026 zurück", 12, "am 12. März 2026", SAID),
        ("Ich bin am Montag wieder da", 9, "Montag", LIKELY),
        ("de retour le 12 mars", 12, "retour le 12 mars", SAID),
        ("Je serai absent jusqu'au 11 mars inclus", 12, "jusqu'au 11 mars", LIKELY),
        ("Je suis absent du 2 au 11 mars.", 12, "au 11 mars", LIKELY),
        ("Vuelvo el 12 de marzo de 2026", 12, "Vuelvo el 12 de marzo de 2026", SAID),
        ("Estaré fuera hasta el 11 de marzo", 12, "hasta el 11 de marzo", LIKELY),
        ("Estarei de volta no dia 12 de março", 12, "de volta no dia 12 de março", SAID),
        ("Estou ausente até 11/03/2026", 12, "até 11/03/2026", LIKELY),
        ("Torno il 12 marzo", 12, "Torno il 12 marzo", SAID),
        ("Sono assente fino al 11 marzo", 12, "fino al 11 marzo", LIKELY),
        ("Ik ben terug op 12 maart", 12, "terug op 12 maart", SAID),
        ("Ik ben afwezig t/m 11 maart", 12, "t/m 11 maart", LIKELY),
    ],
)
def test_the_return_is_read(text: str, day: int, phrase: str, certainty: Certainty) -> None:
    found = back_on(text, TODAY)
    assert found is not None
    assert (found.day, found.phrase, found.certainty) == (date(2026, 3, day), phrase, certainty)


@pytest.mark.parametrize(
    "text",
    [
        "", "hello there", "out of office", "back 31 February", "Back on 1 March 2020.", "I was away until 1 March.",
        "from 12 March I will be away", "ab 12. März im Urlaub", "the offer of 12 March was sent to the wrong person",
        "call me on 0171 12.03.45 before 10.30 Uhr", "open 24/7", "I shall return on the 15.", "back in 2031-01-01",
    ],
)  # fmt: skip
def test_what_is_no_return_is_none(text: str) -> None:
    assert back_on(text, TODAY) is None


def test_day_and_month_of_a_slash_are_read_as_they_are_written_there() -> None:
    assert back_on("returning 3/12", TODAY, month_first=True).day == date(2026, 3, 12)  # type: ignore[union-attr]
    assert back_on("returning 3/12", TODAY) == Return(date(2026, 12, 3), "returning 3/12", LIKELY)
    assert back_on("returning 12.3.", TODAY, month_first=True).day == date(2026, 3, 12)  # type: ignore[union-attr]


def test_without_a_year_it_is_the_coming_one() -> None:
    found = back_on("back on 7 January", date(2026, 12, 20))
    assert found is not None
    assert found.day == date(2027, 1, 7)


WRITTEN = st.sampled_from(
    ["back on {0:%d %B %Y}", "wieder ab {0:%d.%m.%Y}", "de retour le {0:%d/%m/%Y}", "terug op {0:%Y-%m-%d}",
     "away until {1:%d %B %Y}", "absent jusqu'au {1:%d.%m.%Y}", "fuera hasta el {1:%d-%m-%Y}"]
)  # fmt: skip


@given(WRITTEN, st.dates(date(2024, 1, 1), date(2060, 1, 1)), st.integers(1, FARTHEST))
def test_a_whole_date_is_read_as_it_was_written(form: str, today: date, ahead: int) -> None:
    back = today + timedelta(days=ahead)
    found = back_on(form.format(back, back - timedelta(days=1)), today)
    assert found is not None
    assert found.day == back


WORDS = st.sampled_from(
    ["back", "on", "until", "bis", "12", "March", "12.03.", "3/12", "monday", "tomorrow", "le", "mars", "2 au 11", "\n",
     "from", "24/7", "29 February", "2026-02-29", ";", ".", "31.12.2026", "İstanbul", "ﬀ", "wieder"]
)  # fmt: skip


@given(st.lists(WORDS, max_size=14).map(" ".join) | st.text(max_size=80), st.dates(date(2024, 1, 1), date(2060, 1, 1)))
def test_a_return_is_never_in_the_past_and_its_words_are_in_the_text(text: str, today: date) -> None:
    found = back_on(text, today)
    if found is not None:
        assert today <= found.day <= today + timedelta(days=max(AHEAD, FARTHEST))
        assert found.phrase.rstrip(".") in " ".join(text.split())


def test_of_a_long_text_the_beginning_is_read() -> None:
    assert back_on("x" * 4_000 + " back on 12 March", TODAY) is not None
    assert back_on("x" * 6_000 + " back on 12 March", TODAY) is None


# --- who stands in ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "name", "email", "phone"),
    [
        ("please contact Bo Lind, bo@acme.example", "Bo Lind", "bo@acme.example", None),
        ("contact my colleague Bo Lind (bo@acme.example, +46 8 123 456).", "Bo Lind", "bo@acme.example",
         "+46 8 123 456"),
        ("please contact Bo Lind", "Bo Lind", None, None),
        ("For urgent matters email bo.lind@acme.example.", "Bo Lind", "bo.lind@acme.example", None),
        ("Please call Bo on +46 8 123 4567 or write bo@acme.example", "Bo", "bo@acme.example", "+46 8 123 4567"),
        ("wenden Sie sich bitte an Frau Petra Müller (p.mueller@acme.example)", "Petra Müller",
         "p.mueller@acme.example", None),
        ("Wenden Sie sich in dieser Zeit an meinen Kollegen Jan van der Berg, Tel. +49 30 1234567",
         "Jan van der Berg", None, "+49 30 1234567"),
        ("contacter Mme Claire Dupont : claire@acme.example", "Claire Dupont", "claire@acme.example", None),
        ("póngase en contacto con Juan García (juan@acme.example)", "Juan García", "juan@acme.example", None),
        ("Entre em contato com João da Silva, joao@acme.example", "João da Silva", "joao@acme.example", None),
        ("Per urgenze rivolgersi a Marco Rossi marco.rossi@acme.example", "Marco Rossi", "marco.rossi@acme.example",
         None),
        ("Neem contact op met Piet de Vries via piet@acme.example", "Piet de Vries", "piet@acme.example", None),
    ],
)  # fmt: skip
def test_the_stand_in_is_read(text: str, name: str, email: str | None, phone: str | None) -> None:
    found = stand_in(text)
    assert found is not None
    assert (found.name, found.email, found.phone) == (name, email, phone)


@pytest.mark.parametrize(
    "text",
    [
        "", "please contact info@acme.example", "contact support", "I will contact you when I return",
        "contact me on +34 600 000 000", "You can reach our Sales team at sales@acme.example",
        "please contact ana@acme.example", "Denken Sie an Frau Petra Müller", "contact: [/b] x [link=y]",
    ],
)  # fmt: skip
def test_nobody_in_particular_stands_in(text: str) -> None:
    assert stand_in(text, but=frozenset({"ana@acme.example"})) is None


@given(st.text(max_size=200).map(lambda words: f"please contact {words}"))
def test_any_text_is_read_without_a_fault(text: str) -> None:
    found = stand_in(text)
    assert found is None or (found.name and "\n" not in found.name and "\x1b" not in found.name)
