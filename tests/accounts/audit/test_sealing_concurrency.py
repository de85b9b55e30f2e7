"""Sealing waits for transactions that have begun to write, so that no honest row comes into a sealed day."""

import datetime as dt

import psycopg
import pytest
from django.db import connection
from django.utils import timezone
from wagtail.log_actions import log

from accounts.models.audit import SEALING_LOCK
from accounts.services import audit_sealing as sealing
from tests.factories.accounts import CenterFactory

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_day_is_not_sealed_while_a_transaction_may_still_write_into_it(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sealing, "WAIT", "20ms")
    log(CenterFactory(), "accounts.recovery.miss")
    tomorrow = timezone.localdate() + dt.timedelta(days=1)

    with psycopg.connect(
        **connection.get_connection_params() | {"cursor_factory": psycopg.ClientCursor}
    ) as other:
        other.execute("SELECT pg_advisory_xact_lock_shared(%s)", [SEALING_LOCK])
        while_it_writes = sealing.seal_due_days(today=tomorrow)
        other.commit()
        afterwards = sealing.seal_due_days(today=tomorrow)

    assert while_it_writes == []
    assert [len(seal.rows) for seal in afterwards] == [1]
