"""What a rep does by hand with one message of the outbox: open it, copy it, say that it is sent, drop it, readdress it.

Before a text is copied or opened, the gate is asked, as before a file is written. Links go to the rep's own command
as plain arguments, without a shell; without a command the text is copied.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType

from sdr.desk import leaving, outgoing
from sdr.exchange.drafts import mailto
from sdr.exchange.outbox import OUTBOX
from sdr.models.terms import Channel
from sdr.rules.sender import Sender
from sdr.screens import outbox_rows as words
from sdr.screens.dialling import start
from sdr.screens.table_room import TableRoom
from sdr.store.queries.messages import POST, Batch, Waiting

LEFT = "left"  # the group of what is gone


class ByHand(TableRoom):
    """The verbs; the screen says what is shown and fills `found` and `batches`."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("d", "drop", "drop: it is not sent", id="outbox.drop", show=False),
        Binding("s", "sent", "I sent it myself", id="outbox.sent", show=False),
        Binding("o", "open", "open in the mail program or browser", id="outbox.open", show=False),
        Binding("y", "copy", "copy the text", id="outbox.copy", show=False),
        Binding("E", "address", "another address", id="outbox.address", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[int, Waiting] = {}
        self.batches: tuple[Batch, ...] = ()
        self.shown = ""  # the channel on the screen, or LEFT

    @property
    def current(self) -> Waiting | None:
        """The message under the cursor."""
        return self.found.get(self.table.current or 0)

    @property
    def current_batch(self) -> Batch | None:
        """The batch under the cursor, among what left."""
        return self.batches[(self.table.current or 1) - 1] if self.shown == LEFT and self.batches else None

    @property
    def sender(self) -> Sender:
        """Who writes: as config.toml says, else the rep as the file knows them."""
        known, rep = self.desk.setting.sender, self.desk.rep
        return known._replace(name=known.name or rep.name, email=known.email or rep.email or "")

    @property
    def folder(self) -> Path:
        """Where the files go."""
        return self.desk.setting.exports / OUTBOX

    def _ids(self) -> tuple[int, ...]:
        """The marked messages in order, else the current one."""
        marked = tuple(key for key in self.found if key in self.table.marked)
        one = self.current
        return marked or ((one.message.id,) if one is not None else ())

    def action_sent(self) -> None:
        """The rep sent it by hand."""
        if ids := self._ids():
            self.desk.act(outgoing.sent, ids)

    def action_drop(self) -> None:
        """It is not sent."""
        if ids := self._ids():
            self.desk.act(outgoing.dropped, ids)

    def action_copy(self) -> None:
        """The text, to paste it where it is sent; of what left, the path of its file."""
        if (batch := self.current_batch) is not None:
            self._copy_path(batch)
        elif (one := self.current) is not None:
            self._by_hand(one, link=False)

    def _copy_path(self, batch: Batch) -> None:
        if not words.file_of(batch):
            self.desk.tell("it left in no file", "soon")
            return
        self.app.copy_to_clipboard(str(self.folder / words.file_of(batch)))
        self.desk.tell(f"{self.signs.done} the path is copied")

    def action_open(self) -> None:
        """The mail in the rep's mail program, the profile in the browser; the text is copied for the latter."""
        if (one := self.current) is not None and one.message.channel not in POST:
            self._by_hand(one, link=True)

    @work(group="by hand")
    async def _by_hand(self, one: Waiting, *, link: bool) -> None:
        """Copy a message and open its link, unless the gate says no at this moment."""
        message, channel = one.message, Channel(one.message.channel)
        asked = self.desk.store.read(leaving.refused, message.lead_id, channel, self.desk.now(), message, self.sender)
        if (no := await asyncio.wrap_future(asked)) is not None:
            self.desk.tell(no.reason, "late")
            return
        url, whole = (self._link(one)) if link else ("", False)
        if not whole:
            self.app.copy_to_clipboard(message.text)
        self.desk.tell(*self._opened(url, whole, asked=link))

    def _link(self, one: Waiting) -> tuple[str, bool]:
        """The link of a message, and whether its whole text is in it; no link when there is none to open."""
        if one.message.channel == Channel.EMAIL:
            try:
                return mailto(one.message, self.sender)
            except ValueError:
                return "", False
        return words.web_link(one.message.address), False

    def _opened(self, url: str, whole: bool, *, asked: bool) -> tuple[str, str]:
        """Open `url` if there is one and a command for it; what to say, and its look."""
        copied = f"{self.signs.done} the text is copied"
        command = self.desk.setting.open_link
        if not asked or not url or not command:
            if whole and url:  # nothing opens it: then the link itself is worth having
                self.app.copy_to_clipboard(url)
                return f"{self.signs.done} the link is copied; open it, then s marks it sent", ""
            then = "" if self.shown in POST else "; s marks it sent"
            return f"{copied}{then}", ""
        called = [word.replace("{url}", url) for word in command] if "{url}" in " ".join(command) else [*command, url]
        if fault := start(called):
            return f"the command to open links did not start ({fault}); see open under [mail] in config.toml", "late"
        return (f"{self.signs.done} opened; s marks it sent", "") if whole else (f"{copied}, the link opened", "")

    def action_address(self) -> None:
        """Another address; a postal one in one line, its lines parted by a slash."""
        one = self.current
        if one is None:
            return
        post = one.message.channel in POST
        label = "postal address, lines parted by /" if post else "address"

        def typed(text: str) -> str | None:
            if not text.strip():
                return "an address needs words; Esc leaves it"
            self.desk.act(outgoing.readdress, one.message.id, text)
            return None

        self.ask_line(label, typed, value=" / ".join(one.message.address.splitlines()))
