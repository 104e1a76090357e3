"""The rows of the law: each a function that says what it has against a touch, or None. The figures are the policy's.

They are asked only where and on the channels where they hold (`consent`). Not here: opt-outs (`consent.covers`),
calling hours (`consent_hours`), the team's own caps (`consent_caps`).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sdr.models.terms import Channel
from sdr.rules.contact import Contact, Level, Permission, Rule
from sdr.rules.policy import Terms


def lawful_basis(contact: Contact, _channel: Channel, _now: datetime, terms: Terms) -> Rule | None:
    """GDPR Art. 6: contact needs a basis, which somebody has noted."""
    if contact.permission.basis:
        return None
    return Rule("gdpr.basis", Level(terms.level), "No lawful basis is noted for this person or their list; note one.")


def told_of_it(contact: Contact, _channel: Channel, now: datetime, terms: Terms) -> Rule | None:
    """GDPR Art. 14: who was not asked for their data is told that we have it, within a month."""
    held = contact.permission
    if held.informed_at is not None or held.obtained_at is None:
        return None
    if now < held.obtained_at + timedelta(days=terms.numbers["warn_days"]):
        return None
    late = held.obtained_at + timedelta(days=terms.numbers["days"])
    known = f"Their data was obtained on {held.obtained_at:%Y-%m-%d} and they were not told of it"
    if now < late:
        return Rule("gdpr.notice", Level.WARN, f"{known}; tell them by {late:%Y-%m-%d}, or delete it.")
    return Rule("gdpr.notice", Level(terms.level), f"{known}; that was due by {late:%Y-%m-%d}.")


def uk_mail(contact: Contact, _channel: Channel, now: datetime, terms: Terms) -> Rule | None:
    """PECR: mail to anybody but a company needs consent."""
    held = contact.permission
    if held.subscriber in terms.words:
        return None
    if held.consent and held.consent_at and (held.consent_until is None or now < held.consent_until):
        return None
    who = held.subscriber or "not known to be a company"
    return Rule("uk.mail", Level(terms.level), f"In the United Kingdom a subscriber who is {who} must have consented.")


def uk_calls(contact: Contact, _channel: Channel, now: datetime, terms: Terms) -> Rule | None:
    """PECR: numbers are held against the TPS and CTPS registers."""
    return _checked(contact, "uk.calls", "TPS and CTPS", now, terms)


def us_lists(contact: Contact, _channel: Channel, now: datetime, terms: Terms) -> Rule | None:
    """The national do-not-call list covers mobiles and whatever may be somebody's home."""
    return (
        None if contact.phone_type in terms.words else _checked(contact, "us.dnc", "the do-not-call list", now, terms)
    )


def _checked(contact: Contact, rule: str, lists: str, now: datetime, terms: Terms) -> Rule | None:
    seen, days = contact.permission.listed_at, terms.numbers["days"]
    if seen is None:
        return Rule(rule, Level(terms.level), f"This number was never held against {lists}.")
    if now <= seen + timedelta(days=days):
        return None
    reason = f"This number was held against {lists} on {seen:%Y-%m-%d}, over {days} days ago."
    return Rule(rule, Level(terms.level), reason)


def us_mail(contact: Contact, _channel: Channel, _now: datetime, terms: Terms) -> Rule | None:
    """CAN-SPAM: a template goes out only under a postal address and a line that says how to opt out."""
    sender = contact.sender
    if sender is None:
        return None
    parts = (("a postal address", " ".join(sender.address)), ("an opt-out line", sender.opt_out))
    missing = [name for name, given in parts if not given.strip()]
    if not missing:
        return None
    reason = f"Your profile lacks {' and '.join(missing)}; set it under [mail] in config.toml."
    return Rule("us.mail", Level(terms.level), reason)


def bulk_mail(contact: Contact, _channel: Channel, _now: datetime, terms: Terms) -> Rule | None:
    """The large providers ask for more from senders in bulk."""
    if contact.mailed < terms.numbers["warn_at"]:
        return None
    said = f"{contact.mailed:,} mails to this mail domain within 24 hours; from {terms.numbers['limit']:,} on"
    return Rule("mail.bulk", Level(terms.level), f"{said} its provider treats you as a bulk sender.", passes=True)


def canada(contact: Contact, _channel: Channel, now: datetime, terms: Terms) -> Rule | None:
    """CASL: consent of a known kind, with its evidence and date; the implied kinds expire."""
    held, level = contact.permission, Level(terms.level)
    if held.consent is None or held.consent not in terms.words:
        return Rule("ca.consent", level, f"Canada: consent first; one of {', '.join(sorted(terms.words))}.")
    if not held.consent_evidence or held.consent_at is None:
        lack = "evidence" if not held.consent_evidence else "date"
        return Rule("ca.consent", level, f"Canada: the consent ({held.consent}) has no {lack}; note it.")
    ends = _expires(held, held.consent_at, terms.numbers[f"kinds.{held.consent}"])
    if ends is None or now < ends:
        return None
    return Rule("ca.consent", level, f"Canada: the consent ({held.consent}) expired on {ends:%Y-%m-%d}.")


def _expires(held: Permission, given: datetime, days: int) -> datetime | None:
    """When a consent ends: its own date or that of its kind, whichever is earlier."""
    usual = given + timedelta(days=days) if days else None
    return min((one for one in (held.consent_until, usual) if one is not None), default=None)


def state_calls(contact: Contact, _channel: Channel, now: datetime, terms: Terms) -> Rule | None:
    """Some states count the calls of a day."""
    if not contact.touches:
        return None
    hours, stop_at = terms.numbers["hours"], terms.numbers["stop_at"]
    since = now - timedelta(hours=hours)
    calls = sorted(one.at for one in contact.touches if one.channel is Channel.CALL and since < one.at <= now)
    this = len(calls) + 1
    said = f"This is call {this} within {hours} hours; the law there allows {stop_at - 1}."
    if this >= stop_at:
        free = calls[1 - stop_at] + timedelta(hours=hours) if stop_at > 1 else None
        return Rule("state.calls", Level(terms.level), said, free, passes=True)
    return Rule("state.calls", Level.WARN, said, passes=True) if this >= terms.numbers["warn_at"] else None


def state_refusal(contact: Contact, _channel: Channel, now: datetime, terms: Terms) -> Rule | None:
    """Who refused on the telephone is left alone for a year."""
    refused = contact.refused_at
    if refused is None or now < refused:
        return None
    until = refused + timedelta(days=terms.numbers["days"])
    if now >= until:
        return None
    said = f"They refused on {refused:%Y-%m-%d}; nobody calls them before {until:%Y-%m-%d}."
    return Rule("state.refusal", Level(terms.level), said, until)
