"""Open tasks of the demo: a test that the first trainee has begun, a call that she waits for, a password that was requested, a complaint,
an objection to a mark.
"""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import override

from accounts.enums import RoleName
from accounts.models import PasswordRecovery
from accounts.services.deputies import name_deputy
from accounts.services.last_errors import LastError
from accounts.services.phones import normalize_phone
from accounts.services.recoveries import ask_for_password
from assessment.models import Attempt, QuizPage
from assessment.queries.questions import stored_questions
from assessment.services.attempts import start_attempt
from assessment.services.saving import save_answers
from courses.enums import AttendanceStatus, CallHours, ComplaintChannel, ComplaintKind, SessionKind
from courses.models import AttendanceRecord, CallBack, Cohort, Complaint, LessonPage, MarkObjection
from courses.queries.complaints import known_number
from courses.queries.outline import unit_address
from courses.services.call_backs import Sent, ask_for_call
from courses.services.complaints import file_complaint
from courses.services.mark_objections import object_to_mark
from lms.demo.clock import at, moment
from lms.demo.names import roster
from lms.demo.people import DemoPeople, national_number

FORGETFUL = "trainee02"
CALLED = "01001234567"


@transaction.atomic
def build_pending_work(cast: DemoPeople, evening: Cohort) -> None:
    """Make each of them once; one that was closed in the demo stays closed."""
    _begin_test(cast, evening)
    _ask_for_call(cast, evening)
    _ask_for_password(cast)
    _name_deputy(cast)
    _complain(cast, evening)
    _object_to_mark(cast, evening)


def _begin_test(cast: DemoPeople, cohort: Cohort) -> None:
    """Last night the first trainee answered the first question of the test, and stopped."""
    enrollment = cohort.enrollments.get(person=cast.trainee.person_id)
    if Attempt.objects.filter(enrollment=enrollment).exists():
        return
    quiz = QuizPage.objects.descendant_of(cohort.program).earliest("path")
    with at(moment(-1, 21)):
        attempt = start_attempt(enrollment_id=enrollment.pk, unit_key=quiz.translation_key, by=cast.trainee)
        (first,) = stored_questions(attempt.versions[:1])
        right = next(option for option, weight in first.key["weights"].items() if weight == "1")
        save_answers(attempt_id=attempt.pk, responses={0: right})


def _ask_for_call(cast: DemoPeople, cohort: Cohort) -> None:
    """The first trainee asked two hours ago, from a lesson whose page had failed before."""
    if CallBack.objects.exists():
        return
    enrollment = cohort.enrollments.get(person=cast.trainee.person_id)
    lesson = LessonPage.objects.descendant_of(cohort.program).earliest("path")
    asked = timezone.now() - dt.timedelta(hours=2)
    with at(asked), override("ar"):
        ask_for_call(
            phone=normalize_phone(CALLED),
            hours=CallHours.AFTERNOON,
            text="الفيديو يتوقف بعد دقيقة",
            sent=Sent(
                page=unit_address(enrollment, lesson.translation_key),
                device="Chrome على Android",
                screen="360×640",
                connection="3g",
                saves_data=True,
                error=LastError(503, "4f2a91c0", "courses:unit", asked - dt.timedelta(minutes=5)),
            ),
            person=enrollment.person,
            center=cohort.center,
            by=cast.trainee,
        )


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


def _name_deputy(cast: DemoPeople) -> None:
    """The registrar is on leave this week; the assessor does the registrar's work, too."""
    registrar = cast.login(RoleName.REGISTRAR)
    lent = registrar.memberships.own().get(role=RoleName.REGISTRAR)
    if lent.lent_to.exists():
        return
    today = timezone.localdate()
    name_deputy(
        membership_id=lent.pk,
        user_id=cast.login(RoleName.ASSESSOR).pk,
        since=today,
        until=today + dt.timedelta(days=6),
        reason="إجازة سنوية",
        by=registrar,
    )


def _complain(cast: DemoPeople, cohort: Cohort) -> None:
    """The first trainee complained days ago. No one took it, so that it is with the ministry, too; not with who teaches there."""
    if Complaint.objects.exists():
        return
    person = cohort.enrollments.get(person=cast.trainee.person_id).person
    with at(moment(-6, 10)):
        file_complaint(
            kind=ComplaintKind.CLASS,
            channel=ComplaintChannel.LOGIN,
            text="جهاز القياس في الورشة لا يعمل منذ أسبوع، ولم نكمل تمرين القياس. نطلب إصلاحه أو استبداله.",
            name=person.name,
            phone=known_number(person, cast.trainee),
            language=person.language,
            person=person,
            cohort=cohort,
            by=cast.trainee,
        )


def _object_to_mark(cast: DemoPeople, cohort: Cohort) -> None:
    """A trainee who has a login was late in a workshop, and thinks otherwise two hours later."""
    if MarkObjection.objects.exists():
        return
    logins = {user.person_id: user for user in cast.trainee_logins.values()}
    late = AttendanceRecord.objects.filter(
        session__cohort=cohort,
        session__kind=SessionKind.WORKSHOP,
        status=AttendanceStatus.LATE,
        is_current=True,
        enrollment__person__in=logins,
    )
    mark = late.select_related("session", "enrollment").latest("session__ends_at", "pk")
    with at(mark.session.ends_at + dt.timedelta(hours=2)):
        object_to_mark(
            record_id=mark.pk,
            by=logins[mark.enrollment.person_id],
            reason="كنت في الورشة من البداية، وطلب مني المدرب إحضار الأدوات من المخزن.",
        )
