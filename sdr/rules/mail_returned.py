"""Mail that came back: delivery reports (RFC 3464, status codes of RFC 3463) and notices that follow no standard.

It tells an address that does not exist from a mail that was refused for another reason: only the first may cost a
lead their address.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
_CODE = re.compile(r"(?<![\d.#])([45])[0-7]\d(?![\d.])")
_NO_SUCH = re.compile(
    r"""user\ (?:is\ )?unknown | unknown\ (?:user|recipient|address)
    | no\ such\ (?:user|recipient|person|mailbox|address) | (?:recipient|user)\ not\ found
    | (?:user|recipient|address|mailbox|account)\ (?:\S+\ )?(?:does\ not|doesn['’]t)\ exist
    | (?:invalid|bad)\ (?:recipient|mailbox|destination) | not\ a\ valid\ (?:user|mailbox)
    | address\ (?:not\ found|couldn['’]t\ be\ found|rejected:\ (?:user|undeliverable))
    | (?:account|mailbox)\ (?:is\ )?(?:disabled|deactivated|not\ found|inactive)
    | domain\ (?:name\ )?not\ found | host\ (?:or\ domain\ name\ )?not\ found | unrouteable\ address
    | unbekannter\ empfänger | (?:empfänger|adresse)\ (?:ist\ )?unbekannt | destinataire\ inconnu
    | adresse\ introuvable | usuario\ desconocido | destinatario\ sconosciuto | onbekende\ gebruiker""",
    re.IGNORECASE | re.VERBOSE,
)
_DAEMON = re.compile(
    r"(?:mailer-?daemon|mail-?daemon|mail-?delivery(?:-?(?:system|subsystem))?|postmaster|bounces?"
    r"|microsoftexchange\w*)(?:[+._-][^@]*)?@"
)
_CAME_BACK = re.compile(
    r"""undeliver | non-?deliver | not\ delivered | delivery\ (?:status|failure|has\ failed|report)
    | failure\ notice | mail\ delivery | returned\ (?:mail|to\ sender) | could\ not\ be\ delivered
    | unzustellbar | zustellung | nicht\ zugestellt | non[\ -]?(?:remis|distribu|délivr)
    | échec\ de\ (?:la\ )?remise | no\ entreg | devuelto | error\ de\ entrega | mancat[ao]\ (?:consegna|recapito)
    | non\ recapitabile | onbestelbaar | niet\ (?:bezorgd|afgeleverd) | não\ (?:foi\ )?entregue | falha\ na\ entrega
    | warning:\ message | delay""",
    re.IGNORECASE | re.VERBOSE,
)
_STILL_TRYING = re.compile(
    r"delay|\bwarning|still being retried|will be retried|keep trying|verzöger|verspät|retardé|retrasad|ritardat"
    r"|vertraagd|atrasad",
    re.IGNORECASE,
)
_ADDRESS = re.compile(
    r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[a-z0-9](?:[a-z0-9-]{0,62}\.){1,6}[a-z0-9-]{2,24}", re.IGNORECASE
)
_MOST = 5  # addresses that a notice may be about
_LOOKED_AT = 6_000  # characters of its text

# Faults of who sends (RFC 3463: the sender's address, its system, a quota, a login): no recipient's doing.
_OURS = frozenset(
    {"5.1.7", "5.1.8", "5.4.5", "5.5.1", "5.7.8", "5.7.9", "5.7.11", "5.7.13", "5.7.14", "5.7.30", "5.7.57"}
)


class Report(NamedTuple):
    """One recipient of a delivery report: its address, what was done, the status code, the server's words."""

    recipient: str
    action: str
    status: str
    diagnostic: str


class Trouble(StrEnum):
    """What became of a mail that was not delivered."""

    GONE = "gone"  # the address does not exist
    REFUSED = "refused"  # for another reason; the address may be good
    WAITING = "waiting"  # a server goes on trying
    NONE = "none"  # it was delivered after all


class Returned(NamedTuple):
    """What a notice tells: the trouble, the addresses it may be about (likeliest first), and its reason."""

    trouble: Trouble
    recipients: tuple[str, ...]
    why: str = ""


class Fault(StrEnum):
    """Whose fault a refusal of a mail server is."""

    ADDRESS = "address"  # nobody there: never again
    MAIL = "mail"  # this mail to this one: not again as it is
    SENDER = "sender"  # us or our account: nothing will go through
    LATER = "later"  # try again


def fault_of(code: int, text: str) -> Fault:
    """Whose fault it is that a server said `code` (SMTP) and `text` to one mail."""
    if 400 <= code < 500:
        return Fault.LATER
    if _status(text) in _OURS or code in (530, 534, 535, 538):
        return Fault.SENDER
    return Fault.ADDRESS if no_such_address("", text) else Fault.MAIL


def no_such_address(status: str, text: str) -> bool:
    """Whether a permanent refusal means that the address does not exist. `status` is RFC 3463's, empty if none."""
    specific = _status(text) if status in ("", "5.0.0") else status
    if specific in _OURS or specific.startswith(("2.", "4.")):
        return False
    if specific and not specific.startswith("5.0."):
        return specific.startswith("5.1.") or specific in ("5.2.1", "5.4.4")
    return bool(_NO_SUCH.search(text))


def reported(reports: Sequence[Report]) -> Returned:
    """What a delivery report says, its failures first."""
    failed = [one for one in reports if one.action == "failed" or (not one.action and one.status.startswith("5"))]
    if failed:
        gone = [one for one in failed if no_such_address(one.status, one.diagnostic)]
        told = " ".join(part for part in ((gone or failed)[0].status, (gone or failed)[0].diagnostic) if part)
        trouble = Trouble.GONE if gone else Trouble.REFUSED
        return Returned(trouble, tuple(one.recipient for one in gone or failed), told[:200])
    waiting = any(one.action == "delayed" or one.status.startswith("4") for one in reports)
    return Returned(Trouble.WAITING if waiting else Trouble.NONE, tuple(one.recipient for one in reports))


def from_daemon(sender: str) -> bool:
    """Whether an address (lower case) is that of a mail system and of no person."""
    return bool(_DAEMON.match(sender))


def noticed(sender: str, subject: str, failed: str, text: str) -> Returned | None:
    """A notice that follows no standard, told by who wrote it (`sender`, lower case) and its `subject`, or by an
    `X-Failed-Recipients` field (`failed`); None when it is no such notice."""
    if not failed and not (from_daemon(sender) and _CAME_BACK.search(subject)):
        return None
    head = text[:_LOOKED_AT]
    named = _ADDRESS.findall(failed) or [one for one in _ADDRESS.findall(head) if not from_daemon(one.lower())]
    recipients = tuple(dict.fromkeys(one.lower().rstrip(".") for one in named))[:_MOST]
    if _STILL_TRYING.search(subject) or _is_temporary(head):
        return Returned(Trouble.WAITING, recipients)
    return Returned(Trouble.GONE if no_such_address("", head) else Trouble.REFUSED, recipients, _reason(head))


def _status(text: str) -> str:
    found = _STATUS.search(text)
    return found[0] if found else ""


def _is_temporary(text: str) -> bool:
    """Whether a server says that it goes on, and nothing in its words is final."""
    codes = {found[1] for found in (*_STATUS.finditer(text), *_CODE.finditer(text))}
    return bool(_STILL_TRYING.search(text)) and "5" not in codes


def _reason(text: str) -> str:
    """The line that says why, as well as one can tell."""
    lines = [line.strip() for line in text.splitlines()]
    told = next((line for line in lines if _STATUS.search(line)), None)
    return (told or next((line for line in lines if _CODE.search(line)), ""))[:200]
