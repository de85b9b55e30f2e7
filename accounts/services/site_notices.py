"""Notices on the site: written once for each, read by their receivers, deleted when they are old."""

import datetime as dt
from collections.abc import Iterable

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.text import Truncator

from accounts.models import Person, SiteNotice, User
from accounts.models.site_notices import SiteNoticeQuerySet
from accounts.scoping.seen import in_sight, is_seen_by_staff
from accounts.services.notice_models import listed_notice_models

ROWS_AT_ONCE = 1000
SUBJECT_CHARACTERS = 200
# More are "99+": the query ends there.
MOST_COUNTED = 99


def site_notice(
    *,
    about: str,
    notice_id: int,
    receiver: Person | User,
    language: str,
    subject: str,
    body: str,
    link: str = "",
) -> SiteNotice:
    """The row of one notice, not saved. `link` is an address of this site."""
    return SiteNotice(
        person=receiver if isinstance(receiver, Person) else None,
        user=receiver if isinstance(receiver, User) else None,
        about=about,
        notice=notice_id,
        language=language,
        subject=Truncator(" ".join(subject.split())).chars(SUBJECT_CHARACTERS),
        body=body.strip(),
        link=link.removeprefix(settings.SITE_URL),
    )


def write_site_notices(rows: Iterable[SiteNotice]) -> None:
    """Write those that are not there yet: what was composed again says nothing new."""
    SiteNotice.objects.bulk_create(rows, ignore_conflicts=True)


def notices_shown_to(user: User | AnonymousUser) -> SiteNoticeQuerySet:
    """All that this login reads; while staff see the page, what apps told the person about rows of the centers of that staff.

    What is about the login is the holder's alone.
    """
    own: SiteNoticeQuerySet = SiteNotice.objects.of(user)
    if not is_seen_by_staff():
        return own
    shown = Q(pk=None)
    for model in listed_notice_models():
        if model._meta.app_label != "accounts":
            told = model._default_manager.filter(in_sight(model), pk=OuterRef("notice"))
            shown |= Q(Exists(told), about=model._meta.label_lower)
    return own.filter(shown)


def read_notice(*, notice_id: int, by: User) -> None:
    """Note that one was read, the first time."""
    SiteNotice.objects.of(by).unread().filter(pk=notice_id).update(read_at=timezone.now())


def read_all_notices(*, up_to: int, by: User) -> int:
    """Note that all are read that the page showed or that are older: `up_to` is the newest of them. Returns how many."""
    changed: int = SiteNotice.objects.of(by).unread().filter(pk__lte=up_to).update(read_at=timezone.now())
    return changed


def count_unread(user: User | AnonymousUser) -> str:
    """How many notices of this login are unread, as text; empty where none is. One query by a partial index."""
    unread: int = notices_shown_to(user).unread().order_by()[: MOST_COUNTED + 1].count()
    if unread > MOST_COUNTED:
        return f"{MOST_COUNTED}+"
    return str(unread or "")


def purge_site_notices() -> int:
    """Delete what is older than SITE_NOTICE_DAYS, in small bites. Returns how many."""
    oldest = timezone.now() - dt.timedelta(days=settings.SITE_NOTICE_DAYS)
    old = SiteNotice.objects.filter(created_at__lt=oldest).order_by("created_at").values_list("pk", flat=True)
    purged = 0
    while ids := list(old[:ROWS_AT_ONCE]):
        SiteNotice.objects.filter(pk__in=ids).delete()
        purged += len(ids)
    return purged
