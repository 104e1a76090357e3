"""Rows of one file that are one person: nothing of them is lost, and the same file again brings nothing new."""

from __future__ import annotations

import pytest

from sdr.exchange.joining import joined
from sdr.store.queries import leads
from tests.desks import Desk
from tests.exchange.bringing import brought, only

HEADER = "Name,Email,Phone,Title,Company,City,Created,Lead Source"
ROOT = "Ana Ruiz,ana@acme.example,600 111 222,CEO,Acme Inc,,2026-01-05,Fair"


def notes(desk: Desk) -> list[str]:
    return [one.text for one in desk.store.read(leads.events, only(desk).id).result(5) if one.kind == "note"]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (ROOT, []),
        ("ana  RUIZ,ANA@acme.example,600 111 222,ceo,Acme,,2026-01-05,fair", []),  # written otherwise, not other
        ("Ana Ruiz,ana@acme.example,600 333 444,,,Madrid,,", []),  # all of it has a place
        ("Ana Ruiz,ana@acme.example,,CFO,,,,", ["another row of the file: title CFO"]),
        (
            "A. Ruiz,ana@acme.example,,CEO,Bolt SA,,2026-02-07 10:30,Web",
            ["another row of the file: name A. Ruiz, dated 2026-02-07 10:30, company Bolt SA, campaign Web"],
        ),
    ],
)  # fmt: skip
def test_what_another_row_says_otherwise_is_a_note(desk: Desk, row: str, said: list[str]) -> None:
    text = f"{HEADER}\n{ROOT}\n{row}\n"
    report = brought(desk, text, source="List")
    assert (report.created, report.merged) == (1, 1)
    assert notes(desk) == said
    assert (only(desk).name, only(desk).title, only(desk).company) == ("Ana Ruiz", "CEO", "Acme Inc")
    again = brought(desk, text, source="List")
    assert (again.known, again.merged, again.updated) == (1, 1, 0)
    assert notes(desk) == said


def test_a_third_address_is_a_note_once() -> None:
    root = {"name": "Ana", "email": "a@x.example"}
    others = [{"name": "Ana", "email": f"{one}@x.example"} for one in "bcc"]
    found = joined(root, others, "UTC", None)
    assert (found["email"], found["email_2"]) == ("a@x.example", "b@x.example")
    assert found["notes"] == ["another row of the file: e-mail c@x.example"]


@pytest.mark.parametrize(("currency", "said"), [("EUR", "12.50"), ("JPY", "1250")])
def test_another_cost_is_said_in_its_currency(currency: str, said: str) -> None:
    found = joined({"cost_minor": 900}, [{"cost_minor": 1250}], "UTC", currency)
    assert found == {"cost_minor": 900, "notes": [f"another row of the file: cost {said}"]}


def test_the_rows_themselves_are_left_as_they_are() -> None:
    root = {"notes": ["one"], "phones": [{"e164": "+1"}]}
    other = {"notes": ["two"], "phones": [{"e164": "+2"}], "title": "CEO"}
    found = joined(root, [other], "UTC", None)
    assert found == {"notes": ["one", "two"], "phones": [{"e164": "+1"}, {"e164": "+2"}], "title": "CEO"}
    assert root == {"notes": ["one"], "phones": [{"e164": "+1"}]}
