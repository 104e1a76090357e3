"""Pairs walked by keys: merged, told apart, put off, taken back; field by field, and all of one sure reason at once."""

from __future__ import annotations

import pytest

from sdr.desk import triage
from sdr.store import sweeping
from sdr.store.queries import doubles, leads
from tests.desks import Desk, begin
from tests.screens.desk_app import driving, same_as_golden
from tests.screens.test_call_panel import burst

ANNA = {"name": "A. Ruiz", "first_name": "A.", "last_name": "Ruiz", "title": "CEO", "email": "anna@acme.example"}


def alike(desk: Desk, count: int, **second: object) -> list[tuple[int, int]]:
    """So many pairs of one name at one company, each of a company of its own; the last is the least like."""
    found = []
    for n in range(count):
        firm, host = f"Firm {'ABCDEFGHIJ'[n]}", f"firm{n}.example"
        last = ("Aster", "Brown", "Cohen", "Duran", "Engel", "Frost", "Gomez", "Huber", "Ivens", "Jonas")[n]
        one = {"name": f"Ana {last}", "first_name": "Ana", "last_name": last, "company": firm}
        other = {"name": f"A {last}", "first_name": "A"} if n == count - 1 else {}
        a = desk.new_lead(**one, email=f"ana@{host}", phone="")
        b = desk.new_lead(**(one | other | {"email": f"x{n}@{host}", "phone": f"+3460000{n:04}"} | second))
        found.append((a, b))
    return found


def one_of(desk: Desk, lead: int) -> int:
    """Who stands for a lead."""
    return desk.lead(lead).id


def waiting(desk: Desk) -> int:
    sweeping.catch_up(desk.store)
    return len(desk.store.read(doubles.pairs, 1000).result(10))


async def test_every_verdict_is_one_key_and_the_next_pair_is_there(desk: Desk) -> None:
    (a, b), (c, d), _last = alike(desk, 3)
    async with driving(desk) as driven:
        await driven.press("g", "p")
        assert driven.place == "DoublesScreen"
        assert driven.lines()[0].split()[:4] == ["doubles", "1", "of", "3"]
        assert "Ana Aster" in driven.text()
        await driven.press("enter")
        assert one_of(desk, b) == a
        assert driven.lines()[0].split()[:4] == ["doubles", "1", "of", "2"]
        await driven.press("x")
        assert desk.store.read(doubles.told_apart, c, d).result(10) is not None
        assert "A Cohen" in driven.text()
        await driven.press("n")
        assert "no two leads look like one person; 1 put off come again" in driven.text()
        await driven.press("left_square_bracket")
        assert "A Cohen" in driven.text()


async def test_m_merges_too_and_u_brings_the_pair_back(desk: Desk) -> None:
    a, b = alike(desk, 3)[0]
    async with driving(desk) as driven:
        await driven.press("g", "p", "m", "x")
        assert waiting(desk) == 1
        await driven.press("u")
        assert "Ana Brown" in driven.text()
        await driven.press("u")
        assert one_of(desk, b) == b
        assert "Ana Aster" in driven.text()
        assert waiting(desk) == 3
        await driven.press("U")
        assert one_of(desk, b) == a
        assert "Ana Brown" in driven.text()


async def test_a_burst_of_keys_gives_no_verdict_on_what_was_not_shown(desk: Desk) -> None:
    pairs = alike(desk, 3)
    async with driving(desk) as driven:
        await driven.press("g", "p")
        await burst(driven.app, "enter", "enter", "enter")
        await driven.settle()
    assert one_of(desk, pairs[0][1]) == pairs[0][0]
    assert waiting(desk) == 2


async def test_digits_choose_whose_value_stands_and_s_who_stays(desk: Desk) -> None:
    a = desk.new_lead(phone="+34912345678")
    b = desk.new_lead(**ANNA, phone="+34912345678", city="Lyon", country="FR")
    async with driving(desk) as driven:
        await driven.press("g", "p")
        rows = {line.split()[1]: line for line in driven.lines() if line[1:2].isdigit()}
        assert list(rows) == ["name", "title", "email", "place"]
        assert rows["title"].split()[2:] == ["✓", "operations", "director", "CEO"]
        await driven.press("2", "4")
        assert any("operations director" in line and "✓ CEO" in line for line in driven.lines())
        await driven.press("4", "enter")
    found = desk.lead(b)
    assert (found.id, found.title, found.name, found.city) == (a, "CEO", "Ana Ruiz", "Madrid")


async def test_s_makes_the_other_stay(desk: Desk) -> None:
    a, b = alike(desk, 2)[0]
    async with driving(desk) as driven:
        await driven.press("g", "p", "s", "enter")
        assert one_of(desk, a) == b
        await driven.press("v")
        assert driven.place == "HistoryScreen"


async def test_a_refused_merge_comes_back_with_the_reason(desk: Desk) -> None:
    closed = {"state": "won", "next_kind": None, "due_at": None, "queue_band": None}
    desk.new_lead(**closed)
    desk.new_lead(**ANNA, **closed)
    async with driving(desk) as driven:
        await driven.press("g", "p", "enter")
        assert "won leads are never merged away" in driven.text()
        assert "A. Ruiz" in driven.text()


async def test_all_pairs_of_one_sure_reason_after_a_question_that_says_how_many(desk: Desk) -> None:
    pairs = []
    for n in range(5):
        address = f"p{n}@acme.example"
        one = desk.new_lead(name=f"Person {n}", email=address, phone="")
        pairs.append((one, desk.new_lead(name=f"P. {n}", email=f"x{n}@home.example", email_2=address, phone="")))
    alike(desk, 1)
    async with driving(desk) as driven:
        await driven.press("g", "p", "M")
        assert "merge 5 pairs with same e-mail" in driven.text()
        await driven.press("enter")
        assert "5 pairs merged" in driven.text()
        assert all(one_of(desk, a) == one_of(desk, b) for a, b in pairs)
        await driven.press("M")
        assert "only an equal e-mail or outside id is sure enough" in driven.text()
        await driven.press("u")
        assert one_of(desk, pairs[4][1]) == pairs[4][1]
        assert one_of(desk, pairs[3][1]) == pairs[3][0]


