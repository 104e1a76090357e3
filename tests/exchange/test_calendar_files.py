"""Calendar files read back by a reader of our own that shares nothing with the writer."""

import re
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sdr.exchange.calendar_files import Attendee, Event, write_calendar
from sdr.rules.text import clean

NOW = datetime(2025, 1, 2, 9, 30, 15, 999, tzinfo=UTC)
TEN = datetime(2025, 1, 1, 10, tzinfo=UTC)
MEETING = Event("42@sdr-desk", TEN, TEN + timedelta(hours=1), "Discovery call")

Line = tuple[str, str, str]


def lines(file: bytes) -> list[str]:
    """The logical lines of `file` by RFC 5545 3.1: every line ends CRLF, a leading blank continues."""
    assert file.endswith(b"\r\n")
    assert file.count(b"\r") == file.count(b"\n") == file.count(b"\r\n")
    physical = file.split(b"\r\n")[:-1]
    for line in physical:
        assert len(line) <= 75
        line.decode()  # a fold inside a character would fail here
    return file.replace(b"\r\n ", b"").decode().split("\r\n")[:-1]


def parsed(line: str) -> Line:
    """Name, parameters as written, raw value; a quoted parameter may hold `:` and `;`."""
    found = re.fullmatch(r'([A-Z-]+)((?:;[A-Z-]+=(?:"[^"]*"|[^";:,]*))*):(.*)', line, re.DOTALL)
    assert found is not None, line
    return found[1], found[2], found[3]


def text_of(raw: str) -> str:
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], raw)


def events_of(file: bytes) -> list[dict[str, Line]]:
    """Each VEVENT as its lines by name; a name said twice in one event is a fault."""
    found: list[dict[str, Line]] = []
    for line in map(parsed, lines(file)):
        if line == ("BEGIN", "", "VEVENT"):
            found.append({})
        elif found and line[0] != "END":
            assert line[0] not in found[-1], line
            found[-1][line[0]] = line
    return found


def test_j7_the_worked_example() -> None:
    file = write_calendar([MEETING], NOW)
    assert b"\r\nDTSTART:20250101T100000Z\r\n" in file
    assert b"\r\nDTEND:20250101T110000Z\r\n" in file
    assert b"\r\nDTSTAMP:20250102T093015Z\r\n" in file


def test_j7_a_name_with_a_comma_is_quoted() -> None:
    invited = Event("1", TEN, NOW, "Call", attendees=(Attendee("Ruiz, Ana", "ana@acme.example"),))
    [event] = events_of(write_calendar([invited], NOW))
    assert event["ATTENDEE"] == ("ATTENDEE", ';CN="Ruiz, Ana"', "mailto:ana@acme.example")


@pytest.mark.parametrize(
    "address",
    ["", "ana", "a@b.example\r\nX-EVIL:1", "a@b.example?bcc=x@y.example", "a b@c.example", "a@b.example,c@d.example"],
)
def test_an_attendee_whose_address_is_none_is_left_out(address: str) -> None:
    event = Event("1", TEN, NOW, "Call", attendees=(Attendee("Ana", address),))
    assert b"ATTENDEE" not in write_calendar([event], NOW)


def test_j4_the_head_is_said_once_for_any_number_of_events() -> None:
    heads = [line.partition(":")[0] for line in lines(write_calendar([MEETING, MEETING, MEETING], NOW))]
    for once in ("VERSION", "PRODID", "METHOD"):
        assert heads.count(once) == 1
    for each in ("UID", "DTSTAMP", "DTSTART", "DTEND", "SEQUENCE", "STATUS"):
        assert heads.count(each) == 3
    assert "DURATION" not in heads


def test_an_event_without_length_has_no_end() -> None:
    [event] = events_of(write_calendar([Event("1", TEN, TEN, "Call back")], NOW))
    assert "DTEND" not in event


def test_times_of_other_zones_are_written_in_utc() -> None:
    there = datetime(2025, 1, 1, 5, tzinfo=timezone(timedelta(hours=-5)))
    [event] = events_of(write_calendar([Event("1", there, TEN + timedelta(hours=1), "Call")], NOW))
    assert event["DTSTART"][2] == "20250101T100000Z"


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        write_calendar([Event("1", TEN.replace(tzinfo=None), TEN.replace(tzinfo=None), "Call")], NOW)


def test_a_cancelled_event_says_so_and_a_file_of_them_cancels() -> None:
    gone = Event("1", TEN, NOW, "Call", sequence=3, cancelled=True)
    [event] = events_of(write_calendar([gone], NOW))
    assert (event["STATUS"][2], event["SEQUENCE"][2]) == ("CANCELLED", "3")
    assert b"\r\nMETHOD:CANCEL\r\n" in write_calendar([gone], NOW)
    mixed = write_calendar([gone, MEETING], NOW)
    assert b"\r\nMETHOD:PUBLISH\r\n" in mixed
    assert [found["STATUS"][2] for found in events_of(mixed)] == ["CANCELLED", "CONFIRMED"]


def test_events_that_say_when_they_changed_give_the_same_bytes_later() -> None:
    event = Event("1", TEN, NOW, "Call", changed_at=TEN)
    assert write_calendar([event], NOW) == write_calendar([event], NOW + timedelta(hours=1))


def test_j1_a_long_line_of_digits_unfolds_to_itself() -> None:
    digits = ("123456789 " * 10).strip()
    [event] = events_of(write_calendar([Event("1", TEN, NOW, digits)], NOW))
    assert event["SUMMARY"][2] == digits


HARD = st.text(alphabet=st.sampled_from("a,;:\\\"\n\r\t é日😀^'=N\u2028\x85\x0c\x00")) | st.text()


@given(summary=HARD, description=HARD, location=HARD, name=HARD)
@example(summary="\\N", description="a\\Nb\\n", location="\\\\N", name="")
def test_j2_every_text_comes_back_and_none_makes_a_line(
    summary: str, description: str, location: str, name: str
) -> None:
    invited = (Attendee(name, "ana@acme.example"),)
    file = write_calendar([Event("1", TEN, NOW, summary, description, location, invited)], NOW)
    [event] = events_of(file)
    assert text_of(event["SUMMARY"][2]) == clean(summary)
    for key, text in (("DESCRIPTION", description), ("LOCATION", location)):
        if text:
            assert text_of(event[key][2]) == clean(text, lines=True)
    assert event["ATTENDEE"][2] == "mailto:ana@acme.example"
    assert set(event) <= {
        "UID", "DTSTAMP", "DTSTART", "DTEND", "SEQUENCE", "STATUS", "SUMMARY", "DESCRIPTION", "LOCATION", "ATTENDEE",
    }  # fmt: skip
