"""What a file brought is read without what other files brought."""

from __future__ import annotations

from sdr.store.queries import batches
from tests.desks import Desk, begin, steps


def test_a_file_that_comes_again_reads_only_its_leads_without_address_and_id(desk: Desk) -> None:
    shape, other = "name,phone", "name,mail"
    first, again = (begin(desk.store, "batch", file=name, fingerprint=shape, at=1) for name in ("a.csv", "b.csv"))
    withdrawn = begin(desk.store, "batch", file="c.csv", fingerprint=shape, at=1, withdrawn=1)
    elsewhere = begin(desk.store, "batch", file="d.csv", fingerprint=other, at=1)
    bare = {"email": None, "external_id": None}
    one = desk.new_lead(name="One", batch_id=first, **bare)
    two = desk.new_lead(name="Two", batch_id=again, company="Acme", phone=None, **bare)
    desk.new_lead(name="Addressed", batch_id=first)
    desk.new_lead(name="Numbered", batch_id=first, email=None, external_id="7")
    for batch in (withdrawn, elsewhere, None):
        desk.new_lead(name="Not of these", batch_id=batch, **bare)
    merged = desk.new_lead(name="Merged", batch_id=first, state="merged", alias_of=one, next_kind=None, due_at=None,
                           queue_band=None, **bare)  # fmt: skip
    assert merged > two
    found = desk.store.read(lambda db: list(batches.nameless_keys(db, shape))).result(10)
    assert [(lead, name) for lead, name, _, _ in found] == [(one, "Merged"), (two, "Two"), (one, "One")]
    assert [row[2:] for row in found if row[1] == "Two"] == [(None, "Acme")]


def test_leads_with_an_address_are_not_even_looked_at(desk: Desk) -> None:
    found = steps(desk, lambda db: batches.nameless_keys(db, "name,phone"))
    assert [step for step in found if " lead" in step] == ["SEARCH lead USING INDEX lead_unkeyed (batch_id=?)"]
