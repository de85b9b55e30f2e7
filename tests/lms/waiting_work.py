"""For each kind of work on the home page: makes a row that waits for a user, and returns the act after which it does not wait.

Those about people, certificates and classes are in modules of their own.
"""

import datetime as dt
from decimal import Decimal
from uuid import uuid4

from django.utils import timezone

from accounts.enums import RoleName
from accounts.models import Center, ContentOwner, User
from assessment.enums import KeyRule
from assessment.models import QuizPage
from assessment.services.appeals import answer_appeal
from assessment.services.bank import (
    publish_question,
    send_back_question,
    submit_question,
    withdraw_question,
)
from assessment.services.decisions import hold_result, release_result
from assessment.services.figures import keep_question
from assessment.services.late import leave_late_answers
from assessment.services.marks import Given, decide_mark
from assessment.services.regrades import start_regrade
from assessment.services.sittings import cancel_sitting
from assessment.services.touched import review_touched
from courses.clauses import Clauses, Practice, Task
from courses.enums import (
    AttendanceStatus,
    CallBackOutcome,
    CohortState,
    ComplaintOutcome,
    EnrollmentState,
    SessionKind,
)
from courses.models import ClassSession, Cohort, CompletionRule, Enrollment, Question, UnitProgress
from courses.services.call_backs import close_call_back
from courses.services.cohorts import start_cohort
from courses.services.complaints import answer_complaint
from courses.services.completion import set_completion_rule
from courses.services.enrollments import give_seat_back
from courses.services.facts import ask_for_correction, decide_correction
from courses.services.marks import correct_score
from courses.services.practice import record_practical_result
from courses.services.question_moderation import report_post, settle_reports
from courses.services.questions import answer_as_staff
from courses.services.reviews import publish_reviewed, take_offline
from tests.factories import bank
from tests.factories.accounts import MembershipFactory, TraineeFactory, UserFactory, staff_member
from tests.factories.appeals import appeal_in, left_for_days
from tests.factories.assessment import QuizPageFactory, quizzed_cohort
from tests.factories.bank import digest_in, in_review, published_by_another, published_in
from tests.factories.call_backs import call_back_in
from tests.factories.certificates import issued_for
from tests.factories.complaints import citizens_complaint
from tests.factories.courses import (
    ClassSessionFactory,
    CohortFactory,
    EnrollmentFactory,
    ProgramPageFactory,
    page_written_by,
    submitted,
)
from tests.factories.exams import planned_sitting, supervised_test
from tests.factories.figures import figures_in
from tests.factories.late import attempt_with_late_answers, unit_left_failed_in
from tests.factories.marking import BEST, far_apart, marked, task_in
from tests.factories.questions import learner as learner_of
from tests.factories.questions import question_in
from tests.factories.regrades import counted, marked_attempt, officer, regraded, taken
from tests.lms import waiting_certificates, waiting_classes  # noqa: F401 - they register theirs
from tests.lms.waiting_people import has_card, has_phone
from tests.lms.waiting_registry import Finish, days, running, waits


@waits("questions", RoleName.INSTRUCTOR)
def question_without_answer(center: Center, user: User) -> Finish:
    question = question_in(center)
    question.cohort.instructors.add(user)
    return lambda: answer_as_staff(question_id=question.pk, text="نعم", is_answer=True, by=user)


@waits("reported-questions", RoleName.INSTRUCTOR)
def reported_question(center: Center, user: User) -> Finish:
    question = question_in(center)
    question.cohort.instructors.add(user)
    colleague = learner_of(question.cohort)
    report_post(question_id=question.pk, answer_id=None, enrollment_id=colleague.pk, reason="إعلان")
    return lambda: settle_reports(question_id=question.pk, by=user)


@waits("overdue-questions", RoleName.CENTER_MANAGER)
def question_that_waits_for_days(center: Center, user: User) -> Finish:
    question = question_in(center)
    Question.objects.filter(pk=question.pk).update(waiting_since=timezone.now() - dt.timedelta(days=30))
    return lambda: answer_as_staff(question_id=question.pk, text="نعم", is_answer=True, by=user)


@waits("complaints", RoleName.CENTER_MANAGER)
def complaint(center: Center, user: User) -> Finish:
    complaint = citizens_complaint(center)

    return lambda: answer_complaint(
        complaint_id=complaint.pk, outcome=ComplaintOutcome.UPHELD, text="أصلحناه.", by=user
    )


@waits("calls", RoleName.REGISTRAR)
def call(center: Center, user: User) -> Finish:
    row = call_back_in(center)

    return lambda: close_call_back(call_back_id=row.pk, outcome=CallBackOutcome.SOLVED, note="", by=user)


