"""The rows of the law: each a function that yields what it has against a touch. The figures are the policy's.

Not here: opt-outs (`consent.covers`), calling hours (`consent_hours`), the team's own caps (`consent_caps`).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sdr.models.terms import Channel
from sdr.rules.contact import Contact, Level, Permission, Rule
from sdr.rules.policy import Policy


def lawful_basis(contact: Contact, state: str | None, policy: Policy) -> Iterator[Rule]:
    """GDPR Art. 6: contact needs a basis, which somebody has noted."""
    terms = policy.rules["gdpr-basis"]
    if not contact.permission.basis and terms.holds_in(contact.country, state):
        yield Rule(
            "gdpr.basis", Level(terms.level), "No lawful basis is noted for this person or their list; note one."
        )


def told_of_it(contact: Contact, state: str | None, now: datetime, policy: Policy) -> Iterator[Rule]:
    """GDPR Art. 14: who was not asked for their data is told that we have it, within a month."""
    terms, held = policy.rules["gdpr-notice"], contact.permission
    if held.informed_at is not None or held.obtained_at is None or not terms.holds_in(contact.country, state):
        return
    late = held.obtained_at + timedelta(days=terms.numbers["days"])
    if now >= held.obtained_at + timedelta(days=terms.numbers["warn_days"]):
        known = f"Their data was obtained on {held.obtained_at:%Y-%m-%d} and they were not told of it"
        if now < late:
            yield Rule("gdpr.notice", Level.WARN, f"{known}; tell them by {late:%Y-%m-%d}, or delete it.")
        else:
            yield Rule("gdpr.notice", Level(terms.level), f"{known}; that was due by {late:%Y-%m-%d}.")


def uk_mail(contact: Contact, channel: Channel, state: str | None, now: datetime, policy: Policy) -> Iterator[Rule]:
    """PECR: mail to anybody but a company needs consent."""
    terms, held = policy.rules["uk-mail"], contact.permission
    if channel not in terms.channels or held.subscriber in terms.words or not terms.holds_in(contact.country, state):
        return
    if held.consent and held.consent_at and (held.consent_until is None or now < held.consent_until):
        return
    who = held.subscriber or "not known to be a company"
    yield Rule("uk.mail", Level(terms.level), f"In the United Kingdom a subscriber who is {who} must have consented.")


def uk_calls(contact: Contact, state: str | None, now: datetime, policy: Policy) -> Iterator[Rule]:
    """PECR: numbers are held against the TPS and CTPS registers."""
    terms = policy.rules["uk-calls"]
    if terms.holds_in(contact.country, state):
        yield from _checked(contact, "uk.calls", Level(terms.level), "TPS and CTPS", terms.numbers["days"], now)


def us_lists(contact: Contact, state: str | None, now: datetime, policy: Policy) -> Iterator[Rule]:
    """The national do-not-call list covers mobiles and whatever may be somebody's home."""
    terms = policy.rules["us-dnc"]
    if contact.phone_type not in terms.words and terms.holds_in(contact.country, state):
        name = "the do-not-call list"
        yield from _checked(contact, "us.dnc", Level(terms.level), name, terms.numbers["days"], now)


def _checked(contact: Contact, rule: str, level: Level, lists: str, days: int, now: datetime) -> Iterator[Rule]:
    seen = contact.permission.listed_at
    if seen is None:
        yield Rule(rule, level, f"This number was never held against {lists}.")
    elif now > seen + timedelta(days=days):
        yield Rule(rule, level, f"This number was held against {lists} on {seen:%Y-%m-%d}, over {days} days ago.")


def us_mail(contact: Contact, channel: Channel, state: str | None, policy: Policy) -> Iterator[Rule]:
    """CAN-SPAM: a template goes out only under a postal address and a line that says how to opt out."""
    terms, sender = policy.rules["us-mail"], contact.sender
    if sender is None or channel not in terms.channels or not terms.holds_in(contact.country, state):
        return
    parts = (("a postal address", " ".join(sender.address)), ("an opt-out line", sender.opt_out))
    missing = [name for name, given in parts if not given.strip()]
    if missing:
        lack = " and ".join(missing)
        yield Rule("us.mail", Level(terms.level), f"Your profile lacks {lack}; set it under [mail] in config.toml.")


def bulk_mail(contact: Contact, policy: Policy) -> Iterator[Rule]:
    """The large providers ask for more from senders in bulk."""
    terms = policy.rules["bulk-mail"]
    if terms.level != "off" and contact.mailed >= terms.numbers["warn_at"]:
        said = f"{contact.mailed:,} mails to this mail domain within 24 hours; from {terms.numbers['limit']:,} on"
        yield Rule("mail.bulk", Level(terms.level), f"{said} its provider treats you as a bulk sender.", passes=True)


def canada(contact: Contact, channel: Channel, state: str | None, now: datetime, policy: Policy) -> Iterator[Rule]:
    """CASL: consent of a known kind, with its evidence and date; the implied kinds expire."""
    terms, held = policy.rules["ca-consent"], contact.permission
    if channel not in terms.channels or not terms.holds_in(contact.country, state):
        return
    level = Level(terms.level)
    if held.consent is None or held.consent not in terms.words:
        yield Rule("ca.consent", level, f"Canada: consent first; one of {', '.join(sorted(terms.words))}.")
    elif not held.consent_evidence or held.consent_at is None:
        lack = "evidence" if not held.consent_evidence else "date"
        yield Rule("ca.consent", level, f"Canada: the consent ({held.consent}) has no {lack}; note it.")
    elif (ends := _expires(held, held.consent_at, terms.numbers[f"kinds.{held.consent}"])) and now >= ends:
        yield Rule("ca.consent", level, f"Canada: the consent ({held.consent}) expired on {ends:%Y-%m-%d}.")


def _expires(held: Permission, given: datetime, days: int) -> datetime | None:
    """When a consent ends: its own date or that of its kind, whichever is earlier."""
    usual = given + timedelta(days=days) if days else None
    return min((one for one in (held.consent_until, usual) if one is not None), default=None)


def state_calls(contact: Contact, state: str | None, now: datetime, policy: Policy) -> Iterator[Rule]:
    """Some states count the calls of a day."""
    terms = policy.rules["state-calls"]
    if not terms.holds_in(contact.country, state):
        return
    hours = terms.numbers["hours"]
    since = now - timedelta(hours=hours)
    calls = [one.at for one in contact.touches if one.channel is Channel.CALL and since < one.at <= now]
    this = len(calls) + 1
    said = f"This is call {this} within {hours} hours; the law there allows {terms.numbers['stop_at'] - 1}."
    if this >= terms.numbers["stop_at"]:
        free = sorted(calls)[-(terms.numbers["stop_at"] - 1)] + timedelta(hours=hours)
        yield Rule("state.calls", Level(terms.level), said, free, passes=True)
    elif this >= terms.numbers["warn_at"]:
        yield Rule("state.calls", Level.WARN, said, passes=True)


def state_refusal(contact: Contact, state: str | None, now: datetime, policy: Policy) -> Iterator[Rule]:
    """Who refused on the telephone is left alone for a year."""
    terms, refused = policy.rules["state-refusal"], contact.refused_at
    if refused is None or not terms.holds_in(contact.country, state):
        return
    until = refused + timedelta(days=terms.numbers["days"])
    if refused <= now < until:
        said = f"They refused on {refused:%Y-%m-%d}; nobody calls them before {until:%Y-%m-%d}."
        yield Rule("state.refusal", Level(terms.level), said, until)
