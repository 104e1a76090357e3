"""A few kills of the sender in every run of the tests; `python -m tests.reliability.mail` does many."""

from __future__ import annotations

from tests.reliability.mail import MAILS, run


def test_a_few_kills_send_nothing_twice_and_lose_nothing() -> None:
    found = run(2, 20_260_302)
    assert not found, found.wrong
    assert found.kills == 2
    assert found.came - found.unsure_came == MAILS - found.unsure
