"""Notices to trainees of what they have in tests: that it was given, and that it ended. Never why."""

import datetime as dt
from collections.abc import Sequence

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from accounts.enums import NoticeState
from accounts.services.formatting import format_list
from accounts.services.notices import Letter, send_due
from assessment.enums import AccommodationNoticeKind
from assessment.models import Accommodation, AccommodationNotice
from assessment.queries.accommodations import days_of, effects_of

# What is changed is ended and given again: one letter says both.
GATHERED_FOR = dt.timedelta(minutes=10)


@transaction.atomic
def tell_of_accommodation(*, accommodation: Accommodation, kind: AccommodationNoticeKind) -> None:
    """Tell its person. One that ends before it was told that it is given is not told at all."""
    if kind == AccommodationNoticeKind.ENDED:
        unsent = AccommodationNotice.objects.filter(
            accommodation=accommodation,
            kind=AccommodationNoticeKind.GIVEN,
            state=NoticeState.WAITING,
            attempts=0,
        )
        if unsent.update(state=NoticeState.DROPPED):
            return
    AccommodationNotice.objects.get_or_create(
        accommodation=accommodation, kind=kind, defaults={"due_at": timezone.now() + GATHERED_FOR}
    )


def send_accommodation_notices(*, at_most: int = 500) -> int:
    """Send what is due, one letter to a person. Returns how many people were written to."""
    notices = AccommodationNotice.objects.select_related("accommodation").order_by("pk")
    return send_due(notices, is_still_true=_is_still_true, letter=_letter, at_most=at_most)


def _is_still_true(notice: AccommodationNotice) -> bool:
    return notice.kind == AccommodationNoticeKind.ENDED or notice.accommodation.ended_at is None


def _letter(notices: Sequence[AccommodationNotice]) -> Letter:
    """On the site and by mail what holds; a short message, which others may see on the phone, only that it changed."""
    address = f"{settings.SITE_URL}{reverse('account')}"
    lines = "\n".join(_line(notice) for notice in notices)
    return Letter(
        subject=gettext("What you have in tests has changed"),
        body="\n\n".join([lines, gettext("See it: %(address)s") % {"address": address}]),
        on_site=lines,
        link=address,
        text=gettext("What you have in tests has changed. See it: %(address)s") % {"address": address},
    )


def _line(notice: AccommodationNotice) -> str:
    given = notice.accommodation
    facts = {"effects": format_list(effects_of(given)), "days": days_of(given)}
    if notice.kind == AccommodationNoticeKind.GIVEN:
        return gettext("In tests you have: %(effects)s, %(days)s.") % facts
    return gettext("In tests you no longer have: %(effects)s. A test that you began before keeps it.") % facts
