"""A street comes in with a file, and a letter goes to it."""

from __future__ import annotations

from pathlib import Path

import pytest

from sdr.desk.reaching import address_of
from sdr.models.terms import Channel
from tests.commands.conftest import Sdr
from tests.desks import open_desk


@pytest.mark.parametrize(
    "header",
    ["Street", "Street Address", "Address 1 - Street", "Straße", "Anschrift", "Adresse", "Calle", "Rua", "Via"],
)
def test_a_street_is_found_by_its_header(sdr: Sdr, tmp_path: Path, header: str) -> None:
    file = tmp_path / "leads.csv"
    file.write_text(f"Name,Email,City,{header}\nAna Ruiz,ana@acme.example,Madrid,Gran Vía 5\n", encoding="utf-8")
    assert sdr("import", str(file), "--json").json["mapping"][header] == "street"


def test_an_address_column_of_mail_addresses_is_no_street(sdr: Sdr, tmp_path: Path) -> None:
    file = tmp_path / "leads.csv"
    file.write_text("Name,Address\nAna Ruiz,ana@acme.example\nBo Lind,bo@acme.example\n", encoding="utf-8")
    assert sdr("import", str(file), "--json").json["mapping"]["Address"] == "email"


def test_a_letter_goes_to_the_street_of_the_lead(tmp_path: Path) -> None:
    desk = open_desk(tmp_path)
    lead = desk.new_lead(street="Gran Vía 5", city="Madrid", postcode="28013", country="ES")
    ana = desk.lead(lead)
    told = desk.store.read(lambda db: address_of(db, ana, Channel.LETTER)).result(5)
    desk.store.close()
    assert told == "Gran Vía 5\n28013 Madrid"
