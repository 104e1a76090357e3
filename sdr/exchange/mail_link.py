"""A connection to one mail server: encrypted, its certificate verified, and every failure a sentence.

No password, address or answer of a server with one in it ever gets into a sentence or a traceback.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sdr.rules.mailbox import Server
from sdr.rules.text import clean

if TYPE_CHECKING:
    from imaplib import IMAP4
    from smtplib import SMTP
    from ssl import SSLContext

PATIENCE = 30.0  # seconds for a server to answer
SAID = 160  # characters of a server's own words


class MailFailed(Exception):
    """A mail server could not be used; the text is a sentence that says which, why, and what to do."""


@contextmanager
def smtp_link(server: Server, user: str, password: str) -> Iterator[SMTP]:
    """A server that takes mail from us, logged in; `MailFailed` when it cannot be used."""
    import smtplib

    with told(server):
        link = (
            smtplib.SMTP_SSL(server.host, server.port, timeout=PATIENCE, context=_context())
            if server.tls == "implicit"
            else smtplib.SMTP(server.host, server.port, timeout=PATIENCE)
        )
    try:
        with told(server):
            link.ehlo_or_helo_if_needed()
            if server.tls == "starttls":
                if not link.has_extn("starttls"):
                    raise MailFailed(f"{server} offers no encryption (STARTTLS); nothing was sent; see [mail] tls")
                link.starttls(context=_context())
                link.ehlo()
            if link.has_extn("auth"):
                link.login(user, password)
        yield link
    finally:
        _leave(link.quit)
        link.close()


@contextmanager
def imap_link(server: Server, user: str, password: str) -> Iterator[IMAP4]:
    """A server that keeps our mail, logged in; `MailFailed` when it cannot be used."""
    import imaplib

    with told(server):
        link = (
            imaplib.IMAP4_SSL(server.host, server.port, ssl_context=_context(), timeout=PATIENCE)
            if server.tls == "implicit"
            else imaplib.IMAP4(server.host, server.port, timeout=PATIENCE)
        )
    try:
        with told(server):
            if server.tls == "starttls":
                if "STARTTLS" not in link.capabilities:
                    raise MailFailed(f"{server} offers no encryption (STARTTLS); nothing was read; see [mail] tls")
                link.starttls(ssl_context=_context())
            _log_in(link, user, password)
        yield link
    finally:
        _leave(link.logout)


def words_of(answer: object) -> str:
    """What a server said, in one line that may be shown."""
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else str(answer)
    return clean(" ".join(text.split()))[:SAID]


def _context() -> SSLContext:
    """Encryption with the certificates this machine trusts, host names checked; TLS 1.2 at least."""
    import ssl

    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _log_in(link: IMAP4, user: str, password: str) -> None:
    """By AUTHENTICATE PLAIN (RFC 4616), which carries every character; LOGIN where that is all there is."""
    if "AUTH=PLAIN" in link.capabilities:
        link.authenticate("PLAIN", lambda _challenge: f"\0{user}\0{password}".encode())
    else:
        link.login(user, password)


@contextmanager
def told(server: Server) -> Iterator[None]:
    """Failures while talking to `server` become `MailFailed`."""
    import imaplib
    import smtplib
    import ssl

    try:
        yield
    except (smtplib.SMTPAuthenticationError, smtplib.SMTPNotSupportedError) as fault:
        raise MailFailed(_refused_login(server, fault)) from None
    except UnicodeError:
        raise MailFailed(
            f"{server} takes only plain letters, digits and signs in a login; change the password"
        ) from None
    except ssl.SSLCertVerificationError as fault:
        why = clean(fault.verify_message or "it cannot be verified")
        raise MailFailed(f"{server}: its certificate is not trusted ({why}); nothing was said to it") from None
    except ssl.SSLError:
        raise MailFailed(f"{server}: no encrypted connection; is [mail] tls right for this port?") from None
    except TimeoutError:
        raise MailFailed(f"{server} does not answer; try again later") from None
    except (smtplib.SMTPException, imaplib.IMAP4.error) as fault:
        raise MailFailed(_server_said(server, fault)) from None
    except OSError as fault:
        raise MailFailed(f"{server} cannot be reached ({clean(fault.strerror or 'no connection')})") from None


def _refused_login(server: Server, fault: Exception) -> str:
    code = getattr(fault, "smtp_code", "")
    return f"{server} did not accept the login{f' ({code})' if code else ''}; check [mail] user and the password"


def _server_said(server: Server, fault: Exception) -> str:
    import imaplib

    words = words_of(fault.args[0] if len(fault.args) == 1 else " ".join(words_of(one) for one in fault.args))
    if isinstance(fault, imaplib.IMAP4.error) and ("AUTHENTICATIONFAILED" in words or "LOGIN" in words.upper()):
        return _refused_login(server, fault)
    return f"{server} said: {words or 'nothing'}"


def _leave(goodbye: object) -> None:
    """Say goodbye; a server that is gone already needs none."""
    import imaplib
    import smtplib

    try:
        if callable(goodbye):
            goodbye()
    except (OSError, smtplib.SMTPException, imaplib.IMAP4.error):
        return
