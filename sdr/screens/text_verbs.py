"""What can be done with a message text, in the list and on its own screen: approve it, retire it, bring it back."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType

from sdr.desk import texts
from sdr.models.terms import zone_of
from sdr.screens.lines import Key
from sdr.screens.room import Room
from sdr.store import rows


class TextVerbs(Room):
    """A screen with a text under the cursor."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "approve", "approve the text as it is", id="texts.approve", show=False),
        Binding("R", "retire", "retire the text, or bring it back", id="texts.retire", show=False),
    ]

    @property
    def text(self) -> rows.Template | None:
        """The text under the cursor."""
        raise NotImplementedError

    def stands(self, row: rows.Template) -> texts.Standing:
        """How a text stands today."""
        return texts.standing(row, self.desk.now().astimezone(zone_of(self.desk.rep.zone)).date())

    def text_keys(self) -> tuple[Key, ...]:
        """The keys that fit how the text stands."""
        row = self.text
        if row is None:
            return ()
        state = self.stands(row).state
        approves: tuple[Key, ...] = (("a", "approve"),) if state in ("changed", "unapproved") else ()
        return (*approves, ("R", "bring it back" if state == "retired" else "retire"))

    def action_approve(self) -> None:
        """Somebody of marketing stands for it: who?"""
        row = self.text
        if row is None:
            return

        def named(name: str) -> str | None:
            if not name:
                return "an approval needs a name; Esc leaves"
            self.desk.act(texts.approve, row.key, name)
            return None

        self.ask_line(f"“{row.key}” version {row.version} is approved by", named)

    def action_retire(self) -> None:
        """From today it goes no more, or it goes again."""
        row = self.text
        if row is None:
            return
        today = self.desk.now().astimezone(zone_of(self.desk.rep.zone)).date()
        retired = self.stands(row).state == "retired"
        words = f"bring “{row.key}” back" if retired else f"retire “{row.key}”: no step sends it from today"
        self.confirm(words, lambda: self.desk.act(texts.retire, row.key, None if retired else today))
