"""`python -m tests.reliability.gate --states 100000`: random people, wishes, laws, hours; who said no is not touched.

Each state is decided with every rule of the policy at a random level, its own wishes in a random order, and one wish
more: what was shut stays shut. It also prints how many decisions a second there are (the bar is 50,000 on one core).
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

import sdr
from sdr.models.terms import Channel
from sdr.rules.consent import EVERY_CHANNEL, Contact, Level, Permission, Scope, Suppression, Touched, covers, decide
from sdr.rules.policy import LEVELS, Policy, read_policy
from sdr.rules.segments import SegmentRule, who
from sdr.rules.sender import Sender

POLICY = read_policy((Path(sdr.__file__).parent / "playbook" / "policy.toml").read_text("utf-8"))
BAR = 50_000  # decisions a second
START = datetime(2026, 1, 1, tzinfo=UTC)
NUMBERS, MAILS = (
    ("+34600000000", "+12085550100", "+442071234567"),
    ("ana@acme.example", "b@mail.acme.example", "c@d.uk"),
)
PLACES = (
    ("ES", None, ("Europe/Madrid",)), ("DE", None, ("Europe/Berlin",)), ("GB", None, ("Europe/London",)),
    ("CA", "ON", ("America/Toronto",)), ("US", "FL", ("America/New_York", "America/Chicago")),
    ("US", "WA", ("America/Los_Angeles",)), ("US", None, ("America/New_York",)), (None, None, ()),
    ("IN", None, ("Asia/Kolkata",)),
)  # fmt: skip
CHANNELS = tuple(Channel)
GRAVITY = {level: place for place, level in enumerate(Level)}
VALUES = {
    Scope.PERSON: ("1",), Scope.NUMBER: NUMBERS, Scope.EMAIL: MAILS, Scope.ACCOUNT: ("7", "8"),
    Scope.DOMAIN: ("acme.example", "mail.acme.example", "d.uk", "other.example"),
}  # fmt: skip


@dataclass(slots=True)
class Found:
    """What came of it: how often each level, how many states had a wish that covers, and what went wrong."""

    levels: Counter[Level] = field(default_factory=Counter)
    covered: int = 0
    wrong: list[str] = field(default_factory=list)


def wish(dice: random.Random) -> Suppression:
    """A random wish; about every second one is somebody else's."""
    scope = dice.choice(tuple(Scope))
    channel = dice.choice((EVERY_CHANNEL, *Channel))
    return Suppression(channel, scope, dice.choice(VALUES[scope]), START, dice.choice(("", "stop")))


def person(dice: random.Random) -> Contact:
    """A random contact with a random past."""

    def moment() -> datetime | None:
        return START + timedelta(hours=dice.randint(-2000, 12000)) if dice.random() < 0.5 else None

    country, region, zones = dice.choice(PLACES)
    shown = dice.sample(NUMBERS, dice.randint(0, 2))
    mails = dice.sample(MAILS, dice.randint(0, 2))
    return Contact(
        suppressions=tuple(wish(dice) for _ in range(dice.choice((0, 0, 1, 3)))),
        struck=tuple(shown[1:]), phone=shown[0] if shown else None, numbers=tuple(shown),
        phone_type=dice.choice((None, "mobile", "landline")), country=country, region=region, zones=zones,
        email=mails[0] if mails else None, addresses=tuple(mails), domain=dice.choice((None, "acme.example")),
        account_id=dice.choice((None, 7)),
        permission=Permission(
            dice.choice((None, "consent")), dice.choice((None, "express", "implied-inquiry", "x")),
            dice.choice((None, "form")), moment(), moment(), dice.choice((None, "corporate", "individual")),
            moment(), moment(), moment(),
        ),
        touches=tuple(Touched(dice.choice(CHANNELS), moment() or START) for _ in range(dice.choice((0, 0, 2, 9)))),
        colleagues=tuple(moment() or START for _ in range(dice.choice((0, 0, 4)))),
        bounced=tuple(mails[:1]) if dice.random() < 0.2 else (), refused_at=moment(), replied_at=moment(),
        bounces_there=tuple(filter(None, (moment(),))), invited=dice.random() < 0.3, mailed=dice.choice((0, 4999)),
        planned=dice.random() < 0.5, sender=dice.choice((None, Sender(), Sender(address=("1 Main St",)))),
        traits={"industry": (dice.choice(("hvac", "pumps")),), "title": (dice.choice(("owner", "clerk")),),
                "state": (dice.choice(("new", "working")),)},
    )  # fmt: skip


