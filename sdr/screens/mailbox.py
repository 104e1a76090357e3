"""The rep's own mailbox: whether it is on, what would leave, what left and was heard last, what went wrong.

`s` sends what may leave now, `h` files what leads wrote; both talk to the server on a thread and say what came of it.
The password is read for the moment it is used; it is never shown, kept or written. Nothing runs by itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError
from textwrap import wrap
from typing import ClassVar, NamedTuple

from textual import work
from textual.binding import Binding, BindingType

from sdr.desk import sending_mail
from sdr.exchange import mail_in, mail_out
from sdr.exchange.mail_link import MailFailed
from sdr.exchange.mail_out import Outcome, Ready
from sdr.models.terms import Refused, at, ms
from sdr.rules.mailbox import Mailbox
from sdr.rules.sender import Sender
from sdr.rules.spoken import spoken
from sdr.screens.asking import Choice
from sdr.screens.columns import Cells, Column
from sdr.screens.lines import Key
from sdr.screens.table_room import TableRoom
from sdr.store import rows
from sdr.store.queries import leads, mailing
from sdr.store.session import Reader

SETTLING = (Choice("1", "it arrived", True), Choice("2", "send it again", False))


class State(NamedTuple):
    """The mailbox by the file alone; no server is asked. Times are ms UTC, `names` those of the leads in doubt."""

    ready: Ready
    sent_today: int
    last_sent: int | None
    last_heard: int | None
    unsure: tuple[rows.Message, ...]
    names: dict[int, str]


def state_of(db: Reader, box: Mailbox, sender: Sender, day: str, now: int) -> State:
    """How the mailbox stands on the rep's `day` (`YYYY-MM-DD`) at `now`."""
    unsure = mailing.unsure(db)
    return State(
        mail_out.ready_mail(db, box, sender, at(now)), mailing.left_on(db, day), mailing.last_sent(db),
        mailing.last_heard(db), unsure,
        {one.lead_id: lead.name for one in unsure if (lead := leads.lead(db, one.lead_id)) is not None},
    )  # fmt: skip


class Ran(NamedTuple):
    """What a run did, in words; what went wrong, with the way out; and whose rows it may have changed."""

    said: str = ""
    fault: str = ""
    leads: frozenset[int] = frozenset()


