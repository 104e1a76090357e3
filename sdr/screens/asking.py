"""Questions at the foot of a screen: a list that a digit or letter answers.

It is always there and only shown when asked, so that a key pressed in the same burst as the one that asked
is already an answer. Esc takes the question back.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from sdr.screens.columns import fit, one_line
from sdr.screens.lines import styled


class Choice(NamedTuple):
    """One answer: the key that gives it, its words, a value for the asker, and why it cannot be given (if so)."""

    key: str
    label: str
    value: object = None
    refused: str = ""


class Question(NamedTuple):
    """What is asked: words, choices, lines that stand above them, and the choice that Enter gives.

    A `loose` question is taken back by any other key, which is then heard as the verb it is.
    """

    words: str
    choices: Sequence[Choice]
    lines: Sequence[str] = ()
    enter: Choice | None = None
    loose: bool = False


class Asking(Message):
    """A question came or went: other keys work now."""


class Asker(Widget, can_focus=True):
    """The list of answers. `ask` shows it; the answer's callback runs after it is hidden again."""

    # Over the foot of the body, so that nothing on the screen jumps when a question comes and goes.
    DEFAULT_CSS = """
    Asker { display: none; layer: asking; dock: bottom; margin-bottom: 3; height: auto; padding: 0 1;
            background: $panel; }
    """

    def __init__(self) -> None:
        super().__init__(id="asker")
        self.question: Question | None = None
        self._then: Callable[[Choice], None] | None = None
        self._back: Widget | None = None

    def ask(self, question: Question, then: Callable[[Choice], None]) -> None:
        """Put `question`; `then` gets the choice. A question that was there is taken back."""
        if self.question is None:
            self._back = self.screen.focused
        self.question, self._then = question, then
        self.display = True
        self.refresh(layout=True)
        self.screen.set_focus(self, scroll_visible=False)
        self.post_message(Asking())

    def close(self) -> None:
        """Take the question back."""
        self.question = None
        self.display = False
        self.post_message(Asking())
        back = self._back if self._back is not None and self._back.is_attached else None
        self.screen.set_focus(back, scroll_visible=False)

    def take_key(self, event: events.Key) -> bool:
        """A choice's key answers, Enter gives the default, Esc takes the question back; others do nothing."""
        if self.question is None:
            return False
        if event.key == "escape":
            self.close()
            return True
        chosen = self._chosen(event)
        if chosen is None or self._then is None:
            if self.question.loose:
                self.close()
                return False
            return event.key not in ("ctrl+q", "ctrl+z")
        if chosen.refused:
            self.app.notify(chosen.refused, markup=False)
            return True
        then = self._then
        self.close()
        then(chosen)
        return True

    def _chosen(self, event: events.Key) -> Choice | None:
        assert self.question is not None
        if event.key == "enter":
            return self.question.enter
        return next((c for c in self.question.choices if event.character == c.key or event.key == c.key), None)

    def render(self) -> Content:
        """The question, what stands above it, and the choices in columns."""
        if self.question is None:
            return Content("")
        width = max(20, self.size.width or self.screen.size.width - 2)
        rows = [[(fit(one_line(line), width), "")] for line in self.question.lines]
        ends = " · Enter for the first" if self.question.enter in self.question.choices else ""
        rows.append([(fit(f"{one_line(self.question.words)}{ends}", width), "dim")])
        rows.extend(self._rows(width))
        return Content("\n").join(styled(row) for row in rows)

    def _rows(self, width: int) -> list[list[tuple[str, str]]]:
        assert self.question is not None
        choices = self.question.choices
        widest = max((cell_len(one_line(c.label)) for c in choices), default=0) + 5
        across = max(1, min(len(choices), width // max(widest, 1)))
        down = -(-len(choices) // across) if choices else 0
        room = width // across
        rows = []
        for row in range(down):
            line: list[tuple[str, str]] = []
            for choice in choices[row::down][:across] if down else ():
                look = "dim" if choice.refused else ""
                label = fit(one_line(choice.label), room - len(choice.key) - 2)
                line += [(choice.key, "dim" if choice.refused else "now"), (f" {label} ", look)]
            rows.append(line)
        return rows
