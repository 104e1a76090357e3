"""What an incoming mail is: a person's reply, a wish to hear no more, an absence, a bounce, or a machine's notice.

Pure: it judges headers and text that were read elsewhere. Sources: RFC 3834 (automatic answers), RFC 2369
(List-Unsubscribe by mail), and what mail programs do that follow neither. In doubt a mail is a reply: the rep reads it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from sdr.rules.mail_returned import Report, Returned, Trouble, noticed, reported
from sdr.rules.mail_wishes import asks_off


class MailKind(StrEnum):
    """What a mail is. The value is the word shown to the rep."""

    REPLY = "reply"
    UNSUBSCRIBE = "unsubscribe"
    OUT_OF_OFFICE = "out-of-office"
    BOUNCE = "bounce"  # the address does not exist
    UNDELIVERED = "undelivered"  # refused for another reason: the address may be good
    DELAYED = "delayed"  # a server goes on trying
    AUTOMATIC = "automatic"  # a receipt, a newsletter, “we have your request”


@dataclass(frozen=True, slots=True)
class Incoming:
    """What is known of a mail. `sender` is a bare address in lower case, `headers` have lower-case names,
    `text` is all of the body, `own` what they wrote themselves, `reports` its delivery report, if it has one."""

    sender: str = ""
    subject: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    text: str = ""
    own: str = ""
    reports: tuple[Report, ...] = ()


class Verdict(NamedTuple):
    """What a mail is; of one that came back the addresses it may be about, likeliest first, and why."""

    kind: MailKind
    recipients: tuple[str, ...] = ()
    why: str = ""


_OF_TROUBLE = {
    Trouble.GONE: MailKind.BOUNCE,
    Trouble.REFUSED: MailKind.UNDELIVERED,
    Trouble.WAITING: MailKind.DELAYED,
    Trouble.NONE: MailKind.AUTOMATIC,
}

# “Automatic reply: …” is what Outlook puts before the subject, in the language of its owner.
_AWAY = re.compile(
    r"""automatic(?:\ |-)reply | auto(?:\ |-)?(?:reply|response)\b | automatische\ (?:antwort|antwoord)
    | automatisch\ (?:antwoord|bericht) | réponse\ automatique | respuesta\ automática | risposta\ automatica
    | resposta\ automática | out\ of\ (?:the\ )?office | (?:i\ am\ |i['’]m\ )?(?:away|on\ (?:vacation|holiday|leave))\b
    | ooo\b | abwesen | (?:ich\ bin\ )?(?:im\ urlaub|nicht\ im\ (?:büro|haus)) | urlaub
    | absen(?:ce|t)\b | en\ (?:congés?|vacances)\b | hors\ du\ bureau | (?:estoy\ )?fuera\ de\ la\ oficina
    | ausen(?:te|cia)\b | de\ vacaciones | fuori\ (?:ufficio|sede) | assen(?:te|za)\b | in\ ferie
    | afwezig | niet\ aanwezig | op\ vakantie | fora\ do\ escritório | (?:de|em)\ férias | ausência""",
    re.IGNORECASE | re.VERBOSE,
)
_AWAY_IN_TEXT = re.compile(
    r"""\b(?:out\ of\ (?:the\ )?office | on\ (?:annual\ |parental\ |maternity\ |sick\ )?(?:leave|vacation|holiday)
    | away\ (?:from|until) | nicht\ im\ (?:büro|haus) | im\ urlaub | abwesend | elternzeit | en\ congés? | absente?\b
    | de\ retour | fuera\ de\ la\ oficina | de\ vacaciones | ausente | fuori\ (?:ufficio|sede) | in\ ferie
    | assente | afwezig | op\ vakantie | met\ verlof | fora\ do\ escritório | de\ férias | em\ férias)""",
    re.IGNORECASE | re.VERBOSE,
)
_NOTICE = re.compile(
    r"""\b(?:ticket | case\ (?:number|id|\#) | request\ (?:has\ been\ )?received | thank\ you\ for\ contacting
    | received\ your\ (?:request|message|e-?mail) | ihre\ anfrage | ticketnummer | vorgangsnummer
    | numéro\ de\ (?:ticket|dossier) | nous\ avons\ bien\ reçu | hemos\ recibido | abbiamo\ ricevuto
    | uw\ aanvraag | recebemos)""",
    re.IGNORECASE | re.VERBOSE,
)
_ANSWERED = re.compile(
    r"\s*(?:(?:re|aw|sv|antw|rv|ris|res|r|fw|fwd|wg|tr|doorst|i|enc)\s*(?:\[\d+\])?:\s*)+", re.IGNORECASE
)
_NUMBERED = re.compile(r"[\s\[(<#:_-]+\d+[\])>]?\s*$|\s*[\[(<].*", re.DOTALL)  # “unsubscribe 12”
_GREETING = re.compile(
    r"\s*(?:hi|hello|hey|dear|hallo|guten (?:tag|morgen)|liebe[rs]?|sehr geehrte[rs]?|bonjour|cher|chère|hola"
    r"|estimad[oa]|buenos días|ciao|buongiorno|gentile|beste|geachte|olá|prezad[oa])\b[^\n]{0,40}[,!.]?[ \t]*(?:\n|$)",
    re.IGNORECASE,
)
_ROBOTS = ("auto_reply", "auto-reply", "autoreply")
_MARKS = ("x-autoreply", "x-autorespond", "x-autoresponder", "x-auto-reply", "x-mail-autoreply")


def judged(mail: Incoming) -> Verdict:
    """What `mail` is."""
    failed = mail.headers.get("x-failed-recipients", "")
    back = reported(mail.reports) if mail.reports else noticed(mail.sender, mail.subject, failed, mail.text)
    return _came_back(back) if back else Verdict(_kind(mail))


def _came_back(back: Returned) -> Verdict:
    return Verdict(_OF_TROUBLE[back.trouble], back.recipients, back.why)


def _kind(mail: Incoming) -> MailKind:
    if "disposition-notification" in mail.headers.get("content-type", "").lower():
        return MailKind.AUTOMATIC  # a receipt for having opened it
    automatic = _is_automatic(mail)
    if _AWAY.match(_bare_subject(mail)) or (automatic and _AWAY_IN_TEXT.search(mail.text[:2000])):
        return MailKind.OUT_OF_OFFICE
    if _went_to_many(mail, automatic):
        return MailKind.AUTOMATIC
    if not automatic:
        return MailKind.UNSUBSCRIBE if _wishes_off(mail) else MailKind.REPLY
    generated = mail.headers.get("auto-submitted", "").lower().startswith("auto-generated")
    notice = generated or _NOTICE.search(f"{mail.subject}\n{mail.text[:1000]}")
    return MailKind.AUTOMATIC if notice else MailKind.OUT_OF_OFFICE


def _bare_subject(mail: Incoming) -> str:
    """A subject without the marks of answering and forwarding."""
    return _ANSWERED.sub("", mail.subject, count=1).lstrip(" [(*")


def _is_automatic(mail: Incoming) -> bool:
    """Whether no person wrote it (RFC 3834 section 5, and the marks that were there before it)."""
    submitted = mail.headers.get("auto-submitted", "").partition(";")[0].strip().lower()
    if submitted not in ("", "no") or mail.headers.get("precedence", "").strip().lower() in _ROBOTS:
        return True
    return any(mail.headers.get(name, "").strip().lower() not in ("", "no") for name in _MARKS)


def _went_to_many(mail: Incoming, automatic: bool) -> bool:
    """Whether it is a newsletter or a list's, which is no answer and speaks of unsubscribing from itself."""
    if mail.headers.get("list-id"):
        return True  # many vacation programs say “bulk” too
    return not automatic and mail.headers.get("precedence", "").strip().lower() in ("bulk", "list", "junk")


def _wishes_off(mail: Incoming) -> bool:
    """A mail to the List-Unsubscribe address has the wish as its subject and nothing to say; a person writes the wish
    as all they have to say, below a greeting and above their name."""
    paragraphs = [part for part in re.split(r"\n\s*\n", _GREETING.sub("", mail.own)) if part.strip()]
    if not paragraphs:
        return asks_off(_NUMBERED.sub("", _bare_subject(mail), count=1))
    return asks_off("\n".join(paragraphs)) or asks_off(paragraphs[0])
