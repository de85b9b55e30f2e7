"""Requests as they are past the door."""

from django.http import HttpRequest

from accounts.models import User


class MemberRequest(HttpRequest):
    """The request of a view that only a login reaches: behind `login_required`, the fence or Wagtail's own door.

    For annotations; nothing ever makes one.
    """

    user: User
