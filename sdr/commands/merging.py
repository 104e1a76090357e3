"""`sdr merge`, `sdr unmerge`: two leads that are one person are joined, and taken apart again at any later time."""

from __future__ import annotations

import click

from sdr.commands.frame import Desk, common, desk, nonsense, refusal
from sdr.commands.naming import LARGEST, pairs, the_lead
from sdr.models.terms import Refused
from sdr.rules.text import folded
from sdr.store import rows
from sdr.store.queries import merges

SIDES = ("a", "b")


@click.command()
@click.argument("a", metavar="LEAD")
@click.argument("b", metavar="LEAD")
@click.option("--keep", multiple=True, metavar="FIELD=a|b", help="Whose value stands where both have one.")
@click.option("--stays", type=click.Choice(SIDES), help="Which of the two stays (else the one that is further on).")
@common
@click.pass_context
def merge(ctx: click.Context, a: str, b: str, keep: tuple[str, ...], stays: str | None, as_json: bool) -> None:
    """Join two leads that are one person; nothing is lost, and `sdr unmerge` takes them apart again."""
    from sdr.desk import merging

    with desk(ctx) as found:
        stood = the_lead(found, a).id, the_lead(found, b).id  # who stands for each of them before
        ids = dict(zip(SIDES, stood, strict=True))
        chosen = {word: ids.get(side) for word, side in pairs(keep).items()}
        unclear = next((word for word, lead in chosen.items() if lead is None), None)
        if unclear is not None:
            nonsense("merge.side", f"“{unclear}” is kept of a (the first lead) or of b (the second)")
        done = found.act(merging.merge, _own_id(found, a), _own_id(found, b), keep=chosen, stays=ids.get(stays or ""))
        if isinstance(done, Refused):
            raise refusal(done)
        merged = str(stood[0] if stood[1] == done.lead else stood[1])
        found.say({"survivor": str(done.lead), "merged": merged, "summary": done.summary}, [done.summary])


@click.command()
@click.argument("lead")
@common
@click.pass_context
def unmerge(ctx: click.Context, lead: str, as_json: bool) -> None:
    """Take a merged lead out of the one that stands for it; LEAD is either of them."""
    from sdr.desk import unmerging

    with desk(ctx) as found:
        stands_for = the_lead(found, lead).id
        done = found.act(unmerging.unmerge, _merged(found, lead, stands_for))
        if isinstance(done, Refused):
            raise refusal(done)
        document = {"lead": str(done.lead), "apart_from": str(stands_for), "summary": done.summary}
        found.say(document, [done.summary])


def _own_id(found: Desk, words: str) -> int:
    """The lead that words mean: for an id the very one, also when it was merged away."""
    lead = the_lead(found, words)
    return int(words) if words.isdigit() and int(words) <= LARGEST else lead.id


def _merged(found: Desk, words: str, stands_for: int) -> int:
    """Which of the leads that were merged into one is meant: the one named, else the only one."""
    named = _own_id(found, words)
    joined = found.read(merges.joined, stands_for)
    if named != stands_for or not joined:
        return named
    meant = [one for one in joined if _is_called(one, words)] or list(joined)
    if len(meant) > 1:
        listed = "; ".join(f"{one.id} {one.name}" + (f", {one.email}" if one.email else "") for one in meant)
        nonsense("unmerge.several", f"several leads were merged into this one: {listed}", "use the id")
    return meant[0].id


def _is_called(lead: rows.Lead, words: str) -> bool:
    return words.strip().lower() in (lead.email, lead.email_2) or folded(words) == folded(lead.name)
