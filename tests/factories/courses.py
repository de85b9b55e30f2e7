"""Programs, cohorts and enrollments."""

import datetime as dt

import factory
import wagtail_factories
from django.utils import timezone
from factory.django import DjangoModelFactory
from wagtail.models import Locale, Page

from courses.enums import CohortState, Level, Sector, Shift
from courses.models import (
    CatalogPage,
    ClassSession,
    Cohort,
    CoursePage,
    Enrollment,
    LessonPage,
    ProgramPage,
)
from courses.services import open_cohort, set_completion_rule
from tests.factories.accounts import CenterFactory, PersonFactory, UserFactory


def root_page() -> Page:
    """The root of the page tree; transactional tests flush the one of the migrations."""
    Locale.objects.get_or_create(language_code="ar")
    return Page.get_first_root_node() or Page.add_root(instance=Page(title="Root", slug="root"))


class CatalogPageFactory(wagtail_factories.PageFactory):
    class Meta:
        model = CatalogPage

    title = "البرامج"
    slug = factory.Sequence(lambda n: f"programs-{n}")
    parent = factory.LazyFunction(root_page)


class ProgramPageFactory(wagtail_factories.PageFactory):
    class Meta:
        model = ProgramPage

    title = factory.Sequence(lambda n: f"تمديدات كهربائية {n}")
    slug = factory.Sequence(lambda n: f"program-{n}")
    code = factory.Sequence(lambda n: f"ELE-{n}")
    sector = Sector.ELECTRICITY
    level = Level.SKILLED
    hours = 120
    summary = "تتعلم تمديد الدوائر وحمايتها وتركيب لوحة توزيع كاملة."
    parent = factory.SubFactory(CatalogPageFactory)


class CoursePageFactory(wagtail_factories.PageFactory):
    class Meta:
        model = CoursePage

    title = factory.Sequence(lambda n: f"الجزء {n}")
    slug = factory.Sequence(lambda n: f"course-{n}")
    parent = factory.SubFactory(ProgramPageFactory)


class LessonPageFactory(wagtail_factories.PageFactory):
    class Meta:
        model = LessonPage

    title = factory.Sequence(lambda n: f"درس {n}")
    slug = factory.Sequence(lambda n: f"lesson-{n}")
    parent = factory.SubFactory(CoursePageFactory)


class CohortFactory(DjangoModelFactory):
    class Meta:
        model = Cohort

    program = factory.SubFactory(ProgramPageFactory)
    center = factory.SubFactory(CenterFactory)
    code = factory.Sequence(lambda n: f"C-{n}")
    starts_on = factory.LazyFunction(timezone.localdate)
    ends_on = factory.LazyAttribute(lambda cohort: cohort.starts_on + dt.timedelta(days=30))
    seats = 15
    state = CohortState.OPEN


class EnrollmentFactory(DjangoModelFactory):
    class Meta:
        model = Enrollment

    person = factory.SubFactory(PersonFactory)
    cohort = factory.SubFactory(CohortFactory)
    enrolled_at = factory.LazyFunction(timezone.now)


class ClassSessionFactory(DjangoModelFactory):
    """A class that began an hour ago and is over."""

    class Meta:
        model = ClassSession

    cohort = factory.SubFactory(CohortFactory)
    title = factory.Sequence(lambda n: f"حصة {n}")
    starts_at = factory.LazyFunction(lambda: timezone.now() - dt.timedelta(minutes=60))
    ends_at = factory.LazyAttribute(lambda session: session.starts_at + dt.timedelta(minutes=45))


def taught_cohort(*, lessons: int = 2, seats: int = 15, attendance: int = 0, score: int = 0) -> Cohort:
    """An open cohort of a program with published lessons and a rule that asks for the given percentages."""
    clerk = UserFactory()
    course = CoursePageFactory()
    for _ in range(lessons):
        LessonPageFactory(parent=course)
    program = course.get_parent().specific
    set_completion_rule(program_id=program.pk, by=clerk, attendance_percent=attendance, score_percent=score)
    return open_cohort(
        program_id=program.pk,
        center_id=CenterFactory().pk,
        code=f"{program.code}-{program.pk}",
        starts_on=timezone.localdate(),
        ends_on=timezone.localdate() + dt.timedelta(days=30),
        shift=Shift.MORNING,
        seats=seats,
        by=clerk,
    )
