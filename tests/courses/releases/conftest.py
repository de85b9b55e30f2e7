"""A cohort of two courses: the first with two lessons to read, the second with a video and a quiz."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

import pytest
from django.utils import timezone

from accounts.models import Center, User
from courses.clauses import Clauses
from courses.enums import Shift
from courses.models import Cohort, CoursePage, Enrollment
from courses.queries.releases import start_of_day
from courses.services.cohorts import open_cohort
from courses.services.completion import set_completion_rule
from courses.services.enrollments import enroll
from courses.services.releases import release_unit
from tests.factories.accounts import CenterFactory, TraineeFactory, UserFactory
from tests.factories.assessment import QuizPageFactory
from tests.factories.courses import (
    CoursePageFactory,
    LessonPageFactory,
    ProgramPageFactory,
    lesson_with_video,
)
from tests.factories.pages import site_of


@dataclass(frozen=True)
class Course:
    """`first`, `second`, `video` and `quiz` are keys of units, in teaching order; `extra` is optional, the last."""

    cohort: Cohort
    clerk: User
    pages: tuple[CoursePage, CoursePage]
    first: UUID
    second: UUID
    video: UUID
    quiz: UUID
    extra: UUID

    def day(self, number: int) -> dt.datetime:
        """The first instant of a day of the cohort."""
        return start_of_day(self.cohort.starts_on + dt.timedelta(days=number))

    def release(self, unit: UUID, *, day: int | None = None, after: tuple[UUID, ...] = ()) -> None:
        release_unit(
            cohort_id=self.cohort.pk,
            unit_key=unit,
            opens_at=None if day is None else self.day(day),
            after=after,
            by=self.clerk,
        )
        self.cohort.refresh_from_db()

    def seat(self) -> Enrollment:
        trainee = TraineeFactory()
        return enroll(person_id=trainee.person_id, cohort_id=self.cohort.pk, by=trainee)


def taught(center: Center, clerk: User) -> Course:
    program = ProgramPageFactory()
    site_of(program.get_parent())
    week_one = CoursePageFactory(parent=program, title="الأسبوع الأول")
    week_two = CoursePageFactory(parent=program, title="الأسبوع الثاني")
    units = [
        LessonPageFactory(parent=week_one, title="السلامة"),
        LessonPageFactory(parent=week_one, title="العدد"),
        lesson_with_video(week_two, center=center),
        QuizPageFactory(parent=week_two, title="اختبار الأسبوع"),
        LessonPageFactory(parent=week_two, title="للاستزادة", is_required=False),
    ]
    set_completion_rule(program_id=program.pk, by=clerk, asks=Clauses(units=True))
    cohort = open_cohort(
        program_id=program.pk,
        center_id=center.pk,
        code=f"REL-{program.pk}",
        starts_on=timezone.localdate(),
        ends_on=timezone.localdate() + dt.timedelta(days=30),
        shift=Shift.MORNING,
        seats=15,
        by=clerk,
    )
    return Course(cohort, clerk, (week_one, week_two), *(page.translation_key for page in units))


@pytest.fixture
def course(db: None) -> Course:
    return taught(CenterFactory(), UserFactory())