def policies(dice: random.Random, many: int) -> tuple[Policy, ...]:
    """Policies with every rule at a random level, and now and then one about a segment."""
    return tuple(
        replace(
            POLICY,
            rules={name: replace(one, level=dice.choice(LEVELS)) for name, one in POLICY.rules.items()},
            segments=tuple(segment(dice) for _ in range(dice.choice((0, 1, 2)))),
        )
        for _ in range(many)
    )


def segment(dice: random.Random) -> SegmentRule:
    """A random rule about a segment."""
    asked = dice.choice(("industry:hvac", "industry:hvac title:owner", "-title:clerk", "tag:vip", "state:new"))
    channels = frozenset(dice.sample(CHANNELS, dice.randint(1, 4)))
    return SegmentRule(asked, who(asked), channels, dice.choice(LEVELS), "no", "the team")


def states(seed: int) -> Iterator[tuple[Contact, Channel, datetime, Policy, Suppression]]:
    """Random states without end, each with one wish more."""
    dice = random.Random(seed)
    held = (POLICY, *policies(dice, 20))
    while True:
        now = START + timedelta(minutes=15 * dice.randint(0, 400 * 24 * 4))
        yield person(dice), dice.choice(CHANNELS), now, dice.choice(held), wish(dice)


def look(many: int, seed: int) -> Found:
    """Decide `many` states and hold them against what may never be."""
    found, dice = Found(), random.Random(seed)
    for contact, channel, now, policy, more in islice(states(seed), many):
        before = decide(contact, channel, now, policy)
        found.levels[before.level] += 1
        if any(covers(one, contact, channel) for one in contact.suppressions):
            found.covered += 1
            if before.level is not Level.BLOCK:
                found.wrong.append(f"a touch by {channel} of somebody who said no: {contact}")
        wishes = [*contact.suppressions, more]
        dice.shuffle(wishes)
        after = decide(contact._replace(suppressions=tuple(wishes)), channel, now, policy)
        if GRAVITY[after.level] < GRAVITY[before.level] or not set(before.rules) <= set(after.rules):
            found.wrong.append(f"one wish more opened {channel}: {more}, {contact}")
    return found


def pace(many: int, seed: int) -> float:
    """Decisions a second of one core (its own time, whatever else runs; the best of five rounds), shipped policy."""
    made = [one[:3] for one in islice(states(seed), min(many, 20_000))]
    best = float("inf")
    for _ in range(5):
        began = time.process_time()
        for contact, channel, now in made:
            decide(contact, channel, now, POLICY)
        best = min(best, time.process_time() - began)
    return len(made) / best


def main(words: list[str]) -> int:
    """Run it and print what came of it; 1 when somebody was touched who said no, or it was too slow."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--states", type=int, default=100_000)
    asked.add_argument("--seed", type=int, default=7)
    options = asked.parse_args(words)
    found, speed = look(options.states, options.seed), pace(options.states, options.seed)
    counts = ", ".join(f"{found.levels[level]:,} {level}" for level in Level)
    print(f"{options.states:,} random states: {counts}")
    print(f"{found.covered:,} of them suppressed, {len(found.wrong)} of these touched or opened")
    print(f"{speed:,.0f} decisions a second (bar {BAR:,})")
    for line in found.wrong[:5]:
        print(line)
    return int(bool(found.wrong) or speed < BAR)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
