"""`sdr`, `sdr demo`, `sdr where`: opening the desk, and where its files are."""

from __future__ import annotations

import tempfile
from pathlib import Path

import click

from sdr import config
from sdr.commands.frame import NONSENSE, Stop, answer, common, open_store, places_of, set_up_if_new


def open_desk(ctx: click.Context) -> None:
    """Open the desk of the rep's own folder."""
    _require_terminal()
    places = places_of(ctx)
    _run(places, demo=False)


@click.command()
@click.option("--leads", default=300, show_default=True, type=click.IntRange(20, 5000), help="How many leads.")
def demo(leads: int) -> None:
    """Open the desk on invented sample data in a throwaway home; nothing of yours is touched."""
    _require_terminal()
    with tempfile.TemporaryDirectory(prefix="sdr-demo-") as folder:
        places = config.places(folder)
        _fill(places, leads)
        _run(places, demo=True)


def _fill(places: config.Places, leads: int) -> None:
    from sdr.exchange.sample import fill

    clock = config.clock()
    store = open_store(places, clock)
    try:
        fill(store, clock(), leads)
    finally:
        store.close()


def _run(places: config.Places, *, demo: bool) -> None:
    import gc

    gc.disable()  # while modules load: 5-10 % sooner to the first frame
    settings = config.load(places.config)
    clock = config.clock()
    store = open_store(places, clock)
    try:
        set_up_if_new(store, settings, clock())
        from sdr.app import DeskApp, setting_of

        DeskApp(setting_of(store, clock, places, settings, demo=demo), settings, places).run()
    finally:
        store.close()


def _require_terminal() -> None:
    from sdr.screens.terminal import require_terminal

    refusal = require_terminal()
    if refusal is not None:
        raise Stop(NONSENSE, "no-terminal", refusal)


@click.command()
@common
@click.pass_context
def where(ctx: click.Context, as_json: bool) -> None:
    """Every path in use."""
    places = places_of(ctx)
    paths: dict[str, Path] = {name: getattr(places, name) for name in places.__slots__}
    width = max(len(name) for name in paths)
    document = {name: str(path) for name, path in paths.items()}
    answer(as_json, document, [f"{name:<{width}}  {path}" for name, path in paths.items()])
