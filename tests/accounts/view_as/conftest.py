"""A trainee of a center who learns, and has much else, at another one, too."""

from dataclasses import dataclass

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.enums import RoleName
from accounts.models import Center, SiteNotice, User
from assessment.models import QuizPage
from courses.enums import SeatNoticeKind
from courses.models import CatalogPage, Enrollment, LessonPage, SeatNotice, WaitingEntry
from courses.services.content import freeze_content
from tests.factories.accounts import CenterFactory, TraineeFactory, UserFactory, staff_member
from tests.factories.assessment import QuizPageFactory
from tests.factories.certificates import issued
from tests.factories.courses import (
    CatalogPageFactory,
    CohortFactory,
    CoursePageFactory,
    EnrollmentFactory,
    lesson_with_video,
)
from tests.factories.live import LiveSessionFactory
from tests.factories.pages import site_of

REASON = "قالت في الهاتف إن الدرس لا يفتح"


@dataclass
class Place:
    """What the trainee has at one center."""

    center: Center
    enrollment: Enrollment
    lesson: LessonPage
    quiz: QuizPage
    notice: SiteNotice

    @property
    def units(self) -> list[str]:
        return [
            reverse("courses:unit", args=[self.enrollment.public_id, page.translation_key])
            for page in (self.lesson, self.quiz)
        ]


@dataclass
class World:
    trainee: User
    registrar: User
    here: Place

    @property
    def person_page(self) -> str:
        return reverse("person:view_as", args=[self.trainee.person_id])


def place_of(person: object, center: Center, name: str, *, catalog: CatalogPage) -> Place:
    """A seat with a lesson and a quiz, and a notice about it."""
    course = CoursePageFactory(parent__title=f"برنامج {name}", parent__parent=catalog, title=f"مقرر {name}")
    lesson = lesson_with_video(course, center=center)
    lesson.title = f"درس {name}"
    lesson.save()
    quiz = QuizPageFactory(parent=course, title=f"اختبار {name}")
    program = course.get_parent().specific
    content = freeze_content(program_id=program.pk, by=UserFactory())
    facts = {"center": center, "program": program, "content_version": content}
    cohort = CohortFactory(code=f"{name}-1", **facts)
    enrollment = EnrollmentFactory(person=person, cohort=cohort)
    LiveSessionFactory(class_session__cohort=cohort, class_session__title=f"بث {name}")
    seat = SeatNotice.objects.create(person=person, cohort=cohort, kind=SeatNoticeKind.LIST_CLOSED)
    notice = SiteNotice.objects.create(
        person=person, about="courses.seatnotice", notice=seat.pk, subject=f"خبر {name}", body=f"نص {name}"
    )
    return Place(center, enrollment, lesson, quiz, notice)


def add_the_rest(place: Place, name: str) -> None:
    """A certificate, and a place in another line of the same center."""
    person = place.enrollment.person
    issued(CohortFactory(center=place.center, code=f"{name}-2"), person=person)
    waited_for = CohortFactory(center=place.center, code=f"{name}-3", program__title=f"انتظار {name}")
    WaitingEntry.objects.create(person=person, cohort=waited_for, since=timezone.now())


@pytest.fixture
def catalog(db: None) -> CatalogPage:
    page: CatalogPage = CatalogPageFactory(slug="catalog")
    site_of(page)
    return page


@pytest.fixture
def world(center: Center, catalog: CatalogPage) -> World:
    trainee = TraineeFactory(person__registered_at=center)
    return World(
        trainee=trainee,
        registrar=staff_member(RoleName.REGISTRAR, center),
        here=place_of(trainee.person, center, "HERE", catalog=catalog),
    )


@pytest.fixture
def elsewhere(world: World, catalog: CatalogPage) -> Place:
    """What the trainee has at a center of which the registrar knows nothing, and the same here."""
    place = place_of(world.trainee.person, CenterFactory(), "ELSEWHERE", catalog=catalog)
    add_the_rest(place, "ELSEWHERE")
    add_the_rest(world.here, "HERE")
    return place


@pytest.fixture
def registrar_client(world: World) -> Client:
    client = Client()
    client.force_login(world.registrar)
    return client


@pytest.fixture
def looking(world: World, registrar_client: Client) -> Client:
    """The registrar sees what the trainee sees."""
    registrar_client.post(world.person_page, {"reason": REASON})
    return registrar_client
