"""What does not change is not drawn again: widgets that keep the lines they drew, and the ground under the others.

With each frame Textual asks every widget for all its lines, and goes through the borders, the cache and the colour
filters of each, whatever changed. On the path of every `j` that was a seventh of the work.
"""

from __future__ import annotations

from textual.containers import Container
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget


class Still(Widget):
    """A widget whose lines are kept until something of it changes: words, size, colours."""

    _drawn_lines: tuple[Region, list[Strip]] | None = None

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines of `crop`, as they were drawn last when nothing has changed since."""
        if self._drawn_lines is None or self._drawn_lines[0] != crop:
            self._drawn_lines = crop, super().render_lines(crop)
        return self._drawn_lines[1]

    def _set_dirty(self, *regions: Region) -> None:
        self._drawn_lines = None
        super()._set_dirty(*regions)


class Ground(Container, Still):  # the first base is whose styles it has
    """What other widgets stand on."""
