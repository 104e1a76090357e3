"""`sdr where`: every path in use."""

from __future__ import annotations

from pathlib import Path

import click

from sdr.commands.frame import answer, common, places_of


@click.command()
@common
@click.pass_context
def where(ctx: click.Context, as_json: bool) -> None:
    """Every path in use."""
    places = places_of(ctx)
    paths: dict[str, Path] = places._asdict()
    width = max(len(name) for name in paths)
    document = {name: str(path) for name, path in paths.items()}
    answer(as_json, document, [f"{name:<{width}}  {path}" for name, path in paths.items()])
