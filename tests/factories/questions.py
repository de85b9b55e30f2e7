"""Questions under lessons."""

from typing import Any
from uuid import UUID

from django.db.models import F

from accounts.models import Center, User
from courses.enums import CohortState
from courses.models import Cohort, Enrollment, Question
from courses.services.questions import ask_question
from tests.factories.accounts import PersonFactory, TraineeFactory
from tests.factories.courses import EnrollmentFactory, taught_cohort
from tests.factories.rows import Visit, row_of, visit

WORDS = "لماذا نستخدم قاطع ٢٠ أمبير؟"


def running_cohort(center: Center, *, lessons: int = 1) -> Cohort:
    """A running cohort of a program with lessons to read."""
    # As lessons are called, and not numbered.
    cohort = taught_cohort(lessons=lessons, center=center, title="توصيل المفاتيح")
    Cohort.objects.filter(pk=cohort.pk).update(state=CohortState.RUNNING)
    cohort.refresh_from_db()
    return cohort


def learner(cohort: Cohort, *, name: str = "منى إبراهيم حسن السيد", **facts: Any) -> Enrollment:
    """A trainee of a cohort, with a login."""
    person = PersonFactory(registered_at=cohort.center, full_name_ar=name)
    TraineeFactory(person=person, **facts)
    enrollment: Enrollment = EnrollmentFactory(cohort=cohort, person=person)
    Cohort.objects.filter(pk=cohort.pk).update(seats_taken=F("seats_taken") + 1)
    return enrollment


def unit_of(cohort: Cohort) -> UUID:
    """Its first lesson."""
    assert cohort.content_version is not None
    return UUID(cohort.content_version.units[0]["unit"])


def question_by(enrollment: Enrollment, text: str = WORDS, **facts: Any) -> Question:
    return ask_question(
        enrollment_id=enrollment.pk,
        unit_key=unit_of(enrollment.cohort),
        **{"text": text, "second": None, "is_anonymous": False, **facts},
    )


def user_of(enrollment: Enrollment) -> User:
    user: User = enrollment.person.user
    return user


@row_of(Question)
def question_in(center: Center) -> Question:
    return question_by(learner(running_cohort(center)))


@visit("courses:unit_questions")
def own_unit_questions(center: Center) -> Visit:
    enrollment = learner(running_cohort(center))
    kwargs = {"enrollment": enrollment.public_id, "unit_key": unit_of(enrollment.cohort)}
    return Visit(user=user_of(enrollment), kwargs=kwargs)


@visit("courses:question")
def own_question(center: Center) -> Visit:
    enrollment = learner(running_cohort(center))
    question = question_by(enrollment)
    kwargs = {"enrollment": enrollment.public_id, "question": question.public_id}
    return Visit(user=user_of(enrollment), kwargs=kwargs)
