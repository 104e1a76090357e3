"""Dates: the order of a column, and the aware time of one text."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdr.exchange.dates import DateOrder, date_order, parse_when

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("samples", "country", "order", "certain"),
    [
        (["01/15/2024", "01/02/2024"], "", "mdy", True),
        (["15/01/2024", "01/02/2024"], "US", "dmy", True),
        (["01/02/2024"], "US", "mdy", False),
        (["01/02/2024"], "GB", "dmy", False),
        (["01/02/2024"], "", "dmy", False),
        (["01.02.2024"], "US", "dmy", False),
        (["2024-03-15", "2024-03-16T10:00:00Z"], "US", "ymd", True),
        (["", "soon"], "", "ymd", False),
        ([], "US", "ymd", False),
        (["15/01/2024", "16/01/2024", "01/17/2024"], "", "dmy", False),
    ],
)
def test_one_order_a_column(samples, country, order, certain):
    found = date_order(samples, country)
    assert (found.order, found.certain) == (order, certain)


def test_a_column_of_two_orders_says_so():
    assert date_order(["31/12/2025", "13/05/2025", "12/31/2025"]) == DateOrder("dmy", False, mixed=True)
    assert date_order(["31/12/2025", "12/31/2025"], "US") == DateOrder("mdy", False, mixed=True)
    assert not date_order(["01/02/2025"]).mixed
    assert not date_order(["31/12/2025", "01/02/2025"]).mixed


@pytest.mark.parametrize(
    ("text", "order", "expected"),
    [
        ("2024-03-15", "dmy", "2024-03-15T00:00:00+01:00"),
        (" 2024-07-15 09:12:00 ", "dmy", "2024-07-15T09:12:00+02:00"),
        ("2024-03-15T09:12:00Z", "dmy", "2024-03-15T09:12:00+00:00"),
        ("2024-03-15T09:12:00+0000", "dmy", "2024-03-15T09:12:00+00:00"),
        ("2024-03-15T09:12:00.250+05:30", "dmy", "2024-03-15T09:12:00.250000+05:30"),
        ("2010-10-14T12:00:00.000Z-0300", "dmy", "2010-10-14T12:00:00-03:00"),
        ("2010-10-14T00:00:00.000", "dmy", "2010-10-14T00:00:00+02:00"),
        ("2024-03-15 09:12:00 UTC", "dmy", "2024-03-15T09:12:00+00:00"),
        ("2024/3/5", "mdy", "2024-03-05T00:00:00+01:00"),
        ("20240315", "mdy", "2024-03-15T00:00:00+01:00"),
        ("01/15/2024", "mdy", "2024-01-15T00:00:00+01:00"),
        ("03/04/2024", "mdy", "2024-03-04T00:00:00+01:00"),
        ("03/04/2024", "dmy", "2024-04-03T00:00:00+02:00"),
        ("15.03.2024 14:30", "dmy", "2024-03-15T14:30:00+01:00"),
        ("1.2.24", "dmy", "2024-02-01T00:00:00+01:00"),
        ("24-02-01", "ymd", "2024-02-01T00:00:00+01:00"),
        ("3/15/2024 2:05 PM", "mdy", "2024-03-15T14:05:00+01:00"),
        ("3/15/2024, 12:05:00 a.m.", "mdy", "2024-03-15T00:05:00+01:00"),
        ("12 Mar 2024", "dmy", "2024-03-12T00:00:00+01:00"),
        ("Mar 12, 2024", "dmy", "2024-03-12T00:00:00+01:00"),
        ("Friday, 15 March 2024 at 10:00", "dmy", "2024-03-15T10:00:00+01:00"),
        ("15. Dezember 2024", "dmy", "2024-12-15T00:00:00+01:00"),
        ("3 août 2024", "dmy", "2024-08-03T00:00:00+02:00"),
        ("3 de enero de 2024", "dmy", "2024-01-03T00:00:00+01:00"),
        ("1710493920", "dmy", "2024-03-15T10:12:00+01:00"),
        ("1710493920000", "dmy", "2024-03-15T10:12:00+01:00"),
        ("45366", "dmy", "2024-03-15T00:00:00+01:00"),
        ("45366.5", "dmy", "2024-03-15T12:00:00+01:00"),
        # Not to be read at all.
        ("15/03/2024", "mdy", None),
        ("31.02.2024", "dmy", None),
        ("2024-03-15 25:00", "dmy", None),
        ("2024-03-15 13:00 PM", "dmy", None),
        ("0000-00-00", "dmy", None),
        ("1024-01-01", "dmy", None),
        ("2024-01-01T00:00:00+99:00", "dmy", None),
        ("12345", "dmy", None),
        ("tomorrow", "dmy", None),
        ("", "dmy", None),
    ],
)
def test_what_a_text_says(text, order, expected):
    moment = parse_when(text, order, "Europe/Berlin")
    assert (moment and moment.isoformat()) == expected


@given(st.datetimes(datetime(1901, 1, 1), datetime(2099, 1, 1)), st.integers(-14 * 60, 14 * 60))  # noqa: DTZ001
def test_iso_text_comes_back_as_the_same_moment(naive, minutes):

    moment = naive.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    assert parse_when(moment.isoformat(), "dmy", UTC) == moment


@given(
    st.dates(datetime(1901, 1, 1, tzinfo=UTC).date(), datetime(2099, 1, 1, tzinfo=UTC).date()),
    st.sampled_from(["dmy", "mdy"]),
)
def test_a_date_alone_is_local_midnight_in_either_order(day, order):
    text = day.strftime("%d/%m/%Y" if order == "dmy" else "%m/%d/%Y")
    assert parse_when(text, order, BERLIN) == datetime(day.year, day.month, day.day, tzinfo=BERLIN)


@given(st.text(alphabet="0123456789-/.: TZ+amp,janmrc", max_size=30), st.sampled_from(["dmy", "mdy", "ymd"]))
def test_no_text_raises_and_every_answer_is_aware(text, order):
    moment = parse_when(text, order, BERLIN)
    assert moment is None or moment.tzinfo is not None
    date_order([text])
