"""Live classes."""

import datetime as dt
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from accounts.enums import RoleName
from accounts.models import Center
from courses.enums import SessionKind
from courses.models import ClassSession, Cohort, LessonPage
from courses.services.content import take_newest_content
from live.enums import LiveState
from live.models import LiveSession, RecordedLesson, Recording, SlideDeck
from tests.factories.accounts import MembershipFactory, TraineeFactory, UserFactory
from tests.factories.courses import CohortFactory, EnrollmentFactory, taught_cohort
from tests.factories.jobs import job_of
from tests.factories.media_pipeline import published_video
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


@job_of(SlideDeck)
def deck_to_be_drawn(center: Center) -> SlideDeck:
    return SlideDeck.objects.create(
        session=live_session_in(center), title="a", source_bytes=1, uploaded_by=UserFactory()
    )


@job_of(Recording)
def recording_to_be_made(center: Center) -> Recording:
    return Recording.objects.create(session=live_session_in(center))


@row_of(LiveSession)
def live_session_in(center: Center) -> LiveSession:
    return LiveSessionFactory(class_session__cohort__center=center)


def own_class(center: Center) -> dict[str, Any]:
    """A trainee and the class of their cohort."""
    session = live_session_in(center)
    enrollment = EnrollmentFactory(cohort=session.class_session.cohort)
    return {
        "user": TraineeFactory(person=enrollment.person),
        "kwargs": {"public_id": session.class_session.public_id},
    }


@visit("live:room")
def own_room(center: Center) -> Visit:
    return Visit(**own_class(center))


@visit("live:register")
def own_register(center: Center) -> Visit:
    session = live_session_in(center)
    user = MembershipFactory(role=RoleName.INSPECTOR, center=center).user
    return Visit(user=user, kwargs={"public_id": session.class_session.public_id})


@visit("live:objection")
def own_objection(center: Center) -> Visit:
    return Visit(**own_class(center), method="post", status=302)


@visit("live:ticket")
def own_ticket(center: Center) -> Visit:
    return Visit(**own_class(center), method="post")


def taught_class(center: Center) -> dict[str, Any]:
    """An instructor of the center and a class there."""
    return {
        "user": MembershipFactory(role=RoleName.INSTRUCTOR, center=center).user,
        "kwargs": {"public_id": live_session_in(center).class_session.public_id},
    }


@visit("live:roster")
def staffed_roster(center: Center) -> Visit:
    return Visit(**taught_class(center))


@visit("live:candidates")
def possible_hosts(center: Center) -> Visit:
    return Visit(**taught_class(center))


@visit("live:groups")
def groups_of_a_class(center: Center) -> Visit:
    return Visit(**taught_class(center))


@visit("live:number_to_call")
def number_of_a_wish(center: Center) -> Visit:
    visit = taught_class(center)
    # No such wish: the room is found, the number is not.
    return Visit(visit["user"], {**visit["kwargs"], "seq": 1}, method="post", status=403)


@visit("live:class_calendar")
def own_class_calendar(center: Center) -> Visit:
    return Visit(**own_class(center))


public(
    "live:feed", "The calendar of a phone has no login; the address is a secret of 128 bits and a signature."
)


@visit("live:sender_ticket")
def own_sender_ticket(center: Center) -> Visit:
    session = OpenLiveSessionFactory(class_session__cohort__center=center)
    instructor = MembershipFactory(role=RoleName.INSTRUCTOR, center=center).user
    return Visit(user=instructor, kwargs={"public_id": session.class_session.public_id}, method="post")


@visit("live:voice_ticket")
def own_voice_ticket(center: Center) -> Visit:
    # No instructor called this trainee: the room exists, the ticket is refused.
    return Visit(**own_class(center), method="post", status=403)


@visit("live:slides")
def own_slides(center: Center) -> Visit:
    """An instructor and the class of their center."""
    session = live_session_in(center)
    return Visit(
        user=MembershipFactory(role=RoleName.INSTRUCTOR, center=center).user,
        kwargs={"public_id": session.class_session.public_id},
    )


public("live_files:slide_picture", "The address itself is the pass: it is signed, and told to the room only.")


def _recorded_class(center: Center) -> LiveSession:
    """A class of the center that is over, with a recording of it."""
    session = live_session_in(center)
    now = timezone.now()
    LiveSession.objects.filter(pk=session.pk).update(state=LiveState.ENDED, opened_at=now, ended_at=now)
    Recording.objects.create(session=session, video=published_video(center=center))
    return session


@visit("live:lesson")
def lesson_to_be_made(center: Center) -> Visit:
    session = _recorded_class(center)
    user = MembershipFactory(role=RoleName.INSTRUCTOR, center=center).user
    return Visit(user=user, kwargs={"public_id": session.class_session.public_id})


@visit("live:replay")
def own_replay(center: Center) -> Visit:
    session = _recorded_class(center)
    enrollment = EnrollmentFactory(cohort=session.class_session.cohort)
    return Visit(
        user=TraineeFactory(person=enrollment.person), kwargs={"public_id": session.class_session.public_id}
    )


@visit("live:lesson_replay")
def own_lesson_replay(center: Center) -> Visit:
    """A trainee of a cohort that studies a lesson made of a class."""
    recording = Recording.objects.get(session=_recorded_class(center))
    cohort = taught_cohort(lessons=1)
    Cohort.objects.filter(pk=cohort.pk).update(center=center)
    unit_key = cohort.content_version.units[0]["unit"]
    lesson = LessonPage.objects.get(translation_key=unit_key)
    lesson.body = [("video", recording.video)]
    lesson.save()
    RecordedLesson.objects.create(
        recording=recording, title=lesson.title, unit_key=unit_key, made_by=UserFactory()
    )
    take_newest_content(cohort_id=cohort.pk, reason="أضيف فيديو الحصة.", by=UserFactory())
    enrollment = EnrollmentFactory(cohort=cohort, person__registered_at=center)
    return Visit(user=TraineeFactory(person=enrollment.person), kwargs={"unit_key": unit_key})


@visit("live:recorded")
def own_recording_consent(center: Center) -> Visit:
    return Visit(**own_class(center), method="post", status=302)
