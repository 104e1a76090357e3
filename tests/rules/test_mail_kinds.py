"""Kinds of incoming mail: samples as mail programs really write them, in the languages of the desk's leads."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdr.rules.mail_kinds import Incoming, MailKind, judged
from sdr.rules.mail_returned import Fault, Report, Trouble, fault_of, no_such_address, noticed, reported
from sdr.rules.mail_wishes import asks_off

ANA = "ana@acme.example"


def kind(subject: str = "Re: your pumps", own: str = "", **headers: str) -> MailKind:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return judged(Incoming(ANA, subject, named, own, own)).kind


@pytest.mark.parametrize(
    ("subject", "own"),
    [
        ("Re: leaks at three sites", "Yes, let's talk on Tuesday."),
        ("AW: Ihre Anfrage", "Gerne, rufen Sie mich an."),
        ("", ""),
        ("Re: unsubscribe rates of your newsletter", "How do you measure them?"),
        ("Re: pumps", "Why should I stop using the old ones?"),
        ("Re: pumps", "I would unsubscribe from our present vendor if you can deliver in March. Can you?"),
        ("Re: pumps", "Stop by on Tuesday, I am there all day."),
        ("Re: pumps", "Please.\n\nAna"),
        ("Holiday plans", "When do you close?"),
        ("Re: Urgent", "Automatic pumps only."),
        ("Accepted: Call about pumps", ""),
    ],
)
def test_what_a_person_says_is_a_reply(subject: str, own: str) -> None:
    assert kind(subject, own) is MailKind.REPLY


@pytest.mark.parametrize(
    "own",
    [
        "unsubscribe", "Unsubscribe.", "UNSUBSCRIBE ME", "please unsubscribe me, thanks", "Stop", "STOP!!!", "stop.",
        "Please remove me from your list.", "Hi Bo,\nplease take me off your list", "opt-out", "Don't contact me again",
        "Unsubscribe\n\nAna Ruiz\nOperations director\nAcme Pumps", "Hello,\n\nunsubscribe me please.\n\nThank you",
        "Abmelden", "Bitte abmelden", "Guten Tag,\n\nbitte austragen. Danke!", "Keine E-Mails mehr, bitte",
        "Désinscription", "Désinscrivez-moi, s'il vous plaît", "Bonjour,\n\nme désinscrire svp\n\nMerci",
        "baja", "Por favor, darme de baja. Gracias", "Hola Bo:\ncancelar la suscripción",
        "Cancellami", "Per favore cancellatemi", "disiscrivi grazie",
        "Afmelden", "Uitschrijven aub", "Graag uitschrijven, dank u", "Verwijder mij uit de lijst",
        "Descadastrar", "Por favor, remova-me da lista. Obrigado", "cancelar inscrição", "Proszę wypisz mnie",
    ],
)  # fmt: skip
def test_a_wish_for_no_more_mail_as_all_they_say(own: str) -> None:
    assert kind("Re: pumps", own) is MailKind.UNSUBSCRIBE


@pytest.mark.parametrize("subject", ["unsubscribe", "Unsubscribe", "unsubscribe 4294967301", "Re: unsubscribe [12]"])
def test_a_mail_to_the_unsubscribe_address_says_it_in_its_subject(subject: str) -> None:
    assert kind(subject) is MailKind.UNSUBSCRIBE
    assert kind(subject, "I mean from our vendor; call me tomorrow about yours") is MailKind.REPLY


@pytest.mark.parametrize(
    "subject",
    [
        "Automatic reply: your pumps", "Out of office: Ana Ruiz", "Re: Out of the Office", "Auto-Reply: pumps",
        "OOO until Monday", "I am on vacation", "Away from my desk",
        "Automatische Antwort: Pumpen", "Abwesenheitsnotiz: Pumpen", "AW: Abwesenheit", "Ich bin im Urlaub",
        "Réponse automatique : vos pompes", "Absence du bureau", "En congés jusqu'au 12",
        "Respuesta automática: bombas", "Fuera de la oficina", "Ausente hasta el lunes",
        "Risposta automatica: pompe", "Fuori ufficio", "Assenza dall'ufficio",
        "Automatisch antwoord: pompen", "Afwezig: pompen", "Afwezigheidsbericht",
        "Resposta automática: bombas", "Fora do escritório", "Ausência temporária",
    ],
)  # fmt: skip
def test_absences_by_their_subject(subject: str) -> None:
    assert kind(subject, "I will be back on 12 March.") is MailKind.OUT_OF_OFFICE


@pytest.mark.parametrize(
    "headers",
    [
        {"auto_submitted": "auto-replied"}, {"auto_submitted": "auto-replied; owner-email=ana@acme.example"},
        {"x_autoreply": "yes"}, {"x_autorespond": "1"}, {"precedence": "auto_reply"},
        {"auto_submitted": "auto-generated", "precedence": "bulk"},
    ],
)  # fmt: skip
def test_absences_by_their_marks(headers: dict[str, str]) -> None:
    assert kind("Re: pumps", "I am on leave until Monday.", **headers) is MailKind.OUT_OF_OFFICE


@pytest.mark.parametrize(
    ("subject", "own", "headers"),
    [
        ("[#4711] We have received your request", "Your ticket is open.", {"auto_submitted": "auto-replied"}),
        ("Ihre Anfrage ist eingegangen", "Vorgangsnummer 12", {"x_autoreply": "yes"}),
        ("Your weekly digest", "", {"auto_submitted": "auto-generated"}),
        ("Spring news", "New pumps! Unsubscribe here.", {"precedence": "bulk", "list_id": "<news.acme.example>"}),
        ("unsubscribe", "", {"list_id": "<news.acme.example>"}),
        ("Read: pumps", "", {"content_type": "multipart/report; report-type=disposition-notification"}),
    ],
)  # fmt: skip
def test_notices_of_machines_are_no_replies(subject: str, own: str, headers: dict[str, str]) -> None:
    assert kind(subject, own, **headers) is MailKind.AUTOMATIC


def test_what_says_it_is_no_machine_is_a_person() -> None:
    assert kind("Re: pumps", "Call me.", auto_submitted="no", x_autoreply="no") is MailKind.REPLY
    assert kind("Re: pumps", "unsubscribe", auto_submitted="auto-replied") is not MailKind.UNSUBSCRIBE


GONE = Report("bo@acme.example", "failed", "5.1.1", "smtp; 550 5.1.1 <bo@acme.example>: user unknown")


@pytest.mark.parametrize(
    ("reports", "trouble"),
    [
        ((GONE,), Trouble.GONE),
        ((Report("bo@acme.example", "failed", "5.0.0", "550 5.1.1 no mailbox"),), Trouble.GONE),
        ((Report("bo@acme.example", "failed", "5.0.0", "user unknown"),), Trouble.GONE),
        ((Report("bo@acme.example", "failed", "5.2.2", "mailbox full"),), Trouble.REFUSED),
        ((Report("bo@acme.example", "failed", "5.7.1", "blocked, user unknown to us"),), Trouble.REFUSED),
        ((Report("bo@acme.example", "failed", "4.4.7", "expired"),), Trouble.REFUSED),
        ((Report("bo@acme.example", "delayed", "4.4.1", "no answer"),), Trouble.WAITING),
        ((Report("bo@acme.example", "relayed", "2.0.0", ""),), Trouble.NONE),
        ((Report("bo@acme.example", "relayed", "2.0.0", ""), GONE), Trouble.GONE),
        ((Report("bo@acme.example", "", "5.1.1", ""),), Trouble.GONE),
    ],
)
def test_delivery_reports(reports: tuple[Report, ...], trouble: Trouble) -> None:
    found = reported(reports)
    assert (found.trouble, found.recipients[-1]) == (trouble, "bo@acme.example")


EXIM = """This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its recipients.

  bo@acme.example
    host mx.acme.example [192.0.2.1]
    SMTP error from remote mail server after RCPT TO:<bo@acme.example>:
    550 5.1.1 <bo@acme.example> User unknown"""
QMAIL = """Hi. This is the qmail-send program at mail.acme.example.
I'm afraid I wasn't able to deliver your message to the following addresses.

