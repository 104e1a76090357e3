"""Which company a new lead belongs to: by the domain of its address or site, else by its name without legal forms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sdr.rules.identity import company_domain, company_key
from sdr.store.changes import Edit
from sdr.store.queries import doubles
from sdr.store.session import Session

Told = Mapping[str, Any]
FACTS = ("website", "industry", "employees", "country")


def domain_of(told: Told) -> str | None:
    """The domain that stands for the company of a person."""
    return told.get("domain") or company_domain(told.get("email"), told.get("website"))


def _key_of(told: Told) -> str:
    """The key of the company's name; who brought many has worked it out already (`firm`)."""
    firm = told.get("firm")
    return company_key(told.get("company") or "") if firm is None else str(firm)


class Accounts:
    """The accounts of one act: those the file of the desk has, and those that begin with it."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._by_domain: dict[str, int] = {}
        self._by_key: dict[str, int] = {}
        self._domains: dict[int, str | None] = {}
        self._begun: list[Edit] = []

    def look_up(self, many: Iterable[Told]) -> None:
        """Learn which accounts of `many` people there are already."""
        listed = list(many)
        domains = {d for told in listed if (d := domain_of(told)) and d not in self._by_domain}
        keys = {k for told in listed if (k := _key_of(told)) and k not in self._by_key}
        for account in doubles.accounts(self._session, domains, keys):
            self._learn(account.id, account.domain, account.name_key)

    def of(self, told: Told) -> int | None:
        """The account of a person, begun when it is not there; `None` when nothing tells a company."""
        domain, key = domain_of(told), _key_of(told)
        if domain and domain in self._by_domain:
            return self._by_domain[domain]
        named = self._by_key.get(key) if key else None
        if named is not None and (domain is None or self._domains[named] is None):
            if domain is not None:
                self._begun.append(Edit.set("account", named, domain=domain))
                self._learn(named, domain, key)
            return named
        return self._begin(told, domain, key) if domain or key else None

    def begun(self) -> Iterator[Edit]:
        """The edits of accounts that began or changed since this was last asked."""
        yield from self._begun
        self._begun.clear()

    def _begin(self, told: Told, domain: str | None, key: str) -> int:
        account_id = self._session.new_id()
        name = told.get("company") or domain
        known = {fact: told[fact] for fact in FACTS if fact in told}
        fields = {"name": name, "name_key": key or company_key(str(name)), "domain": domain}
        self._begun.append(Edit.new("account", account_id, **fields, **known))
        self._learn(account_id, domain, fields["name_key"] or "")
        return account_id

    def _learn(self, account_id: int, domain: str | None, key: str) -> None:
        self._domains[account_id] = domain
        if domain:
            self._by_domain.setdefault(domain, account_id)
        if key:
            self._by_key.setdefault(key, account_id)