@waits("exams-today", RoleName.INSTRUCTOR)
def exam_of_today(center: Center, user: User) -> Finish:
    facts = {"kind": SessionKind.EXAM, "starts_at": timezone.now(), "cohort": running(center)}
    session = ClassSessionFactory(**facts)
    session.cohort.instructors.add(user)
    ClassSessionFactory(**{**facts, "cohort": running(center)})
    return lambda: ClassSession.objects.filter(pk=session.pk).update(ends_at=timezone.now())


@waits("exams-not-ready", RoleName.CENTER_MANAGER)
def exam_without_questions(center: Center, user: User) -> Finish:
    facts = {"count": 1, "tags": [str(uuid4())], "difficulty": "", "points": 1}
    quiz = supervised_test(questions=[("draw", facts)])
    cohort = quizzed_cohort(quiz)
    Cohort.objects.filter(pk=cohort.pk).update(center=center)
    sitting = planned_sitting(cohort, quiz, venue=None)
    return lambda: cancel_sitting(sitting_id=sitting.pk, by=user)


@waits("drafts", RoleName.INSTRUCTOR)
def own_draft(center: Center, user: User) -> Finish:
    page = page_written_by(center)
    page.save_revision(user=user)
    return lambda: page.get_latest_revision().publish()


@waits("reviews", RoleName.CENTER_MANAGER)
def draft_to_review(center: Center, user: User) -> Finish:
    review = submitted(page_written_by(center), staff_member(RoleName.INSTRUCTOR, center))
    return lambda: publish_reviewed(review_id=review, by=user)


@waits("kept-offline", RoleName.CENTER_MANAGER)
def page_kept_offline(center: Center, user: User) -> Finish:
    page = page_written_by(center)
    ministry = staff_member(RoleName.MINISTRY_OFFICER)
    take_offline(page_id=page.pk, reason="رسم خطِر", by=ministry)
    review = submitted(page, staff_member(RoleName.INSTRUCTOR, center))
    return lambda: publish_reviewed(review_id=review, by=ministry)


@waits("bank-reviews", RoleName.CENTER_MANAGER)
def question_to_review(center: Center, user: User) -> Finish:
    question = in_review(center)
    return lambda: publish_question(question_id=question.pk, digest=digest_in(question), by=user)


@waits("appeals", RoleName.ASSESSOR)
def appeal(center: Center, user: User) -> Finish:
    row = appeal_in(center)
    return lambda: answer_appeal(appeal_id=row.pk, answer="الدرجة صحيحة.", by=user)


@waits("bank-sent-back", RoleName.INSTRUCTOR)
def question_sent_back(center: Center, user: User) -> Finish:
    question = in_review(center, by=user)
    manager = staff_member(RoleName.CENTER_MANAGER, center)
    send_back_question(question_id=question.pk, reason="الخيار الثالث ملتبس", by=manager)
    return lambda: submit_question(question_id=question.pk, by=user)


@waits("bank-drafts", RoleName.INSTRUCTOR)
def draft_of_a_question(center: Center, user: User) -> Finish:
    question = bank.question_in(center, by=user)
    return lambda: submit_question(question_id=question.pk, by=user)


@waits("bank-negative", RoleName.INSTRUCTOR)
def question_that_misleads(center: Center, user: User) -> Finish:
    question = published_by_another(center, user)
    figures_in(question, -0.2)
    return lambda: keep_question(question_id=question.pk, reason="الصياغة مقصودة", by=user)


@waits("units-left-failed", RoleName.ASSESSOR)
def unit_left_failed(center: Center, user: User) -> Finish:
    progress = unit_left_failed_in(center)
    return lambda: correct_score(
        enrollment_id=progress.enrollment_id,
        unit_key=progress.unit_key,
        score=Decimal(100),
        passed=True,
        reason="انقطع الاتصال",
        by=user,
    )


@waits("late-answers", RoleName.REGISTRAR)
def late_answers(center: Center, user: User) -> Finish:
    attempt = attempt_with_late_answers(center)
    return lambda: leave_late_answers(attempt_id=attempt.pk, reason="لم ينقطع الخط", by=user)


@waits("held-results", RoleName.REGISTRAR)
def held_result(center: Center, user: User) -> Finish:
    attempt = marked_attempt(center)
    hold_result(attempt_id=attempt.pk, reason="ورقة مطابقة", by=UserFactory())
    return lambda: release_result(attempt_id=attempt.pk, reason="لا دليل", by=user)


@waits("answers-to-mark", RoleName.ASSESSOR)
def answer_to_mark(center: Center, user: User) -> Finish:
    task = task_in(center)
    return lambda: marked(task, user)


