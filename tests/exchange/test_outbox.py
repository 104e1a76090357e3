"""The outbox put into files: all or nothing, once, under the same names, and nothing that the gate holds."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from pypdf import PdfReader

from sdr.desk import outgoing
from sdr.exchange.folders import ExportFailed, Outbound
from sdr.exchange.outbox import Left, write_outbox
from sdr.models.terms import Channel, ms
from sdr.store.queries import leads, messages
from sdr.store.store import Store
from tests.desks import MONDAY, Desk, begin, dump
from tests.exchange.test_drafts import only_recipient
from tests.outboxes import ANA, standing, waits

EMAIL, LETTER, POSTCARD = Channel.EMAIL, Channel.LETTER, Channel.POSTCARD


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def write(desk: Desk, out: Path, channel: Channel = EMAIL, ids: tuple[int, ...] | None = None) -> Left:
    return write_outbox(desk.store, out, channel, ANA, desk.clock(), ids)


def names(out: Path) -> list[str]:
    return sorted(path.name for path in out.iterdir()) if out.exists() else []


def states(desk: Desk, *ids: int) -> list[str]:
    return [standing(desk, one).state for one in ids]


# --- what is written ---------------------------------------------------------------------------------------------


def test_each_mail_is_a_draft_of_its_own_named_by_its_number_and_private(desk: Desk, out: Path) -> None:
    lead = desk.new_lead(name="../../Secret \r\nBcc: x@y.example")
    ids = waits(desk, lead), waits(desk)
    left = write(desk, out)
    assert names(out) == sorted(f"mail-{one}.eml" for one in ids)
    assert (left.count, left.batch, left.left_out) == (2, "2026-03-02-email-1", ())
    for file in left.files:
        assert stat.S_IMODE(file.path.stat().st_mode) == 0o600
        only_recipient(file.path.read_bytes())
    for one in ids:
        kept = standing(desk, one)
        assert (kept.state, kept.batch) == ("written", "2026-03-02-email-1")
        assert kept.mail_id is not None
        assert kept.mail_id.encode() in (out / f"mail-{one}.eml").read_bytes()


@pytest.mark.parametrize("channel", [EMAIL, LETTER, POSTCARD])
def test_a_second_run_writes_nothing_new_and_changes_no_row(desk: Desk, out: Path, channel: Channel) -> None:
    waits(desk, channel=channel.value)
    write(desk, out, channel)
    before, stood = dump(desk.store), {path: path.stat().st_mtime_ns for path in out.iterdir()}
    desk.clock.pass_(hours=1)
    again = write(desk, out, channel)
    assert (again.count, again.files) == (0, ())
    assert dump(desk.store) == before
    assert {path: path.stat().st_mtime_ns for path in out.iterdir()} == stood


def test_post_is_sheets_labels_and_a_merge_file_named_by_the_batch(desk: Desk, out: Path) -> None:
    for _ in range(40):
        waits(desk, channel="postcard", cost_minor=120)
    left = write(desk, out, POSTCARD)
    stem = "2026-03-02-postcard-1"
    assert names(out) == [f"{stem}-labels.pdf", f"{stem}-merge.csv", f"{stem}.pdf"]
    assert [len(PdfReader(out / name).pages) for name in (f"{stem}.pdf", f"{stem}-labels.pdf")] == [10, 2]
    assert (out / f"{stem}-merge.csv").read_bytes().count(b'"\r\n') == 41
    assert left.count == 40
    assert {file.rows for file in left.files} == {40}


def test_a_parcel_has_a_label_and_a_row_and_no_sheet(desk: Desk, out: Path) -> None:
    waits(desk, channel="parcel", text="one mug " * 500, cost_minor=900)
    assert write(desk, out, Channel.PARCEL).count == 1
    assert names(out) == ["2026-03-02-parcel-1-labels.pdf", "2026-03-02-parcel-1-merge.csv"]


def test_only_the_chosen_messages_leave_and_each_batch_has_a_name_of_its_own(desk: Desk, out: Path) -> None:
    first, second = waits(desk, channel="letter"), waits(desk, channel="letter")
    assert write(desk, out, LETTER, (second,)).batch == "2026-03-02-letter-1"
    assert states(desk, first, second) == ["ready", "written"]
    assert write(desk, out, LETTER).batch == "2026-03-02-letter-2"
    desk.clock.pass_(days=1)
    waits(desk, channel="letter")
    assert write(desk, out, LETTER).batch == "2026-03-03-letter-1"


def test_batches_are_counted_beyond_nine(desk: Desk) -> None:
    for number in (1, 2, 10):
        waits(desk, state="written", batch=f"2026-03-02-email-{number}", done_at=ms(MONDAY))
    waits(desk, state="sent", batch="2026-03-02-email-sent", done_at=ms(MONDAY))
    assert desk.store.read(messages.next_batch, "2026-03-02", "email").result(10) == "2026-03-02-email-11"


# --- what stays behind -------------------------------------------------------------------------------------------


def test_what_the_gate_holds_stays_behind_with_its_reason_and_is_kept_as_an_event(desk: Desk, out: Path) -> None:
    held, free = waits(desk), waits(desk)
    lead = standing(desk, held).lead_id
    begin(desk.store, "suppression", lead_id=lead, channel="email", scope="person", value="", at=ms(MONDAY),
          wording="no more mail")  # fmt: skip
    left = write(desk, out)
    [stays] = left.left_out
    assert (stays.message_id, stays.lead_id, left.count) == (held, lead, 1)
    assert "no more mail" in stays.reason
    assert names(out) == [f"mail-{free}.eml"]
    assert states(desk, held, free) == ["ready", "written"]
    assert [one.kind for one in desk.store.read(leads.events, lead).result(10)] == ["gate"]


def test_what_may_not_leave_yet_waits_without_a_word(desk: Desk, out: Path) -> None:
    later = waits(desk, not_before=ms(MONDAY + timedelta(hours=1)))
    assert write(desk, out).left_out == ()
    assert (names(out), states(desk, later)) == ([], ["ready"])
    desk.clock.pass_(hours=1)
    assert write(desk, out).count == 1


@pytest.mark.parametrize(
    ("channel", "fields", "reason"),
    [
        (EMAIL, {"address": "nobody"}, "is no e-mail address"),
        (LETTER, {"address": "Madrid"}, "no street"),
        (POSTCARD, {"text": "word " * 900}, "too long for a postcard"),
        (LETTER, {"text": "\U00013000"}, "U+13000"),
    ],
)
def test_what_cannot_be_written_right_stays_and_the_rest_goes(
    desk: Desk, out: Path, channel: Channel, fields: dict[str, object], reason: str
) -> None:
    odd, good = waits(desk, channel=channel.value, **fields), waits(desk, channel=channel.value)
    [stays] = write(desk, out, channel).left_out
    assert reason in stays.reason
    assert states(desk, odd, good) == ["ready", "written"]


def test_mail_to_the_us_waits_for_a_postal_address(desk: Desk, out: Path) -> None:
    waits(desk, desk.new_lead(country="US"))
    left = write_outbox(desk.store, out, EMAIL, type(ANA)(email="ana@rep.example"), desk.clock())
    assert "postal_address under [mail]" in left.left_out[0].reason
    assert write(desk, out).count == 1


# --- all or nothing ----------------------------------------------------------------------------------------------


def full_at(nth: int) -> Callable[..., None]:
    """A disk that is full from the `nth` file on."""
    count = 0

    def replace(self: Path, target: Path) -> None:
        nonlocal count
        count += 1
        if count >= nth:
            raise OSError(errno.ENOSPC, "No space left on device")
        os.replace(self, target)

    return replace


@pytest.mark.parametrize("channel", [EMAIL, LETTER])
@pytest.mark.parametrize("nth", [1, 2, 3])
def test_a_full_disk_is_a_sentence_and_leaves_nothing(
    desk: Desk, out: Path, monkeypatch: pytest.MonkeyPatch, channel: Channel, nth: int
) -> None:
    ids = [waits(desk, channel=channel.value) for _ in range(3)]
    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", full_at(nth))
        with pytest.raises(ExportFailed, match=r"was not written: the disk is full; free some space"):
            write(desk, out, channel)
    assert names(out) == []
    assert set(states(desk, *ids)) == {"ready"}
    assert write(desk, out, channel).count == 3


def test_a_folder_that_cannot_be_is_a_sentence(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    message = waits(desk)
    with pytest.raises(ExportFailed, match="The export folder was not written"):
        write(desk, tmp_path / "file")
    assert states(desk, message) == ["ready"]


def test_after_a_crash_before_the_marking_the_same_files_are_written_again(
    desk: Desk, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits(desk, channel="letter")
    with monkeypatch.context() as patched:
        patched.setattr(outgoing, "written", lambda *_args, **_more: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            write(desk, out, LETTER)
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    left = write(desk, out, LETTER)
    assert {file.state.value for file in left.files} == {"unchanged"}
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before


def test_a_message_dropped_while_the_files_are_written_does_not_leave(
    desk: Desk, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = waits(desk), waits(desk)
    _meanwhile(monkeypatch, lambda: desk.act(outgoing.dropped, (first,)))
    with pytest.raises(ExportFailed, match="dropped meanwhile; do it again"):
        write(desk, out)
    assert names(out) == []
    assert states(desk, first, second) == ["dropped", "ready"]
    assert write(desk, out).count == 1


def test_two_desks_at_once_lose_no_file(desk: Desk, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    message = waits(desk)
    _meanwhile(monkeypatch, lambda: write(desk, out))
    with pytest.raises(ExportFailed, match="do it again"):
        write(desk, out)
    assert names(out) == [f"mail-{message}.eml"]
    assert states(desk, message) == ["written"]


def _meanwhile(monkeypatch: pytest.MonkeyPatch, other: Callable[[], object]) -> None:
    """Have `other` done once, when the first file is in place."""
    plain = Outbound.write

    def watched(self: Outbound, *args: object, **more: object) -> object:
        done = plain(self, *args, **more)  # type: ignore[arg-type]
        monkeypatch.setattr(Outbound, "write", plain)
        other()
        return done

    monkeypatch.setattr(Outbound, "write", watched)


# --- looking at it -----------------------------------------------------------------------------------------------


def test_groups_say_how_many_wait_since_when_and_from_when(desk: Desk) -> None:
    for hours, later in ((0, None), (3, 2), (1, 5)):
        opens = ms(MONDAY + timedelta(hours=later)) if later else None
        waits(desk, made_at=ms(MONDAY - timedelta(hours=hours)), not_before=opens)
    waits(desk, channel="linkedin")
    waits(desk, state="dropped")
    mail, linkedin = desk.store.read(messages.groups, ms(MONDAY)).result(10)
    assert (mail.channel, mail.count, mail.leaving) == ("email", 3, 1)
    assert (mail.oldest, mail.next_at) == (ms(MONDAY - timedelta(hours=3)), ms(MONDAY + timedelta(hours=2)))
    assert (linkedin.channel, linkedin.count, linkedin.next_at) == ("linkedin", 1, None)


def test_what_left_is_listed_newest_first(desk: Desk, out: Path) -> None:
    for channel in (EMAIL, LETTER):
        waits(desk, channel=channel.value)
        waits(desk, channel=channel.value)
        write(desk, out, channel)
        desk.clock.pass_(hours=1)
    found = desk.store.read(messages.batches).result(10)
    assert [(one.batch, one.count) for one in found] == [("2026-03-02-letter-1", 2), ("2026-03-02-email-1", 2)]


@pytest.mark.parametrize("query", [(messages.groups, (0,)), (messages.waiting, ("email",)), (messages.batches, ())])
def test_the_outbox_is_read_by_an_index(desk: Desk, query: tuple[Callable[..., object], tuple[object, ...]]) -> None:
    told = planned(desk.store, *query)
    assert told
    assert not [line for line in told if "SCAN message" in line and "USING" not in line]


def planned(store: Store, query: Callable[..., object], args: tuple[object, ...]) -> list[str]:
    """How SQLite goes about the statements of a query."""
    lines: list[str] = []

    class Asking:
        def __init__(self, db: object) -> None:
            self.db = db

        def execute(self, sql: str, values: object = ()) -> object:
            lines.extend(row[3] for row in self.db.execute(f"EXPLAIN QUERY PLAN {sql}", values))  # type: ignore[attr-defined]
            return self.db.execute(sql, values)  # type: ignore[attr-defined]

    store.read(lambda db: query(Asking(db), *args)).result(10)
    return lines
