"""Which company a new lead belongs to: by the domain of its address or site, else by its name without legal forms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
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


_LAST = (1 << 20) - 1
MOST = 10_000  # accounts that are remembered before the oldest are let go


@dataclass(slots=True)
class _Known:
    """Some accounts: by domain, by the key of the name, and the domain of each."""

    by_domain: dict[str, int] = field(default_factory=dict)
    by_key: dict[str, int] = field(default_factory=dict)
    domains: dict[int, str | None] = field(default_factory=dict)


class Accounts:
    """The accounts of one act: those the file of the desk has, and those that begin with it.

    However many they are, only the latest are remembered; the others are asked for again. What this act has begun or
    changed is forgotten only when it is written, for its edits are written some hundred at a time.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._new, self._old = _Known(), _Known()
        self._last: tuple[int, str | None] | None = None  # the newest account begun or changed, and its domain
        self._last_old: tuple[int, str | None] | None = None
        self._begun: list[Edit] = []
        # Where there was no account, those there are have begun here: by the last bits of the hash of domain and key.
        self._sieve = bytearray(0 if doubles.any_account(session) else _LAST + 1)

    def look_up(self, many: Iterable[Told]) -> None:
        """Learn which accounts of `many` people there are already."""
        self._let_go()
        listed = [(domain_of(told), _key_of(told)) for told in many]
        domains = {domain for domain, _ in listed if domain and self._of_domain(domain) is None}
        keys = {key for _, key in listed if key and self._of_key(key) is None}
        if self._sieve:
            domains, keys = ({one for one in asked if self._sieve[hash(one) & _LAST]} for asked in (domains, keys))
        for account in doubles.accounts(self._session, domains, keys) if domains or keys else ():
            self._learn(*account)

    def of(self, told: Told) -> int | None:
        """The account of a person, begun when it is not there; `None` when nothing tells a company."""
        domain, key = domain_of(told), _key_of(told)
        if domain and (found := self._of_domain(domain)) is not None:
            return found
        named = self._of_key(key) if key else None
        if named is not None and (domain is None or self._domain_of(named) is None):
            if domain is not None:
                self._begun.append(Edit.set("account", named, domain=domain))
                self._last = (named, domain)
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
        self._last = (account_id, domain)
        self._learn(account_id, domain, fields["name_key"] or "")
        return account_id

    def _learn(self, account_id: int, domain: str | None, key: str) -> None:
        self._new.domains[account_id] = domain
        if self._sieve:
            self._sieve[hash(domain) & _LAST] = self._sieve[hash(key) & _LAST] = 1
        if domain and self._of_domain(domain) is None:
            self._new.by_domain[domain] = account_id
        if key and self._of_key(key) is None:
            self._new.by_key[key] = account_id

    def _of_domain(self, domain: str) -> int | None:
        found = self._new.by_domain.get(domain)
        return self._old.by_domain.get(domain) if found is None else found

    def _of_key(self, key: str) -> int | None:
        found = self._new.by_key.get(key)
        return self._old.by_key.get(key) if found is None else found

    def _domain_of(self, account_id: int) -> str | None:
        among = self._new.domains if account_id in self._new.domains else self._old.domains
        return among[account_id]

    def _let_go(self) -> None:
        if len(self._new.domains) < MOST:
            return
        if self._last_old is None or doubles.domain_of_account(self._session, self._last_old[0]) == self._last_old[1:]:
            self._old, self._new = self._new, _Known()
            self._last_old, self._last = self._last, None
