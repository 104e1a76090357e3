"""A drip's text: every field, its limits, and the line of what is wrong; tracks, replies in a thread, and post."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from sdr.models.terms import Channel
from sdr.rules.cadence import CadenceError, Track, arrival, next_touch, parse_cadence, plan, standing_step
from sdr.rules.calendar import Calendar, Hours, Length

HEAD = 'name = "Test"\nversion = 1\n'
MONDAY = datetime(2026, 3, 2, 10, tzinfo=UTC)


def step(channel: str = "email", delay: str = "1bd", **fields: object) -> str:
    lines = [f'name = "{fields.pop("name", "s")}"', f'channel = "{channel}"', f'delay = "{delay}"']
    for key, value in fields.items():
        shown = str(value).lower() if isinstance(value, bool) else f'"{value}"' if isinstance(value, str) else value
        lines.append(f"{key} = {str(shown).replace(chr(39), chr(34))}")
    return "[[step]]\n" + "\n".join(lines) + "\n"


def text(*steps: str, top: str = "") -> str:
    return HEAD + top + "".join(steps)


def dates(*steps: str, top: str = "", track: str = "main") -> list[tuple[int, str]]:
    found = plan(parse_cadence(text(*steps, top=top)), MONDAY, Calendar(), track=track)
    return [(touch.step.number, f"{touch.due_at:%m-%d %H:%M}") for touch in found]


# --- every field -------------------------------------------------------------------------------------------------


def test_every_field_is_read() -> None:
    drip = parse_cadence(
        text(
            step("email", "2h", variants=["mail-a", "mail-b"], window="mon 09:00-12:00", blocking=False, personal=True),
            step("email", needs=1, alone="mail-c", track="main"),
            step("letter", cost="0.85", lead_time="2bd", template="letter"),
            step("call", "0m", track="positive"),
            top='product = "Pumps"\ncurrency = "EUR"\nminimum_gap = "4h"\n',
        )
    )
    assert (drip.product, drip.currency, drip.minimum_gap) == ("Pumps", "EUR", Length(4, "h"))
    first, reply, letter, reaction = drip.steps
    assert (first.variants, first.template, first.personal) == (("mail-a", "mail-b"), "mail-a", True)
    assert (str(first.window), first.blocking) == ("mon 09:00-12:00", False)
    assert (reply.needs, reply.alone, reply.personal) == (1, "mail-c", False)
    assert (letter.cost, letter.lead_time, letter.channel) == (85, Length(2, "bd"), Channel.LETTER)
    assert (reaction.track, reaction.personal) == (Track.POSITIVE, True)
    assert [one.number for one in drip.of(Track.MAIN)] == [1, 2, 3]
    assert drip.place(letter) == (3, 3)
    assert drip.place(reaction) == (1, 1)


@pytest.mark.parametrize("channel", list(Channel))
def test_every_channel_may_be_a_step(channel: Channel) -> None:
    assert parse_cadence(text(step(channel.value))).steps[0].channel is channel


@pytest.mark.parametrize(
    ("steps", "top", "line", "said"),
    [
        ((step("fax"),), "", 5, '"channel" must be one of call, email'),
        ((step(delay="732d"),), "", 6, "732d is more than two years"),
        ((step(delay="105w"),), "", 6, "105w is more than two years"),
        ((step(delay="-1d"),), "", 6, 'The length "-1d" cannot be read'),
        ((step(), step(window="closed")), "", 11, "needs days and hours"),
        ((step(window="2026-12-24 09:00-12:00"),), "", 7, "never opens in an ordinary week"),
        ((step(window="funday 09:00-12:00"),), "", 7, "is not a day of the week"),
        ((step(window="2026-02-30 09:00-12:00"),), "", 7, '"2026-02-30" is not a date'),
        ((step(cost="0.85"),), "", 7, '"cost" has no currency'),
        ((step(cost="-1"),), 'currency = "EUR"\n', 8, '"cost" must be an amount in quotes'),
        ((step(cost=1),), 'currency = "EUR"\n', 8, '"cost" must be a text in quotes'),
        ((step(),), 'rest = "800d"\n', 3, "800d is more than two years"),
        ((step(),), 'rest = "0d"\n', 3, '"rest": a rest of no time is none; take the line out'),
        ((step(),), 'rest = "a month"\n', 3, '"rest": The length "a month" cannot be read'),
        ((step(),), 'currency = "Euro"\n', 3, '"currency" must be three capital letters'),
        ((step(),), f'product = "{"x" * 61}"\n', 3, '"product" is longer than 60'),
        ((step(lead_time="2bd"),), "", 7, '"lead_time" is for letter, postcard, parcel; email arrives at once'),
        ((step("parcel", lead_time="3 years"),), "", 7, 'The length "3 years" cannot be read'),
        ((step(variants=["mail-a"]),), "", 7, "two to 4 different templates"),
        ((step(variants=["mail-a", "mail-a"]),), "", 7, "two to 4 different templates"),
        ((step(variants=["Mail A", "mail-b"]),), "", 7, '"Mail A" must be of small letters'),
        ((step(template="mail-a", variants=["mail-a", "mail-b"]),), "", 8, "exclude each other"),
        ((step(needs=1),), "", 7, '"needs" must be the number of an earlier step, below 1'),
        ((step(), step(needs=3), step()), "", 11, "an earlier step, below 2"),
        ((step("call"), step(needs=1)), "", 11, "step 1 is no message this one could reply to"),
        ((step("letter"), step("letter", needs=1)), "", 11, "step 1 is no message this one could reply to"),
        ((step(), step(needs=1, track="positive")), "", 11, "both must be on one track"),
        ((step(alone="mail-a"),), "", 7, '"alone" goes with "needs"'),
        ((step(track="sideways"),), "", 7, '"track" must be one of main, positive, negative'),
        ((step(track="positive"),), "", None, 'at least one belongs to the track "main"'),
    ],
)
def test_a_fault_names_its_line_and_its_step(steps: tuple[str, ...], top: str, line: int | None, said: str) -> None:
    with pytest.raises(CadenceError) as fault:
        parse_cadence(text(*steps, top=top))
    assert said in str(fault.value)
    assert fault.value.line == line
    held = None if line is None or (line == 3 and top) else text(*steps, top=top).split("\n")[:line].count("[[step]]")
    assert fault.value.step == held


# --- tracks ------------------------------------------------------------------------------------------------------


def test_a_track_runs_through_its_own_steps_only() -> None:
    steps = (step("call", "0m"), step("call", "0m", track="positive"), step("email", "1bd"), step(track="positive"))
    assert dates(*steps) == [(1, "03-02 10:00"), (3, "03-03 10:00")]
    assert dates(*steps, track="positive") == [(2, "03-02 10:00"), (4, "03-03 10:00")]
    assert dates(*steps, track="negative") == []


# --- a reply in the thread of a message ----------------------------------------------------------------------------


def test_a_reply_falls_away_with_the_message_it_answers_and_the_next_counts_from_what_happened() -> None:
    drip = parse_cadence(text(step(), step("call"), step(needs=1), step(needs=3), step("call", "3bd")))
    every = next_touch(drip, 2, MONDAY, Calendar(), done={1, 2})
    left = next_touch(drip, 2, MONDAY, Calendar(), done={2})
    assert every is not None
    assert left is not None
    assert (every.step.number, left.step.number) == (3, 5)
    assert left.why == "3bd after step 2"
    assert standing_step(drip, 2) == drip.steps[2]
    assert standing_step(drip, 2, done={2}) == drip.steps[4]


def test_a_reply_may_stand_alone_instead() -> None:
    drip = parse_cadence(text(step(), step("call"), step(needs=1, alone="mail-new", variants=["mail-a", "mail-b"])))
    touch = next_touch(drip, 2, MONDAY, Calendar(), done={2})
    assert touch is not None
    assert (touch.step.number, touch.step.template, touch.step.variants) == (3, "mail-new", ())
    assert touch.why == "1bd after step 2, on its own: step 1 was not sent"
    assert touch.step.needs is None


def test_beginning_later_means_that_nothing_before_was_sent() -> None:
    drip = parse_cadence(text(step(), step("letter", lead_time="5bd"), step(needs=1), step("call")))
    assert [touch.step.number for touch in plan(drip, MONDAY, Calendar(), at_step=3)] == [4]
    [call] = plan(drip, MONDAY, Calendar(), at_step=3)
    assert call.due_at == datetime(2026, 3, 3, 10, tzinfo=UTC)  # the letter was never posted


# --- post ----------------------------------------------------------------------------------------------------------


def test_what_follows_a_letter_counts_from_its_arrival() -> None:
    letter, call = step("letter", "1bd", lead_time="2bd"), step("call", "1bd")
    assert dates(letter, call) == [(1, "03-03 10:00"), (2, "03-06 10:00")]
    drip = parse_cadence(text(letter, call))
    touch = next_touch(drip, 1, MONDAY, Calendar(), done={1})
    assert touch is not None
    assert touch.why == "1bd after step 1 arrives (2bd in the post)"
    skipped = next_touch(drip, 1, MONDAY, Calendar(), done=set())
    assert skipped is not None
    assert (skipped.due_at.day, skipped.why) == (3, "1bd after step 1")
    holiday = Calendar(closed=frozenset({date(2026, 3, 3)}))
    assert arrival(drip.steps[0], MONDAY, holiday) == datetime(2026, 3, 5, 10, tzinfo=UTC)
    assert arrival(drip.steps[1], MONDAY, holiday) == MONDAY


# --- hours with dates of their own -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("mon-fri 9:00-17:00", "mon-fri 09:00-17:00"),
        ("wed,fri 08:00-12:00,13:00-18:00", "wed 08:00-12:00,13:00-18:00; fri 08:00-12:00,13:00-18:00"),
        ("sat-sun 10:00-24:00", "sat-sun 10:00-24:00"),
        ("mon 09:00-12:00;2026-12-31 closed; 2026-12-24 09:00-11:00",
         "mon 09:00-12:00; 2026-12-24 09:00-11:00; 2026-12-31 closed"),
        ("2026-12-24, 2026-12-31 09:00-12:00", "2026-12-24 09:00-12:00; 2026-12-31 09:00-12:00"),
    ],
)  # fmt: skip
def test_hours_are_written_as_they_are_read(written: str, read: str) -> None:
    assert str(Hours.parse(written)) == read
    assert Hours.parse(read) == Hours.parse(written)
