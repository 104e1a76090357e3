"""Exports of well-known products, recognised by their column names.

A product is claimed only when several of its own columns are there together: "Email, Name" is everybody's. Within
a preset an earlier column wins where two could feed one field; None means: known, and of no use to the desk.
Sources: the headers of the products' own export files; they are long, and so is this one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from sdr.exchange.naming import normalise


@dataclass(frozen=True, slots=True)
class Preset:
    """A product's export: all of `needs` and at least `enough` of `hints` must be among the column names.

    `fields` maps the product's column names to fields. With `prefixed`, cells carry a mark such as `p:` before
    the value, which is not part of it.
    """

    name: str
    needs: tuple[str, ...]
    hints: tuple[str, ...]
    enough: int
    fields: dict[str, str | None]
    prefixed: bool = False

    def fits(self, names: frozenset[str]) -> bool:
        found = sum(normalise(hint) in names for hint in self.hints)
        return found >= self.enough and all(normalise(need) in names for need in self.needs)


def _fields(text: str) -> dict[str, str | None]:
    """`column = field` lines; `-` for a column without a field."""
    pairs = (line.split(" = ") for line in text.strip().splitlines())
    return {normalise(column): None if field.strip() == "-" else field.strip() for column, field in pairs}


_HUBSPOT = """
Record ID = external_id
Record ID - Contact = external_id
First Name = first_name
Last Name = last_name
Email = email
Work Email = email_2
Phone Number = phone
Mobile Phone Number = mobile
Job Title = title
Company Name = company
Associated Company = company
Website URL = website
Email Domain = domain
Number of Employees = employees
Industry = industry
Country/Region = country
State/Region = region
City = city
Postal Code = postcode
Street Address = street
Time Zone = zone
Original Source = source
Original Traffic Source = source
Create Date = arrived_at
Contact Owner = owner
Unsubscribed from all email = do_not_email
Lead Status = -
Lifecycle Stage = -
Last Activity Date = -
Marketing contact status = -
"""
_SALESFORCE = """
Lead ID = external_id
Contact ID = external_id
Id = external_id
First Name = first_name
Last Name = last_name
Company / Account = company
Company = company
Account Name = company
Title = title
Email = email
Phone = phone
Mobile = mobile
Mobile Phone = mobile
Website = website
No. of Employees = employees
Number of Employees = employees
Industry = industry
Country = country
State/Province = region
City = city
Zip/Postal Code = postcode
Postal Code = postcode
Lead Source = source
Create Date = arrived_at
Created Date = arrived_at
Lead Owner = owner
Owner Alias = owner
Lead Owner Alias = owner
Owner Id = owner
Description = notes
Do Not Call = do_not_call
Email Opt Out = do_not_email
Has Opted Out Of Email = do_not_email
Lead Status = -
Status = -
Rating = -
Street = street
"""
_APOLLO = """
Apollo Contact Id = external_id
First Name = first_name
Last Name = last_name
Title = title
Company = company
Company Name = company
Company Name for Emails = -
Email = email
Secondary Email = email_2
Email Status = -
Seniority = seniority
Departments = department
Work Direct Phone = phone
Mobile Phone = mobile
Corporate Phone = phone
Home Phone = phone
Other Phone = phone
Company Phone = phone
# Employees = employees
Industry = industry
Person Linkedin Url = linkedin
Company Linkedin Url = -
Website = website
City = city
State = region
Country = country
Company City = -
Company State = -
Company Country = -
Lists = tags
Contact Owner = owner
Account Owner = -
Stage = -
Keywords = -
"""
_LINKEDIN = """
First Name = first_name
Last Name = last_name
URL = linkedin
Email Address = email
Company = company
Position = title
Connected On = arrived_at
"""
_GOOGLE = """
First Name = first_name
Given Name = first_name
Last Name = last_name
Family Name = last_name
Name = name
File As = name
Organization Name = company
Organization 1 - Name = company
Organization Title = title
Organization 1 - Title = title
Organization Department = department
Organization 1 - Department = department
E-mail 1 - Value = email
E-mail 2 - Value = email_2
E-mail 1 - Label = -
Phone 1 - Value = phone
Phone 2 - Value = mobile
Phone 1 - Label = -
Phone 2 - Label = -
Address 1 - City = city
Address 1 - Region = region
Address 1 - Postal Code = postcode
Address 1 - Street = street
Address 1 - Country = country
Website 1 - Value = website
Labels = tags
Group Membership = tags
Notes = notes
"""
_FACEBOOK = """
id = external_id
created_time = arrived_at
full_name = name
first_name = first_name
last_name = last_name
email = email
work_email = email_2
phone_number = phone
work_phone_number = mobile
company_name = company
job_title = title
city = city
country = country
campaign_name = campaign
form_name = campaign
ad_id = -
ad_name = -
adset_id = -
adset_name = -
campaign_id = -
form_id = -
is_organic = -
platform = -
lead_status = -
"""
_MAILCHIMP = """
EUID = external_id
Email Address = email
First Name = first_name
Last Name = last_name
Phone Number = phone
Company = company
OPTIN_TIME = arrived_at
TIMEZONE = zone
CC = country
REGION = region
NOTES = notes
TAGS = tags
Address = -
LEID = -
MEMBER_RATING = -
CONFIRM_TIME = -
LAST_CHANGED = -
"""
_PIPEDRIVE = """
Person - ID = external_id
Person - Name = name
Person - First name = first_name
Person - Last name = last_name
Person - Organization = company
Organization - Name = company
Person - Email - Work = email
Person - Email = email
Person - Email - Home = email_2
Person - Email - Other = email_2
Person - Phone - Work = phone
Person - Phone = phone
Person - Phone - Mobile = mobile
Person - Job title = title
Person - Owner = owner
Person - Labels = tags
Person - Label = tags
Person - Notes = notes
Lead - Source = source
Person - Person created = arrived_at
"""
_ZOHO = """
Record Id = external_id
Lead Id = external_id
First Name = first_name
Last Name = last_name
Company = company
Title = title
Email = email
Secondary Email = email_2
Phone = phone
Mobile = mobile
Website = website
Industry = industry
No. of Employees = employees
Lead Source = source
Lead Owner = owner
City = city
State = region
Zip Code = postcode
Country = country
Created Time = arrived_at
Description = notes
Tag = tags
Email Opt Out = do_not_email
Lead Status = -
"""


@lru_cache(maxsize=1)
def presets() -> tuple[Preset, ...]:
    """Every preset, the more particular ones first."""
    return (
        Preset("LinkedIn", ("URL", "Position", "Connected On"), ("First Name", "Email Address"), 1, _fields(_LINKEDIN)),
        Preset(
            "Mailchimp",
            ("Email Address",),
            ("MEMBER_RATING", "OPTIN_TIME", "LEID", "EUID", "CONFIRM_TIME"),
            2,
            _fields(_MAILCHIMP),
        ),
        Preset(
            "Facebook",
            ("created_time",),
            ("form_name", "form_id", "platform", "is_organic", "ad_id", "campaign_name", "adset_id"),
            2,
            _fields(_FACEBOOK),
            prefixed=True,
        ),
        Preset(
            "Google Contacts",
            ("E-mail 1 - Value",),
            ("Given Name", "First Name", "Organization Name", "Organization 1 - Name", "Phone 1 - Value", "Labels"),
            2,
            _fields(_GOOGLE),
        ),
        Preset(
            "Pipedrive",
            ("Person - Name",),
            (
                "Person - Email - Work",
                "Person - Email",
                "Person - Phone - Work",
                "Person - Phone",
                "Person - Organization",
                "Organization - Name",
            ),
            1,
            _fields(_PIPEDRIVE),
        ),
        Preset(
            "Apollo",
            ("Person Linkedin Url", "First Name"),
            ("Company Name for Emails", "# Employees", "Email Status", "Seniority", "Apollo Contact Id", "Stage"),
            2,
            _fields(_APOLLO),
        ),
        Preset(
            "Zoho",
            ("Record Id", "Lead Owner", "Last Name"),
            ("Company", "Lead Source", "Lead Status", "Created Time", "Email Opt Out"),
            2,
            _fields(_ZOHO),
        ),
        Preset(
            "HubSpot",
            ("First Name", "Last Name", "Email"),
            ("Record ID", "Record ID - Contact"),
            1,
            _fields(_HUBSPOT),
        ),
        Preset(
            "Salesforce",
            ("Last Name",),
            (
                "Lead Source",
                "Lead Status",
                "Lead Owner",
                "Lead Owner Alias",
                "Owner Alias",
                "Owner Id",
                "Lead ID",
                "Company / Account",
                "Has Opted Out Of Email",
            ),
            2,
            _fields(_SALESFORCE),
        ),
    )


def recognise(header: Sequence[str]) -> Preset | None:
    """The product whose export has these column names, or None if none can be claimed."""
    names = frozenset(map(normalise, header))
    return next((preset for preset in presets() if preset.fits(names)), None)
