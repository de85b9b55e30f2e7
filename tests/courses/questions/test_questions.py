"""Questions under lessons: who reads, writes and decides what, and what is refused."""

import datetime as dt

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from django.utils.translation import override
from pytest_django.fixtures import Settings

from accounts.enums import RoleName
from accounts.models import AuditEntry, Center, SiteNotice, User
from courses.enums import CohortState, ComplaintKind, EnrollmentState
from courses.models import Answer, Cohort, Enrollment, Holiday, Question, QuestionsWaitingNotice
from courses.queries.complaints import complaint_address
from courses.queries.questions import (
    overdue_questions,
    questions_of,
    readable_questions,
    shared_questions,
)
from courses.services import question_rules as rules
from courses.services.enrollments import withdraw
from courses.services.question_moderation import (
    accept_answer,
    hide_post,
    mute_trainee,
    report_post,
    restore_post,
    settle_reports,
    share_question,
    stop_sharing,
    unmute_trainee,
)
from courses.services.question_notices import (
    _letter_to_staff,
    note_waiting_questions,
    send_question_notices,
)
from courses.services.questions import (
    answer_as_staff,
    answer_as_trainee,
    change_answer,
    change_question,
    remove_question,
    settle_question,
)
from tests.factories.accounts import CenterFactory, UserFactory, staff_member
from tests.factories.courses import CohortFactory
from tests.factories.questions import learner, question_by, running_cohort, unit_of, user_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def cohort(center: Center) -> Cohort:
    return running_cohort(center)


@pytest.fixture
def asker(cohort: Cohort) -> Enrollment:
    return learner(cohort, email="mona@example.org")


@pytest.fixture
def colleague(cohort: Cohort) -> Enrollment:
    return learner(cohort, name="علي محمود سالم حسن")


@pytest.fixture
def instructor(cohort: Cohort, center: Center) -> User:
    user = staff_member(RoleName.INSTRUCTOR, center)
    cohort.instructors.add(user)
    return user


@pytest.fixture
def manager(center: Center) -> User:
    return staff_member(RoleName.CENTER_MANAGER, center)


def replied(question: Question, by: Enrollment, text: str = "لأن السلك ٢٫٥ مم.") -> Answer:
    return answer_as_trainee(question_id=question.pk, enrollment_id=by.pk, text=text)


def answered(
    question: Question, by: User, text: str = "راجع جدول الأحمال.", *, is_answer: bool = True
) -> Answer:
    return answer_as_staff(question_id=question.pk, text=text, is_answer=is_answer, by=by)


def waits(question: Question) -> bool:
    question.refresh_from_db()
    return question.waiting_since is not None


def age(row: Question | Answer, by: dt.timedelta) -> None:
    type(row)._default_manager.filter(pk=row.pk).update(at=timezone.now() - by)


def test_a_question_waits_until_an_instructor_answers_or_its_author_says_it_is_solved(
    asker: Enrollment, colleague: Enrollment, instructor: User
):
    question = question_by(asker)

    replied(question, colleague)
    after_colleague = waits(question)
    answered(question, instructor, is_answer=False)
    after_asking_back = waits(question)
    answered(question, instructor)
    after_answer = waits(question)
    settle_question(question_id=question.pk, enrollment_id=asker.pk, is_solved=False)
    after_not_yet = waits(question)
    settle_question(question_id=question.pk, enrollment_id=asker.pk, is_solved=True)

    assert (after_colleague, after_asking_back, after_answer, after_not_yet) == (True, True, False, True)
    assert not waits(question)


