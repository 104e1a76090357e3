"""Draws the pictures of the documentation: the real app on the sample desk, driven by keys, at a fixed time.

    python docs/pictures.py [NAME…]

writes `docs/pictures/NAME-dark.svg` and `-light.svg`. The same program gives the same pictures, so that a change of
a screen is seen in its picture. No font is fetched: a picture uses the monospace font of whoever looks at it.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sdr.store.store import Store

NOW = "2026-05-12T14:36:00+02:00"
ZONE, COUNTRY = "Europe/Madrid", "ES"
FOLDER = Path(__file__).with_name("pictures")
THEMES = {"dark": "desk-dark", "light": "desk-light"}
SHOWN_FILE = "hannover-2026.csv"
FONT = "ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace"
CELL = 12.2  # the width of a cell in the picture
BLANK = "&#160;"
_NOTE = re.compile(r"\s*<!--.*?-->", re.DOTALL)
_RUN = re.compile(
    rf'x="(?P<x>[\d.]+)" y="(?P<y>[\d.]+)" textLength="(?P<length>[\d.]+)"(?P<more>[^>]*)>(?P<blanks>(?:{BLANK})+)(?!<)'
)
_FONT_FACE = re.compile(r"\s*@font-face \{.*?\}", re.DOTALL)
_FONT = re.compile(r"font-family: Fira Code, monospace|font-family: Fira Code")

os.environ["SDR_NOW"] = NOW
os.environ["SDR_NO_DIAL"] = "1"


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture: its size in cells and the keys that lead to it; a key of several letters is typed."""

    width: int
    height: int
    keys: tuple[str, ...] = ()


def typed(words: str) -> tuple[str, ...]:
    """The keys that write `words`."""
    names = {" ": "space", "-": "minus", ".": "full_stop", "/": "slash", ":": "colon", "_": "underscore"}
    return tuple(names.get(letter, letter) for letter in words)


PICTURES: dict[str, Picture] = {
    "queue": Picture(80, 24),
    "queue-wide": Picture(120, 40),
    "card": Picture(120, 40, ("slash", *typed("ruiz"), "enter", "v")),
    "call": Picture(80, 24, ("slash", *typed("ruiz"), "enter", "c", "enter", "2")),
    "handoffs": Picture(100, 30, ("g", "h")),
    "sources": Picture(100, 30, ("g", "s")),
    "day": Picture(80, 24, ("g", "x")),
    "import": Picture(80, 24, ("g", "i", *typed(SHOWN_FILE), "enter", "s", *typed("Hannover fair 2026"), "enter")),
    "keys": Picture(100, 40, ("question_mark",)),
}


def write_shown_file(folder: Path) -> None:
    """A list as a trade show sends it: notes on top, semicolons, Windows letters, one row without an address."""
    rows = [
        ("Ana", "Ruiz", "Acme Pumps", "+44 20 7946 0001", "ana@acmepumps.example", "leaks at three sites"),
        ("Jürgen", "Groß", "Müller Antriebe", "+44 20 7946 0002", "j.gross@mueller.example", "asked for a price"),
        ("Chloé", "Dupré", "Atelier, Dupré", "+44 20 7946 0003", "chloe@atelier.example", ""),
        ("Li", "Chen", "Harbour Tools", "", "li.chen@harbour.example", "call after Easter"),
        ("", "", "Nordkyl", "", "no address", "badge could not be read"),
    ]
    head = ["Messe Hannover 2026;;;;;", "Stand B 14;;;;;", ";;;;;", "Vorname;Nachname;Firma;Telefon;E-Mail;Bemerkung"]
    text = "\r\n".join([*head, *(";".join(row) for row in rows)]) + "\r\n"
    (folder / SHOWN_FILE).write_bytes(text.encode("cp1252"))


def filled(folder: Path) -> None:
    """The sample desk in `folder`."""
    from sdr import config
    from sdr.exchange.sample import fill

    with opened(folder) as store:
        fill(store, config.clock()(), 300, zone=ZONE, country=COUNTRY)


@contextmanager
def opened(folder: Path) -> Iterator[Store]:
    """The store in `folder`; a copied file is another desk, with a number of its own that is always the same."""
    from sdr import config
    from sdr.store.store import Store

    numbers = count(7)
    store = Store(folder / "desk.db", clock=config.clock(), draw=lambda: next(numbers), actor="sam")
    try:
        yield store
    finally:
        store.close()


async def drawn(folder: Path, theme: str, picture: Picture) -> str:
    """The SVG of one picture, from the desk in `folder`."""
    from sdr import config
    from sdr.app import DeskApp, setting_of

    write_shown_file(folder)
    os.chdir(folder)  # the file is named as a rep would, without its folder
    with opened(folder) as store:
        settings, places = config.Config(name="Sam Reyes", zone=ZONE, theme=theme), config.places(str(folder))
        desk = DeskApp(setting_of(store, config.clock(), places, settings, demo=True), settings, places)
        async with desk.run_test(size=(picture.width, picture.height)) as pilot:
            for key in ("", *picture.keys):
                if key:
                    await pilot.press(key)
                for _ in range(3):
                    await pilot.pause()
                    await desk.workers.wait_for_complete()
            return plain(desk.export_screenshot(title="sdr"))


def plain(svg: str) -> str:
    """The picture without fonts from elsewhere and without names that differ from run to run.

    Blanks at the start of a run move the run instead, because some programs that draw SVG drop them.
    """
    svg = _FONT.sub(f"font-family: {FONT}", _FONT_FACE.sub("", _NOTE.sub("", svg)))
    svg = _RUN.sub(_moved, svg)
    found = re.search(r"terminal-\d+", svg)
    return svg.replace(found[0], "terminal") if found else svg


def _moved(run: re.Match[str]) -> str:
    blanks = len(run["blanks"]) // len(BLANK)
    x, length = float(run["x"]) + CELL * blanks, float(run["length"]) - CELL * blanks
    return f'x="{x:g}" y="{run["y"]}" textLength="{length:g}"{run["more"]}>'


def draw(names: list[str], say: Callable[[str], object] = print) -> None:
    """Draw the pictures of these names, or all."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="sdr-pictures-") as home:
        sample = Path(home, "sample")
        filled(sample)
        for name in names or PICTURES:
            for suffix, theme in THEMES.items():
                desk = shutil.copytree(sample, Path(home, f"{name}-{suffix}"))
                path = FOLDER / f"{name}-{suffix}.svg"
                path.write_text(asyncio.run(drawn(desk, theme, PICTURES[name])), encoding="utf-8")
                say(path.name)


if __name__ == "__main__":
    draw(sys.argv[1:])
