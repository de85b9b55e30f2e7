"""Where a login is in use: listed for its holder, ended by its holder or by staff, never too many."""

import datetime as dt

import pytest
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from wagtail.models import ModelLogEntry

from accounts.models import LoginSession, User
from accounts.services.login_notices import deliver_login_notices
from accounts.services.logins import LoginOutOfReach, end_all_sessions
from accounts.services.sessions import SEEN_EVERY, SESSIONS_OF_ONE_LOGIN, purge_sessions
from accounts.services.user_agents import device_description
from accounts.sessions import SEEN
from tests.accounts.authenticators import PASSWORD, log_in
from tests.factories.accounts import UserFactory, password_given

PAGE = reverse("account_sessions")
ANDROID = "Mozilla/5.0 (Linux; Android 14; SM-A155F) AppleWebKit/537.36 Chrome/131.0.0.0 Mobile Safari/537.36"
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:133.0) Gecko/20100101 Firefox/133.0"


@pytest.fixture
def mona(db: None) -> User:
    return UserFactory(username="mona", password=PASSWORD, email="mona@example.org")


def is_in(client: Client) -> bool:
    return client.get(PAGE).status_code == 200


def test_the_sessions_of_a_login_are_listed_and_this_one_is_marked(mona: User):
    log_in(mona, HTTP_USER_AGENT=ANDROID, REMOTE_ADDR="198.51.100.7")
    here = log_in(mona, HTTP_USER_AGENT=WINDOWS, REMOTE_ADDR="203.0.113.9")
    log_in(UserFactory(password=PASSWORD), REMOTE_ADDR="192.0.2.1")

    page = here.get(PAGE, HTTP_USER_AGENT=WINDOWS, REMOTE_ADDR="203.0.113.9")

    listed = [(one["device"], one["row"].address, one["is_this"]) for one in page.context["sessions"]]
    assert listed == [
        ("Firefox على Windows", "203.0.113.9", True),
        ("Chrome على Android", "198.51.100.7", False),
    ]


@pytest.mark.parametrize(
    "agent, words",
    [
        (ANDROID, "Chrome على Android"),
        (WINDOWS, "Firefox على Windows"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Version/18.1 Safari/604.1",
            "Safari على iPhone",
        ),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/131.0.0.0 Safari/537.36 Edg/131.0", "Edge على Windows"),
        ("curl/8.11", "جهاز غير معروف"),
        ("", "جهاز غير معروف"),
    ],
)
def test_a_browser_is_named_in_words(agent: str, words: str):
    assert device_description(agent) == words


def test_one_of_them_is_ended(mona: User):
    here, lost = log_in(mona), log_in(mona)
    row = LoginSession.objects.get(session=lost.session.session_key)

    here.post(reverse("account_end_session", args=[row.pk]))

    assert (is_in(lost), is_in(here)) == (False, True)


def test_a_user_cannot_end_the_session_of_another_login(mona: User):
    log_in(mona)
    row = LoginSession.objects.get(user=mona)
    other = log_in(UserFactory(password=PASSWORD))

    assert other.post(reverse("account_end_session", args=[row.pk])).status_code == 404
    assert LoginSession.objects.filter(pk=row.pk).exists()


def test_all_others_are_ended_and_this_one_goes_on(mona: User):
    here, *others = [log_in(mona) for _ in range(3)]
    unnoted = log_in(mona)
    LoginSession.objects.filter(session=unnoted.session.session_key).delete()

    here.post(reverse("account_end_other_sessions"))

    assert [is_in(client) for client in (here, *others, unnoted)] == [True, False, False, False]
    assert LoginSession.objects.filter(user=mona).count() == 1


def test_staff_end_the_sessions_of_a_login_within_reach_and_its_holder_is_notified(
    mona: User, superuser: User
):
    client = log_in(mona)

    end_all_sessions(user_id=mona.pk, reason="laptop stolen", by=superuser)

    assert not is_in(client)
    entry = ModelLogEntry.objects.for_instance(mona).get(action="accounts.login.end_sessions")
    assert (entry.user, entry.data["reason"]) == (superuser, "laptop stolen")
    deliver_login_notices()
    assert mail.outbox[0].to == ["mona@example.org"]


def test_others_end_none(mona: User, manager: User):
    client = log_in(mona)

    with pytest.raises(LoginOutOfReach):
        end_all_sessions(user_id=mona.pk, reason="", by=manager)

    assert is_in(client)


def test_a_new_password_leaves_no_session_in_the_list(mona: User, superuser: User):
    log_in(mona)

    password_given(mona, first=superuser)

    assert not LoginSession.objects.filter(user=mona).exists()


def test_changing_the_own_password_keeps_this_session_and_ends_the_others(mona: User):
    here, other = log_in(mona), log_in(mona)
    typed = {"oldpassword": PASSWORD, "password1": "anvil-and-lathe-8", "password2": "anvil-and-lathe-8"}

    here.post(reverse("account_change_password"), typed)

    assert (is_in(here), is_in(other)) == (True, False)
    assert LoginSession.objects.filter(user=mona).count() == 1


def test_beyond_a_number_of_sessions_the_oldest_end(mona: User):
    Session.objects.bulk_create(
        Session(
            session_key=f"old-{number}", session_data="", expire_date=timezone.now() + dt.timedelta(days=1)
        )
        for number in range(1000)
    )
    long_ago = timezone.now() - dt.timedelta(hours=1)
    LoginSession.objects.bulk_create(
        LoginSession(
            session_id=f"old-{number}", user=mona, last_seen_at=long_ago + dt.timedelta(seconds=number)
        )
        for number in range(1000)
    )

    here = log_in(mona)

    kept = set(LoginSession.objects.filter(user=mona).values_list("session_id", flat=True))
    newest = {f"old-{number}" for number in range(1000 - SESSIONS_OF_ONE_LOGIN + 1, 1000)}
    assert kept == newest | {here.session.session_key}
    assert Session.objects.count() == SESSIONS_OF_ONE_LOGIN


def test_being_seen_is_not_written_with_every_page(
    mona: User, django_assert_num_queries: DjangoAssertNumQueries
):
    client = log_in(mona)
    client.get(PAGE)

    # The session, its user, the site with its identity, the list, and the notices that are unread.
    with django_assert_num_queries(6):
        client.get(PAGE)


def test_it_is_written_again_after_a_while(mona: User):
    client = log_in(mona)
    session = client.session
    session[SEEN] -= SEEN_EVERY.total_seconds() + 1
    session.save()
    LoginSession.objects.update(last_seen_at=timezone.now() - dt.timedelta(hours=1))

    client.get(PAGE, REMOTE_ADDR="203.0.113.77")

    row = LoginSession.objects.get(user=mona)
    assert (row.address, timezone.now() - row.last_seen_at < dt.timedelta(minutes=1)) == (
        "203.0.113.77",
        True,
    )


def test_a_session_from_before_this_list_is_noted_when_it_is_used(mona: User):
    client = log_in(mona)
    LoginSession.objects.all().delete()
    session = client.session
    del session[SEEN]
    session.save()

    client.get(PAGE)

    assert LoginSession.objects.filter(user=mona).count() == 1


def test_logging_out_and_the_end_of_a_session_leave_no_row(mona: User):
    log_in(mona).post(reverse("account_logout"))
    log_in(mona)
    Session.objects.update(expire_date=timezone.now() - dt.timedelta(seconds=1))

    assert purge_sessions() == 1
    assert not LoginSession.objects.exists()