def test_its_author_is_told_of_answers_without_their_words_and_once(
    asker: Enrollment, colleague: Enrollment, instructor: User
):
    question = question_by(asker)
    reply = replied(question, colleague, "كلام خاص")
    send_question_notices()
    accept_answer(question_id=question.pk, answer_id=reply.pk, by=instructor)
    accept_answer(question_id=question.pk, answer_id=reply.pk, by=instructor)
    replied(question, asker, "شكرًا")

    send_question_notices()

    written = [letter.subject for letter in mail.outbox if letter.to == ["mona@example.org"]]
    assert written == [
        "كتب زميل لك ردًا على سؤالك في «توصيل المفاتيح»",
        "أجاب مدربك عن سؤالك في «توصيل المفاتيح»",
    ]
    assert all(question.cohort.code in notice.body for notice in asker.person.site_notices.all())
    assert not any("كلام خاص" in letter.body for letter in mail.outbox)
    assert str(question.public_id) in mail.outbox[0].body
    assert asker.person.site_notices.count() == 2


def test_what_was_hidden_and_who_left_meanwhile_is_not_told(
    cohort: Cohort, asker: Enrollment, colleague: Enrollment, instructor: User
):
    hidden = answered(question_by(asker), instructor)
    hide_post(question_id=hidden.question_id, answer_id=hidden.pk, reason="خطأ", by=instructor)
    answered(question_by(colleague), instructor)
    withdraw(enrollment_id=colleague.pk, reason="سفر", by=UserFactory())

    send_question_notices()

    assert not SiteNotice.objects.filter(person__in=[asker.person, colleague.person]).exists()


def test_the_name_of_a_question_may_be_kept_from_colleagues_and_is_known_to_staff(
    asker: Enrollment, colleague: Enrollment, instructor: User
):
    question = question_by(asker, is_anonymous=True)

    assert question in readable_questions(colleague, question.unit_key)
    assert questions_of(instructor, Question.objects.all()).get().person == asker.person


@pytest.mark.parametrize("text", ["", " \n\u202e ", "س" * 1001])
def test_empty_and_endless_words_are_refused(asker: Enrollment, text: str):
    with pytest.raises((rules.PostMissing, rules.PostTooLong)):
        question_by(asker, text)


def test_words_are_plain_text_without_marks_that_turn_them_around(asker: Enrollment):
    question = question_by(asker, "<b>ما\u202e هذا؟</b>\x00\r\nhttps://example.org")

    assert question.text == "<b>ما هذا؟</b>\nhttps://example.org"


def test_so_many_questions_wait_and_are_asked_in_a_day(asker: Enrollment, instructor: User):
    for _number in range(rules.MOST_WAITING):
        question_by(asker)
    with pytest.raises(rules.TooManyWaiting):
        question_by(asker)
    for question in Question.objects.all():
        answered(question, instructor)
    for _number in range(rules.QUESTIONS_A_DAY - rules.MOST_WAITING):
        question_by(asker)
    Question.objects.update(waiting_since=None)

    with pytest.raises(rules.TooManyToday):
        question_by(asker)
    Question.objects.update(at=timezone.now() - dt.timedelta(days=1, minutes=1))
    assert question_by(asker).pk


def test_words_are_changed_for_ten_minutes_and_as_long_as_no_one_reacted(
    asker: Enrollment, colleague: Enrollment, instructor: User
):
    facts = {"enrollment_id": asker.pk, "text": "سؤال آخر", "second": None, "by": user_of(asker)}
    question, old, reacted = question_by(asker), question_by(asker), question_by(asker)
    age(old, dt.timedelta(minutes=11))
    report_post(question_id=reacted.pk, answer_id=None, enrollment_id=colleague.pk, reason="سب")

    change_question(question_id=question.pk, **facts)

    question.refresh_from_db()
    assert question.text == "سؤال آخر"
    with pytest.raises(rules.TooLateToChange):
        change_question(question_id=old.pk, **facts)
    with pytest.raises(rules.HasReactions):
        change_question(question_id=reacted.pk, **facts)
    reply = replied(question, colleague)
    with pytest.raises(rules.HasReactions):
        change_question(question_id=question.pk, **facts)
    change_answer(answer_id=reply.pk, enrollment_id=colleague.pk, text="بل", by=user_of(colleague))
    accept_answer(question_id=question.pk, answer_id=reply.pk, by=instructor)
    with pytest.raises(rules.HasReactions):
        change_answer(answer_id=reply.pk, enrollment_id=colleague.pk, text="لا", by=user_of(colleague))
    assert AuditEntry.objects.filter(action="courses.question.change").count() == 1


