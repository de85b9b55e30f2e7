"""Notes the use of the current session for `accounts.services.sessions`."""

import time

from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest

from accounts.models import User
from accounts.services.consents import is_asked_again
from accounts.services.sessions import SEEN_EVERY, end_own_sessions, note_seen

# When the use of a session was last noted, in seconds since 1970: kept in the session, which every page reads anyway.
SEEN = "seen_at"
ASKED_CONSENT = "asked_consent"


def note_use(request: HttpRequest, user: User) -> None:
    """Note that `user` uses this session now."""
    if request.session.session_key is None:
        request.session.create()
    request.session[SEEN] = int(time.time())
    note_seen(
        user=user,
        session_key=str(request.session.session_key),
        user_agent=request.META.get("HTTP_USER_AGENT", ""),
        address=request.META.get("REMOTE_ADDR") or None,
    )


def is_use_noted(request: HttpRequest) -> bool:
    """Whether the use of this session was noted within `SEEN_EVERY`."""
    return time.time() - request.session.get(SEEN, 0) <= SEEN_EVERY.total_seconds()


def note_asked_consent(request: HttpRequest, user: User) -> None:
    """Keep in the session whether the privacy notice is to be agreed to first: it is asked of the database at login, not by each page."""
    if user.person_id is not None and is_asked_again(user.person_id):
        request.session[ASKED_CONSENT] = True
    else:
        request.session.pop(ASKED_CONSENT, None)


def keep_only_this_session(request: HttpRequest, user: User) -> None:
    """End every other session of `user`, to whom `request` belongs; this one gets a new key."""
    user.session_generation = end_own_sessions(by=user).session_generation
    update_session_auth_hash(request, user)
    note_use(request, user)
