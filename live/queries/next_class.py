"""The next class of a person, and their recent notices."""

import datetime as dt

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.enums import NoticeState
from accounts.models import User
from accounts.scoping.seen import as_far_as_seen
from live.enums import LiveState, NoticeKind
from live.models import LiveSession, Notice
from live.queries.calendar import classes_of

SOON = dt.timedelta(hours=24)
NOTICES_SHOWN = 5


def next_class_of(user: User) -> LiveSession | None:
    """The class of `user` that goes on now, or the next one within a day. One query."""
    now = timezone.now()
    ahead = Q(
        state=LiveState.SCHEDULED, class_session__ends_at__gt=now, class_session__starts_at__lt=now + SOON
    )
    classes = classes_of(user).filter(ahead | Q(state=LiveState.OPEN))
    return classes.select_related(None).select_related("class_session__instructor").first()


def notices_for(user: User) -> QuerySet[Notice]:
    """Notices to `user` about future classes: changes and cancellations, newest first. One query.

    People without an e-mail address see them here and on My learning.
    """
    return (
        as_far_as_seen(Notice.objects.all())
        .filter(
            person=user.person_id,
            kind__in=(NoticeKind.CHANGED, NoticeKind.SUBSTITUTE, NoticeKind.CANCELED),
            session__class_session__ends_at__gt=timezone.now(),
        )
        .exclude(state=NoticeState.DROPPED)
        .select_related("session__class_session__instructor")[:NOTICES_SHOWN]
    )
