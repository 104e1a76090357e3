"""`sdr demo`: the desk on invented data in a throwaway home."""

from __future__ import annotations

import tempfile

import click

from sdr import config
from sdr.commands.frame import remark
from sdr.commands.home import open_store
from sdr.commands.opening import require_terminal, run


@click.command()
@click.pass_context
@click.option("--leads", default=300, show_default=True, type=click.IntRange(20, 5000), help="How many leads.")
def demo(ctx: click.Context, leads: int) -> None:
    """Open the desk on invented sample data in a throwaway home; nothing of yours is touched."""
    require_terminal()
    with tempfile.TemporaryDirectory(prefix="sdr-demo-") as folder:
        places = config.places(folder)
        remark("inventing a month of leads, calls and handoffs…")
        _fill(places, leads)
        ctx.exit(run(places, demo=True))


def _fill(places: config.Places, leads: int) -> None:
    from sdr.exchange.sample import fill

    clock = config.clock()
    store = open_store(places, clock)
    try:
        fill(store, clock(), leads, zone=config.system_zone())
    finally:
        store.close()
