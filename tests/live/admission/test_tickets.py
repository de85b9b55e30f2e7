"""Entry tickets, against a real server."""

import pytest
from django.core import signing

from courses.enums import EnrollmentState
from live.hub import CloseCode
from tests.live.conftest import (
    db,
    ticket_for,
)

pytestmark = [pytest.mark.engines("sockets of a whole server"), pytest.mark.django_db(transaction=True)]


async def test_a_ticket_opens_one_socket_only(server, session, trainee):
    ticket = await db(ticket_for, session, trainee)
    async with server.socket() as client:
        first = await client.ask("hello", ticket=ticket, device="device-1")
        second = await server.refuses(ticket)

    assert first["type"] == "welcome"
    assert second == ("ticket_used", CloseCode.TICKET)


async def test_a_forged_ticket_opens_nothing(server, session, trainee):
    ticket = await db(ticket_for, session, trainee)
    body, _, signature = ticket.rpartition(":")

    assert await server.refuses(f"{body}:{signature[::-1]}") == ("ticket_invalid", CloseCode.TICKET)


async def test_an_expired_ticket_says_so(server, session, trainee, monkeypatch):
    monkeypatch.setattr(signing.time, "time", lambda: 1_000_000_000.0)
    ticket = await db(ticket_for, session, trainee)
    monkeypatch.undo()

    assert await server.refuses(ticket) == ("ticket_expired", CloseCode.TICKET)


async def test_a_ticket_of_someone_withdrawn_meanwhile_opens_nothing(server, session, trainee):
    ticket = await db(ticket_for, session, trainee)
    await db(session.class_session.cohort.enrollments.update, state=EnrollmentState.WITHDRAWN)

    assert await server.refuses(ticket) == ("not_admitted", CloseCode.NOT_ADMITTED)
