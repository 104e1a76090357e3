"""One line to type, at the foot of a screen; it also hears what was typed in the burst that asked for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Input, Static

from sdr.screens.asking import Asking


class Asker(Protocol):
    """Who asks for a line, and is told of its end at once: the next key is about what comes of it."""

    def entered(self, line: str) -> None:
        """Enter: the line as it stands."""

    def taken_back(self) -> None:
        """Esc."""


class Mend(str):
    """What is wrong with a line, and at which of its characters (from 0): the cursor is put there."""

    place = 0

    @classmethod
    def at(cls, place: int) -> Mend:
        """`mend character 6:`, for a line whose fault is told elsewhere."""
        found = cls(f"mend character {place + 1}:")
        found.place = place
        return found


class Typed(Input):
    """One line to type into for `asker`, which also takes what was typed before it had the focus.

    `rest` completes what stands there when Tab is pressed; `pasted` is offered what is pasted, with its lines, and
    says whether that was the whole answer. The keys of `ends` are heard when they come back to the app: all that was
    typed before stands in the line by then, and what was typed behind waits (`held_keys`).
    """

    ends = frozenset({"enter", "escape", "tab"})
    rest: Callable[[str], str] | None = None
    pasted: Callable[[str], bool] | None = None

    def __init__(self, asker: Asker, **more: Any) -> None:
        super().__init__(select_on_focus=False, **more)
        self._asker = asker

    def take_key(self, event: events.Key) -> bool:
        """A character pressed in the same burst as the key that asked is part of the answer."""
        if event.key == "enter":
            self._asker.entered(self.value)
        elif event.is_printable and event.character:
            self.replace(event.character, *self.selection)
        elif event.key == "tab" and self.rest is not None:
            self._complete(self.rest)
        else:
            return event.key == "escape" and self._escape()
        return True

    def _escape(self) -> bool:
        self._asker.taken_back()
        return True

    def take_paste(self, text: str) -> None:
        """What is pasted, or was in the same burst as the key that asked."""
        if self.pasted is None or not self.pasted(text):
            self.replace(" ".join(text.split()), *self.selection)

    def _complete(self, rest: Callable[[str], str]) -> None:
        self.value = rest(self.value)
        self.cursor_position = len(self.value)

    def _on_paste(self, event: events.Paste) -> None:
        # The base class would keep the first line alone; a pasted answer is of many.
        event.stop()
        event.prevent_default()
        self.take_paste(event.text)


class Prompt(Horizontal):
    """A label and a line to type into."""

    DEFAULT_CSS = """
    Prompt { display: none; layer: asking; dock: bottom; margin-bottom: 3; height: 1; padding: 0 1;
             background: $panel; }
    Prompt > Static { width: auto; color: $dim; margin-right: 1; }
    Prompt > Typed { border: none; height: 1; padding: 0; background: $panel; width: 1fr; }
    Prompt > Typed:focus { border: none; background-tint: $panel 0%; }
    """

    def __init__(self) -> None:
        super().__init__(id="prompt")
        self._then: Callable[[str], str | None] | None = None
        self._live: Callable[[str], None] | None = None
        self._back: Widget | None = None
        self.typed = Typed(self, max_length=2000)
        self.label = Static("", markup=False)

    def compose(self) -> ComposeResult:
        """The label and the line."""
        yield self.label
        yield self.typed

    def ask(
        self,
        label: str,
        then: Callable[[str], str | None],
        *,
        value: str = "",
        live: Callable[[str], None] | None = None,
        rest: Callable[[str], str] | None = None,
        pasted: Callable[[str], bool] | None = None,
    ) -> None:
        """Ask for one line. `then` returns what is wrong with it (it stays) or `None`; `live` hears every letter.

        `rest` gives the line with more of it when Tab is pressed; `pasted` may take what is pasted for the answer.
        """
        if not self.display:
            self._back = self.screen.focused
        self._then, self._live = then, None
        self.label.update(label)
        self.typed.rest = rest
        self.typed.pasted = pasted
        self.typed.value = value
        self.typed.select_all()  # here, as letters may come before the focus does
        self._live = live
        self.display = True
        self.screen.set_focus(self.typed, scroll_visible=False)
        self.post_message(Asking())

    def close(self) -> None:
        """Put the line away."""
        self._hide()
        self._give_back()

    def _hide(self) -> None:
        self.display = False
        self.post_message(Asking())
        self._live = None

    def _give_back(self) -> None:
        """The focus to who had it before."""
        back = self._back if self._back is not None and self._back.is_attached else None
        self.screen.set_focus(back, scroll_visible=False)

    def entered(self, line: str) -> None:
        """The line is an answer, unless the asker finds something wrong with it."""
        asked = self._then
        # First back, so that a question which the answer leads to takes the focus from there and keeps it.
        self._give_back()
        said = line.strip()
        wrong = asked(said) if asked is not None else None
        if wrong is not None:
            self.label.update(wrong)
            self.screen.set_focus(self.typed, scroll_visible=False)
            if isinstance(wrong, Mend):
                self.typed.value, self.typed.cursor_position = said, wrong.place
        elif self._then is asked:
            self._hide()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Let a live listener hear the line."""
        event.stop()
        if self._live is not None and self.display:
            self._live(event.value)

    def taken_back(self) -> None:
        """Esc: the line is taken back, and a live listener hears an empty one."""
        live = self._live
        self.close()
        if live is not None:
            live("")
