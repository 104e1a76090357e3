"""A rep's work on a desk as a seeded walk: import, triage, call, hand off, answer, snooze, undo, export.

Everything goes through the real store and the real verbs. Each act is chosen by the walk alone and aimed at leads
that the desk itself offers, so that most acts are taken and some are refused, as in a day.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sdr.desk.calling import call
from sdr.desk.handing_off import answer_handoff, hand_off, set_ae
from sdr.desk.setting_up import Newcomer, set_up
from sdr.desk.triage import accept, answer, note, reject, snooze
from sdr.exchange.crm_columns import Profile
from sdr.exchange.day_export import Exported, export_day
from sdr.models.terms import Refused, at
from sdr.store.changes import Applied
from sdr.store.queries import queue
from sdr.store.store import Store
from tests.reliability.bringing import bring_in

MORNING = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DAY = date(2026, 3, 2)
NEWCOMER = Newcomer("Ana", "Europe/Madrid", "mon-fri 09:00-17:00", country="ES")
GOOD = {"budget": "yes", "decides": "self", "role": "decider", "stage": "comparing"}
OUTCOMES = ("no-answer", "no-answer", "no-answer", "voicemail", "busy", "gatekeeper", "interested", "hung-up")
PROFILES = (Profile.SHEET, Profile.SALESFORCE, Profile.JSON)
ACTS = {
    "accept": 22, "reject": 12, "call": 22, "qualify": 9, "hand_off": 9, "answered": 7, "snooze": 5, "note": 4,
    "undo": 8, "bring": 4, "export": 3, "checkpoint": 2,
}  # fmt: skip

Acknowledge = Callable[[Applied], None]
Exporting = Callable[[Exported], None]


class Clock:
    """A second passes with every act; it goes on where the desk's journal ends."""

    def __init__(self, now: datetime = MORNING) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def tick(self) -> datetime:
        """One second later."""
        self.now += timedelta(seconds=1)
        return self.now


def go_on(store: Store, clock: Clock) -> None:
    """Put the clock behind the last act on the desk."""
    last = store.read(lambda db: db.execute("SELECT max(at) FROM step").fetchone()[0]).result(30)
    if last is not None:
        clock.now = max(clock.now, at(last) + timedelta(seconds=1))


class Work:
    """The walk on one desk. What is on disk is told to `said` and `exported`, in this very order."""

    def __init__(
        self,
        store: Store,
        folder: Path,
        seed: int,
        clock: Clock,
        said: Acknowledge,
        exported: Exporting,
        acts: Mapping[str, int] = ACTS,
    ) -> None:
        self._store = store
        self._acts = acts
        self._folder = folder
        self._chance = random.Random(seed)
        self._clock = clock
        self._said = said
        self._exported = exported

    def prepare(self) -> None:
        """What a new desk lacks: its rep, two account executives, the first leads."""
        go_on(self._store, self._clock)
        self._write(set_up, NEWCOMER)
        for name in ("Kim Ode", "Lee Park"):
            if not self._found("SELECT 1 FROM ae WHERE name=?", name):
                self._write(set_ae, name)
        if not self._found("SELECT 1 FROM lead"):
            self.bring()

    def act(self) -> None:
        """One act of the day."""
        getattr(self, self._chance.choices(list(self._acts), weights=list(self._acts.values()))[0])()

    # --- acts --------------------------------------------------------------------------------------------------

    def accept(self) -> None:
        """A new lead is mine."""
        self._on_lead(accept, "new", "inquiry")

    def reject(self) -> None:
        """A new lead is none."""
        self._on_lead(reject, "new", "inquiry", args=(str(self._chance.randint(1, 9)),))

    def call(self) -> None:
        """A dial, mostly without an answer."""
        self._on_lead(call, "working", "talking", args=(self._chance.choice(OUTCOMES),))

    def qualify(self) -> None:
        """Answers, then the call that qualifies."""
        lead = self._lead("working", "talking")
        if lead is None:
            return
        self._write(answer, lead, {"budget": "yes"})
        self._write(call, lead, "qualified", answers=GOOD, said=("we leak at three sites",), seconds=240)

    def hand_off(self) -> None:
        """To an account executive."""
        self._on_lead(hand_off, "qualified", force=self._chance.random() < 0.3)

    def answered(self) -> None:
        """The account executive answers."""
        handoff = self._one("SELECT id FROM handoff WHERE state='offered' ORDER BY id")
        if handoff is None:
            return
        if self._chance.random() < 0.6:
            self._write(answer_handoff, handoff, "accept")
        else:
            self._write(answer_handoff, handoff, "return", reason="2")

    def snooze(self) -> None:
        """Later."""
        until = self._clock() + timedelta(days=self._chance.randint(1, 9))
        self._on_lead(snooze, "new", "working", "talking", args=(until,))

    def note(self) -> None:
        """A note on any lead."""
        text = f"note {self._chance.randrange(10**6)} “ünï” " + "x" * self._chance.randrange(400)
        self._on_lead(note, "new", "working", "talking", "qualified", "offered", "rejected", args=(text,))

    def undo(self) -> None:
        """Take back one act or a few, and perhaps bring the last of them again."""
        for _ in range(self._chance.randint(1, 3)):
            self._took(self._store.undo().result(30))
        if self._chance.random() < 0.4:
            self._took(self._store.redo().result(30))

    def bring(self) -> None:
        """A small file of leads."""
        self._took(bring_in(self._store, self._folder, self._chance.randrange(2**31), self._clock.tick()))

    def export(self) -> None:
        """The day's files."""
        profile = self._chance.choice(PROFILES)
        self._exported(export_day(self._store, self._folder / "exports", DAY, profile, self._clock.tick()))

    def checkpoint(self) -> None:
        """The log goes into the file, as when the rep pauses."""
        self._store.checkpoint().result(30)

    # --- inside ------------------------------------------------------------------------------------------------

    def _on_lead(self, verb: Callable[..., Any], *states: str, args: tuple[object, ...] = (), **more: object) -> None:
        lead = self._lead(*states)
        if lead is not None:
            self._write(verb, lead, *args, **more)

    def _lead(self, *states: str) -> int | None:
        now = int(self._clock().timestamp() * 1000)
        waiting = self._store.read(queue.page, now, 12).result(30)
        fitting = [item.id for item in waiting if item.state in states]
        if fitting:
            return self._chance.choice(fitting)
        marks = ",".join("?" * len(states))
        return self._one(f"SELECT id FROM lead WHERE state IN ({marks}) ORDER BY id DESC", *states)

    def _one(self, sql: str, *args: object) -> int | None:
        found = self._found(sql, *args)
        return int(found[0]) if found else None

    def _found(self, sql: str, *args: object) -> Any:
        return self._store.read(lambda db: db.execute(f"{sql} LIMIT 1", args).fetchone()).result(30)

    def _write(self, verb: Callable[..., Any], *args: object, **more: object) -> None:
        self._took(self._store.write(verb, *args, self._clock.tick(), **more).result(30))

    def _took(self, done: Applied | Refused | None) -> None:
        if isinstance(done, Applied):
            self._said(done)