@waits("marks-to-decide", RoleName.CENTER_MANAGER)
def marks_to_decide(center: Center, user: User) -> Finish:
    task = far_apart(center)
    return lambda: decide_mark(task_id=task.pk, given=Given(levels=BEST), by=user)


@waits("touched-certificates", RoleName.CERTIFYING_OFFICER)
def certificate_touched(center: Center, user: User) -> Finish:
    attempt = marked_attempt(center)
    issued_for(attempt.enrollment.cohort)
    regraded(attempt.versions[0], KeyRule.EVERYBODY, by=officer())
    return lambda: review_touched(enrollment_id=attempt.enrollment_id, reason="تبقى الشهادة", by=user)


@waits("regrades-to-start", RoleName.MINISTRY_OFFICER, everywhere=True)
def correction_of_a_key(center: Center, user: User) -> Finish:
    regrade = counted(marked_attempt(center).versions[0], KeyRule.EVERYBODY, by=officer())
    return lambda: start_regrade(regrade_id=regrade.pk, by=user)


@waits("keys-on-pages", RoleName.INSTRUCTOR)
def page_with_an_old_key(center: Center, user: User) -> Finish:
    attempt = marked_attempt(center)
    page = QuizPage.objects.get(translation_key=attempt.quiz_key)
    course = page.get_parent()
    ContentOwner.objects.get_or_create(
        translation_key=course.translation_key, defaults={"center": center, "given_by": user}
    )
    regraded(attempt.versions[0], KeyRule.EVERYBODY, by=officer())
    return page.unpublish


@waits("keys-in-bank", RoleName.INSTRUCTOR)
def question_with_an_old_key(center: Center, user: User) -> Finish:
    question = published_in(center)
    page = QuizPageFactory(questions=[("of_bank", {"question": question, "points": 1})])
    cohort = quizzed_cohort(page)
    Cohort.objects.filter(pk=cohort.pk).update(center=center)
    attempt = taken(Cohort.objects.get(pk=cohort.pk), (1,))
    regraded(attempt.versions[0], KeyRule.EVERYBODY, by=officer())
    return lambda: withdraw_question(question_id=question.pk, reason="خطأ", by=user)


@waits("without-marker", RoleName.CENTER_MANAGER)
def answer_without_marker(center: Center, user: User) -> Finish:
    task_in(center)
    return lambda: staff_member(RoleName.ASSESSOR, center)


@waits("without-marker-for-days", RoleName.MINISTRY_OFFICER, everywhere=True)
def appeal_without_assessor_for_days(center: Center, user: User) -> Finish:
    # The center has three days to find somebody.
    left_for_days(center, days=2)
    left_for_days(center)
    return lambda: staff_member(RoleName.ASSESSOR, center)


@waits("failed-tests", RoleName.INSTRUCTOR)
def failed_test(center: Center, user: User) -> Finish:
    cohort = running(center)
    cohort.instructors.add(user)
    now = timezone.now()
    facts = {"unit_key": cohort.public_id, "allowed_at": now, "opened_at": now, "updated_at": now}
    failed = UnitProgress.objects.create(enrollment=EnrollmentFactory(cohort=cohort), passed=False, **facts)
    UnitProgress.objects.create(enrollment=EnrollmentFactory(cohort=running(center)), passed=False, **facts)
    return lambda: UnitProgress.objects.filter(pk=failed.pk).update(passed=True)


@waits("marks", RoleName.ASSESSOR)
def work_to_mark(center: Center, user: User) -> Finish:
    now = timezone.now()
    enrollment = EnrollmentFactory(cohort=running(center))
    progress = UnitProgress.objects.create(
        enrollment=enrollment,
        unit_key=enrollment.public_id,
        awaits_mark_since=now,
        allowed_at=now,
        opened_at=now,
        updated_at=now,
    )
    return lambda: UnitProgress.objects.filter(pk=progress.pk).update(awaits_mark_since=None)


@waits("practice", RoleName.ASSESSOR)
def candidate(center: Center, user: User) -> Finish:
    asks = Clauses(practice=Practice(tasks=(Task("weld", {"ar": "لحام"}), Task("cut", {"ar": "قطع"}))))
    program = ProgramPageFactory()
    rule = CompletionRule.objects.create(program=program, version=1, clauses=asks.as_list())
    enrollment = EnrollmentFactory(cohort=running(center, program=program, completion_rule=rule))
    taught = running(center, program=program, completion_rule=rule)
    taught.instructors.add(user)
    EnrollmentFactory(cohort=taught)

    def assess(task: str, *, passed: bool) -> None:
        record_practical_result(enrollment_id=enrollment.pk, task_code=task, score=70, passed=passed, by=user)

    # Passed and then failed: the newest result counts.
    for task, passed in (("weld", True), ("weld", False), ("cut", True)):
        assess(task, passed=passed)
    return lambda: assess("weld", passed=True)


