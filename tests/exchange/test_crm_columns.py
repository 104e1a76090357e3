"""Every program gets the columns that its import knows, and enough of them to make a record."""

from pathlib import Path

import pytest

from sdr.exchange.crm_columns import Profile, columns_for
from sdr.exchange.sheets import CsvProfile, write_csv

NEEDED = {
    Profile.SALESFORCE: {"last_name": "Last Name", "company": "Company", "state": "Lead Status"},
    Profile.HUBSPOT: {"first_name": "First Name", "last_name": "Last Name", "email": "Email"},
    Profile.PIPEDRIVE: {"lead_title": "Lead - Title", "name": "Person - Name", "company": "Organization - Name"},
    Profile.SHEET: {"name": "Name", "phone": "Phone", "ae": "Account executive"},
    Profile.JSON: {"id": "id", "email": "email"},
}


@pytest.mark.parametrize("profile", Profile)
def test_what_an_import_insists_on_is_there_once(profile: Profile) -> None:
    columns = columns_for(profile)
    labels = {column.field: column.label for column in columns}
    assert NEEDED[profile].items() <= labels.items()
    assert len(set(labels.values())) == len(labels) == len(columns)


@pytest.mark.parametrize("profile", Profile)
def test_every_export_carries_the_desks_own_id_and_the_reason(profile: Profile) -> None:
    assert {"id", "why", "ae", "notes"} <= {column.field for column in columns_for(profile)}


@pytest.mark.parametrize("profile", Profile)
def test_only_files_for_people_are_prefixed(tmp_path: Path, profile: Profile) -> None:
    header = [column.label for column in columns_for(profile)]
    write_csv(tmp_path / "x.csv", header, [["+14155550100"]], profile.csv)
    assert ("'+1415" in (tmp_path / "x.csv").read_text("utf-8")) is (profile.csv is CsvProfile.SHEET)
    assert (profile.csv is CsvProfile.SHEET) is (profile is Profile.SHEET)
