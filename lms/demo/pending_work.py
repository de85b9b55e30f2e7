"""Open tasks of the demo: a test that the first trainee has begun, and a password that was requested at the center."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from accounts.enums import RoleName
from accounts.models import PasswordRecovery
from accounts.services.recoveries import ask_for_password
from assessment.models import Attempt, QuizPage
from assessment.services import save_answers, start_attempt
from courses.models import Cohort
from lms.demo.clock import at, moment
from lms.demo.names import roster
from lms.demo.people import DemoPeople, national_number

FORGETFUL = "trainee02"


@transaction.atomic
def build_pending_work(cast: DemoPeople, evening: Cohort) -> None:
    """Make each of them once; one that was closed in the demo stays closed."""
    _begin_test(cast, evening)
    _ask_for_password(cast)


def _begin_test(cast: DemoPeople, cohort: Cohort) -> None:
    """Last night the first trainee answered the first question of the test, and stopped."""
    enrollment = cohort.enrollments.get(person=cast.trainee.person_id)
    if Attempt.objects.filter(enrollment=enrollment).exists():
        return
    quiz = QuizPage.objects.descendant_of(cohort.program).earliest("path")
    with at(moment(-1, 21)):
        attempt = start_attempt(enrollment_id=enrollment.pk, unit_key=quiz.translation_key, by=cast.trainee)
        first = attempt.questions[0]
        right = [option["id"] for option in first["options"] if option["is_right"]]
        save_answers(attempt_id=attempt.pk, responses={first["id"]: right[:1]})


def _ask_for_password(cast: DemoPeople) -> None:
    """The registrar asked an hour ago; the manager may give it. Only one is asked for in all."""
    if PasswordRecovery.objects.exists():
        return
    forgetful = next(entry for entry in roster(timezone.localdate()) if entry.login == FORGETFUL)
    with at(timezone.now() - dt.timedelta(hours=1)):
        ask_for_password(
            number=national_number(forgetful),
            center=cast.center,
            reason="نسي كلمة المرور وحضر بالبطاقة",
            by=cast.login(RoleName.REGISTRAR),
        )
