"""A mail pasted where a lead is added: who wrote it is shown, one Enter keeps them."""

from __future__ import annotations

from tests.desks import Desk
from tests.screens.desk_app import driving

MAIL = "From: Ana Ruiz <ana@acme.example>\nSubject: Leaks at three sites\n\nPlease call me.\n"


def kept(desk: Desk) -> list[tuple[str, str]]:
    def query(db: object) -> list[tuple[str, str]]:
        return db.execute(  # type: ignore[attr-defined,no-any-return]
            "SELECT lead.name, event.text FROM lead JOIN event ON event.lead_id=lead.id WHERE event.kind='note'"
        ).fetchall()

    return desk.store.read(query).result(5)


async def test_a_pasted_mail_is_a_lead_after_one_enter(desk: Desk) -> None:
    async with driving(desk) as app:
        await app.press("plus")
        await app.paste(MAIL)
        shown = app.text()
        assert "ana@acme.example" in shown
        assert "Leaks at three sites Please call me." in shown
        assert kept(desk) == []
        await app.press("enter")
        assert kept(desk) == [("Ana Ruiz", "Leaks at three sites\n\nPlease call me.")]
        await app.press("u")
        assert kept(desk) == []


async def test_a_pasted_mail_of_a_machine_is_refused_in_words(desk: Desk) -> None:
    async with driving(desk) as app:
        await app.press("plus")
        await app.paste("From: mailer-daemon@x.example\nSubject: Undelivered Mail Returned to Sender\n\nno such user\n")
        assert "a machine wrote this mail" in app.text()


async def test_pasted_lines_that_are_no_mail_are_one_line(desk: Desk) -> None:
    async with driving(desk) as app:
        await app.press("plus")
        await app.paste("Bo Lind,\nLind AB,\nbo@lind.example")
        await app.press("enter")
        assert "Lind AB" in app.text()