class MailboxScreen(TableRoom):
    """What stays and why, what is in doubt, and the two runs."""

    columns: ClassVar[Sequence[Column]] = (
        Column("who", "mail to", 24, keep=9),
        Column("what", "", 10, keep=8),
        Column("why", "why it has not left", None, keep=7),
    )
    under: ClassVar[int] = 4
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("s", "send", "send what may leave now", id="mailbox.send", show=False),
        Binding("h", "hear", "file what leads wrote", id="mailbox.hear", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.state: State | None = None
        self.running = False
        self.fault = ""

    @property
    def box(self) -> Mailbox | Refused:
        """The mailbox of config.toml, or the sentence that says how to turn it on."""
        return self.desk.setting.mailbox(self.desk.rep.email or "")

    def _sender(self, box: Mailbox) -> Sender:
        known = self.desk.setting.sender
        return known._replace(name=known.name or self.desk.rep.name, email=box.address)

    # --- reading -----------------------------------------------------------------------------------------------

    def refresh_rows(self) -> None:
        """Read the state again."""
        self._read()

    @work(group="mailbox", exclusive=True)
    async def _read(self) -> None:
        box, now = self.box, ms(self.desk.now())
        if isinstance(box, Refused):
            self.put({})
            return
        day = at(now, self.desk.rep.zone).date().isoformat()
        reading = self.desk.store.view("mailbox", state_of, box, self._sender(box), day, now)
        try:
            self.state = await asyncio.wrap_future(reading)
        except (CancelledError, asyncio.CancelledError):
            return
        doubtful = {one.id: self._doubtful(one, self.state) for one in self.state.unsure}
        self.put(doubtful | {one.message_id: self._staying(one) for one in self.state.ready.staying})

    def _doubtful(self, one: rows.Message, state: State) -> Cells:
        why = "cut off while sending: Enter says what became of it"
        return Cells((state.names.get(one.lead_id, ""), "in doubt", why), ("", "late", ""), self.signs.late, "late")

    def _staying(self, one: Outcome) -> Cells:
        blocked = one.what == "blocked"
        mark, look = (self.signs.no, "late") if blocked else (self.signs.later, "dim")
        return Cells((one.name, "held" if blocked else one.what, one.why), ("", look, "dim"), mark, look)

    # --- drawing -----------------------------------------------------------------------------------------------

    def draw(self) -> None:
        """Whether it is on, both directions, and what went wrong last."""
        box, found = self.box, self.state
        if isinstance(box, Refused):
            self.head([("mailbox", "now")], [("off", "dim")])
            # A setting stays with its value when the sentence is broken into lines.
            whole = wrap(box.reason.replace(" = ", "\u00a0=\u00a0"), max(20, self.size.width - 2), max_lines=3)
            told = [line.replace("\u00a0", " ") for line in whole]
            self.below(*told, *[""] * (3 - len(told)), [("password ", "dim"), (
                "from SDR_MAIL_PASSWORD or the system's keyring, never from a file", "")])  # fmt: skip
            return
        if found is None:
            return
        ready = len(found.ready.leaving)
        self.head([("mailbox", "now"), (f"   {box.address}", "")], [(f"{ready:,} ready to go", "" if ready else "dim")])
        sent = f"last {self._when(found.last_sent)}, {found.sent_today:,} of {box.a_day:,} today"
        self.below(
            [("sending  ", "dim"), (f"{box.smtp} · {sent}" if box.smtp else "off: [mail] smtp is not set", "")],
            [("hearing  ", "dim"), (
                f"{box.imap} · last mail of a lead {self._when(found.last_heard)}" if box.imap
                else "off: [mail] imap is not set", "")],
            [("fault    ", "dim"), (self.fault or "none since you came here", "late" if self.fault else "dim")],
            [("         ", ""), ("sdr mail check", "now"), (" tries both servers and says what works", "dim")]
            if self.fault else "",
        )  # fmt: skip

    def nothing(self) -> str:
        """Every mail could leave, or none does from here."""
        return "" if isinstance(self.box, Refused) else "no mail is held back"

    def _when(self, stored: int | None) -> str:
        return "never" if stored is None else spoken(at(stored, self.desk.rep.zone), self.desk.now())

    def keys(self) -> Sequence[Key]:
        """What can be run."""
        box = self.box
        if isinstance(box, Refused):
            return (("g q", "queue"),)
        doubt: tuple[Key, ...] = (("Enter", "settle"),) if self._current_doubt() is not None else ()
        send: tuple[Key, ...] = (("s", "send"),) if box.smtp else ()
        hear: tuple[Key, ...] = (("h", "hear"),) if box.imap else ()
        return (*doubt, *send, *hear, ("g o", "outbox"))

    # --- running -----------------------------------------------------------------------------------------------

    def action_send(self) -> None:
        """Hand what may leave now to the server."""

        def run(box: Mailbox, word: str) -> Ran:
            done = mail_out.send_mail(self.desk.store, box, word, self._sender(box), self.desk.now)
            counts = {what: done.count(what) for what in dict.fromkeys(one.what for one in done.outcomes)}
            said = ", ".join(f"{count:,} {what}" for what, count in counts.items()) or "no mail waits"
            return Ran(said, done.stopped, frozenset(one.lead_id for one in done.outcomes))

        self._start("sending", run)

    def action_hear(self) -> None:
        """File what leads wrote since the last time."""

        def run(box: Mailbox, word: str) -> Ran:
            found = mail_in.hear(self.desk.store, box, word, self.desk.now())
            unread = f"{found.unreadable:,} mails could not be read" if found.unreadable else ""
            said = f"{len(found.filed):,} filed of {found.seen:,} mails"
            return Ran(said, unread, frozenset(one.lead_id for one in found.filed))

        self._start("hearing", run)

    def _start(self, doing: str, run: Callable[[Mailbox, str], Ran]) -> None:
        """One run at a time, with a mailbox and its password; without, the sentence with the way out."""
        box = self.box
        if isinstance(box, Refused):
            self.desk.tell(box.reason, "late")
        elif self.running:
            self.desk.tell("the mail server is being asked; wait for its answer", "soon")
        else:
            self.running = True
            self.desk.tell(f"{doing}{self.signs.cut}")
            self.app.run_worker(self._run(box, run), group="export")  # on the app: a screen that closes stops nothing

    async def _run(self, box: Mailbox, run: Callable[[Mailbox, str], Ran]) -> None:
        done = Ran()
        try:
            word = await asyncio.to_thread(self.desk.setting.password, box)
            if isinstance(word, Refused):
                done = Ran(fault=f"{word.reason}; {word.hint}" if word.hint else word.reason)
            else:
                done = await asyncio.to_thread(run, box, word)
        except MailFailed as fault:
            done = Ran(fault=str(fault))
        finally:
            self.running = False
        self.fault = done.fault
        told = f" {self.signs.dot} ".join(part for part in (done.said, done.fault) if part)
        self.desk.tell(*((told, "late") if done.fault else (f"{self.signs.done} {told}", "")))
        self.desk.changed.publish(done.leads)

    # --- settling ----------------------------------------------------------------------------------------------

    def _current_doubt(self) -> int | None:
        """The message under the cursor, when nobody knows whether it left."""
        current = self.table.current
        doubtful = self.state.unsure if self.state else ()
        return next((one.id for one in doubtful if one.id == current), None)

    def on_lead_table_chosen(self) -> None:
        """Enter on a mail in doubt: what became of it?"""
        message = self._current_doubt()
        if message is not None:
            self.ask("what became of it", SETTLING, lambda chosen: self._settle(message, bool(chosen.value)))

    def _settle(self, message: int, arrived: bool) -> None:
        self.desk.act(sending_mail.settle, message, arrived)