def test_an_own_question_is_removed_as_long_as_no_one_reacted(asker: Enrollment, colleague: Enrollment):
    free, replied_to, reported = question_by(asker), question_by(asker), question_by(asker)
    replied(replied_to, colleague)
    report_post(question_id=reported.pk, answer_id=None, enrollment_id=colleague.pk, reason="سب")

    for question in (replied_to, reported):
        with pytest.raises(rules.HasReactions):
            remove_question(question_id=question.pk, enrollment_id=asker.pk, by=user_of(asker))
    with pytest.raises(rules.NotYourQuestion):
        remove_question(question_id=free.pk, enrollment_id=colleague.pk, by=user_of(colleague))
    remove_question(question_id=free.pk, enrollment_id=asker.pk, by=user_of(asker))

    assert set(Question.objects.all()) == {replied_to, reported}
    assert AuditEntry.objects.filter(action="courses.question.remove").count() == 1


def test_nothing_is_written_in_a_closed_cohort_nor_by_somebody_who_left(
    cohort: Cohort, asker: Enrollment, instructor: User
):
    question = question_by(asker)
    Cohort.objects.filter(pk=cohort.pk).update(state=CohortState.CLOSED)

    with pytest.raises(rules.QuestionsReadOnly):
        question_by(asker)
    with pytest.raises(rules.QuestionsReadOnly):
        answered(question, instructor)
    Enrollment.objects.filter(pk=asker.pk).update(state=EnrollmentState.WITHDRAWN, withdrawn_for="other")
    with pytest.raises(rules.NoLongerThere):
        question_by(asker)


def test_what_is_hidden_is_read_by_its_author_and_staff_and_comes_back(
    asker: Enrollment, colleague: Enrollment, instructor: User
):
    question = question_by(asker)
    report_post(question_id=question.pk, answer_id=None, enrollment_id=colleague.pk, reason="سب")

    hide_post(question_id=question.pk, answer_id=None, reason="كلام لا يليق", by=instructor)
    hidden_from = [question not in readable_questions(one, question.unit_key) for one in (asker, colleague)]
    with pytest.raises(rules.HasReactions):
        replied(question, asker)
    restore_post(question_id=question.pk, answer_id=None, by=instructor)

    assert hidden_from == [False, True]
    assert question in readable_questions(colleague, question.unit_key)
    assert waits(question)
    assert not question.reports.filter(settled_at=None).exists()
    assert set(
        AuditEntry.objects.filter(action__startswith="courses.question.").values_list("action", flat=True)
    ) == {
        "courses.question.hide",
        "courses.question.restore",
    }


def test_hiding_the_answer_makes_its_question_wait_again_and_ends_the_sharing(
    asker: Enrollment, instructor: User
):
    question = question_by(asker)
    answer = answered(question, instructor)
    share_question(question_id=question.pk, by=instructor)

    hide_post(question_id=question.pk, answer_id=answer.pk, reason="إجابة خاطئة", by=instructor)

    assert waits(question)
    assert (question.accepted, question.shared_at) == (None, None)


def test_who_is_reported_does_not_settle_it(
    asker: Enrollment, colleague: Enrollment, instructor: User, manager: User
):
    question = question_by(asker)
    answer = answered(question, instructor)
    report_post(question_id=question.pk, answer_id=answer.pk, enrollment_id=colleague.pk, reason="إهانة")
    again = report_post(
        question_id=question.pk, answer_id=answer.pk, enrollment_id=colleague.pk, reason="إهانة"
    )

    with pytest.raises(rules.ReportsOfOneself):
        settle_reports(question_id=question.pk, by=instructor)
    settle_reports(question_id=question.pk, by=manager)

    assert again is None
    assert question.reports.get().settled_by == manager