@waits("starting", RoleName.REGISTRAR)
def cohort_with_free_seats(center: Center, user: User) -> Finish:
    cohort = CohortFactory(center=center, starts_on=timezone.localdate() + days(3))
    return lambda: Cohort.objects.filter(pk=cohort.pk).update(seats_taken=cohort.seats)


@waits("to-start", RoleName.CENTER_MANAGER)
def cohort_to_start(center: Center, user: User) -> Finish:
    today = timezone.localdate()
    span = {"starts_on": today - days(1), "ends_on": today + days(30)}
    cohort = CohortFactory(center=center, **span)
    CohortFactory(center=center, **span | {"starts_on": today})
    return lambda: start_cohort(cohort_id=cohort.pk, by=user)


@waits("to-close", RoleName.CENTER_MANAGER)
def cohort_to_close(center: Center, user: User) -> Finish:
    cohort = running(center, starts_on=timezone.localdate() - days(40))
    return lambda: Cohort.objects.filter(pk=cohort.pk).update(state=CohortState.CLOSED)


@waits("low-attendance", RoleName.CENTER_MANAGER)
def low_attendance(center: Center, user: User) -> Finish:
    program = ProgramPageFactory()
    asks = Clauses(attendance=75).as_list()
    rule = CompletionRule.objects.create(program=program, version=1, clauses=asks)
    cohort = running(center, program=program, completion_rule=rule)
    facts = {"enrollment": EnrollmentFactory(cohort=cohort), "recorded_at": timezone.now()}
    # Nothing is known of the first, so that it says nothing.
    unrecorded, first, *others = (
        ClassSessionFactory(cohort=cohort, starts_at=timezone.now() - days(day)) for day in range(1, 6)
    )
    first.attendance.create(status=AttendanceStatus.ABSENT, **facts)
    assert not unrecorded.attendance.exists()
    return lambda: [session.attendance.create(status=AttendanceStatus.PRESENT, **facts) for session in others]


@waits("given-back", RoleName.REGISTRAR)
def seat_given_back(center: Center, user: User) -> Finish:
    trainee = TraineeFactory(person__registered_at=center)
    enrollment = EnrollmentFactory(person=trainee.person, cohort=CohortFactory(center=center, seats_taken=1))
    # Otherwise each of these would be on other lines of the registrar, too.
    has_phone(trainee.person)
    has_card(trainee.person)
    give_seat_back(enrollment_id=enrollment.pk, withdrawn_for="work", reason="", by=trainee)
    return lambda: Enrollment.objects.filter(pk=enrollment.pk).update(
        state=EnrollmentState.ACTIVE, withdrawn_for=""
    )


@waits("programs-without-rule", RoleName.MINISTRY_OFFICER, everywhere=True)
def program_without_rule(center: Center, user: User) -> Finish:
    program = ProgramPageFactory()
    return lambda: set_completion_rule(program_id=program.pk, by=user)


@waits("facts-to-decide", RoleName.MINISTRY_OFFICER, everywhere=True)
def facts_to_decide(center: Center, user: User) -> Finish:
    asked = ask_for_correction(
        cohort_id=CohortFactory(center=center).pk,
        facts={"level": 3},
        reason="خطأ في الصفحة المنشورة",
        by=staff_member(RoleName.MINISTRY_OFFICER),
    )
    return lambda: decide_correction(facts_id=asked.pk, is_accepted=False, by=user)


@waits("new-centers", RoleName.MINISTRY_OFFICER, everywhere=True)
def new_center(center: Center, user: User) -> Finish:
    # The center of the other officer waits, too.
    Center.objects.filter(memberships__role=RoleName.MINISTRY_OFFICER).update(is_active=False)
    MembershipFactory(role=RoleName.CENTER_MANAGER, center=center)
    facts = {"phone": "096 255 0101", "address": "أمام مركز الشباب", "license": "Q-7"}
    expires_on = timezone.localdate() + days(400)
    return lambda: Center.objects.filter(pk=center.pk).update(license_expires_on=expires_on, **facts)


@waits("idle-centers", RoleName.MINISTRY_OFFICER, everywhere=True)
def idle_center(center: Center, user: User) -> Finish:
    cohort = running(center)
    CompletionRule.objects.create(program=cohort.program, version=1, clauses=[])
    # The class that the factory makes began an hour ago: on the first hour of a Saturday, last week.
    return lambda: ClassSessionFactory(cohort=cohort, starts_at=timezone.now())
