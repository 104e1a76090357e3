"""Everything that was noticed of a file, each sentence whole under its list."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap
from typing import ClassVar

from sdr.screens.columns import Cells, Column, one_line
from sdr.screens.lines import Key
from sdr.screens.table_room import TableRoom


class RemarksScreen(TableRoom):
    """What the rep should know of a file before it comes in: how it was read, and what of its values is left out."""

    columns: ClassVar[Sequence[Column]] = (Column("remark", "remark"),)
    under = 4

    def __init__(self, remarks: Sequence[str]) -> None:
        super().__init__()
        self.remarks = remarks

    def refresh_rows(self) -> None:
        """One row a remark."""
        self.put({number: Cells((text,)) for number, text in enumerate(self.remarks, 1)})

    def draw(self) -> None:
        """How many, and the whole of the one under the cursor."""
        self.head([("remarks", "now"), (f"   {len(self.remarks):,}", "")])
        if self.table.current is not None:
            self.below(*wrap(one_line(self.remarks[self.table.current - 1]), self.app.size.width - 2))

    def keys(self) -> Sequence[Key]:
        """There is nothing to do but read."""
        return (("j", "next"), ("Esc", "back"))
