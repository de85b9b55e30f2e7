"""The sessions of a login: noted when they begin and are used, ended by its holder; staff end all of them (`logins`)."""

import datetime as dt

from django.contrib.sessions.models import Session
from django.db import IntegrityError, transaction
from django.utils import timezone
from wagtail.log_actions import log

from accounts.models import LoginSession, User

# More than a person has devices; a program that logs in repeatedly ends its own oldest sessions.
SESSIONS_OF_ONE_LOGIN = 30
# How old "last seen" may be: a page costs no write more often than this.
SEEN_EVERY = dt.timedelta(minutes=5)
ROWS_AT_ONCE = 1000


@transaction.atomic
def note_login(*, user: User, session_key: str, user_agent: str, address: str | None) -> LoginSession:
    """Note that a session of `user` began. Beyond `SESSIONS_OF_ONE_LOGIN` the ones least recently seen end."""
    began = LoginSession.objects.create(
        session_id=session_key, user=user, user_agent=user_agent[:200], address=address
    )
    too_many = LoginSession.objects.filter(user=user).values_list("session_id", flat=True)
    Session.objects.filter(pk__in=list(too_many[SESSIONS_OF_ONE_LOGIN:])).delete()
    return began


def note_seen(*, user: User, session_key: str, user_agent: str, address: str | None) -> None:
    """Note that a session was used now, by whom and from where."""
    noted = LoginSession.objects.filter(session=session_key, user=user)
    if noted.update(last_seen_at=timezone.now(), user_agent=user_agent[:200], address=address):
        return
    try:
        note_login(user=user, session_key=session_key, user_agent=user_agent, address=address)
    except IntegrityError:
        # The session ended meanwhile, or another request noted it first: nothing is left to note.
        return


@transaction.atomic
def end_session(*, session_id: int, by: User) -> None:
    """End one of one's own sessions. Raises `LoginSession.DoesNotExist`."""
    session = LoginSession.objects.get(pk=session_id, user=by)
    Session.objects.filter(pk=session.session_id).delete()
    log(by, "accounts.login.end_session", user=by, data={"address": session.address})


@transaction.atomic
def end_own_sessions(*, by: User) -> User:
    """End every session of one's own login, whether it was noted or not; the caller renews the one in use.

    Returns the login as it is now.
    """
    user = User.objects.select_for_update(of=("self",)).get(pk=by.pk)
    raise_generation(user)
    log(user, "accounts.login.end_sessions", user=by)
    return user


def raise_generation(user: User) -> None:
    """End the sessions of a locked login: those that are noted go, and the others no longer open anything."""
    user.session_generation += 1
    user.save(update_fields=["session_generation"])
    delete_ended_sessions(user)


def delete_ended_sessions(user: User) -> None:
    """Delete the rows of sessions that open nothing any more: a new password ended them, or the login was closed."""
    keys = LoginSession.objects.filter(user=user).values_list("session_id", flat=True)
    Session.objects.filter(pk__in=list(keys)).delete()


def purge_sessions() -> int:
    """Delete sessions that are over by their date, in small bites. Returns how many."""
    purged = 0
    while keys := list(
        Session.objects.filter(expire_date__lt=timezone.now()).values_list("pk", flat=True)[:ROWS_AT_ONCE]
    ):
        Session.objects.filter(pk__in=keys).delete()
        purged += len(keys)
    return purged
