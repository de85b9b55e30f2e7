"""Requests as they are past the door."""

import datetime as dt

from allauth.account.authentication import get_authentication_records
from django.http import HttpRequest

from accounts.models import User


class MemberRequest(HttpRequest):
    """The request of a view that only a login reaches: behind `login_required`, the fence or Wagtail's own door.

    For annotations; nothing ever makes one.
    """

    user: User


def confirmed_at(request: MemberRequest) -> dt.datetime | None:
    """When whoever holds this session last proved by password or otherwise who they are. None: not in this session."""
    records = get_authentication_records(request, request.user)
    return dt.datetime.fromtimestamp(records[-1]["at"], tz=dt.UTC) if records else None
