"""The list of all leads: newest first, by index, merged ones left out; and what an act changed."""

import pytest

from sdr.desk import triage
from sdr.desk.cadences import load_cadence
from sdr.desk.drip import enroll
from sdr.models.terms import ms
from sdr.rules.filtering import parse
from sdr.store.changes import Change, Edit
from sdr.store.queries import leads, listing, playbook
from sdr.store.queries.narrowing import narrowed
from sdr.store.session import Reader
from tests.desks import MONDAY, Desk, applied, begin

HOUR = 3_600_000


def made(desk: Desk, *names: str) -> list[int]:
    """Leads of these names, each an hour older than the one before."""
    return [desk.new_lead(name=name, arrived_at=ms(MONDAY) - n * HOUR) for n, name in enumerate(names)]


def test_newest_first_and_of_one_moment_the_later_made(desk: Desk) -> None:
    older, newer = made(desk, "Ana", "Bo")[::-1]
    twins = [desk.new_lead(arrived_at=ms(MONDAY) - 2 * HOUR) for _ in range(2)]
    found = desk.store.read(listing.page, 10).result(10)
    assert [row.id for row in found] == [newer, older, *twins[::-1]]
    assert list(desk.store.read(listing.ids).result(10)) == [row.id for row in found]


def test_pages_join_without_a_gap_or_a_row_twice(desk: Desk) -> None:
    ids = made(desk, *"abcdefg")
    again = [desk.new_lead(arrived_at=ms(MONDAY) - 3 * HOUR) for _ in range(3)]
    walked: list[int] = []
    before = None
    while page := desk.store.read(listing.page, 2, before=before).result(10):
        walked += [row.id for row in page]
        before = (page[-1].arrived_at, page[-1].id)
    assert walked == list(desk.store.read(listing.ids).result(10))
    assert sorted(walked) == sorted(ids + again)


def test_a_merged_lead_is_neither_listed_nor_counted(desk: Desk) -> None:
    kept, gone = made(desk, "Ana", "Ana again")
    fields = {"state": "merged", "alias_of": kept, "next_kind": None, "due_at": None, "queue_band": None}
    change = Change("merge", "merged", ms(MONDAY), (Edit("lead", gone, "set", fields),), kept)
    applied(desk.store.write(lambda _session: change).result(10))
    assert list(desk.store.read(listing.ids).result(10)) == [kept]
    assert [row.id for row in desk.store.read(listing.page, 10).result(10)] == [kept]
    assert desk.store.read(listing.total).result(10) == 1
    opened = desk.store.read(listing.opened, gone, ms(MONDAY)).result(10)
    assert opened is not None
    assert opened.card.lead.id == kept


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", ["Ana Ruiz", "Bo Acme", "Cy"]),
        ("acme", ["Bo Acme", "Cy"]),
        ("ac bo", ["Bo Acme"]),
        ("company:initech", ["Ana Ruiz", "Bo Acme"]),
        ("-company:initech", ["Cy"]),
        ("source:fair", ["Cy"]),
        ("nobody", []),
    ],
)
def test_a_filter_leaves_what_it_says_in_the_same_order(desk: Desk, text: str, names: list[str]) -> None:
    fair = desk.source(name="Fair")
    for n, (name, company, source) in enumerate(
        [("Ana Ruiz", "Initech", None), ("Bo Acme", "Initech", None), ("Cy", "Acme", fair)]
    ):
        desk.new_lead(name=name, company=company, source_id=source, arrived_at=ms(MONDAY) - n * HOUR, email=None)
    limits = narrowed(parse(text), MONDAY, "Europe/Madrid")
    found = desk.store.read(listing.found, 10, limits).result(10)
    by_id = {row.id: row.name for row in found.rows}
    assert [by_id[lead] for lead in found.ids] == names


HELD = """
name = "{name}"
version = 1
[[step]]
name = "Call"
channel = "call"
delay = "0m"
blocking = {blocking}
[[step]]
name = "Mail"
channel = "email"
delay = "2d"
template = "mail-case"
"""


