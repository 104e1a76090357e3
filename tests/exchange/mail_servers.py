"""Mail servers on this very machine for tests: one that takes mail (aiosmtpd), one that keeps it (dovecot)."""

from __future__ import annotations

import os
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from sdr.rules.mailbox import Mailbox, Server

USER, PASSWORD = "ana@desk.example", 'pa"ss \\ ü'
PLAIN = "secret-1"  # smtplib takes ASCII only


def _dovecot() -> str | None:
    """The dovecot of this machine, if it reads the configuration below (2.3; 2.4 spells it another way)."""
    found = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    said = subprocess.run([found, "--version"], capture_output=True, text=True, check=False).stdout if found else ""
    return found if said.startswith("2.3.") else None


DOVECOT = _dovecot()
OPENSSL = shutil.which("openssl")
Answer = Callable[[str, str], str | None]


@dataclass
class Taken:
    """A handler that keeps what it is given. `says` may answer a command (`MAIL`, `RCPT`, `DATA`) with words of its
    own, by the recipient's address."""

    says: Answer = lambda _command, _about: None
    mails: list[Message] = field(default_factory=list)
    envelopes: list[Envelope] = field(default_factory=list)

    async def handle_MAIL(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """MAIL FROM."""
        said = self.says("MAIL", address)
        if said is None:
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return said or "250 OK"

    async def handle_RCPT(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """RCPT TO."""
        said = self.says("RCPT", address)
        if said is None:
            envelope.rcpt_tos.append(address)
        return said or "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:
        """The text."""
        said = self.says("DATA", envelope.rcpt_tos[0])
        if said == "drop":  # hang up instead of answering
            server.transport.close()
            return "250 never heard"
        if said is None:
            self.envelopes.append(envelope)
            content = envelope.content
            assert isinstance(content, bytes)
            self.mails.append(message_from_bytes(content))
        return said or "250 2.0.0 OK"


def knows(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, told: Any) -> AuthResult:
    """Who may log in."""
    good = isinstance(told, LoginPassword) and (told.login, told.password) == (USER.encode(), PLAIN.encode())
    return AuthResult(success=good, handled=good)


@contextmanager
def smtp_server(handler: Taken, *, tls: ssl.SSLContext | None = None) -> Iterator[Server]:
    """A server that takes mail, for as long as the block lasts. With `tls` it offers STARTTLS, asks for it, and takes
    nothing from who has not logged in."""
    controller = Controller(
        handler, hostname="127.0.0.1", port=free_port(), tls_context=tls, require_starttls=tls is not None,
        auth_require_tls=tls is not None, authenticator=knows, auth_required=tls is not None,
    )  # fmt: skip
    controller.start()
    try:
        host = "localhost" if tls else "127.0.0.1"
        yield Server(host, controller.port, "starttls" if tls else "none")
    finally:
        controller.stop()


def free_port() -> int:
    """A port of this machine that nobody uses."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate for `localhost` that only itself vouches for."""

    cert: Path
    key: Path

    def context(self) -> ssl.SSLContext:
        """What a server shows."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.cert, self.key)
        return context


def certificate(folder: Path) -> Certificate:
    """A new certificate in `folder`."""
    made = Certificate(folder / "cert.pem", folder / "key.pem")
    assert OPENSSL is not None
    subprocess.run(
        [OPENSSL, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost", "-keyout", str(made.key), "-out", str(made.cert)],
        check=True, capture_output=True, timeout=60,
    )  # fmt: skip
    return made


# --- a mailbox -------------------------------------------------------------------------------------------------

_CONF = """
base_dir = {run}
state_dir = {run}
instance_name = test
log_path = {home}/log
protocols = imap
listen = 127.0.0.1
ssl = {ssl}
{certificate}
auth_mechanisms = plain login
disable_plaintext_auth = no
auth_failure_delay = 0
default_login_user = {login}
default_internal_user = {user}
default_internal_group = {group}
mail_location = maildir:{home}/Maildir
first_valid_uid = 0
mail_uid = {uid}
mail_gid = {gid}
passdb {{
  driver = passwd-file
  args = {home}/users
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={home}
}}
service imap-login {{
  chroot =
  process_min_avail = 1
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
"""


@dataclass
class Mailbin:
    """A running dovecot with one empty mailbox."""

    home: Path
    server: Server
    tls_port: int = 0
    delivered: int = 0

    def box(self, **more: Any) -> Mailbox:
        """The mailbox as the desk knows it."""
        return Mailbox(USER, USER, None, self.server, **more)

    def empty(self) -> None:
        """Nothing was ever in it."""
        for path in (self.home / "Maildir").iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()

    def deliver(self, raw: bytes, *, seen: bool = False) -> None:
        """A mail comes in, in the way of a Maildir: written aside, then moved."""
        self.delivered += 1
        folder = self.home / "Maildir"
        for name in ("tmp", "new", "cur"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        name = f"{int(time.time())}.{self.delivered:06d}.test"
        (folder / "tmp" / name).write_bytes(raw)
        (folder / "tmp" / name).rename(folder / ("cur" if seen else "new") / (f"{name}:2,S" if seen else name))

    def unread(self) -> int:
        """How many mails nobody has read, as the files say it."""
        found = [*(self.home / "Maildir" / "new").glob("*"), *(self.home / "Maildir" / "cur").glob("*")]
        return sum(1 for path in found if "S" not in path.name.partition(":2,")[2])


@contextmanager
def mail_bin(*, tls: Certificate | None = None) -> Iterator[Mailbin]:
    """A dovecot for as long as the block lasts, in a folder whose path is short enough for its sockets."""
    import grp
    import pwd

    assert DOVECOT is not None
    root = os.getuid() == 0
    with tempfile.TemporaryDirectory(prefix="dc") as name:
        home = Path(name)
        home.chmod(0o755)
        port, tls_port = free_port(), free_port()
        who = pwd.getpwuid(os.getuid()).pw_name
        # As root dovecot insists on users of its own; as anybody else everything is theirs.
        user, login = ("dovecot", "dovenull") if root else (who, who)
        owner = pwd.getpwnam(user)
        shown = f"ssl_cert = <{tls.cert}\nssl_key = <{tls.key}" if tls else ""
        (home / "conf").write_text(
            _CONF.format(
                home=home, run=home / "run", login=login, user=user, group=grp.getgrgid(owner.pw_gid).gr_name,
                uid=owner.pw_uid, gid=owner.pw_gid, port=port, tls_port=tls_port if tls else 0,
                ssl="yes" if tls else "no", certificate=shown,
            )
        )  # fmt: skip
        hashed = PASSWORD
        (home / "users").write_text(f"{USER}:{{PLAIN}}{hashed}\n", encoding="utf-8")
        (home / "Maildir").mkdir()
        for path in (home / "users", home / "Maildir", home):
            shutil.chown(path, owner.pw_uid, owner.pw_gid)
        with subprocess.Popen([DOVECOT, "-F", "-c", str(home / "conf")], stderr=subprocess.PIPE) as running:
            try:
                _wait(port, running, home)
                yield Mailbin(home, Server("127.0.0.1", port, "none"), tls_port)
            finally:
                running.terminate()
                running.communicate(timeout=20)


def _wait(port: int, running: subprocess.Popen[bytes], home: Path) -> None:
    """Until the server answers on `port`."""
    for _ in range(200):
        if running.poll() is not None:
            _out, said = running.communicate()
            raise RuntimeError(f"dovecot ended: {said.decode()}")
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError(f"dovecot does not answer: {(home / 'log').read_text()}")
