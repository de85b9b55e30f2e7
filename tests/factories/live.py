"""Live classes."""

import datetime as dt
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from accounts.enums import RoleName
from accounts.models import Center
from courses.enums import SessionKind
from courses.models import ClassSession
from live.enums import LiveState
from live.models import LiveSession
from tests.factories.accounts import MembershipFactory, TraineeFactory
from tests.factories.courses import CohortFactory, EnrollmentFactory
from tests.factories.rows import Visit, public, row_of, visit


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


@visit("live:register")
def own_register(center: Center) -> Visit:
    session = live_session_in(center)
    user = MembershipFactory(role=RoleName.INSPECTOR, center=center).user
    return Visit(user=user, kwargs={"public_id": session.class_session.public_id})


@visit("live:objection")
def own_objection(center: Center) -> Visit:
    return Visit(**_own_class(center), method="post", status=302)


@visit("live:ticket")
def own_ticket(center: Center) -> Visit:
    return Visit(**_own_class(center), method="post")


def _taught_class(center: Center) -> dict[str, Any]:
    """An instructor of the center and a class there."""
    return {
        "user": MembershipFactory(role=RoleName.INSTRUCTOR, center=center).user,
        "kwargs": {"public_id": live_session_in(center).class_session.public_id},
    }


@visit("live:roster")
def staffed_roster(center: Center) -> Visit:
    return Visit(**_taught_class(center))


@visit("live:candidates")
def possible_hosts(center: Center) -> Visit:
    return Visit(**_taught_class(center))


@visit("live:number_to_call")
def number_of_a_wish(center: Center) -> Visit:
    visit = _taught_class(center)
    # No such wish: the room is found, the number is not.
    return Visit(visit["user"], {**visit["kwargs"], "seq": 1}, method="post", status=403)


@visit("live:class_calendar")
def own_class_calendar(center: Center) -> Visit:
    return Visit(**_own_class(center))


public(
    "live:feed", "The calendar of a phone has no login; the address is a secret of 128 bits and a signature."
)


@visit("live:sender_ticket")
def own_sender_ticket(center: Center) -> Visit:
    session = OpenLiveSessionFactory(class_session__cohort__center=center)
    trainer = MembershipFactory(role=RoleName.INSTRUCTOR, center=center).user
    return Visit(user=trainer, kwargs={"public_id": session.class_session.public_id}, method="post")


@visit("live:slides")
def own_slides(center: Center) -> Visit:
    """A trainer and the class of their center."""
    session = live_session_in(center)
    return Visit(
        user=MembershipFactory(role=RoleName.INSTRUCTOR, center=center).user,
        kwargs={"public_id": session.class_session.public_id},
    )


public("live_files:slide_picture", "The address itself is the pass: it is signed, and told to the room only.")
