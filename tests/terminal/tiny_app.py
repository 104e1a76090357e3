"""The smallest app on the desk's ground, run as a program by the terminal tests. Not a test itself."""

import sys

from textual.app import ComposeResult
from textual.widgets import Input, Static

from sdr.screens.fault import Fault
from sdr.screens.lead_table import Cells, Column, LeadTable
from sdr.screens.lines import HeadLine, KeyLine, ResultLine, Rule
from sdr.screens.terminal import LivingApp, require_terminal

HOSTILE = "Ada\x1b]52;c;aGVsbG8=\x1b\\\x1b[31mRED\x9b32m\u202eevil\x07\x7f"


class TinyApp(LivingApp):
    """A list, a field, and a key for each way to go wrong."""

    CSS = "Input { height: 1; border: none; } Static { height: 1; }"
    BINDINGS = [("b", "break_down"), ("h", "stand_still"), ("q", "quit"), ("i", "type")]

    def compose(self) -> ComposeResult:
        yield HeadLine(id="head")
        yield Rule(classes="rule")
        yield LeadTable([Column("name", "name", 19), Column("account", "account")])
        yield Static(HOSTILE, markup=False)  # a screen that forgot `safe`: the last guard is the line filter
        yield Input()
        yield KeyLine(id="keys")
        yield ResultLine(id="result")

    def on_mount(self) -> None:
        names = {1: HOSTILE, 2: "Wójcik, Tomasz", 3: "[@click=app.quit]x[/]"}
        table = self.query_one(LeadTable)
        table.show(names, {lead: Cells((name, "Acme[/]")) for lead, name in names.items()})
        table.focus()
        self.query_one(HeadLine).show("tiny")
        self.query_one(ResultLine).show(HOSTILE, "done", "u undo")

    def on_lead_table_highlighted(self, message: LeadTable.Highlighted) -> None:
        self.query_one(HeadLine).show(f"on lead {message.lead_id}")

    def on_input_changed(self, message: Input.Changed) -> None:
        self.query_one(ResultLine).show(f"typed {len(message.value)}")

    def action_type(self) -> None:
        self.query_one(Input).focus()

    def action_break_down(self) -> None:
        secret = "Ada Okafor"
        raise RuntimeError(f"{secret} of {HOSTILE}")

    def action_stand_still(self) -> None:
        while True:
            pass

    def record_fault(self, fault: Fault) -> str:
        return f"the log ({len(fault.trail.splitlines())} lines)"


if __name__ == "__main__":
    refusal = require_terminal()
    if refusal:
        print(refusal, file=sys.stderr)
        sys.exit(2)
    app = TinyApp()
    app.run()
    sys.exit(app.return_code)
