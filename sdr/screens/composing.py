"""The message of a due step over the foot of a screen: read, given its one sentence, changed for this one, sent on.

It is always there and only shown when asked, so that `e Enter` is two keys however fast. Lead text is drawn as
pieces, never as markup.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widget import Widget
from textual.widgets import Input, Static

from sdr.desk import touching
from sdr.desk.composing import Draft, Edited
from sdr.desk.texts import changes
from sdr.models.terms import Channel, Refused
from sdr.rules.spoken import spoken
from sdr.rules.templates import Piece, sentence_fault
from sdr.rules.wording import marked, own_words
from sdr.screens.asking import Asking
from sdr.screens.columns import one_line
from sdr.screens.lines import Key, Part, styled
from sdr.screens.look import Marks
from sdr.screens.message_lines import Preview, as_edited, as_text, lines_of
from sdr.screens.prompt import Typed
from sdr.screens.writing import Finished, Words
from sdr.store.changes import Change
from sdr.store.session import Session

TAKEN = 10  # lines of the screen that are not the message's: head, rules, keys, result, its own head and foot


class Said(NamedTuple):
    """What the rep adds for one lead. Repeated on another lead it says nothing there."""

    lead_id: int
    sentence: str = ""
    edited: Edited | None = None
    because: str | None = None


def go(session: Session, lead_id: int, said: Said, now: datetime) -> Change | Refused:
    """The due touch, with what was said for this very lead."""
    mine = said if said.lead_id == lead_id else Said(lead_id)
    return touching.touch(
        session, lead_id, None, now, text=mine.sentence or None, edited=mine.edited, because=mine.because
    )


class Composer(Vertical, can_focus=True):
    """The message over the foot of a screen. `open` shows it; what it comes to is handed to the opener."""

    DEFAULT_CSS = """
    Composer { display: none; layer: asking; dock: bottom; margin-bottom: 3; height: auto; padding: 0 1;
               background: $panel; }
    Composer > #sentence { border: none; height: 1; padding: 0; background: $panel; display: none; }
    Composer > #sentence:focus { border: none; background-tint: $panel 0%; }
    Composer > #foot { height: auto; max-height: 3; }
    Composer > Words { height: 12; }
    Composer > Words, Composer > Words:focus { background: $panel; }
    Composer > Words .text-area--cursor-line { background: $panel; }
    """

    def __init__(self, *, signs: Marks) -> None:
        super().__init__(id="composer")
        self.signs = signs
        self.draft: Draft | None = None
        self.edited: Edited | None = None
        self.writing = False
        self._then: Callable[[Said, Refused | None], None] | None = None
        self._back: Widget | None = None
        self._top = 0
        self._differs = False
        self.preview = Preview()
        self.sentence = Typed(self, id="sentence", max_length=600)
        self.area = Words(id="words")
        self.foot = Static("", id="foot", markup=False)

    def compose(self) -> ComposeResult:
        """The message, the line for one sentence, and what can be done."""
        yield self.preview
        yield self.area
        yield self.sentence
        yield self.foot

    @property
    def asks(self) -> bool:
        """Whether a sentence of the rep's own is still wanted."""
        draft = self.draft
        if draft is None or not draft.personal:
            return False
        own = own_words(draft.plain.text, self.edited.text) if self.edited else ""
        return sentence_fault(own, draft.plain.text) is not None

    # --- coming and going --------------------------------------------------------------------------------------------

    def open(self, draft: Draft, then: Callable[[Said, Refused | None], None]) -> None:
        """Show `draft`; `then` gets what the rep adds, and the stop that still wants a reason."""
        self._back = self.screen.focused
        self.draft, self.edited, self._then = draft, None, then
        self._top, self._differs, self.writing = 0, False, False
        self.sentence.value = ""
        self.display = True
        self._settle()

    def _settle(self) -> None:
        """Draw, and put the focus where the next key belongs."""
        self.preview.display, self.area.display = not self.writing, self.writing
        self.sentence.display = self.asks and not self.writing
        self._draw()
        to: Widget = self.area if self.writing else self.sentence if self.asks else self
        self.screen.set_focus(to, scroll_visible=False)
        self.post_message(Asking())

    def _close(self) -> None:
        self.draft, self._then = None, None
        self.display = False
        self.writing = False
        self.post_message(Asking())
        back = self._back if self._back is not None and self._back.is_attached else None
        self.screen.set_focus(back, scroll_visible=False)

    # --- keys --------------------------------------------------------------------------------------------------------

    def keys(self) -> Sequence[Key]:
        """What can be pressed now."""
        if self.writing:
            return (("Esc", "done changing"),)
        if self.asks:
            return (("Enter", "into the outbox"), ("Tab", "change the text"), ("Esc", "not now"))
        changed: tuple[Key, ...] = (("d", "text" if self._differs else "what changed"),) if self._difference() else ()
        sends: tuple[Key, ...] = (("Enter", "into the outbox"),) if self._wrong() is None else ()
        return (*sends, ("e", "change it for this one"), *changed, ("Esc", "not now"))

    def take_key(self, event: events.Key) -> bool:
        """Enter sends it on, e changes it, Esc leaves it; other keys do nothing here."""
        if self.draft is None:
            return False
        match event.key:
            case "escape":
                self._close()
            case "enter":
                self._send()
            case "e" | "tab":
                self._change()
            case "d" if self._difference():
                self._differs, self._top = not self._differs, 0
                self._draw()
                self.post_message(Asking())
            case "j" | "down" | "pagedown" | "k" | "up" | "pageup":
                self._scroll({"j": 1, "down": 1, "pagedown": 8, "k": -1, "up": -1, "pageup": -8}[event.key])
            case _:
                return event.key not in ("ctrl+q", "ctrl+z")
        return True

    def on_key(self, event: events.Key) -> None:
        """Tab in the line of the sentence opens the whole text."""
        if event.key == "tab" and self.screen.focused is self.sentence:
            event.stop()
            event.prevent_default()
            self._change()

    def entered(self, line: str) -> None:
        """The sentence is there."""
        self._send()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Nobody else is to hear the letters of the sentence."""
        event.stop()

    def taken_back(self) -> None:
        """Esc in the sentence: not now."""
        self._close()

    def _send(self) -> None:
        draft, then = self.draft, self._then
        if draft is None or then is None:
            return
        if (wrong := self._wrong()) is not None:
            self._say(wrong, "late")
            return
        said = Said(draft.lead_id, " ".join(self.sentence.value.split()) if self.asks else "", self.edited)
        self._close()
        then(said, draft.wrong if draft.passable else None)

    def _wrong(self) -> str | None:
        """Why it cannot go as it stands."""
        draft = self.draft
        assert draft is not None
        if draft.wrong is not None and not draft.passable and not (self.edited and draft.wrong.rule == "text.hole"):
            return draft.wrong.reason
        return sentence_fault(self.sentence.value, draft.plain.text) if self.asks else None

    # --- changing the whole text -------------------------------------------------------------------------------------

    def _change(self) -> None:
        draft = self.draft
        if draft is None or self.writing:
            return
        self.area.text = as_text(self.edited or draft.plain)
        self.area.move_cursor(self.area.document.end)
        self.writing = True
        self._settle()

    def on_finished(self, event: Finished) -> None:
        """Esc in the text: it stands as changed, and is shown as it would go."""
        event.stop()
        if self.draft is None:
            return
        edited = as_edited(self.area.text, self.draft.plain.subject is not None)
        self.edited = None if edited == self.draft.plain else edited
        self.writing, self._top = False, 0
        self._settle()

    # --- drawing -----------------------------------------------------------------------------------------------------

    def _scroll(self, by: int) -> None:
        self._top = max(0, self._top + by)
        self._draw()

    def _draw(self) -> None:
        draft = self.draft
        if draft is None:
            return
        width = max(20, self.screen.size.width - 4)
        body = self._difference() if self._differs else self._body(draft, width)
        room = max(4, self.screen.size.height - TAKEN - (2 if self.asks else 1))
        self._top = max(0, min(self._top, len(body) - room))
        shown = body[self._top : self._top + room]
        left = len(body) - self._top - len(shown)
        more: list[list[Part]] = [[(f"{self.signs.cut} {left} more lines: j", "dim")]] if left else []
        self.preview.show([*self._head(draft), *shown, *more])
        if self.writing:
            first = "the first line is the subject; " if draft.plain.subject is not None else ""
            self._say(f"{first}Esc ends it", "dim")
        elif draft.wrong is not None and self._wrong() == draft.wrong.reason:
            self._say(draft.wrong.reason, "late")
        elif self.asks:
            self._say(f"one sentence for {draft.name}, then Enter", "now")
        else:
            self._say(self._when(draft), "soon" if draft.warned or draft.wrong else "dim")

    def _head(self, draft: Draft) -> list[list[Part]]:
        """Which step to whom, and which text it is."""
        place, of = draft.place
        to = draft.address.split("\n")[0] if draft.step.channel is not Channel.LINKEDIN else "their profile"
        lines: list[list[Part]] = [
            [(f"{draft.step.channel.value} {place} of {of}", "now"), (f" · to {to or 'no address yet'}", "")]
        ]
        if (text := draft.template) is not None:
            which = f"{text.key} v{text.version}" + (f", variant {draft.variant}" if draft.variant else "")
            stands = "changed for this one" if self.edited else draft.approval
            lines.append([("text     ", "dim"), (f"{which} · {stands}", "dim")])
        return lines

    def _body(self, draft: Draft, width: int) -> list[list[Part]]:
        if self.edited is not None:
            subject: Sequence[Piece] = (Piece(self.edited.subject or "", "text"),) if self.edited.subject else ()
            text: Sequence[Piece] = (Piece(self.edited.text, "text"),)
        else:
            subject, text = draft.subject, draft.text
        head = [[("subject  ", "dim"), *line] for line in lines_of(subject, width - 9)] if subject else []
        return [*head, *([[("", "")]] if head else []), *lines_of(text, width)]

    def _difference(self) -> list[list[Part]]:
        """What changed in the text since it was approved, word by word; empty when nothing did."""
        text = self.draft.template if self.draft else None
        return [] if text is None else [[(marked(line), "")] for line in changes(text)]

    def _when(self, draft: Draft) -> str:
        desk: Any = self.app
        if draft.wrong is not None:
            return f"{draft.wrong.reason}; Enter asks why all the same"
        now = desk.now()
        waits = draft.not_before is not None and draft.not_before > now
        leaves = f"; it leaves {spoken(draft.not_before, now)}" if draft.not_before and waits else ""
        return f"{f'{draft.warned} ' if draft.warned else ''}Enter puts it into the outbox{leaves}"

    def _say(self, words: str, look: str) -> None:
        self.foot.update(styled([(one_line(words), look)]))


def with_reason(said: Said, why: str) -> Said:
    """The same, with the typed reason that passes a stop."""
    return said._replace(because=why)
