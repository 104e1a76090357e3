"""The frame of every screen: head, body, question, keys that work now, result of the last act.

A screen fills `body`, says its first line and its keys, and reacts to what changed. Keys that mean the same
everywhere (back, go, palette, help) are bound here once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence, Set
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.css.query import NoMatches
from textual.events import ScreenResume
from textual.message import Message
from textual.screen import Screen
from textual.widget import MountError, Widget
from textual.worker import Worker

from sdr.screens.asking import Asker, Asking, Choice, Question
from sdr.screens.held_keys import AllHere
from sdr.screens.host import Host, Said
from sdr.screens.lines import HeadLine, Key, KeyLine, ResultLine, Rule
from sdr.screens.still import Still
from sdr.store.changes import Applied

if TYPE_CHECKING:
    from sdr.screens.look import Marks

PLACES = (
    Choice("q", "queue", "queue"),
    Choice("t", "triage: new leads", "triage"),
    Choice("l", "all leads", "leads"),
    Choice("d", "drips", "drips"),
    Choice("h", "handoffs", "handoffs"),
    Choice("p", "possible doubles", "doubles"),
    Choice("s", "sources", "sources"),
    Choice("m", "message texts", "texts"),
    Choice("i", "import a file", "import"),
    Choice("o", "outbox", "outbox"),
    Choice("b", "mailbox", "mailbox"),
    Choice("x", "day's end", "day"),
)


class Room(Screen[None], Still):
    """One screen of the desk."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "back", id="go.back", show=False),
        Binding("g", "go", "go to…", id="go.menu", show=False),
        Binding("question_mark", "help", "keys here", id="app.help", show=False),
        Binding("colon", "palette", "every verb", id="app.palette", show=False),
    ]

    after: ClassVar[tuple[str, ...]] = ()  # modules that are loaded right after the first frame
    complete = False  # whether what comes after the first frame has come
    _shown = False  # the first resume is the mount's own

    @property
    def desk(self) -> Host:
        """The app as screens know it."""
        return cast(Host, self.app)

    @property
    def signs(self) -> Marks:
        """The marks of this terminal."""
        return self.desk.setting.signs

    @property
    def hears(self) -> bool:
        """Whether a key is about what is shown; else it waits for that."""
        return self.complete

    # --- work in hand ------------------------------------------------------------------------------------------

    def run_worker(self, work: Any, *args: Any, **more: Any) -> Worker[Any]:
        """As Textual's; but work that finds its widgets gone because this screen was left is no fault."""
        return super().run_worker(partial(self._while_here, work), *args, **more)

    async def _while_here(self, work: Any) -> Any:
        try:
            return await (work() if callable(work) else work)
        except (NoMatches, MountError):
            if not self.left:
                raise

    async def _dispatch_message(self, message: Message) -> None:
        """As Textual's; a message that comes when this screen was left may find nothing, which is no fault."""
        try:
            await super()._dispatch_message(message)
        except (NoMatches, MountError):
            if not self.left:
                raise

    @property
    def left(self) -> bool:
        """Whether this screen was left, or the desk is: its widgets are gone or going."""
        return self.app.return_code is not None or self not in self.app.screen_stack

    # --- the frame ---------------------------------------------------------------------------------------------

    def compose(self) -> ComposeResult:
        """Head, body, question, keys, result."""
        yield HeadLine(id="head", signs=self.signs)
        yield Rule(signs=self.signs)
        yield from self.body()
        yield Asker()
        yield Rule(signs=self.signs)
        yield KeyLine(id="keys", signs=self.signs)
        yield ResultLine(id="result", signs=self.signs)

    def over(self) -> Iterable[Widget]:
        """What comes after the first frame and is hidden until it is wanted: a line to type, a call."""
        from sdr.screens.prompt import Prompt

        yield Prompt()

    async def _come_over(self) -> None:
        for module in ("sdr.screens.prompt", *self.after):
            await self.desk.load(module)
        await self.mount(*self.over())
        self.complete = True
        self.show_keys()
        self.came_over()
        self.app.post_message(AllHere())

    def came_over(self) -> None:
        """Everything is there; screens that waited for it go on."""

    def body(self) -> ComposeResult:
        """What this screen is about."""
        yield from ()

    def on_mount(self) -> None:
        """Hear what changed. Textual runs this besides a screen's own `on_mount`."""
        self.desk.changed.subscribe(self, self.on_changed)
        self.call_after_refresh(lambda: self.run_worker(self._come_over(), group="over"))
        self.show_keys()
        self.say(self.desk.said)

    def on_screen_resume(self, event: ScreenResume) -> None:
        """In front again: what was said elsewhere still stands, and the rows may have moved."""
        if self._shown:
            self.say(self.desk.said)
            self.refresh_rows()
        else:
            event.refresh_styles = False  # everything here was just made, and has its styles
        self._shown = True

    def on_changed(self, leads: Set[int]) -> None:
        """Rows of these leads changed; screens that show leads override this."""

    def refresh_rows(self) -> None:
        """Read anew what the screen shows; screens that show rows override this."""

    # --- saying ------------------------------------------------------------------------------------------------

    def head(self, left: Any, right: Any = "") -> None:
        """The first line."""
        for line in self.query("#head").results(HeadLine):  # none when the screen is on its way in or out
            line.show(left, right)

    def keys(self) -> Sequence[Key]:
        """The keys that work now, most useful first."""
        return ()

    def show_keys(self) -> None:
        """Draw the line of keys again."""
        if self.left:
            return
        asker = self.query_one(Asker)
        typing = self.complete and self.query_one("#prompt").display
        keys: Sequence[Key] = self.keys()
        if asker.question is not None:
            keys = (("Enter", "yes"),) if asker.question.enter else (("1-9", "answer"),)
            keys = (*keys, ("Esc", "leave it"))
        elif typing:
            keys = (("Enter", "keep"), ("Esc", "leave it"))
        elif self.desk.own_keys:
            from sdr.screens.keys_here import as_remapped

            keys = as_remapped(self, keys)
        self.query_one("#keys", KeyLine).show(keys, () if asker.question or typing else (("?", ""),))

    def on_asking(self, event: Asking) -> None:
        """A question came or went."""
        event.stop()
        self.show_keys()

    def say(self, said: Said) -> None:
        """The last line."""
        for line in self.query("#result").results(ResultLine):
            line.show(said.words, said.look, said.tail)

    def returned(self, done: Applied) -> None:
        """An act was taken back or brought again."""
        self.refresh_rows()
        self.desk.has_come()

    # --- asking ------------------------------------------------------------------------------------------------

    def ask(
        self,
        words: str,
        choices: Sequence[Choice],
        then: Callable[[Choice], None],
        *,
        lines: Sequence[str] = (),
        enter: Choice | None = None,
        loose: bool = False,
    ) -> None:
        """Put a question that a digit or letter answers; a `loose` one yields to any other key."""
        self.query_one(Asker).ask(Question(words, tuple(choices), tuple(lines), enter, loose), then)

    def confirm(self, words: str, then: Callable[[], None], *, lines: Sequence[str] = ()) -> None:
        """Ask for Enter before something leaves the building."""
        yes = Choice("enter", words)
        self.query_one(Asker).ask(Question(f"Enter: {words} · Esc: not now", (), tuple(lines), yes), lambda _c: then())

    def ask_line(
        self,
        label: str,
        then: Callable[[str], str | None],
        *,
        value: str = "",
        live: Callable[[str], None] | None = None,
        rest: Callable[[str], str] | None = None,
        pasted: Callable[[str], bool] | None = None,
    ) -> None:
        """Ask for one typed line; `then` returns what is wrong with it, or `None`; `rest` is what Tab makes of it.

        `pasted` hears what is pasted, lines and all, and says whether that was the answer.
        """
        from sdr.screens.prompt import Prompt

        if self.complete:
            self.query_one(Prompt).ask(label, then, value=value, live=live, rest=rest, pasted=pasted)

    # --- going -------------------------------------------------------------------------------------------------

    def action_back(self) -> None:
        """Back to where I was; the queue is home."""
        if len(self.app.screen_stack) > 1:
            self.app.pop_screen()

    def action_go(self) -> None:
        """Ask where to."""
        self.ask("go to", PLACES, lambda choice: self.go(str(choice.value)))

    def go(self, place: str) -> None:
        """Open the screen called `place`."""
        self.desk.open_place(place)

    def action_help(self) -> None:
        """The keys that work here."""
        self.desk.open_place("help")

    def action_palette(self) -> None:
        """Every verb with its key."""
        self.desk.open_place("palette")
