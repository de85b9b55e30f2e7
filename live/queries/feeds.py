"""Tokens of calendar addresses, and their owners."""

import uuid

from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.models import User
from live.models import CalendarFeed

KEY_DIGITS = 32
TOKEN_DIGITS = 2 * KEY_DIGITS


def _signature(key: str) -> str:
    return salted_hmac("live.calendar_feed", key, algorithm="sha256").hexdigest()[:KEY_DIGITS]


def feed_token(feed: CalendarFeed) -> str:
    """The secret part of the address: the key and our signature. The database holds only the key."""
    return f"{feed.key.hex}{_signature(feed.key.hex)}"


def feed_owner(token: str) -> User | None:
    """The owner of the address; None if it never existed, was renewed or ended, or the login is closed."""
    key, signature = token[:KEY_DIGITS], token[KEY_DIGITS:]
    if len(token) != TOKEN_DIGITS or not constant_time_compare(signature, _signature(key)):
        return None
    feed = CalendarFeed.objects.select_related("user").filter(key=uuid.UUID(key)).first()
    return feed.user if feed and feed.user.is_active else None
