"""`sdr duplicates`: pairs of leads that may be one person, the likeliest first. Nothing is joined here."""

from __future__ import annotations

from typing import Any

import click

from sdr.commands.counting import counting
from sdr.commands.frame import common, desk
from sdr.store import rows
from sdr.store.queries import doubles


@click.command()
@click.option("--limit", type=click.IntRange(1, 100_000), default=100, help="How many pairs (100).")
@common
@click.pass_context
def duplicates(ctx: click.Context, limit: int, as_json: bool) -> None:
    """Pairs of leads that may be one person, with a score of 100 and the reasons; the likeliest first."""
    from sdr.store import sweeping

    with desk(ctx) as found:
        with counting("leads compared") as progress:
            sweeping.catch_up(found.store, lambda looked: progress(looked, 0))
        pairs = found.read(doubles.pairs, limit)
        leads = found.read(doubles.leads_of, {one for pair in pairs for one in (pair.a, pair.b)})
        found.say([_document(pair, leads) for pair in pairs], _lines(pairs, leads))


def _document(pair: doubles.Pair, leads: dict[int, rows.Lead]) -> dict[str, Any]:
    return {
        "a": str(pair.a), "b": str(pair.b), "score": pair.score, "reasons": list(pair.reasons),
        "names": [leads[pair.a].name, leads[pair.b].name],
    }  # fmt: skip


def _lines(pairs: tuple[doubles.Pair, ...], leads: dict[int, rows.Lead]) -> list[str]:
    told = [
        f"{pair.score:>3}  {_called(leads[pair.a])} | {_called(leads[pair.b])} · {', '.join(pair.reasons)}"
        for pair in pairs
    ]
    return told or ["no two leads look like one person"]


def _called(lead: rows.Lead) -> str:
    return f"{lead.id} {lead.name}" + (f", {lead.company}" if lead.company else "")
