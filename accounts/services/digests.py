"""Makes and sends the daily messages: at its hour, each person with something unread gets one."""

import datetime as dt
import time
from collections.abc import Sequence

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from accounts.models import Digest, DigestNotice, DigestRun, GatheredNotice, SiteNotice
from accounts.services.courtesies import courtesies
from accounts.services.notices import Letter, send_due
from accounts.services.short_messages import count_parts
from jobs.dispatching import dispatch
from jobs.services.dispatch import dispatch_jobs
from jobs.services.leases import fenced, finish, heartbeat, release_lease
from jobs.services.working import work_on

PEOPLE_AT_ONCE = 500
# What else waits in the queue gets its turn.
SECONDS_AT_A_TIME = 60
# Lines of a mail; the others are on the site.
MOST_LINES = 40
ROWS_AT_ONCE = 1000


def request_digests() -> DigestRun | None:
    """Have the daily messages made that are due at this hour; None where none is, or they were made."""
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    if not Digest.objects.filter(due_at__lte=hour).exists():
        return None
    run, is_new = DigestRun.objects.get_or_create(hour=hour)
    if not is_new:
        return None
    dispatch_jobs(DigestRun, [run.pk])
    return run


def make_digests(*, run_id: int) -> DigestRun | None:
    """Make those that are left. None if it is done, leased by another worker, or to be continued."""
    return work_on(DigestRun, run_id, _make_all)


def _make_all(run: DigestRun) -> DigestRun | None:
    until = time.monotonic() + SECONDS_AT_A_TIME
    while _make_some(run):
        heartbeat(run)
        if time.monotonic() > until:
            release_lease(run)
            return None
    return _finish(run)


@transaction.atomic
def _make_some(run: DigestRun) -> bool:
    """The next people, and the key of the last of them: all of it, or nothing. Returns whether there may be more.

    As many statements for one person as for a batch.
    """
    held = fenced(run)
    due = Digest.objects.filter(due_at__lte=held.hour, pk__gt=held.reached).order_by("pk")
    batch = list(due.select_for_update(of=("self",))[:PEOPLE_AT_ONCE])
    if not batch:
        return False
    waiting = _waiting_for([digest.person_id for digest in batch])
    people = waiting.order_by("person").values_list("person", flat=True).distinct()
    DigestNotice.objects.bulk_create(
        [DigestNotice(run=run, person_id=person, due_at=timezone.now()) for person in people]
    )
    its_notice = DigestNotice.objects.filter(run=run, person=OuterRef("person")).values("pk")[:1]
    waiting.order_by().update(digest=Subquery(its_notice))
    Digest.objects.filter(pk__in=[digest.pk for digest in batch]).update(due_at=None)
    held.reached = batch[-1].pk
    held.save(update_fields=["reached"])
    return len(batch) == PEOPLE_AT_ONCE


def _waiting_for(people: Sequence[int]) -> QuerySet[SiteNotice]:
    """What was gathered for people with a login, is unread, and is of a topic that they still want with the daily message."""
    wanted = GatheredNotice.objects.filter(person=OuterRef("person"), topic=OuterRef("topic"))
    gathered = SiteNotice.objects.filter(person__in=people, read_at=None, digest=None).exclude(topic="")
    waiting: QuerySet[SiteNotice] = gathered.filter(Exists(wanted), person__user__is_active=True)
    return waiting


@transaction.atomic
def _finish(run: DigestRun) -> DigestRun:
    ended = finish(run)
    dispatch("accounts.tasks.send_digests")
    return ended


def send_digests(*, at_most: int = 500) -> int:
    """Send what is due. Returns how many people were written to."""
    notices = DigestNotice.objects.order_by("pk")
    return send_due(notices, is_still_true=_is_still_true, letter=_letter, at_most=at_most)


def _unread(notice: DigestNotice) -> QuerySet[SiteNotice]:
    unread: QuerySet[SiteNotice] = SiteNotice.objects.filter(digest=notice, read_at=None)
    return unread


def _is_still_true(notice: DigestNotice) -> bool:
    """Not where all of it was read meanwhile."""
    return _unread(notice).exists()


def _letter(notices: Sequence[DigestNotice]) -> Letter:
    """The subjects of what is unread, by kind. The short message, for who chose it, has a number and an address, no more."""
    rows = [row for notice in notices for row in _unread(notice).order_by("topic", "pk")]
    count = len(rows)
    subject = ngettext("You have %(count)s new notice", "You have %(count)s new notices", count) % {
        "count": count
    }
    labels = {courtesy.topic: str(courtesy.label) for courtesy in courtesies()}
    lines: list[str] = []
    topic = ""
    for row in rows[:MOST_LINES]:
        if row.topic != topic:
            topic = row.topic
            lines += ["", f"{labels.get(topic, topic)}:"]
        lines.append(f"- {row.subject}")
    if count > MOST_LINES:
        lines += ["", gettext("And %(count)s more.") % {"count": count - MOST_LINES}]
    address = f"{settings.SITE_URL}{reverse('account_notices')}"
    closing = gettext("Read them here: %(address)s") % {"address": address}
    return Letter(
        subject, "\n".join([subject, *lines, "", closing]), _short(notices[-1], subject), link=address
    )


def _short(notice: DigestNotice, subject: str) -> str:
    """In one part, with the short address where there is room for it; "" where the person did not choose short messages."""
    if not Digest.objects.filter(person=notice.person_id, is_sent_short=True).exists():
        return ""
    with_address = f"{subject}: {settings.SITE_URL}{reverse('short_notices')}"
    return with_address if count_parts(with_address) == 1 else subject


def purge_digests() -> int:
    """Delete daily messages that are older than what they were about, in small bites. Returns how many."""
    oldest = timezone.now() - dt.timedelta(days=settings.SITE_NOTICE_DAYS)
    old = DigestNotice.objects.filter(run__hour__lt=oldest).order_by().values_list("pk", flat=True)
    purged = 0
    while keys := list(old[:ROWS_AT_ONCE]):
        DigestNotice.objects.filter(pk__in=keys).delete()
        purged += len(keys)
    DigestRun.objects.filter(hour__lt=oldest, notices=None).delete()
    return purged
