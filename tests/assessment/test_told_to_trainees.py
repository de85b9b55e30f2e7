"""What the pages of a test tell its trainee: before it starts, while people mark it, and about what came late."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.enums import RoleName
from accounts.models import User
from assessment.models import Attempt
from assessment.services.attempts import start_attempt, submit_attempt
from assessment.services.late import leave_late_answers
from courses.models import Enrollment
from courses.queries.outline import unit_address
from tests.factories.accommodations import accommodated
from tests.factories.accounts import TraineeFactory, staff_member
from tests.factories.assessment import (
    SECRET_WHY,
    QuizPageFactory,
    asked,
    essay,
    files,
    fill_in,
    hotspot,
    matching,
    multiple,
    ordering,
    quizzed_cohort,
    short_text,
    single,
)
from tests.factories.courses import EnrollmentFactory
from tests.factories.late import closed_by_time

pytestmark = pytest.mark.django_db


def enrolled(*questions: tuple[str, dict[str, object]], **facts: object) -> tuple[Enrollment, User]:
    quiz = QuizPageFactory(questions=list(questions), **facts)
    enrollment = EnrollmentFactory(cohort=quizzed_cohort(quiz))
    return enrollment, TraineeFactory(person=enrollment.person)


def key_of(enrollment: Enrollment) -> str:
    assert enrollment.cohort.content_version is not None
    return str(enrollment.cohort.content_version.units[0]["unit"])


def begun(enrollment: Enrollment, trainee: User) -> Attempt:
    return start_attempt(enrollment_id=enrollment.pk, unit_key=key_of(enrollment), by=trainee)


def read(trainee: User, address: str) -> str:
    client = Client(HTTP_ACCEPT_LANGUAGE="ar")
    client.force_login(trainee)
    return client.get(address, follow=True).content.decode()


def test_before_the_start_the_page_says_that_people_mark_and_that_photos_are_asked_for():
    enrollment, trainee = enrolled(single(), files())

    page = read(trainee, unit_address(enrollment, key_of(enrollment)))

    assert "بعض الإجابات يصححها أشخاص" in page
    assert "جهّز الكاميرا" in page


def test_before_the_start_a_test_that_is_marked_at_once_says_nothing_of_people():
    enrollment, trainee = enrolled(single())

    page = read(trainee, unit_address(enrollment, key_of(enrollment)))

    assert "يصححها أشخاص" not in page
    assert "الكاميرا" not in page


def test_before_the_start_the_page_says_what_holds_for_the_person_and_not_why():
    enrollment, trainee = enrolled(single(), limit_minutes=30)
    accommodated(enrollment.person, factor="1.5", has_large_text=True)

    page = read(trainee, unit_address(enrollment, key_of(enrollment)))

    assert "٤٥ دقيقة = ٣٠ × ١٫٥" in page
    assert "نص أكبر" in page or "خط أكبر" in page
    assert "ضعف" not in page


def test_what_was_sent_shows_all_answers_and_no_key():
    enrollment, trainee = enrolled(
        single(), multiple(), short_text(), matching(), ordering(), fill_in(), hotspot(), essay()
    )
    attempt = begun(enrollment, trainee)
    questions = asked(attempt)
    responses = {
        0: questions[0].content["options"][1]["id"],
        1: [questions[1].content["options"][2]["id"]],
        2: "كلمة مكتوبة",
        6: {"points": [[490, 501]]},
        7: "نص طويل",
    }
    submit_attempt(attempt_id=attempt.pk, responses=responses, by=trainee)

    page = read(trainee, reverse("assessment:attempt", args=[attempt.public_id]))

    sent = page.partition("ما أرسلته")[2] or page
    assert "أفتح اللوحة" in sent
    assert "مفتاح معدني" in sent
    assert "كلمة مكتوبة" in sent
    assert "موضع واحد على الصورة" in sent
    assert "نص طويل" in sent
    assert SECRET_WHY not in page
    # Neither what is right, nor what else there was.
    assert "سر القاطع" not in page
    assert "كماشة بمقبض مطاطي" not in page


def test_my_learning_and_staff_read_since_when_a_test_waits_for_marks(client: Client):
    enrollment, trainee = enrolled(essay())
    attempt = begun(enrollment, trainee)
    submit_attempt(attempt_id=attempt.pk, responses={0: "نص"}, by=trainee)
    registrar = staff_member(RoleName.REGISTRAR, enrollment.cohort.center)

    own = read(trainee, reverse("courses:my_learning"))
    staff = read(registrar, reverse("enrollment:inspect", args=[enrollment.pk]))

    assert "في انتظار التصحيح منذ" in own
    assert "في انتظار التصحيح منذ" in staff


def test_a_trainee_is_told_that_late_answers_wait_for_a_person():
    cohort = quizzed_cohort(QuizPageFactory(questions=[single(), single("والثانية؟")], limit_minutes=30))
    attempt = closed_by_time(cohort, saved={0: 0}, late={1: 0})
    trainee = attempt.enrollment.person.user
    address = reverse("assessment:attempt", args=[attempt.public_id])

    waiting = read(trainee, address)
    leave_late_answers(
        attempt_id=attempt.pk, reason="بلا عذر", by=staff_member(RoleName.REGISTRAR, cohort.center)
    )
    decided = read(trainee, address)

    assert "يقرر فيها مسؤول في مركزك" in waiting
    assert "يقرر فيها مسؤول في مركزك" not in decided
