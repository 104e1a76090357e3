"""Who writes: the name, the addresses and the words that go with whatever leaves, as the rep set them.

What a commercial message must carry is law: a postal address that works and a way to say no (US: 15 U.S.C.
7704(a)(5), CAN-SPAM; Canada: CASL section 6(2)). Elsewhere both go along whenever they are set.
"""

from __future__ import annotations

import re
from typing import NamedTuple

OPT_OUT = 'If you would rather not hear from me, answer "stop" and you will not.'
# Where no commercial mail may go without a postal address and a way to say no.
ADDRESS_ASKED = frozenset({"US", "CA"})
PAPERS = ("a4", "letter")
LABELS = ("3x8", "5160")
CARDS = (2, 4)  # postcards on a sheet

_UNSUBSCRIBE = re.compile(r"(?:mailto:[^\s<>,@]+@[^\s<>,@]+|https://[^\s<>,/]+[^\s<>,]*)")


class Sender(NamedTuple):
    """The rep as what leaves names them. Lines are lines of an address; empty values are not set.

    `unsubscribe` is a `mailto:` or `https:` address, in which `{id}` becomes the message's number. `head` stands on
    letters (else the name over the postal address); `font` is a TrueType file; `paper`, `labels`, `cards` say what
    is printed on (`PAPERS`, `LABELS`, `CARDS`).
    """

    name: str = ""
    email: str = ""
    phone: str = ""
    address: tuple[str, ...] = ()
    opt_out: str = OPT_OUT
    unsubscribe: str = ""
    head: tuple[str, ...] = ()
    font: str = ""
    paper: str = "a4"
    labels: str = "3x8"
    cards: int = 4

    @property
    def letterhead(self) -> tuple[str, ...]:
        """The lines that say on a letter who wrote it."""
        return self.head or tuple(line for line in (self.name, *self.address) if line)


NOBODY = Sender()  # nothing set


def may_unsubscribe(text: str) -> bool:
    """Whether `text` can stand in a List-Unsubscribe field (RFC 2369): a mailto: or https: address."""
    return text.isascii() and _UNSUBSCRIBE.fullmatch(text) is not None


def address_missing(sender: Sender, country: str | None) -> bool:
    """Whether a mail to `country` (ISO code) may not go for want of a postal address."""
    return country in ADDRESS_ASKED and not sender.address


def foot(sender: Sender, text: str) -> str:
    """What is added under `text`: the way to say no and the postal address, unless the text has them already."""
    address = ", ".join(sender.address)
    parts = [sender.opt_out if sender.opt_out and sender.opt_out not in text else "",
             address if address and address not in " ".join(text.split()) else ""]  # fmt: skip
    return "\n\n".join(part for part in parts if part)


def unsubscribe_of(sender: Sender, country: str | None, message_id: int) -> str:
    """The address of the List-Unsubscribe field: the one set, else where the law asks a mail to the rep, else none."""
    if sender.unsubscribe:
        return sender.unsubscribe.replace("{id}", str(message_id))
    asked = country in ADDRESS_ASKED and sender.email
    return f"mailto:{sender.email}?subject=unsubscribe" if asked else ""
