"""Requests as they are past the door."""

import datetime as dt

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import User


class MemberRequest(HttpRequest):
    """The request of a view that only a login reaches: behind `login_required`, the fence or Wagtail's own door.

    For annotations; nothing ever makes one.
    """

    user: User


def confirmed_at(request: HttpRequest) -> dt.datetime | None:
    """When the holder of this session last proved by password or second factor who they are. None: not in this session.

    The identity provider's word is none: it lets its own sessions in without asking anyone.
    """
    records = [
        record
        for record in get_authentication_records(request, request.user)
        if record["method"] != "socialaccount"
    ]
    return dt.datetime.fromtimestamp(records[-1]["at"], tz=dt.UTC) if records else None


def is_confirmed(request: HttpRequest) -> bool:
    """Whether that proof is fresh enough for what cannot be taken back (`REAUTHENTICATION_SECONDS`)."""
    at = confirmed_at(request)
    return at is not None and timezone.now() - at <= dt.timedelta(
        seconds=settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
    )
