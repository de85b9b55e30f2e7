"""A site with a catalog in both languages, a program that is taught, and a trainee in its cohort."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.translation import override
from wagtail.models import Locale

from accounts.enums import RoleName
from accounts.models import Center, User
from accounts.services.content import assign_content
from courses.clauses import Clauses
from courses.enums import Shift
from courses.models import CatalogPage, Cohort, CoursePage, Enrollment, LessonPage, ProgramPage
from courses.services.cohorts import open_cohort
from courses.services.completion import set_completion_rule
from courses.services.enrollments import enroll
from tests.factories.accounts import CenterFactory, TraineeFactory, UserFactory, staff_member
from tests.factories.courses import (
    CatalogPageFactory,
    CoursePageFactory,
    LessonPageFactory,
    ProgramPageFactory,
    lesson_with_video,
    root_page,
)
from tests.factories.pages import site_of


@dataclass(frozen=True)
class School:
    program: ProgramPage
    course: CoursePage
    watched: LessonPage
    read: LessonPage
    cohort: Cohort


@pytest.fixture
def ministry(db: None) -> User:
    return staff_member(RoleName.MINISTRY_OFFICER)


@pytest.fixture
def course(center: Center, ministry: User) -> CoursePage:
    """A course that the center writes, in a program of the ministry."""
    page: CoursePage = CoursePageFactory()
    assign_content(page_id=page.pk, center=center, by=ministry)
    return page


@pytest.fixture
def author(center: Center) -> User:
    return staff_member(RoleName.INSTRUCTOR, center)


@pytest.fixture
def publisher(center: Center) -> User:
    return staff_member(RoleName.CENTER_MANAGER, center)


@pytest.fixture(autouse=True)
def arabic() -> Iterator[None]:
    """A request leaves its language behind, and `reverse` would follow it into the next test."""
    with override("ar"):
        yield


def open_catalog() -> CatalogPage:
    page: CatalogPage = CatalogPageFactory(slug="catalog")
    site_of(page)
    return page


@pytest.fixture
def catalog(db: None) -> CatalogPage:
    return open_catalog()


def open_english_catalog(catalog: CatalogPage) -> CatalogPage:
    english, _is_new = Locale.objects.get_or_create(language_code="en")
    page = CatalogPage(
        title="Programs", slug="catalog-en", locale=english, translation_key=catalog.translation_key
    )
    root_page().add_child(instance=page)
    return page


@pytest.fixture
def english_catalog(catalog: CatalogPage) -> CatalogPage:
    return open_english_catalog(catalog)


def taught_school(catalog: CatalogPage) -> School:
    """A program with a lesson to watch and one to read, and an open cohort of it."""
    program = ProgramPageFactory(parent=catalog, title="تمديدات كهربائية منزلية", slug="electricity")
    course = CoursePageFactory(parent=program, title="السلامة")
    watched = lesson_with_video(course)
    read = LessonPageFactory(parent=course, title="أدوات الكهربائي", slug="tools")
    clerk = UserFactory()
    set_completion_rule(program_id=program.pk, by=clerk, asks=Clauses(units=True))
    cohort = open_cohort(
        program_id=program.pk,
        center_id=CenterFactory(name_ar="مركز تدريب شبرا").pk,
        code="CAI-03-1",
        starts_on=timezone.localdate(),
        ends_on=timezone.localdate() + dt.timedelta(days=30),
        shift=Shift.MORNING,
        seats=2,
        by=clerk,
    )
    return School(program, course, watched, read, cohort)


@pytest.fixture
def school(catalog: CatalogPage) -> School:
    return taught_school(catalog)


@pytest.fixture
def enrollment(school: School) -> Enrollment:
    trainee = TraineeFactory()
    return enroll(person_id=trainee.person_id, cohort_id=school.cohort.pk, by=trainee)


@pytest.fixture
def trainee_client(enrollment: Enrollment) -> Client:
    client = Client()
    client.force_login(enrollment.person.user)
    return client