def test_a_muted_trainee_reads_and_does_not_write_up_to_the_day(
    cohort: Cohort, asker: Enrollment, colleague: Enrollment, instructor: User
):
    question = question_by(asker)
    today = timezone.localdate()
    facts = {"cohort_id": cohort.pk, "person_id": asker.person_id, "reason": "سب زميله", "by": instructor}

    with pytest.raises(rules.MutedInThePast):
        mute_trainee(until=today - dt.timedelta(days=1), **facts)
    muted = mute_trainee(until=today, **facts)
    with pytest.raises(rules.TraineeMuted):
        question_by(asker)
    with pytest.raises(rules.MutedAlready):
        mute_trainee(until=today, **facts)

    report_post(question_id=question.pk, answer_id=None, enrollment_id=asker.pk, reason="خطأ")
    assert question in readable_questions(asker, question.unit_key)
    unmute_trainee(cohort_id=cohort.pk, person_id=asker.person_id, by=instructor)
    assert question_by(asker).pk
    type(muted).objects.update(until=today - dt.timedelta(days=1), ended_at=None)
    assert mute_trainee(until=today, **facts).pk


def test_a_muted_trainee_is_told_until_when_why_and_where_to_complain_and_when_it_ends_before(
    cohort: Cohort, asker: Enrollment, colleague: Enrollment, instructor: User, client: Client
):
    today = timezone.localdate()
    for one in (asker, colleague):
        mute_trainee(
            cohort_id=cohort.pk, person_id=one.person_id, until=today, reason="كلمات جارحة", by=instructor
        )
    unmute_trainee(cohort_id=cohort.pk, person_id=colleague.person_id, by=instructor)
    send_question_notices()
    (told,) = SiteNotice.objects.all()
    client.force_login(user_of(asker))
    page = client.get(reverse("courses:unit_questions", args=[asker.public_id, unit_of(cohort)])).text

    unmute_trainee(cohort_id=cohort.pk, person_id=asker.person_id, by=instructor)
    send_question_notices()

    ended = SiteNotice.objects.exclude(pk=told.pk).get()
    complain = complaint_address(cohort, ComplaintKind.QUESTIONS)
    assert (told.person, ended.person) == (asker.person, asker.person)
    assert "لا يمكنك" in told.subject
    assert "كلمات جارحة" in told.body
    assert told.link.endswith(complain)
    assert "من جديد" in ended.subject
    assert str(instructor) not in told.body + ended.body + page
    assert f'href="{escape(complain)}"' in page
    assert "كلمات جارحة" in page


def test_other_cohorts_of_the_program_read_what_is_shared_and_nothing_else(
    cohort: Cohort, asker: Enrollment, instructor: User
):
    elsewhere = CohortFactory(program=cohort.program, content_version=cohort.content_version)
    reader, stranger = learner(elsewhere), learner(running_cohort(CenterFactory()))
    shared, kept = question_by(asker), question_by(asker)
    with pytest.raises(rules.NotToBeShared):
        share_question(question_id=shared.pk, by=instructor)
    answered(shared, instructor)
    answered(kept, instructor)

    share_question(question_id=shared.pk, by=instructor)
    unit = unit_of(cohort)

    assert list(shared_questions(reader, unit)) == [shared]
    assert list(shared_questions(asker, unit)) == []
    assert list(shared_questions(stranger, unit)) == []
    stop_sharing(question_id=shared.pk, by=instructor)
    assert list(shared_questions(reader, unit)) == []


@pytest.mark.parametrize("act", ["answer", "accept", "hide", "share", "mute"])
def test_staff_who_do_not_teach_there_decide_nothing(
    center: Center, asker: Enrollment, colleague: Enrollment, act: str
):
    question = question_by(asker)
    reply = replied(question, colleague)
    others = [
        staff_member(RoleName.INSTRUCTOR, center),
        staff_member(RoleName.REGISTRAR, center),
        staff_member(RoleName.CENTER_MANAGER, CenterFactory()),
    ]
    acts = {
        "answer": lambda by: answered(question, by),
        "accept": lambda by: accept_answer(question_id=question.pk, answer_id=reply.pk, by=by),
        "hide": lambda by: hide_post(question_id=question.pk, answer_id=None, reason="لا", by=by),
        "share": lambda by: share_question(question_id=question.pk, by=by),
        "mute": lambda by: mute_trainee(
            cohort_id=question.cohort_id,
            person_id=asker.person_id,
            until=timezone.localdate(),
            reason="لا",
            by=by,
        ),
    }

    for by in others:
        with pytest.raises(rules.NotYoursToAnswer):
            acts[act](by)


