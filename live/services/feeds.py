"""The private calendar address of a login: made, renewed and ended by its owner."""

import uuid

from django.db import transaction

from accounts.models import User
from live.models import CalendarFeed


@transaction.atomic
def renew_feed(*, user: User) -> CalendarFeed:
    """Give `user` a calendar address; an earlier one ends at once."""
    feed, _ = CalendarFeed.objects.update_or_create(user=user, defaults={"key": uuid.uuid4()})
    return feed


@transaction.atomic
def end_feed(*, user: User) -> None:
    """End the calendar address of `user`, if there is one."""
    CalendarFeed.objects.filter(user=user).delete()
