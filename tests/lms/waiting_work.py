"""For each kind of work on the home page: makes a row that waits for a user, and returns the act after which it does not wait."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from accounts.enums import ContactKind, DocumentKind, RoleName
from accounts.models import Center, Consent, Contact, IdentityDocument, Person, RoleOffer, User
from accounts.services.consents import GUARDIAN
from accounts.services.data_requests import decide_data_request
from accounts.services.offers import decline_offer
from accounts.services.recoveries import refuse_password
from assessment.enums import KeyRule
from assessment.services.appeals import answer_appeal
from assessment.services.bank import publish_question, send_back_question, submit_question
from assessment.services.figures import keep_question
from assessment.services.late import leave_late_answers
from assessment.services.marks import Given, decide_mark
from assessment.services.touched import review_touched
from certificates.enums import CredentialKind, CredentialState, FeeFor, PaperState, Reason, Status
from certificates.models import Credential, CredentialType, Fee, LegacyPaper, Proposal, StatusEvent, Term
from certificates.services.deciding import reject
from courses.clauses import Clauses, Practice, Task
from courses.enums import (
    AttendanceStatus,
    CallBackOutcome,
    CohortState,
    ComplaintOutcome,
    EnrollmentState,
    SessionKind,
)
from courses.models import (
    AttendanceRecord,
    ClassSession,
    Cohort,
    CompletionRule,
    Eligibility,
    Enrollment,
    MarkObjection,
    Question,
    UnitProgress,
)
from courses.services.attendance import lock_attendance
from courses.services.call_backs import close_call_back
from courses.services.cohorts import start_cohort
from courses.services.complaints import answer_complaint
from courses.services.completion import confirm_completion, set_completion_rule
from courses.services.enrollments import give_seat_back
from courses.services.mark_objections import answer_mark_objection
from courses.services.practice import record_practical_result
from courses.services.question_moderation import report_post, settle_reports
from courses.services.questions import answer_as_staff
from courses.services.reviews import publish_reviewed
from jobs.enums import JobState
from live.enums import LiveState
from live.models import AttendanceObjection, LiveSession
from media_pipeline.enums import VideoState
from tests.factories import bank
from tests.factories.accounts import (
    CenterFactory,
    MembershipFactory,
    PasswordRecoveryFactory,
    PersonFactory,
    TraineeFactory,
    UserFactory,
    data_request_in,
    staff_member,
)
from tests.factories.appeals import appeal_in, left_for_days
from tests.factories.bank import digest_in, in_review, published_by_another
from tests.factories.call_backs import call_back_in
from tests.factories.certificate_fees import paid, proposed_with_fee
from tests.factories.certificates import (
    completed_enrollment,
    credential_in,
    delivery_of_the_ministry,
    issued_for,
    proposed,
)
from tests.factories.certificates_legacy import batch_in
from tests.factories.complaints import citizens_complaint
from tests.factories.courses import (
    ClassSessionFactory,
    CohortFactory,
    EnrollmentFactory,
    ProgramPageFactory,
    page_written_by,
    submitted,
)
from tests.factories.figures import figures_in
from tests.factories.jobs import put
from tests.factories.late import attempt_with_late_answers
from tests.factories.live import LiveSessionFactory
from tests.factories.marking import BEST, far_apart, marked, task_in
from tests.factories.media_pipeline import VideoFactory, published_video
from tests.factories.printed_certificates import collected, printed_in
from tests.factories.questions import learner as learner_of
from tests.factories.questions import question_in
from tests.factories.regrades import marked_attempt, officer, regraded
from tests.factories.security_paper import sheets_in

type Finish = Callable[[], object]
type Make = Callable[[Center, User], Finish]

# By the name of the kind: who has it, whether of the whole ministry only, and how a row is made.
CASES: dict[str, tuple[RoleName, bool, Make]] = {}
# Read, not worked off: they are gone by the time of day.
READ_ONLY = {"sensitive-acts", "decided", "live-ended", "live-next"}


def waits(name: str, role: RoleName, *, everywhere: bool = False) -> Callable[[Make], Make]:
    def register(make: Make) -> Make:
        CASES[name] = (role, everywhere, make)
        return make

    return register


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


def running(center: Center, **facts: Any) -> Cohort:
    cohort: Cohort = CohortFactory(center=center, state=CohortState.RUNNING, **facts)
    return cohort


def days(number: int) -> dt.timedelta:
    return dt.timedelta(days=number)


def learner(center: Center, **facts: Any) -> Person:
    """Somebody with a seat of whom everything is known but what `facts` says."""
    person: Person = PersonFactory(registered_at=center, **facts)
    EnrollmentFactory(person=person, cohort=CohortFactory(center=center))
    return person


def has_phone(person: Person) -> Contact:
    return Contact.objects.create(person=person, kind=ContactKind.PHONE, value=f"+2010{person.pk:08}")


def has_card(person: Person) -> IdentityDocument:
    return IdentityDocument.objects.create(
        person=person, kind=DocumentKind.NATIONAL_ID, number_hmac=f"{person.pk:064}", last4="1234"
    )


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


@waits("offered-roles", RoleName.ASSESSOR)
def offered_role(center: Center, user: User) -> Finish:
    offer = RoleOffer.objects.create(
        typed=user.username,
        user=user,
        role=RoleName.REGISTRAR,
        center=CenterFactory(),
        offered_by=UserFactory(),
        reason="b",
    )
    return lambda: decline_offer(offer_id=offer.pk, by=user)


@waits("password-requests", RoleName.REGISTRAR)
def password_request(center: Center, user: User) -> Finish:
    recovery = PasswordRecoveryFactory(center=center)
    PasswordRecoveryFactory(center=center, asked_by=user)
    return lambda: refuse_password(recovery_id=recovery.pk, by=user)


@waits("data-requests", RoleName.REGISTRAR)
def data_request(center: Center, user: User) -> Finish:
    request = data_request_in(center)
    return lambda: decide_data_request(request_id=request.pk, is_done=False, answer="لا", by=user)


@waits("duplicates", RoleName.REGISTRAR)
def duplicate(center: Center, user: User) -> Finish:
    first = PersonFactory(registered_at=center, birth_date=dt.date(1990, 1, 1))
    other = PersonFactory(
        registered_at=center, full_name_ar=first.full_name_ar, full_name_en=first.full_name_en
    )
    has_card(first)
    # Two cards are two people.
    return lambda: has_card(other)


@waits("center-licenses", RoleName.CENTER_MANAGER)
def license_ending(center: Center, user: User) -> Finish:
    def until(date: dt.date) -> None:
        Center.objects.filter(pk=center.pk).update(license_expires_on=date, license="L")

    until(timezone.localdate() + days(10))
    return lambda: until(timezone.localdate() + days(400))


@waits("conflicting-roles", RoleName.AUDITOR)
def conflicting_roles(center: Center, user: User) -> Finish:
    teacher = MembershipFactory(role=RoleName.INSTRUCTOR, center=center)
    MembershipFactory(user=teacher.user, role=RoleName.ASSESSOR, center=center)
    MembershipFactory(user=staff_member(RoleName.INSTRUCTOR), role=RoleName.REGISTRAR, center=center)
    return teacher.delete


@waits("today", RoleName.INSTRUCTOR)
def class_of_today(center: Center, user: User) -> Finish:
    # One after the other, within a second: an instructor gives one class at a time, and the day may end soon.
    begins = timezone.now() + dt.timedelta(milliseconds=10 * ClassSession.objects.count())
    facts = {"starts_at": begins, "ends_at": begins + dt.timedelta(milliseconds=5), "cohort": running(center)}
    session = ClassSessionFactory(instructor=user, **facts)
    ClassSessionFactory(**facts)
    return lambda: ClassSession.objects.filter(pk=session.pk).update(locked_at=begins)


@waits("exams-today", RoleName.INSTRUCTOR)
def exam_of_today(center: Center, user: User) -> Finish:
    facts = {"kind": SessionKind.EXAM, "starts_at": timezone.now(), "cohort": running(center)}
    session = ClassSessionFactory(**facts)
    session.cohort.instructors.add(user)
    ClassSessionFactory(**{**facts, "cohort": running(center)})
    return lambda: ClassSession.objects.filter(pk=session.pk).update(ends_at=timezone.now())


@waits("open-sheets", RoleName.REGISTRAR)
def open_sheet(center: Center, user: User) -> Finish:
    session = ClassSessionFactory(cohort=running(center), starts_at=timezone.now() - days(2))
    EnrollmentFactory(cohort=session.cohort)
    return lambda: lock_attendance(session_id=session.pk, by=user)


@waits("old-sheets", RoleName.AUDITOR)
def old_sheet(center: Center, user: User) -> Finish:
    session = ClassSessionFactory(cohort=running(center), starts_at=timezone.now() - days(9))
    EnrollmentFactory(cohort=session.cohort)
    return lambda: lock_attendance(session_id=session.pk, by=user)


@waits("drafts", RoleName.INSTRUCTOR)
def own_draft(center: Center, user: User) -> Finish:
    page = page_written_by(center)
    page.save_revision(user=user)
    return lambda: page.get_latest_revision().publish()


@waits("reviews", RoleName.CENTER_MANAGER)
def draft_to_review(center: Center, user: User) -> Finish:
    review = submitted(page_written_by(center), staff_member(RoleName.INSTRUCTOR, center))
    return lambda: publish_reviewed(review_id=review, by=user)


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


@waits("late-answers", RoleName.REGISTRAR)
def late_answers(center: Center, user: User) -> Finish:
    attempt = attempt_with_late_answers(center)
    return lambda: leave_late_answers(attempt_id=attempt.pk, reason="لم ينقطع الخط", by=user)


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


@waits("doubts", RoleName.CERTIFYING_OFFICER)
def doubtful(center: Center, user: User) -> Finish:
    enrollment = completed_enrollment(CohortFactory(center=center))
    met = enrollment.eligibilities.get()
    Eligibility.objects.create(
        enrollment=enrollment, rule=met.rule, met=False, evidence=met.evidence, evaluated_at=timezone.now()
    )
    return lambda: confirm_completion(enrollment_id=enrollment.pk, reason="صحيح", by=user)


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


@waits("without-phone", RoleName.REGISTRAR)
def without_phone(center: Center, user: User) -> Finish:
    person = learner(center)
    has_card(person)
    return lambda: has_phone(person)


@waits("without-document", RoleName.REGISTRAR)
def without_document(center: Center, user: User) -> Finish:
    person = learner(center)
    has_phone(person)
    return lambda: has_card(person)


@waits("without-guardian", RoleName.REGISTRAR)
def without_guardian(center: Center, user: User) -> Finish:
    person = learner(
        center,
        birth_date=timezone.localdate() - days(15 * 365),
        guardian=PersonFactory(registered_at=center),
    )
    has_phone(person)
    has_card(person)
    return lambda: Consent.objects.create(
        person=person, purpose=GUARDIAN, text_version="1", given_at=timezone.now(), given_by=user
    )


@waits("programs-without-rule", RoleName.MINISTRY_OFFICER, everywhere=True)
def program_without_rule(center: Center, user: User) -> Finish:
    program = ProgramPageFactory()
    return lambda: set_completion_rule(program_id=program.pk, by=user)


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
    return lambda: ClassSessionFactory(cohort=cohort)


@waits("proposals", RoleName.CERTIFYING_OFFICER)
def proposal(center: Center, user: User) -> Finish:
    waiting = proposed(CohortFactory(center=center))
    return lambda: reject(proposal_id=waiting.pk, reason="الاسم", by=user)


@waits("returned-proposals", RoleName.CENTER_MANAGER)
def returned_proposal(center: Center, user: User) -> Finish:
    returned = proposed(CohortFactory(center=center))
    reject(proposal_id=returned.pk, reason="الاسم", by=staff_member(RoleName.CERTIFYING_OFFICER, center))
    facts = {
        "type": returned.type,
        "center": center,
        "cohort": returned.cohort,
        "template": returned.template,
    }
    return lambda: Proposal.objects.create(**facts, proposed_by=user, proposed_at=timezone.now())


@waits("paper-low", RoleName.MINISTRY_OFFICER, everywhere=True)
def center_short_of_paper(center: Center, user: User) -> Finish:
    last = sheets_in(center).last
    return lambda: sheets_in(center, last + 1, last + settings.SECURITY_PAPER_LOW)


@waits("ready", RoleName.CENTER_MANAGER)
def ready(center: Center, user: User) -> Finish:
    cohort = CohortFactory(center=center)
    completed = completed_enrollment(cohort)
    return lambda: Enrollment.objects.filter(pk=completed.pk).update(
        state=EnrollmentState.FAILED, completed_at=None
    )


@waits("fees", RoleName.REGISTRAR)
def fee_not_received(center: Center, user: User) -> Finish:
    waiting = proposed_with_fee(center)
    return lambda: paid(waiting, f"{waiting.pk}", by=user)


@waits("not-collected", RoleName.REGISTRAR)
def not_collected(center: Center, user: User) -> Finish:
    printout = printed_in(center)
    return lambda: collected(printout)


@waits("drawings", RoleName.CERTIFYING_OFFICER)
def failed_drawing(center: Center, user: User) -> Finish:
    jobs = credential_in(center).render_jobs
    put(jobs, JobState.FAILED)
    return lambda: put(jobs, JobState.WAITING)


def paper_in(center: Center) -> QuerySet[LegacyPaper]:
    """Of an index of its own each time."""
    batch = batch_in(center, {"number": f"{LegacyPaper.objects.count() + 1}/98"})
    return LegacyPaper.objects.filter(batch=batch)


@waits("papers", RoleName.CERTIFYING_OFFICER)
def paper_to_compare(center: Center, user: User) -> Finish:
    rows = paper_in(center)
    rows.update(faults=[])
    return lambda: rows.update(state=PaperState.CHECKED, checked_by=user)


@waits("faulty-papers", RoleName.CENTER_MANAGER)
def paper_to_correct(center: Center, user: User) -> Finish:
    rows = paper_in(center)
    rows.update(state=PaperState.RETURNED)
    return lambda: rows.update(state=PaperState.TYPED, faults=[])


@waits("suspensions", RoleName.CERTIFYING_OFFICER)
def long_suspension(center: Center, user: User) -> Finish:
    credential = credential_in(center)

    def move(status: Status, state: CredentialState, *, days_ago: int) -> None:
        StatusEvent.objects.create(
            credential=credential,
            status=status,
            reason=Reason.UNDER_INVESTIGATION,
            by=user,
            at=timezone.now() - days(days_ago),
        )
        Credential.objects.filter(pk=credential.pk).update(state=state)

    move(Status.SUSPENDED, CredentialState.SUSPENDED, days_ago=31)
    return lambda: move(Status.REINSTATED, CredentialState.IN_FORCE, days_ago=0)


@waits("terms-unset", RoleName.MINISTRY_OFFICER, everywhere=True)
def license_without_term(center: Center, user: User) -> Finish:
    type_ = new_type(CredentialKind.LICENSE)
    return lambda: Term.objects.create(type=type_, months=36, since=timezone.localdate())


@waits("fees-unset", RoleName.MINISTRY_OFFICER, everywhere=True)
def kind_without_fee(center: Center, user: User) -> Finish:
    type_ = new_type(CredentialKind.ATTENDANCE)
    return lambda: Fee.objects.create(type=type_, due_for=FeeFor.ISSUE, amount=0, since=timezone.localdate())


def new_type(kind: CredentialKind) -> CredentialType:
    """The only one of which anything is left to set."""
    for type_ in CredentialType.objects.exclude(code__startswith="kind-"):
        free = {"type": type_, "due_for": FeeFor.ISSUE, "amount": 0, "since": dt.date(2020, 1, 1)}
        Fee.objects.get_or_create(**free)
        Term.objects.get_or_create(type=type_, since=dt.date(2020, 1, 1), defaults={"months": 36})
    number = CredentialType.objects.count()
    return CredentialType.objects.create(
        code=f"kind-{number}",
        kind=kind,
        name_ar="نوع",
        name_en="Kind",
        number_prefix=f"{'X' * (number - 4)}-",
    )


@waits("webhooks", RoleName.MINISTRY_OFFICER, everywhere=True)
def failed_message(center: Center, user: User) -> Finish:
    delivery = delivery_of_the_ministry(center)
    rows = type(delivery).objects.filter(pk=delivery.pk)
    return lambda: put(rows, JobState.WAITING)


@waits("objections", RoleName.INSTRUCTOR)
def objection(center: Center, user: User) -> Finish:
    own, of_colleague = running(center), running(center)
    own.instructors.add(user)
    made = [
        AttendanceObjection.objects.create(
            session=LiveSessionFactory(class_session__cohort=cohort),
            enrollment=EnrollmentFactory(),
            reason="كنت حاضرًا",
            made_by=UserFactory(),
            made_at=timezone.now(),
        )
        for cohort in (own, of_colleague)
    ]
    return lambda: AttendanceObjection.objects.filter(pk=made[0].pk).update(
        is_granted=True, answer="نعم", answered_by=user, answered_at=timezone.now()
    )


@waits("mark-objections", RoleName.INSTRUCTOR)
def objection_to_mark(center: Center, user: User) -> Finish:
    own, of_colleague = running(center), running(center)
    own.instructors.add(user)
    made = [
        MarkObjection.objects.create(
            record=AttendanceRecord.objects.create(
                session=ClassSessionFactory(cohort=cohort),
                enrollment=EnrollmentFactory(cohort=cohort),
                status=AttendanceStatus.ABSENT,
                recorded_at=timezone.now(),
            ),
            reason="كنت هناك",
            made_by=UserFactory(),
            made_at=timezone.now(),
        )
        for cohort in (own, of_colleague)
    ]
    return lambda: answer_mark_objection(objection_id=made[0].pk, by=user, is_granted=False, answer="لا دليل")


@waits("live-now", RoleName.INSPECTOR)
def live_now(center: Center, user: User) -> Finish:
    session = LiveSessionFactory(
        class_session__cohort=running(center), state=LiveState.OPEN, opened_at=timezone.now()
    )
    rows = LiveSession.objects.filter(pk=session.pk)
    return lambda: rows.update(state=LiveState.ENDED, ended_at=timezone.now())


@waits("failed-videos", RoleName.INSTRUCTOR)
def failed_video(center: Center, user: User) -> Finish:
    failed = VideoFactory(center=center, uploaded_by=user, state=VideoState.FAILED)
    VideoFactory(center=center, state=VideoState.FAILED)
    return lambda: type(failed).objects.filter(pk=failed.pk).update(state=VideoState.PROCESSING)


@waits("captions", RoleName.INSTRUCTOR)
def without_captions(center: Center, user: User) -> Finish:
    video = published_video(center=center, uploaded_by=user)
    published_video(center=center)
    return lambda: type(video).objects.filter(pk=video.pk).update(state=VideoState.PROCESSING)
