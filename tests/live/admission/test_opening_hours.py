"""The page before entry: it shows when entry opens, and that the class is over."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import override

from accounts.enums import MembershipScope, RoleName
from accounts.models import User
from live.errors import RoomEnded, TooEarlyToEnter
from live.models import LiveSession
from live.services.sessions import end_room, open_room
from tests.factories.accounts import MembershipFactory
from tests.factories.live import LiveSessionFactory, OpenLiveSessionFactory
from tests.live.conftest import enrolled, instructor_of, ticket_for
from typesetting import arabic_digits

pytestmark = pytest.mark.django_db


def beginning_in(**span: float) -> LiveSession:
    return LiveSessionFactory(class_session__starts_at=timezone.now() + dt.timedelta(**span))


def inspector_of(_session: LiveSession) -> User:
    return MembershipFactory(role=RoleName.INSPECTOR, scope=MembershipScope.MINISTRY, center=None).user


def page_of(session: LiveSession, user: User) -> str:
    client = Client()
    client.force_login(user)
    answer = client.get(reverse("live:room", args=[session.class_session.public_id]), follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("person", [enrolled, instructor_of, inspector_of])
def test_a_week_before_the_class_the_page_tells_when_entry_opens(person):
    session = beginning_in(days=7)
    user = person(session)

    with pytest.raises(TooEarlyToEnter):
        ticket_for(session, user)

    page = page_of(session, user)
    before = dt.timedelta(days=3) if person is instructor_of else dt.timedelta(minutes=15)
    with override("ar"):
        opens = timezone.localtime(session.class_session.starts_at - before)
        assert arabic_digits(date_format(opens, "LONG_DAY_TIME_FORMAT")) in page
    assert "data-room" not in page


@pytest.mark.parametrize("person", [enrolled, instructor_of, inspector_of])
def test_a_class_that_was_never_opened_is_shut_after_its_end(person):
    session = beginning_in(hours=-3)
    user = person(session)

    with pytest.raises(RoomEnded):
        ticket_for(session, user)

    assert "data-room" not in page_of(session, user)


def test_instructors_come_three_days_before_to_prepare():
    late, early = beginning_in(days=2, hours=23), beginning_in(days=3, hours=1)

    assert ticket_for(late, instructor_of(late))
    with pytest.raises(TooEarlyToEnter):
        ticket_for(early, instructor_of(early))


def test_a_class_that_is_over_by_the_timetable_cannot_be_started():
    session = beginning_in(hours=-3)

    with pytest.raises(RoomEnded):
        open_room(session_id=session.pk, by=instructor_of(session))


@pytest.mark.parametrize("person", [enrolled, instructor_of, inspector_of])
def test_the_page_of_an_ended_class_links_to_its_notes_and_recording(person):
    ended = OpenLiveSessionFactory()
    user = person(ended)
    end_room(session_id=ended.pk, by=instructor_of(ended), reason="انقطاع التيار")

    page = page_of(ended, user)

    assert 'href="#panel-notes"' in page
    assert "data-ended-recording" in page
