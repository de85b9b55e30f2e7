"""A live class is planned in one place, by instructors and managers, and every link to it can be opened."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.enums import RoleName
from courses.enums import SessionKind
from courses.models import ClassSession
from live.models import LiveSession
from tests.factories.accounts import MembershipFactory
from tests.factories.courses import ClassSessionFactory, cohort_until
from tests.factories.live import LiveSessionFactory

pytestmark = pytest.mark.django_db

STAFF = [
    RoleName.INSTRUCTOR,
    RoleName.CENTER_MANAGER,
    RoleName.REGISTRAR,
    RoleName.ASSESSOR,
]


def workplace_of(center, role: RoleName) -> Client:
    client = Client()
    client.force_login(MembershipFactory(role=role, center=center).user)
    return client


def meeting(cohort, **facts):
    return {
        "cohort": cohort.pk,
        "title": "قياس المقاومة",
        "starts_at": "2030-01-06 10:00",
        "ends_at": "2030-01-06 11:00",
        **facts,
    }


@pytest.mark.parametrize("role", [RoleName.INSTRUCTOR, RoleName.CENTER_MANAGER])
def test_instructors_and_managers_plan_live_classes_of_their_center(role):
    cohort, elsewhere = cohort_until(2030), cohort_until(2030)
    workplace = workplace_of(cohort.center, role)

    workplace.post(reverse("livesession:add"), meeting(cohort, joins_before=15))
    workplace.post(reverse("livesession:add"), meeting(elsewhere, joins_before=15))

    assert LiveSession.objects.get().class_session.cohort == cohort


def test_a_live_class_cannot_be_added_among_the_sessions():
    cohort = cohort_until(2030)
    workplace = workplace_of(cohort.center, RoleName.CENTER_MANAGER)

    workplace.post(reverse("classsession:add"), meeting(cohort, kind=SessionKind.LIVE))
    workplace.post(reverse("classsession:add"), meeting(cohort, kind=SessionKind.CLASS))

    assert list(ClassSession.objects.values_list("kind", flat=True)) == [SessionKind.CLASS]


def test_a_session_of_the_timetable_stays_what_it_is():
    live = LiveSessionFactory().class_session
    cohort = live.cohort
    lecture = ClassSessionFactory(cohort=cohort, kind=SessionKind.CLASS, starts_at=live.ends_at)
    workplace = workplace_of(cohort.center, RoleName.CENTER_MANAGER)

    for row, kind in ((live, SessionKind.CLASS), (lecture, SessionKind.LIVE)):
        workplace.post(reverse("classsession:edit", args=[row.pk]), meeting(cohort, kind=kind))

    kinds = dict(ClassSession.objects.values_list("pk", "kind"))
    assert kinds == {live.pk: SessionKind.LIVE, lecture.pk: SessionKind.CLASS}


@pytest.mark.parametrize("role", STAFF)
def test_the_list_of_rooms_leads_only_where_its_reader_may_go(role):
    session = LiveSessionFactory()
    reader = workplace_of(session.class_session.cohort.center, role)
    room = reverse("live:room", args=[session.class_session.public_id])

    page = reader.get(reverse("livesession:index")).content.decode()

    assert reverse("livesession:inspect", args=[session.pk]) in page
    assert (room in page) == (reader.get(room).status_code == 200)
    assert reader.get(reverse("livesession:inspect", args=[session.pk])).status_code == 200
