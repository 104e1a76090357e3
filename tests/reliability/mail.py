"""`python -m tests.reliability.mail --points 50`: kill -9 while mails are sent; none is sent twice, none is lost.

A desk with mails that wait lives through several kills of `sdr mail send` against a real server on this machine, at
random moments around the handing over of a mail, then sends to the end. Every mail must have come once; one that was
cut off at the very moment of its handing over may have come or not, and is listed as unsure. `--control` runs a
deliberately wrong recipe and fails unless mails come twice: the proof that the test bites.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

from sdr.store import rows
from sdr.store.queries import mailing
from sdr.store.queries.reading import every
from sdr.store.session import Reader
from tests.desks import open_store
from tests.exchange.mail_servers import PLAIN, USER, Taken, smtp_server
from tests.exchange.mailing import MailDesk

ROOT = Path(__file__).resolve().parents[2]
LIVES = 5  # kills that one desk lives through
MAILS = 14  # that wait on one desk
NOW = "2026-03-02T10:00:00+01:00"
SLOW = 0.03  # seconds that the server thinks before and after it takes a mail: the moments worth a kill
FARTHEST = 3  # mails that a life lasts
LONGEST = 2 * SLOW + 0.04  # seconds until the kill, from when the server knows the recipient
PATIENCE = 60.0  # seconds for a sender to come that far


class Slow(Taken):
    """A server that takes its time, and tells how many recipients it was asked about."""

    asked = 0

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """RCPT TO."""
        self.asked += 1
        return await super().handle_RCPT(server, session, envelope, address, options)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """The text, kept between two pauses."""
        await asyncio.sleep(SLOW)
        said = await super().handle_DATA(server, session, envelope)
        await asyncio.sleep(SLOW)
        return said


@dataclass
class Found:
    """What came of all mails."""

    mails: int = 0
    came: int = 0
    kills: int = 0
    twice: int = 0
    lost: int = 0
    unsure: int = 0
    unsure_came: int = 0
    wrong: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.twice or self.lost or self.wrong)


@dataclass(frozen=True, slots=True)
class Kill:
    """A kill: `after` seconds from the moment that the server was asked about the recipient of mail `mail`."""

    mail: int
    after: float


def live(home: Path, handler: Slow, kill: Kill | None, *, control: bool = False) -> bool:
    """One run of the sender, to its end or to its kill; whether it was killed."""
    told = {"SDR_NOW": NOW, "SDR_MAIL_PASSWORD": PLAIN, "TOO_LATE": "1" if control else ""}
    goal, until = handler.asked + (kill.mail if kill else MAILS + 1), time.monotonic() + PATIENCE
    with subprocess.Popen(
        [sys.executable, "-m", "tests.reliability.mail_worker", str(home)],
        cwd=ROOT, env={**os.environ, **told}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    ) as worker:  # fmt: skip
        while handler.asked < goal and worker.poll() is None and time.monotonic() < until:
            time.sleep(0.002)
        if kill is not None and worker.poll() is None:
            time.sleep(kill.after)
            worker.kill()
        worker.wait(PATIENCE)
    return worker.returncode == -signal.SIGKILL


def one_desk(kills: list[Kill], found: Found, *, control: bool = False) -> None:
    """A desk that lives through `kills`, sends to the end, and is counted."""
    handler = Slow()
    with tempfile.TemporaryDirectory(prefix="mail-") as name, smtp_server(handler) as server:
        home = Path(name)
        desk = MailDesk(home)
        written = {desk.write(f"a@a{number}.example").message: f"a@a{number}.example" for number in range(MAILS)}
        desk.store.close()
        config = f'[mail]\nfrom = "{USER}"\nsmtp = "{server}"\ntls = "none"\n'
        (home / "config.toml").write_text(config, encoding="utf-8")
        for kill in kills:
            found.kills += live(home, handler, kill, control=control)
        live(home, handler, None, control=control)
        came = Counter(envelope.rcpt_tos[0] for envelope in handler.envelopes)
        store = open_store(home)
        messages = store.read(_messages).result(10)
        unsure = {one.id for one in store.read(mailing.unsure).result(10)}
        store.close()
    found.mails += len(written)
    found.came += sum(came.values())
    found.twice += sum(1 for count in came.values() if count > 1)
    for one, address in written.items():
        if one in unsure:
            found.unsure += 1
            found.unsure_came += came[address]
        elif messages[one].state != "sent" or not came[address]:
            found.lost += 1
            found.wrong.append(f"{address} is {messages[one].state} and came {came[address]} times")


def _messages(db: Reader) -> dict[int, rows.Message]:
    return {one.id: one for one in every(db, rows.Message, "SELECT * FROM message")}


def run(points: int, seed: int, *, control: bool = False) -> Found:
    """At least `points` kills of a sender that was at work."""
    chance, found = random.Random(seed), Found()
    while found.kills < points:
        kills = [Kill(chance.randint(1, FARTHEST), chance.uniform(0, LONGEST)) for _ in range(min(LIVES, points))]
        one_desk(kills, found, control=control)
    return found


def main() -> int:
    """Run as asked, print the one line, and say by the exit code whether all is well."""
    asked = argparse.ArgumentParser(prog="mail", description=__doc__)
    asked.add_argument("--points", type=int, default=50)
    asked.add_argument("--seed", type=int, default=int(time.time()))
    asked.add_argument("--control", action="store_true")
    told = asked.parse_args()
    logging.getLogger("mail.log").setLevel(logging.ERROR)
    began = time.monotonic()
    found = run(told.points, told.seed, control=told.control)
    name = "mail-control" if told.control else "mail"
    print(
        f"{name}: kills {found.kills} mails {found.mails} came {found.came} twice {found.twice} lost {found.lost} "
        f"unsure {found.unsure} (of them came {found.unsure_came}) seed {told.seed} "
        f"in {time.monotonic() - began:.0f} s"
    )
    for line in found.wrong:
        print(line, file=sys.stderr)
    return (0 if found.twice else 1) if told.control else (1 if found else 0)


if __name__ == "__main__":
    sys.exit(main())
