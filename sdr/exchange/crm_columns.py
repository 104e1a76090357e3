"""Which columns an export has, in order, and what each program calls them.

Labels are those the program's own import maps by itself: Salesforce's Lead fields, HubSpot's contact
properties, Pipedrive's "Person - Name" style. Two columns no program knows travel with every row: the desk's id, so
that a second import updates instead of doubling, and why the lead is worth a call.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from sdr.exchange.sheets import CsvProfile


class Profile(StrEnum):
    """Whom an export is for; the word of `sdr export --profile` and of the file's name."""

    SHEET = "sheet"
    SALESFORCE = "salesforce"
    HUBSPOT = "hubspot"
    PIPEDRIVE = "pipedrive"
    JSON = "json"

    @property
    def csv(self) -> CsvProfile:
        """How CSV files of this profile are made safe: prefixed for people, refused for programs."""
        return CsvProfile.SHEET if self is Profile.SHEET else CsvProfile.CRM


class Column(NamedTuple):
    """One column of an export: a field of the lead or its handoff, and the label above it."""

    field: str
    label: str


_SHEET = {
    "id": "ID",
    "name": "Name",
    "title": "Title",
    "company": "Company",
    "email": "Email",
    "phone": "Phone",
    "mobile": "Mobile",
    "website": "Website",
    "industry": "Industry",
    "employees": "Employees",
    "city": "City",
    "region": "Region",
    "postcode": "Postcode",
    "street": "Street",
    "country": "Country",
    "source": "Source",
    "campaign": "Campaign",
    "state": "State",
    "grade": "Grade",
    "score": "Score",
    "owner": "Owner",
    "ae": "Account executive",
    "offered_at": "Offered",
    "respond_by": "Answer due",
    "meeting_at": "Meeting",
    "why": "Why",
    "notes": "Notes",
    "do_not_call": "Do not call",
    "do_not_email": "Do not email",
    "external_id": "External ID",
}

_SALESFORCE = {
    "first_name": "First Name",
    "last_name": "Last Name",
    "title": "Title",
    "company": "Company",
    "email": "Email",
    "phone": "Phone",
    "mobile": "Mobile Phone",
    "website": "Website",
    "industry": "Industry",
    "employees": "No. of Employees",
    "city": "City",
    "region": "State/Province",
    "postcode": "Zip/Postal Code",
    "street": "Street",
    "country": "Country",
    "source": "Lead Source",
    "state": "Lead Status",
    "grade": "Rating",
    "ae": "Lead Owner",
    "notes": "Description",
    "do_not_call": "Do Not Call",
    "do_not_email": "Email Opt Out",
    "why": "SDR Desk Why",
    "id": "SDR Desk ID",
}

_HUBSPOT = {
    "first_name": "First Name",
    "last_name": "Last Name",
    "email": "Email",
    "phone": "Phone Number",
    "mobile": "Mobile Phone Number",
    "title": "Job Title",
    "company": "Company Name",
    "website": "Website URL",
    "industry": "Industry",
    "employees": "Number of Employees",
    "city": "City",
    "region": "State/Region",
    "postcode": "Postal Code",
    "street": "Street Address",
    "country": "Country/Region",
    "state": "Lead Status",
    "ae": "Contact Owner",
    "source": "SDR Desk Source",
    "notes": "Message",
    "why": "SDR Desk Why",
    "id": "SDR Desk ID",
}

_PIPEDRIVE = {
    "name": "Person - Name",
    "email": "Person - Email",
    "phone": "Person - Phone",
    "title": "Person - Job title",
    "company": "Organization - Name",
    "website": "Organization - Website",
    "industry": "Organization - Industry",
    "employees": "Organization - Number of employees",
    "city": "Organization - Address",
    "country": "Organization - Country",
    "lead_title": "Lead - Title",  # Pipedrive refuses a lead without one
    "ae": "Lead - Owner",
    "source": "Lead - Source",
    "grade": "Lead - Label",
    "notes": "Note - Content",
    "why": "Lead - SDR Desk Why",
    "id": "Lead - SDR Desk ID",
}

_JSON = {field: field for field in dict.fromkeys((*_SHEET, "first_name", "last_name", "email_2", "zone", "tags"))}

_LABELS = {
    Profile.SHEET: _SHEET,
    Profile.SALESFORCE: _SALESFORCE,
    Profile.HUBSPOT: _HUBSPOT,
    Profile.PIPEDRIVE: _PIPEDRIVE,
    Profile.JSON: _JSON,
}


def columns_for(profile: Profile) -> tuple[Column, ...]:
    """The columns of `profile`, left to right.

    Fields are those of a lead (`sdr import --map`) and of its handoff: `id`, `name`, `state`, `grade`, `score`,
    `owner`, `ae`, `offered_at`, `respond_by`, `meeting_at`, `why`, and `lead_title` ("Company: name") for Pipedrive.
    """
    return tuple(Column(field, label) for field, label in _LABELS[profile].items())
