"""Trainees are told of an urgent correction of what they study: each once, in batches, outside the request."""

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from accounts.enums import NoticeState
from accounts.models import User
from accounts.services.courtesies import choose_notices
from courses.enums import CorrectionReason, EnrollmentState
from courses.models import Cohort, CorrectionAnnouncement, CorrectionNotice, LessonPage, UrgentCorrection
from courses.services import correction_notices
from courses.services.content import correct_urgently
from courses.services.correction_notices import send_correction_notices, write_correction_notices
from tests.courses.pages.conftest import School
from tests.factories.accounts import TraineeFactory
from tests.factories.courses import CohortFactory, EnrollmentFactory, closed

pytestmark = pytest.mark.django_db
NOTE = "رقم القاطع كان خطأ"


@pytest.fixture
def lesson(school: School) -> LessonPage:
    """Of a cohort that is taught, edited and published since."""
    page = school.read
    page.title = "عنوان آخر"
    page.save_revision().publish()
    return page


def trainee_in(cohort: Cohort, **facts: object) -> User:
    user: User = TraineeFactory(email=f"t{User.objects.count()}@example.org")
    EnrollmentFactory(cohort=cohort, person=user.person, **facts)
    return user


def correct(lesson: LessonPage, by: User) -> list[UrgentCorrection]:
    return correct_urgently(unit_key=lesson.translation_key, reason=CorrectionReason.SAFETY, note=NOTE, by=by)


def test_each_trainee_of_a_running_cohort_is_told_once(school: School, lesson: LessonPage, ministry: User):
    for _ in range(2):
        trainee_in(school.cohort)
    trainee_in(school.cohort, state=EnrollmentState.WITHDRAWN)
    trainee_in(closed(CohortFactory(program=school.program, content_version=school.cohort.content_version)))

    correct(lesson, ministry)
    assert not CorrectionNotice.objects.exists()
    for _ in range(2):
        write_correction_notices()
        send_correction_notices()

    assert sorted(message.to[0] for message in mail.outbox) == sorted(
        User.objects.filter(
            person__enrollments__cohort=school.cohort, person__enrollments__state=EnrollmentState.ACTIVE
        )
        .exclude(email=None)
        .values_list("email", flat=True)
    )
    assert len(mail.outbox) == 2
    assert NOTE in mail.outbox[0].body
    assert "عنوان آخر" in mail.outbox[0].body


def test_batches_go_on_where_the_last_one_ended(
    school: School, lesson: LessonPage, ministry: User, monkeypatch: pytest.MonkeyPatch
):
    for _ in range(5):
        trainee_in(school.cohort)
    correct(lesson, ministry)
    monkeypatch.setattr(correction_notices, "ROWS_AT_ONCE", 2)
    monkeypatch.setattr(correction_notices, "BATCHES_AT_ONCE", 1)

    counts = [write_correction_notices() for _ in range(4)]

    active = school.cohort.enrollments.filter(state=EnrollmentState.ACTIVE).count()
    assert (sum(counts), max(counts)) == (active, 2)
    assert CorrectionNotice.objects.count() == active
    assert not CorrectionAnnouncement.objects.filter(finished_at=None).exists()


def test_the_database_keeps_one_notice_for_a_trainee_and_a_correction(
    school: School, lesson: LessonPage, ministry: User
):
    person = trainee_in(school.cohort).person
    (correction,) = correct(lesson, ministry)
    write_correction_notices()

    with pytest.raises(IntegrityError), transaction.atomic():
        CorrectionNotice.objects.create(person=person, correction=correction)


def test_it_is_a_courtesy_and_not_told_to_who_left(school: School, lesson: LessonPage, ministry: User):
    declines, leaves = trainee_in(school.cohort), trainee_in(school.cohort)
    choose_notices(person_id=declines.person_id, declined=[("correction", "email")], by=declines)
    correct(lesson, ministry)
    write_correction_notices()
    leaves.person.enrollments.update(state=EnrollmentState.WITHDRAWN)

    send_correction_notices()

    states = {
        notice.person_id: notice.state
        for notice in CorrectionNotice.objects.filter(person__in=(declines.person_id, leaves.person_id))
    }
    assert states == {
        declines.person_id: NoticeState.NOT_WANTED,
        leaves.person_id: NoticeState.DROPPED,
    }