def test_stalled_are_those_whose_next_steps_wait_behind_an_overdue_task(desk: Desk) -> None:
    entered = {}
    for number, blocking in enumerate(("true", "false")):
        desk.act(load_cadence, HELD.format(name=blocking, blocking=blocking))
        newest = max(one.id for one in desk.store.read(playbook.cadences).result(10))
        for step in (1, 2):
            lead = desk.new_lead(
                name=f"{blocking} {step}", email=f"{blocking}{step}@acme.example", phone=f"+3460000{number}00{step}"
            )
            desk.act(enroll, lead, newest, at_step=step)
            entered[lead] = f"{blocking} {step}"
    desk.new_lead(name="Ana Ruiz", phone="+34600009999")

    def stalled() -> list[str]:
        limits = narrowed(parse("is:stalled"), desk.clock(), "Europe/Madrid")
        return [entered[lead] for lead in desk.store.read(listing.found, 10, limits).result(10).ids]

    assert stalled() == []
    desk.clock.pass_(days=5)
    assert stalled() == ["true 1"]  # not the last step of a drip, nor one that holds up nothing


def test_the_rows_behind_a_number_keep_their_order_and_can_be_searched(desk: Desk) -> None:
    ana, bo, cy = made(desk, "Ana Ruiz", "Bo Smith", "Cy Smith")
    among = (cy, ana, bo)
    assert list(desk.store.read(listing.found, 10, among=among).result(10).ids) == [cy, ana, bo]
    smith = narrowed(parse("smith"), MONDAY, "Europe/Madrid")
    assert list(desk.store.read(listing.found, 10, smith, (cy, ana)).result(10).ids) == [cy]


class _Spy:
    """A reader that asks how each statement would run instead of running it."""

    def __init__(self, db: Reader) -> None:
        self._db = db
        self.plans: list[str] = []

    def execute(self, sql: str, args: object = (), /) -> object:
        self.plans += [row[3] for row in self._db.execute(f"EXPLAIN QUERY PLAN {sql}", args)]  # type: ignore[arg-type]
        return self._db.execute(sql, args)  # type: ignore[arg-type]


@pytest.mark.parametrize("before", [None, (ms(MONDAY), 7)])
def test_the_first_page_walks_an_index_and_sorts_nothing(desk: Desk, before: tuple[int, int] | None) -> None:
    made(desk, *"abc")

    def plans(db: Reader) -> list[str]:
        spy = _Spy(db)
        listing.page(spy, 60, before=before)  # type: ignore[arg-type]
        return spy.plans

    found = desk.store.read(plans).result(10)
    assert any("lead USING INDEX lead_arrived" in step for step in found)
    assert not any("TEMP B-TREE" in step for step in found)
    assert not any(step.startswith("SCAN") and "INDEX" not in step for step in found)


@pytest.mark.parametrize(
    "text",
    ["city:mad", "owner:me", "owner:nobody", "due:..fri", "touched:mon..fri", "-has:touched", "acme city:mad"],
)
def test_the_first_page_of_a_filter_is_bounded_by_what_is_walked(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    made(desk, *"abcdef")
    monkeypatch.setattr(listing, "WALK", 2)
    monkeypatch.setattr(listing, "_SMALL", "SELECT count(*) FROM (SELECT 1 FROM lead INDEXED BY lead_arrived LIMIT 3)")
    limits = narrowed(parse(text), MONDAY, "Europe/Madrid")

    def plans(db: Reader) -> list[str]:
        spy = _Spy(db)
        listing.first(spy, 60, limits)  # type: ignore[arg-type]
        return spy.plans

    for step in desk.store.read(plans).result(10):
        assert not step.startswith("SCAN") or "INDEX" in step or step.split()[1] in BOUNDED, step


# Parts of a statement with their own end, lists given to it, and the index of words.
BOUNDED = {"walked", "given", "hit", "found", "lead_search", "CONSTANT", "json_each", "source", "rep", "(subquery-1)"}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("owner:me", ["Mine"]),
        ("owner:nobody", ["Free"]),
        ("owner:nobody,ben", ["Bens", "Free"]),
        ("-owner:me", ["Bens", "Free"]),
        ("owner:an", ["Mine"]),
        ("has:touched", ["Bens"]),
        ("-has:touched has:owner", ["Mine"]),
        ("touched:-3d..", ["Bens"]),
        ("arrived:..yesterday", ["Free"]),
        ("arrived:>=today", ["Mine", "Bens"]),
    ],
)
def test_whose_and_when(desk: Desk, text: str, names: list[str]) -> None:
    ben = begin(desk.store, "rep", name="Ben", zone="Europe/Madrid", hours="mon-fri 09:00-17:00")
    desk.new_lead(name="Mine", arrived_at=ms(MONDAY))
    desk.new_lead(name="Bens", owner_id=ben, arrived_at=ms(MONDAY) - 1, last_at=ms(MONDAY) - HOUR, last_kind="call")
    closed = {"state": "lost", "next_kind": None, "due_at": None, "queue_band": None}
    desk.new_lead(name="Free", owner_id=None, arrived_at=ms(MONDAY) - 48 * HOUR, **closed)
    found = desk.store.read(listing.found, 10, narrowed(parse(text), MONDAY, "Europe/Madrid")).result(10)
    by_id = {row.id: row.name for row in found.rows}
    assert [by_id[lead] for lead in found.ids] == names


