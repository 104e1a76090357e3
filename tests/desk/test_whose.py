"""Whose a company is already: by index, in a line, before anybody is added twice."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sdr.desk import known_here, triage, whose
from sdr.desk.leads_kept import add, understood
from sdr.models.terms import ms
from sdr.store import connection
from sdr.store.queries import firms, leads
from sdr.store.queries.firms import Firm
from tests.desks import MONDAY, Desk, begin

THREE_DAYS = ms(MONDAY - timedelta(days=3))


def acme(desk: Desk, **fields: object) -> int:
    return begin(
        desk.store, "account", **({"name": "Acme Pumps", "name_key": "acme pumps", "domain": "acme.example"} | fields)
    )


def ben(desk: Desk) -> int:
    return begin(desk.store, "rep", name="Ben", zone="Europe/Madrid", hours="mon-fri 09:00-17:00")


def firm_of(desk: Desk, lead: int) -> str | None:
    card = desk.store.read(leads.card, lead).result(5)
    if card.firm is None or not whose.tells(card.firm, card.lead.owner_id):
        return None
    return whose.firm_words(card.account.name, card.firm, desk.clock())


def test_a_new_leads_card_says_whose_the_company_is(desk: Desk) -> None:
    account = acme(desk)
    lead = desk.new_lead(account_id=account)
    assert firm_of(desk, lead) is None
    desk.new_lead(name="Colleague", email="c@acme.example", account_id=account)
    assert firm_of(desk, lead) is None  # the same rep has another of them, untouched: nothing to say
    hers = desk.new_lead(
        name="Bo", email="b@acme.example", account_id=account, owner_id=ben(desk), last_at=THREE_DAYS, state="working",
        next_kind="call",
    )  # fmt: skip
    assert firm_of(desk, lead) == "Acme Pumps is Ben's (and of 1 more) · touched 3 d ago"
    carla = begin(desk.store, "ae", name="Carla")
    begin(
        desk.store,
        "handoff",
        lead_id=hers,
        ae_id=carla,
        state="offered",
        offered_at=1,
        respond_by=2,
        why_ae="",
        brief="",
    )
    assert firm_of(desk, lead).endswith("touched 3 d ago · with AE Carla")
    desk.act(triage.accept, lead)
    assert desk.store.read(leads.card, lead).result(5).firm is None  # it is triaged


def test_a_customer_without_people_is_told_too(desk: Desk) -> None:
    lead = desk.new_lead(account_id=acme(desk, customer=1))
    assert firm_of(desk, lead) == "Acme Pumps is nobody's · a customer"


@pytest.mark.parametrize(
    ("firm", "words"),
    [
        (Firm(3, 1, "Ben", 1, None, None, False), "Acme is Ben's"),
        (Firm(3, 1, "Ben", 3, None, None, True), "Acme is Ben's (and of 2 more) · a customer"),
        (Firm(1, None, None, 0, THREE_DAYS, "Carla", False), "Acme is nobody's · touched 3 d ago · with AE Carla"),
    ],
)
def test_the_words(firm: Firm, words: str) -> None:
    assert whose.firm_words("Acme", firm, MONDAY) == words


def test_leads_that_were_refused_do_not_make_an_owner(desk: Desk) -> None:
    account, closed = acme(desk), {"next_kind": None, "due_at": None, "queue_band": None}
    desk.new_lead(email="x@acme.example", account_id=account, owner_id=ben(desk), state="rejected", **closed)
    found = desk.store.read(firms.firm, account).result(5)
    assert (found.people, found.owner, found.owners) == (1, None, 0)
    assert desk.store.read(firms.firm, None).result(5) is None


def test_it_is_found_by_index(desk: Desk) -> None:
    account = acme(desk)
    plans: list[str] = []

    class Explaining:
        """Runs every statement as its plan."""

        def __init__(self, db: object) -> None:
            self.db = db

        def execute(self, sql: str, args: object = ()) -> object:
            plans.extend(row[3] for row in self.db.execute(f"EXPLAIN QUERY PLAN {sql}", args))  # type: ignore[attr-defined]
            return self.db.execute(sql, args)  # type: ignore[attr-defined]

    db = connection.connect(desk.store.path)
    firms.firm(Explaining(db), account)  # type: ignore[arg-type]
    firms.firm_of_domain(Explaining(db), "acme.example")  # type: ignore[arg-type]
    db.close()
    assert any("lead_account" in one for one in plans)
    assert not [one for one in plans if one.startswith("SCAN") and one.split()[1] in ("lead", "account", "handoff")]


def test_a_check_says_exists_and_whose_and_opens_nobody(desk: Desk) -> None:
    desk.new_lead(account_id=acme(desk), owner_id=ben(desk), last_at=THREE_DAYS)

    def known(line: str) -> list[str]:
        return desk.store.read(known_here.check, understood(line), desk.clock()).result(5)

    company = "Acme Pumps is Ben's · touched 3 d ago"
    assert known("Ana, ana@acme.example") == ["exists: owned by Ben, state new, touched 3 d ago", company]
    assert known("Zoe, zoe@acme.example") == [company]
    assert known("Zoe, +34600000001") == ["same number as a lead owned by Ben, state new, touched 3 d ago"]
    assert known("Zoe, zoe@gmail.com") == []
    refused = desk.try_(add, understood("Ana Ruiz, ana@acme.example"))
    assert refused.reason == "Ana Ruiz exists: owned by Ben, state new, touched 3 d ago"
