"""The filter language: what it reads, what it refuses and where, and what its times mean."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docs.filter import page as written
from sdr.models.terms import ms
from sdr.rules.filtering import CHOICES, FIELDS, Filter, FilterError, Op, Span, Term, parse, resolve

MADRID = ZoneInfo("Europe/Madrid")
NOW = datetime(2026, 3, 30, 16, 22, tzinfo=MADRID)  # the Monday after the clocks went forward


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("", []),
        ("  ", []),
        ('""', []),
        ("Acme  PÚMPS", [Term("text", Op.IS, ("acme",)), Term("text", Op.IS, ("pumps",))]),
        ('"acme pumps"', [Term("text", Op.IS, ("acme pumps",))]),
        ("-acme", [Term("text", Op.IS, ("acme",), negated=True)]),
        ("ann@acme.com", [Term("text", Op.IS, ("ann@acme.com",))]),
        ("12:30", [Term("text", Op.IS, ("12:30",))]),
        ("city:Madrid", [Term("city", Op.IS, ("madrid",))]),
        ("state:new,working", [Term("state", Op.IS, ("new", "working"))]),
        ("state:o", [Term("state", Op.IS, ("offered", "opportunity"))]),
        ("state:w,won", [Term("state", Op.IS, ("working", "won"))]),
        ("STATE:New", [Term("state", Op.IS, ("new",))]),
        ('company:"Acme, Inc.",bolt', [Term("company", Op.IS, ("acme, inc.", "bolt"))]),
        ("score>=50", [Term("score", Op.AT_LEAST, ("50",))]),
        ("score<020", [Term("score", Op.LESS, ("20",))]),
        ("score:050..80", [Term("score", Op.IS, ("50..80",))]),
        ("score:40,50", [Term("score", Op.IS, ("40", "50"))]),
        ("#Trade-Show", [Term("tag", Op.IS, ("trade-show",))]),
        ("-#vip", [Term("tag", Op.IS, ("vip",), negated=True)]),
        ("is:open -is:mine", [Term("is", Op.IS, ("open",)), Term("is", Op.IS, ("mine",), negated=True)]),
        ("has:phone,email", [Term("has", Op.IS, ("phone", "email"))]),
        ("band:0,catch-up", [Term("band", Op.IS, ("hot", "catch-up"))]),
        ("arrived>2026-01-01", [Term("arrived", Op.MORE, ("2026-01-01",))]),
        ("due:Today", [Term("due", Op.IS, ("today",))]),
        ("due:..Friday", [Term("due", Op.IS, ("..friday",))]),
        ("arrived:>-7d", [Term("arrived", Op.MORE, ("-7d",))]),
        ("score:>=50", [Term("score", Op.AT_LEAST, ("50",))]),
        ("owner:me", [Term("owner", Op.IS, ("me",))]),
        ("-has:touched", [Term("has", Op.IS, ("touched",), negated=True)]),
        ("grade:A,B", [Term("grade", Op.IS, ("a", "b"))]),
    ],
)
def test_parse(text: str, terms: list[Term]) -> None:
    assert parse(text) == Filter(tuple(terms))


@pytest.mark.parametrize(
    ("text", "position", "says"),
    [
        ("acme stat:new", 5, "at character 6, no field is called “stat”: did you mean state"),
        ("zzzz:1", 0, "known are state, band"),
        ("state:wroking", 6, "did you mean working?"),
        ("is:asleep", 3, "known are open, mine"),
        ("score>high", 6, "whole number"),
        ("score>1,2", 6, "one value"),
        ("score>1..2", 6, "one value"),
        ("score:1..", 6, "whole number"),
        (" ".join(["a"] * 61), 120, "more than 60 conditions"),
        ("city:" + ",".join(["a"] * 61), 5, "more than 60 values"),
        ("city>a", 4, "write city:value"),
        ("due:someday", 4, "a date like 2026-01-31"),
        ("due:7d", 4, "says which way: -7d is a week ago"),
        ("arrived:>7d", 9, "says which way"),
        ("acme due:..", 9, "one range"),
        ("due:a..b..c", 4, "one range"),
        ("due:today..someday", 4, "a date like 2026-01-31"),
        ("due>today..friday", 4, "one value"),
        ("city:>a", 4, "write city:value"),
        ("due:2026-02-30", 4, "a date like"),
        ("city:", 5, "a value is missing"),
        ('city:"', 5, "the quote has no end"),
        ('acme "pumps', 5, "the quote has no end"),
        ("acme -", 6, "a value is missing"),
        ("#", 1, "a value is missing"),
        ("city:\u0301", 5, "a value is missing"),
        ("a" * 2_001, 2_000, "shorten it"),
    ],
)
def test_a_fault_says_where_and_what(text: str, position: int, says: str) -> None:
    with pytest.raises(FilterError) as fault:
        parse(text)
    assert fault.value.position == position
    assert says in fault.value.message


@given(
    st.one_of(
        st.text(st.characters(exclude_categories=()), max_size=40),
        st.lists(
            st.sampled_from([*FIELDS, *':">-#, ', "<=", "today", "-7d", "50", "9999w", "..", "fri", "monday"])
        ).map("".join),
    )
)
def test_any_text_is_read_or_refused_in_place_and_resolves(text: str) -> None:
    position, found = 0, Filter()
    try:
        found = parse(text)
    except FilterError as fault:
        position = fault.position
    assert 0 <= position <= len(text)
    assert all(term.field in (*FIELDS, "text") and all(term.values) for term in found.terms)
    assert len(resolve(found, NOW, "Europe/Madrid")) == len(found.terms)


def day(month: int, date: int) -> int:
    return ms(datetime(2026, month, date, tzinfo=MADRID))


@pytest.mark.parametrize(
    ("text", "ranges"),
    [
        ("due:today", [(day(3, 30), day(3, 31))]),
        ("due:yesterday", [(day(3, 29), day(3, 30))]),
        ("due<tomorrow", [(None, day(3, 31))]),
        ("due<=tomorrow", [(None, day(4, 1))]),
        ("due<now", [(None, ms(NOW))]),
        ("arrived>2026-01-01", [(day(1, 2), None)]),
        ("arrived>=2026-01-01", [(day(1, 1), None)]),
        ("arrived>-7d", [(ms(datetime(2026, 3, 23, 16, 22, tzinfo=MADRID)), None)]),
        ("due<+2h", [(None, ms(NOW) + 7_200_000)]),
        ("due:+1w", [(day(4, 6), day(4, 7))]),
        ("due:today,2026-04-02", [(day(3, 30), day(3, 31)), (day(4, 2), day(4, 3))]),
        ("due>2026-03-30T09:00", [(ms(datetime(2026, 3, 30, 9, tzinfo=MADRID)), None)]),
        ("due:friday", [(day(4, 3), day(4, 4))]),
        ("due:mon", [(day(3, 30), day(3, 31))]),
        ("touched:friday", [(day(3, 27), day(3, 28))]),
        ("arrived:mon", [(day(3, 30), day(3, 31))]),
        ("due<=sunday", [(None, day(4, 6))]),
        ("due:..friday", [(None, day(4, 4))]),
        ("arrived:-7d..", [(day(3, 23), None)]),
        ("arrived:2026-01-01..2026-01-31,today", [(day(1, 1), day(2, 1)), (day(3, 30), day(3, 31))]),
        ("due:now..+2h", [(ms(NOW), ms(NOW) + 7_200_000)]),
        ("due:tue..mon", [(day(3, 31), day(4, 7))]),
        ("touched:mon..fri", [(day(3, 23), day(3, 28))]),
        ("due>2026-03-30T09:00Z", [(ms(datetime(2026, 3, 30, 9, tzinfo=UTC)), None)]),
    ],
)
def test_times_are_the_reps_days(text: str, ranges: list[tuple[int | None, int | None]]) -> None:
    (span,) = resolve(parse(text), NOW, "Europe/Madrid")
    assert isinstance(span, Span)
    assert span.ranges == tuple(ranges)


def test_the_short_day_of_a_clock_change_has_23_hours() -> None:
    (span,) = resolve(parse("due:yesterday"), NOW, "Europe/Madrid")
    assert isinstance(span, Span)
    ((start, end),) = span.ranges
    assert start is not None
    assert end is not None
    assert end - start == 23 * 3_600_000


def test_other_terms_pass_and_negation_stays() -> None:
    terms = resolve(parse("acme -due:today"), NOW, "Europe/Madrid")
    assert terms[0] == Term("text", Op.IS, ("acme",))
    assert isinstance(terms[1], Span)
    assert terms[1].negated


@given(st.integers(0, 9999), st.sampled_from("hdw"), st.sampled_from("+-"))
def test_more_and_less_split_time_without_a_gap(count: int, unit: str, sign: str) -> None:
    later, earlier = (resolve(parse(f"due{op}{sign}{count}{unit}"), NOW, "Europe/Madrid")[0] for op in (">=", "<"))
    assert isinstance(later, Span)
    assert isinstance(earlier, Span)
    assert later.ranges[0][0] == earlier.ranges[0][1]
    if unit == "h":
        moved = timedelta(hours=count) * (1 if sign == "+" else -1)
        assert later.ranges[0][0] == ms(NOW.astimezone(UTC) + moved)


def test_the_page_of_the_language_is_the_one_that_the_program_has_and_names_every_field() -> None:
    page = (Path(__file__).parents[2] / "docs" / "filter.md").read_text(encoding="utf-8")
    assert page == written()
    assert [field for field in FIELDS if f"`{field}`" not in page] == []
    assert [value for values in CHOICES.values() for value in values if f"`{value}`" not in page] == []