<bo@acme.example>:
192.0.2.1 does not like recipient.
Remote host said: 550 no such user here"""
FULL = "<bo@acme.example>: host mx said: 552 5.2.2 Mailbox is full"
LATE = """This is a warning message only. Delivery to bo@acme.example has been delayed: 451 4.4.1 no answer.
We will keep trying."""
LOST = "bo@acme.example wasn't found: 550 5.1.10 resolver"


@pytest.mark.parametrize(
    ("sender", "subject", "failed", "text", "trouble"),
    [
        ("mailer-daemon@mx.desk.example", "Mail delivery failed: returning message to sender", "", EXIM, Trouble.GONE),
        ("mailer-daemon@desk.example", "failure notice", "", QMAIL, Trouble.GONE),
        ("postmaster@acme.example", "Undeliverable: your pumps", "", LOST, Trouble.GONE),
        ("postmaster@acme.example", "Unzustellbar: Pumpen", "", "bo@acme.example: Empfänger unbekannt", Trouble.GONE),
        ("postmaster@acme.example", "Non remis : pompes", "", "bo@acme.example : destinataire inconnu", Trouble.GONE),
        ("mailer-daemon@desk.example", "Undelivered Mail Returned to Sender", "", FULL, Trouble.REFUSED),
        ("mailer-daemon@desk.example", "Warning: message delayed 24 hours", "", LATE, Trouble.WAITING),
        ("mailer-daemon@desk.example", "Delivery Status Notification (Delay)", "", LATE, Trouble.WAITING),
        ("noreply@acme.example", "Your mail", "bo@acme.example", "550 5.1.1 no such user", Trouble.GONE),
    ],
)  # fmt: skip
def test_notices_that_follow_no_standard(sender: str, subject: str, failed: str, text: str, trouble: Trouble) -> None:
    found = noticed(sender, subject, failed, text)
    assert found is not None
    assert (found.trouble, found.recipients[0]) == (trouble, "bo@acme.example")
    mail = Incoming(sender, subject, {"x-failed-recipients": failed} if failed else {}, text, text)
    assert judged(mail).kind in (MailKind.BOUNCE, MailKind.UNDELIVERED, MailKind.DELAYED)


@pytest.mark.parametrize(
    ("sender", "subject"),
    [("ana@acme.example", "Undeliverable pumps"), ("postmaster@acme.example", "Re: your offer")],
)
def test_a_person_who_speaks_of_delivery_is_no_notice(sender: str, subject: str) -> None:
    assert noticed(sender, subject, "", "550 5.1.1 user unknown bo@acme.example") is None


@pytest.mark.parametrize(
    ("code", "said", "fault"),
    [
        (550, "5.1.1 user unknown", Fault.ADDRESS), (550, "5.1.10 not found", Fault.ADDRESS),
        (550, "no such user here", Fault.ADDRESS), (550, "5.1.2 bad destination", Fault.ADDRESS),
        (550, "5.7.1 blocked by policy", Fault.MAIL), (552, "5.2.2 mailbox full", Fault.MAIL), (554, "", Fault.MAIL),
        (550, "5.4.5 daily quota exceeded", Fault.SENDER), (550, "5.1.8 bad sender", Fault.SENDER),
        (530, "authenticate first", Fault.SENDER), (535, "5.7.8 no", Fault.SENDER),
        (450, "4.2.0 greylisted", Fault.LATER), (421, "busy", Fault.LATER), (451, "5.1.1 odd", Fault.LATER),
    ],
)  # fmt: skip
def test_whose_fault_a_refusal_is(code: int, said: str, fault: Fault) -> None:
    assert fault_of(code, said) is fault


def test_numbers_that_are_no_codes() -> None:
    assert not no_such_address("", "version 15.1.1.2 says full")
    assert not no_such_address("", "sent from 192.5.1.1")


@given(
    st.text(max_size=300), st.text(max_size=300), st.dictionaries(st.sampled_from(["precedence", "list-id"]), st.text())
)
def test_any_text_is_judged(subject: str, text: str, headers: dict[str, str]) -> None:
    assert judged(Incoming(ANA, subject, headers, text, text)).kind in MailKind


@given(st.text(max_size=120))
def test_a_wish_does_not_come_out_of_nowhere(text: str) -> None:
    if asks_off(text):
        assert any(char.isalpha() for char in text)
