"""What the matcher has to know of a row, and nothing else of it: the keys that tell who it is, and a few marks.

Sure keys (`email:`, `id:`, `office:`) join rows, likely ones (`phone:`, `name:`, `who:`, `shared:`) only make a row
doubtful. An address that a whole office reads (info@) is sure only together with the name: `office:info@acme.com ana`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sdr.desk.accounts import domain_of
from sdr.exchange.rows_read import Seen
from sdr.rules.identity import company_key, role_address
from sdr.rules.text import folded

REJECTED, FLAWED, INQUIRY, LEAVE_ALONE = 1, 2, 4, 8
Fact = tuple[int, list[str], list[str]]  # marks, sure keys, likely keys


def fact_of(seen: Seen) -> Fact:
    """The marks and keys of a row; its company's key is left with its values, for whoever looks for the company."""
    if seen.reason:
        return REJECTED, [], []
    values = seen.values
    marks = FLAWED if seen.flaws else 0
    if values.get("do_not_call") or values.get("do_not_email"):
        marks |= LEAVE_ALONE
    if not ("company" in values or "title" in values or "phones" in values):
        marks |= INQUIRY
    if "company" in values:
        values["firm"] = company_key(values["company"])
    likely = _likely(values)
    sure = [_of_address(values[field], values, likely) for field in ("email", "email_2") if field in values]
    if "external_id" in values:
        sure.append(f"id:{values['external_id']}")
    return marks, sure, likely


def _of_address(address: str, values: Mapping[str, Any], likely: list[str]) -> str:
    if not role_address(address):
        return f"email:{address}"
    likely.append(f"shared:{address}")
    return f"office:{address} {folded(values.get('name') or values.get('mail_name') or '')}"


def _likely(values: Mapping[str, Any]) -> list[str]:
    found = [f"phone:{one['e164']}" for one in values["phones"]] if "phones" in values else []
    if (last := values.get("last_name")) and (domain := domain_of(values)):
        found.append(f"name:{domain}:{folded(last)}")
    if "name" in values and (firm := values.get("firm")):
        found.append(f"who:{firm}:{folded(values['name'])}")
    return found
