"""The rep's own mailbox as config.toml names it: where mail is handed in, where it is read, and how safely.

Off until it is set. A connection is encrypted and its certificate verified; plain only to this very machine, and only
when that is asked for.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from sdr.models.terms import Refused

TLS = ("auto", "starttls", "implicit", "none")
IMPLICIT_PORTS = frozenset({465, 993})  # RFC 8314: encrypted from the first byte
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
MOST_A_DAY = 2_000
EXAMPLE = 'from = "you@acme.example", smtp = "smtp.acme.example:587", imap = "imap.acme.example:993"'
_SERVER = re.compile(r"\[?(?P<host>[A-Za-z0-9:._-]{1,253}?)\]?:(?P<port>\d{1,5})")


class Server(NamedTuple):
    """One mail server; `tls` is `starttls`, `implicit` or `none`."""

    host: str
    port: int
    tls: str

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


class Mailbox(NamedTuple):
    """The rep's mailbox. `smtp` or `imap` may be missing; `a_day` is how many mails leave on one day at most."""

    address: str
    user: str
    smtp: Server | None
    imap: Server | None
    folder: str = "INBOX"
    a_day: int = 200


def no_password(user: str, ring: str) -> Refused:
    """There is no password, and where it may stand: never in a file, never on a line that others can see."""
    return Refused(
        "mail.password", f"there is no password for {user}",
        hint=f"put it into SDR_MAIL_PASSWORD, or with the extra “mail” into the keyring: keyring set {ring} {user}",
    )  # fmt: skip


def mailbox(
    *, address: str, user: str, smtp: str, imap: str, tls: str, folder: str, a_day: int, own: str = ""
) -> Mailbox | Refused:
    """The mailbox from the words of config.toml (`own` is the rep's address, when `address` is empty)."""
    if not smtp and not imap:
        return Refused("mail.off", f"mail is off; to turn it on, write under [mail] in config.toml: {EXAMPLE}")
    words = {"from": address, "smtp": smtp, "imap": imap, "user": user, "tls": tls, "folder": folder}
    for key, word in words.items():
        if not isinstance(word, str):
            return _wrong(key, "is a text in quotation marks")
    if type(a_day) is not int or not 1 <= a_day <= MOST_A_DAY:
        return _wrong("a_day", f"is a whole number from 1 to {MOST_A_DAY:,}")
    if tls not in TLS:
        return _wrong("tls", f"is one of {', '.join(TLS)}")
    sender = address or own
    if sender.count("@") != 1 or not sender.isascii() or any(char.isspace() or char in "<>" for char in sender):
        return _wrong("from", "is your e-mail address, like you@acme.example")
    if not folder.isascii() or not folder.isprintable() or not folder:
        return _wrong("folder", "is the name of a folder as the server spells it, like INBOX")
    servers = [_server(key, word, tls) for key, word in (("smtp", smtp), ("imap", imap))]
    for server in servers:
        if isinstance(server, Refused):
            return server
    out, into = (server if isinstance(server, Server) else None for server in servers)
    return Mailbox(sender, user or sender, out, into, folder, a_day)


def _server(key: str, word: str, tls: str) -> Server | Refused | None:
    if not word:
        return None
    found = _SERVER.fullmatch(word.strip())
    if found is None or not 0 < int(found["port"]) < 65_536:
        return _wrong(key, f"is a server and its port, like {key}.acme.example:{587 if key == 'smtp' else 993}")
    host, port = found["host"].lower(), int(found["port"])
    if tls == "none" and host not in LOOPBACK:
        return _wrong("tls", f"may be none only to this machine itself; {host} must be encrypted")
    usual = "implicit" if port in IMPLICIT_PORTS else "starttls"
    return Server(host, port, usual if tls == "auto" else tls)


def _wrong(key: str, what: str) -> Refused:
    return Refused("mail.config", f"config.toml: [mail] {key} {what}")