async def test_pages_follow_each_other_without_end(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sdr.screens.doubles.PAGE", 2)
    alike(desk, 5)
    async with driving(desk) as driven:
        await driven.press("g", "p", "n", "enter", "n", "enter")
        assert driven.lines()[0].split()[:4] == ["doubles", "3", "of", "3"]
        await driven.press("n")
        assert "3 put off come again" in driven.text()
        assert waiting(desk) == 3


async def test_every_reason_is_read_whole_however_many_there_are(desk: Desk) -> None:
    profile = {"linkedin": "linkedin.com/in/ana-ruiz", "phone": "+34600000001"}
    desk.new_lead(**profile)
    desk.new_lead(**profile, email="ana.ruiz@acme-pumps.example")
    async with driving(desk) as driven:
        await driven.press("g", "p")
        why, more = driven.lines()[2:4]
        assert why.startswith(" why    same profile, same name, same phone, same company")
        assert (why + more).split()[-2:] == ["same", "title"]
        assert "…" not in why + more


async def test_m_on_a_lead_shows_its_double_and_goes_back_to_the_lead(desk: Desk) -> None:
    a = desk.new_lead()
    b = desk.new_lead(name="A. Ruiz", first_name="A.", email="aruiz@acme.example")
    desk.new_lead(name="Zoe Zen", first_name="Zoe", last_name="Zen", email="z@zen.example", company="Zen", phone="")
    async with driving(desk) as driven:
        await driven.press("m")
        assert driven.place == "DoublesScreen"
        assert "joins it" in driven.text()
        await driven.press("escape")
        assert one_of(desk, b) == b
        await driven.press("m", "enter")
        assert driven.place == "QueueScreen"
        assert {one_of(desk, a), one_of(desk, b)} in ({a}, {b})
        assert "joined" in driven.text()
        await driven.press("u")
        assert one_of(desk, b) == b


async def test_m_says_when_not_all_leads_were_compared_yet(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.new_lead()
    async with driving(desk) as driven:
        monkeypatch.setattr(sweeping, "keep_up", lambda _store: False)
        await driven.press("m")
        assert "no double of this lead is known; not all leads are compared yet: g p does it" in driven.text()


async def test_the_check_before_adding_says_whose_they_are(desk: Desk) -> None:
    account = begin(desk.store, "account", name="Acme Pumps", name_key="acme pumps", domain="acme.example")
    ben = begin(desk.store, "rep", name="Ben", zone="Europe/Madrid", hours="mon-fri 09:00-17:00")
    desk.new_lead(account_id=account, owner_id=ben, state="working", next_kind="call")
    async with driving(desk) as driven:
        await driven.press("plus", *"Ana Ruiz, ana@acme.example", "enter")
        assert "! exists: owned by Ben, state working" in driven.text()
        assert "! Acme Pumps is Ben's" in driven.text()
        await driven.press("escape")
        assert driven.desk.store.read(leads.named, "ana").result(10)[0].state == "working"


async def test_a_new_leads_card_says_whose_the_company_is(desk: Desk) -> None:
    account = begin(desk.store, "account", name="Acme Pumps", name_key="acme pumps", domain="acme.example")
    ben = begin(desk.store, "rep", name="Ben", zone="Europe/Madrid", hours="mon-fri 09:00-17:00")
    closed = {"state": "won", "next_kind": None, "due_at": None, "queue_band": None}
    desk.new_lead(name="Bo Lind", email="bo@acme.example", account_id=account, owner_id=ben, **closed)
    desk.new_lead(account_id=account)
    async with driving(desk) as driven:
        assert "firm  Acme Pumps is Ben's · a customer" in driven.text()


async def test_nothing_to_look_at_says_so(desk: Desk) -> None:
    desk.new_lead()
    async with driving(desk) as driven:
        await driven.press("g", "p", "enter", "x", "n", "s", "v", "1", "M", "k")
        assert "no two leads look like one person" in driven.text()
        await driven.press("escape", "m")
        assert "no double of this lead is known" in driven.text()


async def test_hostile_words_are_shown_as_they_are(desk: Desk) -> None:
    desk.new_lead(name="[/] [@click=app.quit]x[/] \x1b[31m", title="\u202eliar")
    twin = {"name": "[/] [@click=app.quit]x[/]", "email": "liar@acme.example"}
    desk.new_lead(**twin)
    async with driving(desk) as driven:
        await driven.press("g", "p")
        assert "[@click=app.quit]x[/]" in driven.text()


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_how_it_looks(desk: Desk, size: tuple[int, int]) -> None:
    source = desk.source(name="Hannover show 2026")
    a = desk.new_lead(source_id=source, linkedin="linkedin.com/in/ana-ruiz", website="acme.example")
    b = desk.new_lead(
        **ANNA, phone="+34912345678", city="Sevilla",
        country="ES", said="leaks at three sites", external_id="HS-1204",
    )  # fmt: skip
    desk.act(triage.accept, a)
    desk.act(triage.note, b, "met at the booth")
    async with driving(desk, size) as driven:
        await driven.press("g", "p", "2")
        same_as_golden(driven.text(), f"doubles-{size[0]}x{size[1]}")
        assert desk.store.read(leads.lead, a).result(10).id == a