def test_the_manager_sees_what_has_waited_for_working_days_without_local_holidays(
    settings: Settings, cohort: Cohort, asker: Enrollment
):
    settings.QUESTION_DAYS = 1
    question = question_by(asker)
    today = timezone.localdate()
    # However the days of the week fall, one working day has passed within these.
    Question.objects.update(waiting_since=timezone.now() - dt.timedelta(days=5))
    late = list(overdue_questions(Question.objects.all()))
    Holiday.objects.bulk_create(
        Holiday(day=today - dt.timedelta(days=number), name_ar="عيد", governorate=cohort.center.governorate)
        for number in range(1, 7)
    )

    assert late == [question]
    assert list(overdue_questions(Question.objects.all())) == []


def test_an_instructor_is_told_once_on_the_morning_of_a_working_day(
    monkeypatch: pytest.MonkeyPatch, asker: Enrollment, instructor: User
):
    question_by(asker)
    today = timezone.localdate()
    # As `date.weekday` counts, Monday is 0.
    sunday = today + dt.timedelta(days=13 - today.weekday())
    morning = timezone.make_aware(dt.datetime.combine(sunday, dt.time(8)))
    friday, night = morning - dt.timedelta(days=2), morning - dt.timedelta(hours=2)
    written = []

    for now in (friday, night, morning, morning + dt.timedelta(hours=1)):
        monkeypatch.setattr(timezone, "now", lambda now=now: now)
        written.append(note_waiting_questions())

    assert written == [0, 0, 1, 0]
    assert QuestionsWaitingNotice.objects.get().user == instructor


def test_the_notice_says_of_one_question_since_when_it_waits_and_of_several_the_oldest(
    asker: Enrollment, instructor: User
):
    notice = QuestionsWaitingNotice(user=instructor, day=timezone.localdate())
    said = []

    with override("ar"):
        for _question in range(2):
            question_by(asker)
            said.append(_letter_to_staff([notice]).on_site)

    assert said[0].startswith("سؤال واحد من متدربيك ينتظر الإجابة. ينتظر منذ ")
    assert "ينتظران الإجابة. أقدمهما ينتظر منذ " in said[1]


# What the author of hidden words is told


def test_the_author_of_a_hidden_answer_is_told_the_reason_and_not_who_hid_it_and_when_it_is_shown_again(
    asker: Enrollment, colleague: Enrollment, instructor: User
):
    question = question_by(asker)
    answer = answer_as_trainee(question_id=question.pk, enrollment_id=colleague.pk, text="ارجع إلى الدرس")
    told = colleague.person.site_notices

    hide_post(question_id=question.pk, answer_id=answer.pk, reason="فيه رقم هاتف", by=instructor)
    send_question_notices()
    hidden = told.get()
    restore_post(question_id=question.pk, answer_id=answer.pk, by=instructor)
    send_question_notices()
    shown = told.first()

    assert "فيه رقم هاتف" in hidden.body
    assert str(instructor) not in hidden.body
    assert str(question.public_id) in hidden.link
    assert "من جديد" in shown.body
    assert told.count() == 2


def test_what_is_shown_again_before_its_author_was_told_is_not_told(asker: Enrollment, instructor: User):
    question = question_by(asker)
    hide_post(question_id=question.pk, answer_id=None, reason="خطأ", by=instructor)

    restore_post(question_id=question.pk, answer_id=None, by=instructor)
    send_question_notices()

    assert not asker.person.site_notices.exists()
