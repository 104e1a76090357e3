"""What can be wrong with the file itself, as sentences a rep can act on."""

from __future__ import annotations


class Unusable(Exception):
    """The file or folder cannot be used; nothing was changed. `code` is stable, `hint` is the way out."""

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint


class Corrupt(Unusable):
    """The file was ours, and is damaged."""


class Cancelled(Exception):
    """A long write was called off before it was committed; nothing of it was kept."""
