"""Bringing files in: what becomes of each row, what a lead is made of, and that a file twice is a file once."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sdr.desk import accounts
from sdr.exchange import intake
from sdr.exchange.reading import open_table
from sdr.exchange.verdicts import CREATE, REJECT, SAME, Flag, Verdict
from sdr.models.terms import Band, Refused, ms
from sdr.store import rebuilding
from sdr.store.faults import Cancelled
from sdr.store.queries import leads
from tests.desks import MONDAY, Desk, begin, dump, open_desk
from tests.exchange.bringing import brought, everybody, looking, only, planned, written
from tests.shared_data import folder

HEADER = "Name,Email,Phone,Company,Title"


def whole(desk: Desk) -> bool:
    """Whether the state is what the journal says."""
    return desk.store.exclusively(rebuilding.differences).result(30) == []


def counts(report: intake.Report) -> dict[str, int]:
    return {word: n for word in ("created", "updated", "known", "merged", "rejected") if (n := getattr(report, word))}


# --- what a lead is made of ------------------------------------------------------------------------------------------


def test_a_row_is_a_whole_lead(desk: Desk) -> None:
    text = (
        "First Name,Last Name,Email,Phone,Mobile,Job Title,Company,Website,Employees,Country,City,Created,Tags,Notes\n"
        "Ana,Ruiz,ANA@Acme.example,912 345 678,600 111 222,VP Operations,Acme Pumps SL,https://www.acme.example,51-200,"
        "Spain,Madrid,2026-02-27 10:00,vip; show,leaks at three sites\n"
    )
    report = brought(desk, text, source="Hannover", cost_minor=10500, currency="EUR", type="inbound")
    assert counts(report) == {"created": 1}
    lead = only(desk)
    assert (lead.state, lead.name, lead.first_name, lead.email) == ("new", "Ana Ruiz", "Ana", "ana@acme.example")
    assert (lead.phone, lead.phone_type) == ("+34912345678", "landline")
    assert [(one["e164"], one["shown"], one["struck"]) for one in json.loads(lead.phones or "")] == [
        ("+34912345678", "+34 912 34 56 78", None),
        ("+34600111222", "+34 600 11 12 22", None),
    ]
    assert (lead.seniority, lead.department, lead.employees, lead.tags) == ("vp", "operations", 51, '["show", "vip"]')
    assert (lead.country, lead.zone, lead.zone_from) == ("ES", "Europe/Madrid", "address")
    arrived = datetime(2026, 2, 27, 9, 0, tzinfo=UTC)  # 10:00 in the rep's Madrid
    assert (lead.arrived_at, lead.respond_by) == (ms(arrived), ms(arrived) + 3_600_000)
    assert (lead.recorded_at, lead.owned_at) == (ms(desk.clock()), ms(desk.clock()))
    assert (lead.next_kind, lead.due_at, lead.queue_band) == ("triage", ms(arrived), Band.NEW)
    assert lead.known_of
    assert lead.grade
    card = desk.store.read(leads.card, lead.id).result(5)
    assert (card.account.domain, card.account.name, card.account.employees) == ("acme.example", "Acme Pumps SL", 51)
    assert (card.source.name, card.source.cost_minor, card.source.currency) == ("Hannover", 10500, "EUR")
    assert [one.text for one in desk.store.read(leads.events, lead.id).result(5)] == ["leaks at three sites"]
    assert whole(desk)


def test_an_imported_lead_is_found_and_worked(desk: Desk) -> None:
    from sdr.desk.triage import accept

    brought(desk, f"{HEADER}\nAna Ruiz,ana@acme.example,600 111 222,Acme,CEO\n")
    (found,) = desk.store.read(leads.named, "acme ana").result(5)
    desk.act(accept, found.id)
    assert desk.lead(found.id).state == "working"


def test_a_hand_raiser_is_hot_and_its_clock_runs_from_its_own_time(desk: Desk) -> None:
    desk.clock.pass_(hours=2)
    brought(desk, f"{HEADER},Created\nAna,ana@acme.example,,Acme,,2026-03-02 11:00\n", source="web", type="hand-raiser")
    lead = only(desk)
    assert (lead.queue_band, lead.due_at) == (Band.HOT, lead.respond_by)
    assert lead.respond_by == ms(datetime(2026, 3, 2, 10, 5, tzinfo=UTC))


def test_a_lead_cannot_arrive_tomorrow(desk: Desk) -> None:
    brought(desk, "Name,Email,Created\nAna,ana@acme.example,2027-01-01\n")
    assert only(desk).arrived_at == ms(desk.clock())


def test_a_name_and_an_address_are_an_inquiry(desk: Desk) -> None:
    report = brought(desk, "Name,Email,Company\nAna,ana@acme.example,\nBen,ben@acme.example,Acme\n")
    assert (report.created, report.inquiries) == (2, 1)
    assert [(one.state, one.next_kind) for one in everybody(desk)] == [("inquiry", "complete"), ("new", "triage")]


def test_columns_of_a_crm_state_and_owner_are_left_alone(desk: Desk) -> None:
    brought(desk, "Last Name,Email,Lead Owner,Lead Status,Lead Source\nRuiz,ana@acme.example,Bob,Closed,Web\n")
    lead = only(desk)
    assert lead.state == "inquiry"
    assert desk.store.read(lambda db: db.execute("SELECT count(*) FROM rep").fetchone()[0]).result(5) == 1
    assert desk.store.read(leads.source, lead.source_id).result(5).name == "Web"


def test_a_named_source_is_the_source_and_the_files_own_word_the_campaign(desk: Desk) -> None:
    brought(desk, "Name,Email,Lead Source\nAna,ana@acme.example,Web\n", source="Hannover")
    lead = only(desk)
    assert (desk.store.read(leads.source, lead.source_id).result(5).name, lead.campaign) == ("Hannover", "Web")


# --- rejected, flawed ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (",,,Acme,CEO", "no name and no address: nobody to talk to"),
        (",,555-0100,Acme,", "number is too short"),
        ("Ana,not-an-address,,Acme,", "e-mail has no @"),
        (",ana@,,,", "nothing after the @"),
        ("Ana,ana@acme,12,,", "e-mail"),
    ],
)
def test_a_row_that_reaches_nobody_is_rejected_with_its_reason(desk: Desk, row: str, reason: str) -> None:
    made = planned(desk, f"{HEADER}\nBen,ben@b.example,,,\n{row}\n")
    ((number, seen, said),) = made.rejected()
    assert reason in said
    assert (number, seen.line) == (1, 3)
    assert counts(written(desk, made)) == {"created": 1, "rejected": 1}


@pytest.mark.parametrize(
    ("row", "flaw"),
    [
        ("Ana,not-an-address,600 111 222,Acme,", "e-mail has no @"),
        ("Ana,ana@acme.example,555,Acme,", "too short"),
        ("Ana,,600 111 222,Acme,", None),
        ("Ana,,,Acme,", None),
    ],
)
def test_a_row_that_reaches_somebody_is_kept_with_its_flaw(desk: Desk, row: str, flaw: str | None) -> None:
    made = planned(desk, f"{HEADER}\n{row}\nBen,ben@b.example,+34600111333,B,\n")
    assert [flaw in one for one in made.row(0).flaws] == ([True] if flaw else [])
    assert any(flaw in said for said in made.warnings) if flaw else True
    assert counts(written(desk, made)) == {"created": 2}


@pytest.mark.parametrize(
    ("row", "note"),
    [
        ("Ana,ana@acme.example,555-0100,Acme,", "phone in the file: 555-0100 (number is too short)"),
        ("Ana [/EMEA],ana@acme.example,,Acme,", "name in the file: Ana [/EMEA]"),
        (
            "Ana,ana@@acme.example,600 111 222,Acme,",
            "e-mail in the file: ana@@acme.example (e-mail has more than one @)",
        ),
        ("Ana,a@x.example b@x.example c@x.example,,Acme,", "e-mail in the file: a@x.example b@x.example c@x.example"),
    ],
)
def test_what_a_lead_has_no_place_for_stays_as_a_note_however_often_it_comes(desk: Desk, row: str, note: str) -> None:
    for kind in ("created", "known"):
        assert counts(brought(desk, f"{HEADER}\n{row}\n")) == {kind: 1}
    assert [one.text for one in desk.store.read(leads.events, only(desk).id).result(5)] == [note]


def test_columns_that_are_left_out_whole_are_told_once(desk: Desk) -> None:
    text = "Email,Source,Campaign,Lead Owner\nana@acme.example,Web,Spring,Ben\n"
    said = " ".join(planned(desk, text, source="Hannover").warnings)
    assert "own sources are left out" in said
    assert "--history keeps whose they were" in said
    assert "left out" not in " ".join(planned(desk, f"{HEADER}\nAna,ana@acme.example,,,\n", source="H").warnings)


# --- an address that a whole office reads -----------------------------------------------------------------------------

OFFICE = "info@acme.example"


def test_two_people_at_an_office_address_are_two_and_a_question(desk: Desk) -> None:
    text = f"{HEADER}\nAna Ruiz,{OFFICE},,Acme,Buyer\nBen Okafor,{OFFICE},,Acme,Director\n ana  RUIZ,{OFFICE},,,\n"
    made = planned(desk, text)
    assert [(made.verdicts.doubles[1].row, made.verdicts.doubles[1].why)] == [(0, "same office address")]
    assert counts(written(desk, made)) == {"created": 2, "merged": 1}
    assert [one.name for one in everybody(desk)] == ["Ana Ruiz", "Ben Okafor"]
    assert counts(brought(desk, text)) == {"known": 2, "merged": 1}  # each is recognised by name


def test_somebody_else_at_a_leads_office_address_is_held_against_it(desk: Desk) -> None:
    ana = desk.new_lead(email=OFFICE)
    made = planned(desk, f"{HEADER}\nBen Okafor,{OFFICE},,Bolts,\nCy Lee,cy@bolts.example,,Bolts,\n")
    assert [(row, double.lead, double.why) for row, double in made.verdicts.doubles.items()] == [
        (0, ana, "same office address")
    ]
    assert counts(written(desk, made)) == {"created": 2}


@pytest.mark.parametrize("second", [False, True])
def test_a_second_address_of_the_office_joins_nobody_either(desk: Desk, second: bool) -> None:
    rows = ["Ana Ruiz,ana@acme.example", "Ben Okafor,ben@acme.example"]
    text = "Name,Email,Second Email,Company\n" + "".join(f"{row},{OFFICE if second else ''},Acme\n" for row in rows)
    assert counts(brought(desk, text)) == {"created": 2}
    assert counts(brought(desk, text)) == {"known": 2}


def test_an_office_address_without_a_name_is_whoever_has_it_alone(desk: Desk) -> None:
    text = f"Email,Company\n{OFFICE},Acme\n{OFFICE},Acme\n"
    assert counts(brought(desk, text)) == {"created": 1, "merged": 1}
    assert counts(brought(desk, text)) == {"known": 1, "merged": 1}
    brought(desk, f"{HEADER}\nBen Okafor,{OFFICE},,Acme,\n")
    assert len(everybody(desk)) == 2
    assert counts(brought(desk, text)) == {"known": 1, "merged": 1}


def test_whoever_asked_to_be_left_alone_is_so_at_an_office_address(desk: Desk) -> None:
    rep = desk.lead(desk.new_lead()).owner_id
    begin(desk.store, "suppression", scope="email", value=OFFICE, channel="email", at=ms(MONDAY), rep_id=rep)
    made = planned(desk, f"{HEADER}\nBen Okafor,{OFFICE},,Acme,\n")
    assert made.verdicts.count(Flag.SUPPRESSED, Verdict.CREATED) == 1


def test_rejected_rows_come_back_when_they_are_corrected(desk: Desk, tmp_path: Path) -> None:
    text = f"{HEADER}\nAna,ana@acme.example,,Acme,\nBen,ben-at-acme,,Acme,=cmd()\n"
    report = brought(desk, text, tmp_path / "rejects")
    assert report.rejects_file
    file = Path(report.rejects_file)
    assert (file.name, file.stat().st_mode & 0o777) == ("2026-03-02-leads.csv", 0o600)
    file.write_text(file.read_text(encoding="utf-8-sig").replace("ben-at-acme", "ben@acme.example"))
    again = brought(desk, file, tmp_path / "rejects")
    assert counts(again) == {"created": 1}
    assert everybody(desk)[1].title == "=cmd()"
    assert again.rejects_file is None


def test_two_files_of_rejected_rows_do_not_overwrite_each_other(desk: Desk, tmp_path: Path) -> None:
    names = [Path(brought(desk, "Name,Email\n,x\n", tmp_path).rejects_file or "").name for _ in range(2)]
    assert names == ["2026-03-02-leads.csv", "2026-03-02-leads-2.csv"]


# --- the same person -------------------------------------------------------------------------------------------------


def test_equal_addresses_join_whatever_their_case_and_nothing_else_does(desk: Desk) -> None:
    text = (
        f"{HEADER}\nJohn,JOHN@ACME.example,,,\nJohn D, John@acme.example ,600 111 222,,\n"
        "J,john@acme.example,,Acme,CEO\nAnn,ann@acme.example,600 111 222,Acme,\nJohn,,600 111 222,,\n"
    )
    report = brought(desk, text)
    assert counts(report) == {"created": 3, "merged": 2}
    assert report.suggested == 2
    john = everybody(desk)[0]
    assert (john.name, john.company, john.title, john.phone) == ("John D", "Acme", "CEO", "+34600111222")
    assert john.state == "new"
    assert whole(desk)


def test_the_first_row_of_a_person_stands_and_the_next_fill_its_blanks(desk: Desk) -> None:
    text = (
        f"{HEADER},City,Notes\nAna Ruiz,ana@acme.example,,,CEO,,one\n"
        "Anna R,ana@acme.example,600 111 222,Acme,CFO,Madrid,two\nA,ana@acme.example,600 111 333,Other,,Sevilla,one\n"
    )
    made = planned(desk, text)
    assert made.counts["merged"] == 2
    report = written(desk, made)
    assert report.inquiries == 0
    lead = only(desk)
    assert (lead.name, lead.title, lead.company, lead.city) == ("Ana Ruiz", "CEO", "Acme", "Madrid")
    assert [one["e164"] for one in json.loads(lead.phones or "")] == ["+34600111222", "+34600111333"]
    assert sorted(one.text for one in desk.store.read(leads.events, lead.id).result(5)) == [
        "another row of the file: name A, company Other, city Sevilla",
        "another row of the file: name Anna R, title CFO",
        "one",
        "two",
    ]


def test_a_bare_row_is_no_inquiry_once_another_completes_it(desk: Desk) -> None:
    report = brought(desk, f"{HEADER}\nAna,ana@acme.example,,,\nAna,ana@acme.example,,Acme,\n")
    assert (report.created, report.merged, report.inquiries) == (1, 1, 0)
    assert only(desk).state == "new"


def test_a_second_row_may_bring_what_the_first_does_not(desk: Desk) -> None:
    brought(desk, f"{HEADER}\nAna,ana@acme.example,,Acme,\n")
    text = f"{HEADER}\nAna,ana@acme.example,,Acme,\nAna,ana@acme.example,,Acme,CEO\n"
    assert counts(brought(desk, text)) == {"updated": 1, "merged": 1}
    assert only(desk).title == "CEO"


def test_an_address_in_another_country_is_not_mixed_in(desk: Desk) -> None:
    brought(desk, "Name,Email,Country,City\nAna,ana@acme.example,Spain,\n")
    brought(desk, "Name,Email,Country,City,Company\nAna,ana@acme.example,France,Paris,Acme\n")
    lead = only(desk)
    assert (lead.country, lead.city, lead.company) == ("ES", None, "Acme")


def test_what_was_said_before_is_not_said_again(desk: Desk) -> None:
    text = f"{HEADER},Notes,Do Not Call\nAna,ana@acme.example,,Acme,,leaks,yes\n"
    brought(desk, text)
    assert counts(brought(desk, text.replace("Acme,,", "Acme,CEO,"))) == {"updated": 1}
    lead = only(desk)
    assert len(desk.store.read(leads.events, lead.id).result(5)) == 1
    assert len(desk.store.read(leads.suppressions, lead).result(5)) == 1


def test_outside_ids_join_only_within_one_system(desk: Desk) -> None:
    hub = "Record ID,First Name,Last Name,Email,Lead Status\n7,Ana,Ruiz,,NEW\n"
    crm = "Lead ID,First Name,Last Name,Email,Lead Owner,Lead Status\n7,Bob,Lee,,x,y\n"
    assert counts(brought(desk, hub)) == {"created": 1}
    assert counts(brought(desk, crm)) == {"created": 1}
    assert counts(brought(desk, hub.replace(",,NEW", ",ana@acme.example,NEW"))) == {"updated": 1}
    assert [one.email for one in everybody(desk)] == ["ana@acme.example", None]


def test_a_known_lead_learns_and_forgets_nothing(desk: Desk) -> None:
    first = f"{HEADER}\nAna Ruiz,ana@acme.example,,Acme,CEO\n"
    second = f"{HEADER}\nAnna R.,ana@acme.example,600 111 222,,CFO\n"
    brought(desk, first)
    report = brought(desk, second)
    assert counts(report) == {"updated": 1}
    lead = only(desk)
    assert (lead.name, lead.company, lead.title, lead.phone) == ("Ana Ruiz", "Acme", "CEO", "+34600111222")
    assert counts(brought(desk, second)) == {"known": 1}


@pytest.mark.parametrize(("policy", "title"), [("fill", "CEO"), ("keep", "CEO"), ("replace", "CFO")])
def test_what_happens_to_a_value_that_differs_is_chosen_by_field_and_remembered(
    desk: Desk, policy: str, title: str
) -> None:
    brought(desk, f"{HEADER}\nAna,ana@acme.example,,Acme,CEO\nBen,ben@acme.example,,Acme,\n", policy={"title": policy})
    brought(desk, f"{HEADER}\nAna,ana@acme.example,,,CFO\nBen,ben@acme.example,,,CTO\n")
    ana, ben = everybody(desk)
    assert ana.title == title
    assert ben.title == (None if policy == "keep" else "CTO")


def test_an_inquiry_that_learns_its_company_is_a_lead(desk: Desk) -> None:
    brought(desk, "Name,Email\nAna,ana@acme.example\n")
    brought(desk, f"{HEADER}\nAna,ana@acme.example,,Acme,Directora de Operaciones\n")
    lead = only(desk)
    assert (lead.state, lead.next_kind, lead.seniority) == ("new", "triage", "director")
    assert lead.account_id is not None


def test_a_worked_lead_keeps_its_work(desk: Desk) -> None:
    from sdr.desk.triage import accept, reject

    text = f"{HEADER}\nAna,ana@acme.example,600 111 222,Acme,\nBen,ben@acme.example,,Acme,CEO\n"
    brought(desk, text)
    ana, ben = everybody(desk)
    desk.act(accept, ana.id)
    desk.act(reject, ben.id, "1")
    before = desk.lead(ana.id)
    brought(desk, text.replace("Acme,\n", "Acme,CEO\n"))
    after = desk.lead(ana.id)
    assert (after.state, after.next_kind, after.due_at) == ("working", before.next_kind, before.due_at)
    assert after.title == "CEO"
    assert desk.lead(ben.id).state == "rejected"


def test_a_merged_lead_answers_with_its_survivor(desk: Desk) -> None:
    from sdr.desk.merging import merge

    text = f"{HEADER}\nAna,ana@acme.example,,Acme,\nAnna,anna@acme.example,,Acme,\n"
    brought(desk, text)
    ana, anna = everybody(desk)
    desk.act(merge, ana.id, anna.id)
    assert counts(brought(desk, text)) == {"known": 1, "merged": 1}


# --- doubts ----------------------------------------------------------------------------------------------------------

DOUBTFUL = f"{HEADER}\nAna Ruiz,,600 111 222,Acme,\nAnna,anna@b.example,600 111 222,,CEO\n"


def test_a_double_is_suggested_and_the_reps_word_decides(desk: Desk) -> None:
    desk.new_lead(name="Bea Ruiz", last_name="Ruiz", phone="+34600999888", email="bea@acme.example")
    text = f"{HEADER}\nAnna,anna@b.example,600 999 888,,CEO\nAna,ana@c.example,,,\n"
    made = planned(desk, text)
    assert made.verdicts.doubtful() == [0]
    double = made.verdicts.doubles[0]
    assert (double.row, double.why, double.brings) == (None, "same phone", True)
    made.verdicts.said[0] = SAME
    assert (made.counts["updated"], made.counts["created"]) == (1, 1)
    made.verdicts.said[0] = CREATE
    assert (made.counts["updated"], made.counts["created"]) == (0, 2)
    made.verdicts.said[0] = SAME
    report = written(desk, made)
    assert counts(report) == {"created": 1, "updated": 1}
    assert report.suggested == 0
    bea = everybody(desk)[0]
    assert (bea.name, bea.email, bea.email_2) == ("Bea Ruiz", "bea@acme.example", "anna@b.example")


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({}, {"created": 2}),
        ({1: SAME}, {"created": 1, "merged": 1}),
        ({1: REJECT}, {"created": 1, "rejected": 1}),
        ({0: REJECT}, {"created": 1, "rejected": 1}),
        ({0: REJECT, 1: SAME}, {"created": 1, "rejected": 1}),
        ({0: REJECT, 1: REJECT}, {"rejected": 2}),
    ],
)
def test_words_on_rows_of_one_file_add_up(desk: Desk, said: dict[int, str], expected: dict[str, int]) -> None:
    made = planned(desk, DOUBTFUL)
    made.verdicts.said.update(said)
    assert counts(written(desk, made)) == expected
    assert len(everybody(desk)) == expected.get("created", 0)


def test_rows_that_joined_a_left_out_row_are_left_out_with_it(desk: Desk) -> None:
    made = planned(desk, f"{HEADER}\nAna,ana@acme.example,,,\nAnna,ana@acme.example,,,\nBen,ben@b.example,,,\n")
    made.verdicts.said[0] = REJECT
    assert counts(written(desk, made)) == {"created": 1, "rejected": 2}
    assert [reason for _, _, reason in made.rejected()] == ["left out by you"] * 2


def test_a_rejected_row_may_be_kept_on_purpose(desk: Desk) -> None:
    made = planned(desk, f"{HEADER}\nAna,ana-at-acme,,Acme,\n")
    made.verdicts.said[0] = CREATE
    assert counts(written(desk, made)) == {"created": 1}
    assert only(desk).name == "Ana"


def test_a_plan_looks_again_when_the_desk_changed_meanwhile(desk: Desk) -> None:
    text = f"{HEADER}\nAna,ana@acme.example,,Acme,\n"
    made = planned(desk, text)
    brought(desk, text)
    assert counts(written(desk, made)) == {"known": 1}
    assert len(everybody(desk)) == 1


# --- leaving people alone --------------------------------------------------------------------------------------------


def test_a_no_in_the_file_is_a_no(desk: Desk) -> None:
    text = (
        f"{HEADER},Do Not Call,Unsubscribed\nAna,ana@acme.example,600 111 222,Acme,,yes,\nBen,b@b.example,,B,,no,TRUE\n"
    )
    report = brought(desk, text)
    assert (report.created, report.suppressed) == (2, 2)
    ana, ben = everybody(desk)
    blocks = [desk.store.read(leads.suppressions, one).result(5) for one in (ana, ben)]
    assert [sorted({(one.channel, one.scope) for one in found}) for found in blocks] == [
        [("call", "number"), ("call", "person")], [("email", "email"), ("email", "person")],
    ]  # fmt: skip
    assert counts(brought(desk, text)) == {"known": 2}
    assert counts(brought(desk, text.replace("no,TRUE", "no,no"))) == {"known": 2}
    assert desk.store.read(leads.suppressions, ben).result(5) == blocks[1]


def test_who_asked_to_be_left_alone_stays_so_when_they_come_again(desk: Desk) -> None:
    brought(desk, "Name,Email,Unsubscribed\nBen,ben@b.example,yes\n")
    desk.store.undo().result(5)
    brought(desk, "Name,Email,Unsubscribed\nBen,ben@b.example,yes\n")
    other = brought(desk, "Name,Email,Work Email\nBenjamin,benny@c.example,ben@b.example\nCid,cid@c.example,\n")
    assert other.suppressed == 1


# --- a file twice ----------------------------------------------------------------------------------------------------

SHAPES = {
    "hubspot": "Record ID,First Name,Last Name,Email,Phone Number,Company Name,Lead Status,Create Date\n"
    "101,Ana,Ruiz,ana@acme.example,+34 600 111 222,Acme,NEW,2026-02-01 10:00\n102,Ben,Lee,,,,OPEN,2026-02-02 11:00\n",
    "salesforce": '"Lead ID","First Name","Last Name","Company / Account","Email","Phone","Lead Source","Lead Status",'
    '"Lead Owner"\n"00Q1","Ana","Ruiz","Acme, Inc.","ana@acme.example","(212) 555-0123","Web","Open","J"\n',
    "apollo": "First Name,Last Name,Title,Company,Company Name for Emails,Email,Email Status,Seniority,# Employees,"
    "Industry,Person Linkedin Url,Website,City,State,Country\nAna,Ruiz,CEO,Acme,Acme,ana@acme.example,Verified,C suite,"
    "120,pumps,http://linkedin.com/in/ana,acme.example,Austin,Texas,United States\n",
    "linkedin": 'Notes:\n"When exporting your data..."\n\nFirst Name,Last Name,URL,Email Address,Company,'
    "Position,Connected On\nAna,Ruiz,https://www.linkedin.com/in/ana,,Acme,CEO,01 Feb 2026\n"
    "Ben,Lee,https://www.linkedin.com/in/ben,ben@b.example,B,CTO,02 Feb 2026\n",
    "google": "First Name,Last Name,Organization Name,Organization Title,Labels,E-mail 1 - Label,E-mail 1 - Value,"
    "E-mail 2 - Value,Phone 1 - Label,Phone 1 - Value\nAna,Ruiz,Acme,CEO,* myContacts ::: vip,work,ana@acme.example,"
    "ana@home.example,mobile,+34 600 111 222\n",
    "facebook": "id,created_time,ad_id,form_id,form_name,platform,full_name,email,phone_number,company_name\n"
    "l:123,2026-02-01T10:00:00+00:00,ag:1,f:2,Spring,fb,Ana Ruiz,ana@acme.example,p:+34600111222,Acme\n",
    "mailchimp": "Email Address,First Name,Last Name,Company,MEMBER_RATING,OPTIN_TIME,LEID,EUID,NOTES,TAGS\n"
    'ana@acme.example,Ana,Ruiz,Acme,2,2026-02-01 10:00:00,1,abc,,"""vip"",""show"""\n',
    "german": "Vorname;Nachname;E-Mail;Telefon;Firma;Land;Erstellt am\nAna;Müller;ana@firma.example;030 123456;"
    "Firma GmbH;Deutschland;15.02.2026\n",
    "french": "Prénom;Nom;Courriel;Téléphone;Entreprise;Pays;Fonction\nZoë;Lefèvre;zoe@societe.example;06 12 34 56 78;"
    "Société;France;Directrice des achats\n",
    "spanish": "Nombre;Apellidos;Correo electrónico;Móvil;Empresa;Cargo\nAna;Ruiz;ana@acme.example;600 111 222;Acme;"
    "Gerente de compras\n",
    "portuguese": "Nome,Sobrenome,E-mail,Telefone celular,Empresa,País\nJoão,Silva,joao@acme.example,912 345 678,Acme,"
    "Portugal\n",
}  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_a_file_twice_is_a_file_once(desk: Desk, shape: str) -> None:
    first = brought(desk, SHAPES[shape], source="list")
    assert first.created == first.rows > 0
    assert all(one.email or one.external_id or one.linkedin for one in everybody(desk))
    before = dump(desk.store, without=())
    again = brought(desk, SHAPES[shape])
    assert counts(again) == {"known": first.rows}
    assert again.batch == first.batch
    assert dump(desk.store, without=()) == before
    assert whole(desk)


def test_the_shapes_are_read_by_their_own_words(desk: Desk) -> None:
    for text in SHAPES.values():
        brought(desk, text)
    ana = next(one for one in everybody(desk) if one.email == "ana@acme.example")
    assert (ana.name, ana.company, ana.phone) == ("Ana Ruiz", "Acme", "+34600111222")
    assert json.loads(ana.tags or "[]") == ["* myContacts ::: vip", "show", "vip"] or "vip" in (ana.tags or "")
    zoe = next(one for one in everybody(desk) if one.email == "zoe@societe.example")
    assert (zoe.phone, zoe.country, zoe.seniority, zoe.department) == ("+33612345678", "FR", "director", "purchasing")
    mueller = next(one for one in everybody(desk) if one.email == "ana@firma.example")
    assert (mueller.phone, mueller.zone) == ("+4930123456", "Europe/Berlin")
    assert whole(desk)


def test_rows_without_any_key_do_not_come_twice(desk: Desk) -> None:
    text = "Name,City\nJohn Smith,Madrid\nJohn Smith,Sevilla\nJohn Smith,Madrid\n"
    assert counts(brought(desk, text)) == {"created": 3}
    assert counts(brought(desk, text)) == {"known": 3}
    assert counts(brought(desk, f"{text}Jo Smith,Madrid\n")) == {"created": 1, "known": 3}


def test_the_second_file_of_a_shape_needs_no_words(desk: Desk) -> None:
    brought(desk, "Wer,Wo\nAna,ana@acme.example\n", pairs=("Wer=name", "Wo=email"), source="Messe", country="DE")
    made = planned(desk, "Wo,Wer\nben@acme.example,Ben\n")
    assert made.mapping.by_name() == {"Wo": "email", "Wer": "name"}
    assert (made.options.source, made.options.country) == ("Messe", "DE")


def test_dates_are_read_by_one_rule_a_column(desk: Desk) -> None:
    text = "Name,Email,Created\nAna,a@a.example,03/02/2026\nBen,b@b.example,15/01/2026\n"
    brought(desk, text)
    assert [datetime.fromtimestamp(one.arrived_at / 1000, UTC).month for one in everybody(desk)] == [2, 1]


@pytest.mark.parametrize(("order", "month"), [(None, 2), ("mdy", 3)])
def test_a_date_that_nothing_proves_is_asked_once(desk: Desk, order: str | None, month: int) -> None:
    text = "Name,Email,Created\nAna,a@a.example,03/02/2026\n"
    prepared = intake.prepare(looking(desk), open_table(text.encode()), intake.Options("x"), (), order)
    assert not isinstance(prepared, Refused)
    assert prepared.orders["arrived_at"].certain is (order is not None)
    desk.clock.pass_(days=30)
    written(desk, planned(desk, text, date_order=order))
    arrived = datetime.fromtimestamp(only(desk).arrived_at / 1000, UTC)
    assert arrived.month == month or (arrived.month, arrived.day) == (month - 1, 28)


# --- undo, stop ------------------------------------------------------------------------------------------------------


def test_an_import_is_taken_back_whole_and_comes_again(desk: Desk) -> None:
    brought(desk, f"{HEADER}\nAna,ana@acme.example,,,\n")
    before = dump(desk.store)
    brought(desk, f"{HEADER},Tags,Notes,Do Not Call\nAna,ana@acme.example,600 111 222,Acme,CEO,vip,hello,yes\n"
            "Ben,ben@b.example,,B,,hot,,\n", source="show", cost_minor=500)  # fmt: skip
    after = dump(desk.store)
    desk.store.undo().result(10)
    assert dump(desk.store) == before
    assert whole(desk)
    desk.store.redo().result(10)
    assert dump(desk.store) == after
    assert whole(desk)


def test_how_far_a_plan_is_counts_rows_read_then_rows_compared(desk: Desk) -> None:
    text = HEADER + "\n" + "".join(f"P{n},p{n}@acme{n}.example,,Acme {n},\n" for n in range(4000))
    told: list[tuple[int, int]] = []
    planned(desk, text, progress=lambda done, of: told.append((done, of)))
    read, compared = [done for done, of in told if not of], [done for done, of in told if of]
    assert {of for _, of in told} == {0, 4000}
    assert told == [*((done, 0) for done in read), *((done, 4000) for done in compared)]
    for counted in (read, compared):
        assert counted == sorted({*counted})
        assert (len(counted) > 2, counted[-1]) == (True, 4000)


def test_a_long_import_is_called_off_and_nothing_is_kept(desk: Desk) -> None:
    text = HEADER + "\n" + "".join(f"P{n},p{n}@acme{n}.example,,Acme {n},\n" for n in range(1600))
    made = planned(desk, text)
    before = dump(desk.store)
    seen: list[tuple[int, int]] = []
    future = desk.store.write(
        intake.apply, made, desk.clock(), progress=lambda done, of: seen.append((done, of)),
        cancelled=lambda: len(seen) > 1,
    )  # fmt: skip
    with pytest.raises(Cancelled):
        future.result(30)
    assert seen == [(500, 1600), (1000, 1600)]
    assert dump(desk.store) == before
    assert counts(written(desk, made)) == {"created": 1600}
    assert whole(desk)
    desk.store.undo().result(30)
    assert dump(desk.store) == before
    assert whole(desk)


def test_looking_is_called_off_too(desk: Desk) -> None:
    text = HEADER + "\n" + "".join(f"P{n},p{n}@acme.example,,,\n" for n in range(20))
    table = open_table(text.encode())
    prepared = intake.prepare(looking(desk), table, intake.Options("x"))
    assert not isinstance(prepared, Refused)
    with pytest.raises(Cancelled):
        intake.plan(looking(desk), table, prepared.mapping, prepared.options, desk.clock(), cancelled=lambda: True)


# --- files from outside ----------------------------------------------------------------------------------------------


def test_known_people_are_joined_by_their_address_alone(desk: Desk, tmp_path: Path) -> None:
    file = folder("fake_people", "fake_people_dev.csv")
    before = dump(desk.store)
    report = brought(desk, file, tmp_path)
    assert (report.rows, report.merged, report.created + report.rejected) == (499, 190, 309)
    assert report.rejected == 17  # four name nobody, thirteen have nothing but an address that is none
    assert len(everybody(desk)) == report.created
    again = brought(desk, file)
    assert counts(again) == {"known": 292, "merged": 190, "rejected": 17}
    assert whole(desk)
    desk.store.undo().result(10)
    assert dump(desk.store) == before


@pytest.mark.parametrize(
    "name",
    [
        "01-facebook-leads-standard.csv", "05-excel-export.csv", "09-duplicate-headers.csv", "14-blank-rows.csv",
        "11-international-names.csv", "16-messy-formatting.csv", "24-salesforce-style.csv", "25-hubspot-export.csv",
        "european-semicolon.csv", "hubspot-export.csv",
    ],
)  # fmt: skip
def test_outside_files_come_in_whole(desk: Desk, name: str) -> None:
    report = brought(desk, folder("groweasy", name))
    assert report.created == report.rows >= 2
    assert counts(brought(desk, folder("groweasy", name))) == {"known": report.rows}


def test_formulas_are_kept_as_they_are(desk: Desk) -> None:
    payloads = [line for line in folder("csv_injection", "csv-payload.txt").read_text().splitlines() if line.strip()]
    import csv
    import io

    out = io.StringIO()
    csv.writer(out).writerows([["Email", "Title"], *[[f"p{n}@a.example", one] for n, one in enumerate(payloads)]])
    brought(desk, out.getvalue())
    assert [one.title for one in everybody(desk)] == payloads


# --- hostile ---------------------------------------------------------------------------------------------------------

ODD = {
    "duplicate headers": "Name,Email,Name,Email\nAna,a@a.example,Anna,b@b.example\n",
    "one column": "Email\nana@acme.example\nnot one\n",
    "short and long rows": "Name,Email,Phone\nAna,a@a.example\nBen,b@b.example,+34600111222,more\nCid,c@c.example,\n",
    "unclosed quote": 'Name,Email\n"Ana,a@a.example\nBen,b@b.example\n',
    "nul and surrogate": "Name,Email\nA\0na,a@a.example\nB\\ud800en,b@b.example\n",
    "markup": "Name,Email,Company\n[/]Ana[b],a@a.example,[@click=app.quit]x[/]\n\x1b[31mBen,b@b.example,‮evil\n",
    "a megabyte": f"Name,Email,Notes\nAna,a@a.example,{'x' * (1 << 20)}\nBen,b@b.example,short\n",
    "no header": "ana@acme.example,Ana Ruiz\nben@b.example,Ben Lee\n",
    "blank words": "Name,Email\nn/a,n/a\nAna,a@a.example\n",
}


@pytest.mark.parametrize("case", ODD)
def test_odd_files_end_as_rows_and_reasons(desk: Desk, case: str, tmp_path: Path) -> None:
    before = dump(desk.store)
    report = brought(desk, ODD[case], tmp_path)
    assert report.rows
    assert report.created
    for lead in everybody(desk):
        for text in (lead.name, lead.company or "", lead.title or ""):
            assert "\x1b" not in text
            assert "\0" not in text
            assert len(text) <= 500
    assert whole(desk)
    desk.store.undo().result(10)
    assert dump(desk.store) == before


def test_a_header_alone_brings_nothing(desk: Desk) -> None:
    report = brought(desk, f"{HEADER}\n")
    assert (report.rows, report.batch) == (0, None)


CELL = st.one_of(
    st.sampled_from(["", " ", "ana@acme.example", "ANA@acme.example", "b@b", "Ana Ruiz", "Acme", "600 111 222", "yes"]),
    st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=12),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(CELL, min_size=5, max_size=6), max_size=12), st.integers(0, 5))
def test_counts_add_up_for_any_table(rows: list[list[str]], seed: int) -> None:
    import csv
    import io
    import tempfile

    out = io.StringIO()
    csv.writer(out).writerows([["Name", "Email", "Phone", "Company", "Title", "Do Not Call"], *rows])
    with tempfile.TemporaryDirectory() as place:
        desk = open_desk(Path(place))
        before = dump(desk.store)
        made = planned(desk, out.getvalue())
        chance = random.Random(seed)
        for row in made.verdicts.doubtful():
            made.verdicts.said[row] = chance.choice([CREATE, SAME, REJECT])
        report = written(desk, made)
        assert len(everybody(desk)) == report.created
        assert report.rejected == len(list(made.rejected())) == len(made.verdicts.rows(Verdict.REJECTED))
        assert whole(desk)
        if report.created or report.updated:
            desk.store.undo().result(10)
        assert dump(desk.store) == before
        brought(desk, out.getvalue())
        again = brought(desk, out.getvalue())
        assert (again.created, again.updated) == (0, 0)
        desk.store.close()


def test_a_totals_row_at_the_end_is_nobody_and_somebody_called_total_is_somebody(desk: Desk) -> None:
    text = "Name,Company,Email,Employees\nAna,Acme,ana@acme.example,5\nTotal,Total Energies,,7\nGrand Total:,,,12\n"
    made = planned(desk, text)
    assert [seen.line for _, seen, _ in made.rejected()] == [4]
    assert "adds up" in next(reason for _, _, reason in made.rejected())


def test_codes_keep_their_leading_zeros_and_lose_what_a_column_of_numbers_added(desk: Desk) -> None:
    brought(desk, "Name,Email,Zip,Phone\nAna,ana@acme.example,02134,14155550100.0\nBo,bo@b.example,28013.0,\n")
    ana, bo = everybody(desk)
    assert (ana.postcode, bo.postcode) == ("02134", "28013")
    assert ana.phone == "+14155550100"


def test_companies_are_found_again_however_many_there_are(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accounts, "MOST", 100)  # those begun are still being written when they are let go
    people = "".join(f"Ann {n},ann{n}@firm{n % 700}.example,Firm {n % 700}\n" for n in range(2_100))
    assert brought(desk, f"Name,Email,Company\n{people}").created == 2_100
    found = desk.store.read(lambda db: db.execute("SELECT count(*), count(DISTINCT name) FROM account").fetchone())
    assert found.result(10) == (700, 700)
    assert len({lead.account_id for lead in everybody(desk)}) == 700


@pytest.mark.parametrize(("sharing", "asked"), [(8, 7), (9, 0)])
def test_a_number_that_many_rows_share_makes_nobody_a_double(desk: Desk, sharing: int, asked: int) -> None:
    people = "".join(f"Person {n},+493012345678,Firm {n}\n" for n in range(sharing))
    assert brought(desk, f"Name,Phone,Company\n{people}").suggested == asked
