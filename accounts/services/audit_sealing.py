"""Closing days of the audit trail."""

import datetime as dt
import logging

from django.db import OperationalError, connection, transaction
from django.utils import timezone
from psycopg.errors import LockNotAvailable

from accounts.audit.digests import chained
from accounts.models import AuditEntry, AuditSeal
from accounts.models.audit import SEALING_LOCK

logger = logging.getLogger(__name__)

# Transactions that begin to log while sealing waits for earlier ones wait as long, too.
WAIT = "2s"


def seal_due_days(*, today: dt.date | None = None) -> list[AuditSeal]:
    """Seal every day that is over and has no seal yet, in order. Returns the new seals.

    Stops where a transaction that is still writing takes too long: the next call goes on from there.
    """
    today = today or timezone.localdate()
    sealed: list[AuditSeal] = []
    while (day := _next_day()) is not None and day < today:
        try:
            seal = _seal(day)
        except OperationalError as error:
            if not isinstance(error.__cause__, LockNotAvailable):
                raise
            logger.info("The audit of %s is not sealed yet: a transaction is still writing.", day)
            break
        if seal is not None:
            # Also outside the database, where a seal can be compared (`manage.py verify_audit --seal`).
            logger.info("Audit of %s sealed: %s over %s rows", seal.day, seal.digest, len(seal.rows))
            sealed.append(seal)
    return sealed


def _next_day() -> dt.date | None:
    """The first day without a seal; None before the first row."""
    last = AuditSeal.objects.last()
    if last is not None:
        return last.day + dt.timedelta(days=1)
    first = AuditEntry.objects.order_by("pk").values_list("at", flat=True).first()
    return None if first is None else timezone.localdate(first)


@transaction.atomic
def _seal(day: dt.date) -> AuditSeal | None:
    """Seal one day; None where another process has just done it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [WAIT])
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEALING_LOCK])
    last = AuditSeal.objects.last()
    if last is not None and last.day >= day:
        return None
    begun = last.through if last else 0
    midnight = timezone.make_aware(dt.datetime.combine(day + dt.timedelta(days=1), dt.time.min))
    rows = AuditEntry.objects.filter(pk__gt=begun)
    through = rows.filter(at__lt=midnight).order_by("-pk").values_list("pk", flat=True).first() or begun
    of_the_day = list(rows.filter(pk__lte=through).order_by("pk").values_list("pk", "digest"))
    seal = AuditSeal(
        day=day,
        rows=[number for number, _digest in of_the_day],
        through=through,
        rows_digest=chained(digest for _number, digest in of_the_day),
        previous=last.digest if last else "",
        sealed_at=timezone.now(),
    )
    seal.digest = seal.own_digest()
    seal.save(force_insert=True)
    return seal