def test_all_ids_come_from_the_index_alone(desk: Desk) -> None:
    made(desk, *"abc")

    def plans(db: Reader) -> list[str]:
        spy = _Spy(db)
        listing.ids(spy)  # type: ignore[arg-type]
        return spy.plans

    assert "SCAN lead USING COVERING INDEX lead_arrived" in desk.store.read(plans).result(10)


# --- what an act changed -------------------------------------------------------------------------------------------


def test_an_act_tells_its_fields_before_and_after(desk: Desk) -> None:
    lead = desk.new_lead()
    rep = desk.lead(lead).owner_id
    step = desk.act(triage.answer, lead, {"budget": "yes"}).step
    edits = desk.store.read(leads.edits_of, step).result(10)
    told = {(one.table, one.done, one.field): (one.before, one.after) for one in edits}
    assert told["answer", "new", "level"] == (None, "yes")
    assert told["lead", "set", "score"] == (0, 20)
    assert told["lead", "set", "verdict"] == (None, "open")
    assert rep is not None
    first = desk.store.read(leads.timeline, lead).result(10)[-1]
    owner = next(one for one in desk.store.read(leads.edits_of, first.step).result(10) if one.field == "owner_id")
    assert owner.after == "Ana"


def test_the_value_before_is_the_one_it_replaced_not_the_first(desk: Desk) -> None:
    lead = desk.new_lead()
    for level in ("yes", "no", "silent"):
        step = desk.act(triage.answer, lead, {"budget": level}).step
    changed = next(one for one in desk.store.read(leads.edits_of, step).result(10) if one.field == "level")
    assert (changed.before, changed.after) == ("no", "silent")


def test_of_a_bulk_act_only_this_lead_s_edits(desk: Desk) -> None:
    ana, bo = made(desk, "Ana", "Bo")
    edits = tuple(Edit.set("lead", lead, city=city) for lead, city in ((ana, "Porto"), (bo, "Lyon")))
    change = Change("fill", "2 filled in", ms(MONDAY), edits)
    step = applied(desk.store.write(lambda _session: change).result(10)).step
    found = desk.store.read(leads.edits_of, step, bo).result(10)
    assert [(one.field, one.before, one.after) for one in found] == [("city", "Madrid", "Lyon")]
    assert len(desk.store.read(leads.edits_of, step).result(10)) == 2


def test_words_stand_with_the_act_that_brought_them(desk: Desk) -> None:
    lead = desk.new_lead()
    note = desk.act(triage.note, lead, "call after lunch").step
    said = desk.act(triage.note, lead, "leaks", said=True).step
    found = desk.store.read(leads.words, lead).result(10)
    assert [(one.step, one.kind, one.text) for one in found] == [
        (note, "note", "call after lunch"),
        (said, "said", "leaks"),
    ]
