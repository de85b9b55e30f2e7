"""Live classes."""

import datetime as dt
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from accounts.models import Center
from courses.enums import SessionKind
from courses.models import ClassSession
from live.enums import LiveState
from live.models import LiveSession
from tests.factories.accounts import TraineeFactory
from tests.factories.courses import CohortFactory, EnrollmentFactory
from tests.factories.rows import Visit, row_of, visit


class LiveClassSessionFactory(DjangoModelFactory):
    class Meta:
        model = ClassSession

    cohort = factory.SubFactory(CohortFactory)
    kind = SessionKind.LIVE
    title = "توصيل لوحة التوزيع"
    starts_at = factory.LazyFunction(lambda: timezone.now() - dt.timedelta(minutes=1))
    ends_at = factory.LazyAttribute(lambda meeting: meeting.starts_at + dt.timedelta(hours=2))


class LiveSessionFactory(DjangoModelFactory):
    class Meta:
        model = LiveSession

    class_session = factory.SubFactory(LiveClassSessionFactory)


class OpenLiveSessionFactory(LiveSessionFactory):
    state = LiveState.OPEN
    opened_at = factory.LazyFunction(timezone.now)


@row_of(LiveSession)
def live_session_in(center: Center) -> LiveSession:
    return LiveSessionFactory(class_session__cohort__center=center)


def _own_class(center: Center) -> dict[str, Any]:
    """A trainee and the class of their cohort."""
    session = live_session_in(center)
    enrollment = EnrollmentFactory(cohort=session.class_session.cohort)
    return {
        "user": TraineeFactory(person=enrollment.person),
        "kwargs": {"public_id": session.class_session.public_id},
    }


@visit("live:room")
def own_room(center: Center) -> Visit:
    return Visit(**_own_class(center))


@visit("live:ticket")
def own_ticket(center: Center) -> Visit:
    return Visit(**_own_class(center), method="post")
