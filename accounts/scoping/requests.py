"""Requests of logged-in users, and when they last authenticated."""

import datetime as dt

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import User


class MemberRequest(HttpRequest):
    """The request of a view for logged-in users: behind `login_required`, the fence or Wagtail's own login check.

    For annotations; nothing ever makes one.
    """

    user: User


def confirmed_at(request: HttpRequest) -> dt.datetime | None:
    """When the holder of this session last proved by password or second factor who they are. None: not in this session.

    A login by the identity provider does not count: it reuses its own sessions without asking the user.
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
