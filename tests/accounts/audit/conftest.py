import datetime as dt
from collections.abc import Callable

import pytest
from django.db import connection
from django.utils import timezone
from wagtail.log_actions import log

from accounts.models import AuditEntry, Center, Person
from accounts.services.audit_sealing import seal_due_days
from tests.factories.accounts import PersonFactory

REAL_NOW = timezone.now


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[dt.datetime], None]:
    """Sets the clock by which rows are written and days sealed."""

    def set_clock(moment: dt.datetime) -> None:
        monkeypatch.setattr(timezone, "now", lambda: moment)

    return set_clock


@pytest.fixture
def sealed_days(
    center: Center, at: Callable[[dt.datetime], None], monkeypatch: pytest.MonkeyPatch
) -> list[list[AuditEntry]]:
    """Three rows on each of three days, sealed: the rows of each day."""
    days = []
    for day in (20, 21, 22):
        at(dt.datetime(2026, 11, day, 9, tzinfo=dt.UTC))
        people: list[Person] = [PersonFactory(registered_at=center) for _ in range(3)]
        for person in people:
            # Transactions that are rolled back leave gaps.
            with connection.cursor() as cursor:
                cursor.execute("SELECT nextval(pg_get_serial_sequence('accounts_auditentry', 'id'))")
            log(
                person, "accounts.person.register", data={"changes": {"sex": {"before": "", "after": "male"}}}
            )
        days.append(list(AuditEntry.objects.order_by("-pk")[:3])[::-1])
    at(dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC))
    seal_due_days()
    monkeypatch.setattr(timezone, "now", REAL_NOW)
    return days
