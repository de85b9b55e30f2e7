"""What trainees read of their own attendance, and their objections to marks."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.enums import NoticeState, RoleName
from accounts.models import User
from courses.enums import AttendanceNoticeKind, AttendanceSource, AttendanceStatus, SessionKind
from courses.errors import (
    MarkNotBetter,
    MarkNotYours,
    MarkObjectionAnswered,
    MarkObjectionMade,
    MarkObjectionTermOver,
    MarkObjectionWaiting,
    MarkOfLiveClass,
    MarkReplaced,
)
from courses.models import AttendanceNotice, AttendanceRecord, ClassSession, Enrollment, MarkObjection
from courses.services.attendance import amend_attendance
from courses.services.mark_objections import answer_mark_objection, object_to_mark
from tests.factories.accounts import TraineeFactory, UserFactory, staff_member
from tests.factories.courses import ClassSessionFactory, EnrollmentFactory

PRESENT, LATE = AttendanceStatus.PRESENT, AttendanceStatus.LATE
EXCUSED, ABSENT = AttendanceStatus.EXCUSED, AttendanceStatus.ABSENT
STATEMENTS = 11


@pytest.fixture
def enrollment(db: None) -> Enrollment:
    return EnrollmentFactory()


@pytest.fixture
def trainee(enrollment: Enrollment) -> User:
    return TraineeFactory(person=enrollment.person)


def held(enrollment: Enrollment, *, days_ago: int = 1, **facts: object) -> ClassSession:
    begun = timezone.now() - dt.timedelta(days=days_ago)
    return ClassSessionFactory(
        cohort=enrollment.cohort,
        title=f"ورشة اليوم {days_ago}",
        starts_at=begun,
        ends_at=begun + dt.timedelta(hours=2),
        **facts,
    )


def marked(
    enrollment: Enrollment,
    *,
    days_ago: int = 1,
    as_: tuple[AttendanceStatus, int] = (ABSENT, 0),
    **facts: object,
) -> AttendanceRecord:
    session = held(enrollment, days_ago=days_ago, **facts)
    record = AttendanceRecord.objects.create(
        session=session,
        enrollment=enrollment,
        status=as_[0],
        minutes=as_[1],
        source=AttendanceSource.INSTRUCTOR,
        recorded_by=UserFactory(),
        recorded_at=session.ends_at,
    )
    ClassSession.objects.filter(pk=session.pk).update(locked_at=timezone.now())
    return record


def granted(objection: MarkObjection, status: AttendanceStatus, minutes: int) -> MarkObjection:
    return answer_mark_objection(
        objection_id=objection.pk,
        by=UserFactory(),
        is_granted=True,
        answer="توقيعك على الورقة",
        status=status,
        minutes=minutes,
    )


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page_of(enrollment: Enrollment) -> str:
    return reverse("courses:own_attendance", args=[enrollment.public_id])


@pytest.mark.parametrize("sessions", [1, 3])
def test_the_page_lists_each_session_with_its_mark_in_constant_statements(
    enrollment: Enrollment, trainee: User, sessions: int, django_assert_num_queries
):
    for number in range(sessions):
        record = marked(enrollment, days_ago=number + 1)
        corrected = amend_attendance(
            record_id=record.pk, status=PRESENT, minutes=90, by=UserFactory(), reason="خطأ"
        )
        object_to_mark(record_id=corrected.pk, by=trainee, reason="كنت هناك ساعتين")
    client = client_of(trainee)
    client.get(page_of(enrollment))

    with django_assert_num_queries(STATEMENTS):
        page = client.get(page_of(enrollment)).text

    assert page.count("ورشة اليوم") == sessions
    assert page.count("٩٠ دقيقة") == sessions
    assert page.count("صُحِّحت في") == sessions


def test_a_page_says_what_is_not_marked_and_leaves_out_what_is_to_come(enrollment: Enrollment, trainee: User):
    held(enrollment)
    later = timezone.now() + dt.timedelta(days=1)
    ClassSessionFactory(
        cohort=enrollment.cohort, title="غدًا", starts_at=later, ends_at=later + dt.timedelta(hours=1)
    )

    page = client_of(trainee).get(page_of(enrollment)).text

    assert "ورشة اليوم" in page
    assert "لا علامة بعد" in page
    assert "غدًا" not in page


def test_an_objection_to_a_mark_that_was_replaced_names_that_mark(enrollment: Enrollment, trainee: User):
    record = marked(enrollment, as_=(PRESENT, 110))
    object_to_mark(record_id=record.pk, by=trainee, reason="كنت هناك ساعتين")
    client = client_of(trainee)
    before = client.get(page_of(enrollment)).text

    amend_attendance(record_id=record.pk, status=ABSENT, minutes=0, by=UserFactory(), reason="خطأ")
    after = client.get(page_of(enrollment)).text

    assert "العلامة السابقة" not in before
    assert "اعتراضك على العلامة السابقة (حضور، ١١٠ دقائق):" in after


@pytest.mark.parametrize(("last", "shown"), [((PRESENT, 120), ""), ((LATE, 90), "حضور، ١٢٠ دقيقة")])
def test_what_was_corrected_several_times_is_told_from_its_first_mark_or_not_at_all(
    enrollment: Enrollment, trainee: User, last: tuple[AttendanceStatus, int], shown: str
):
    record = marked(enrollment, as_=(PRESENT, 120))
    for status, minutes in ((LATE, 60), (ABSENT, 0), last):
        record = amend_attendance(
            record_id=record.pk, status=status, minutes=minutes, by=UserFactory(), reason="خطأ"
        )

    page = client_of(trainee).get(page_of(enrollment)).text

    assert ("صُحِّحت في" in page) is bool(shown)
    assert f"وكانت: {shown}" in page or not shown


def test_an_objection_without_a_reason_opens_its_box_again_with_the_error(
    enrollment: Enrollment, trainee: User
):
    other, record = marked(enrollment, days_ago=2), marked(enrollment)

    page = client_of(trainee).post(page_of(enrollment), {"mark": record.pk, "reason": "   "}).text

    assert page.count('<details class="course" open>') == 1
    opened = page.split('<details class="course" open>')[1].split("</details>")[0]
    assert f'value="{record.pk}"' in opened
    assert "اكتب السبب." in opened
    assert f'value="{other.pk}"' in page


def test_others_find_no_page(enrollment: Enrollment):
    assert client_of(TraineeFactory()).get(page_of(enrollment)).status_code == 404
    assert Client().get(page_of(enrollment)).status_code == 302


def test_a_trainee_objects_on_the_page_and_staff_correct_the_mark(enrollment: Enrollment, trainee: User):
    record = marked(enrollment)
    instructor = staff_member(RoleName.INSTRUCTOR, enrollment.cohort.center)
    enrollment.cohort.instructors.add(instructor)
    client, staff = client_of(trainee), client_of(instructor)

    client.post(page_of(enrollment), {"mark": record.pk, "reason": "كنت أوقع الورقة"})
    objections = reverse("classsession:objections", args=[record.session_id])
    assert objections in staff.get(reverse("classsession:attendance", args=[record.session_id])).text
    assert "كنت أوقع الورقة" in staff.get(objections).text
    objection = MarkObjection.objects.get()
    typed = {
        "objection": objection.pk,
        "decision": "grant",
        "status": "present",
        "minutes": 120,
        "answer": "توقيعك على الورقة",
    }
    answered = staff.post(objections, typed)

    assert answered.status_code == 302
    current = AttendanceRecord.objects.get(is_current=True)
    assert (current.status, current.minutes, current.reason) == (PRESENT, 120, "توقيعك على الورقة")
    told = AttendanceNotice.objects.get(state=NoticeState.WAITING)
    assert (told.kind, told.record) == (AttendanceNoticeKind.GRANTED, current)
    assert "توقيعك على الورقة" in client.get(page_of(enrollment)).text


def test_a_refusal_leaves_the_mark_and_is_told(enrollment: Enrollment, trainee: User):
    record = marked(enrollment)
    objection = object_to_mark(record_id=record.pk, by=trainee, reason="كنت هناك")

    answer_mark_objection(objection_id=objection.pk, by=UserFactory(), is_granted=False, answer="لا دليل")

    record.refresh_from_db()
    assert record.is_current
    assert AttendanceNotice.objects.get().kind == AttendanceNoticeKind.REFUSED
    with pytest.raises(MarkObjectionAnswered):
        answer_mark_objection(objection_id=objection.pk, by=UserFactory(), is_granted=False, answer="لا")


@pytest.mark.parametrize(
    ("marked_as", "granted_as", "is_better"),
    [
        ((ABSENT, 0), (ABSENT, 0), False),
        ((ABSENT, 0), (EXCUSED, 0), True),
        ((EXCUSED, 0), (LATE, 10), True),
        ((LATE, 60), (LATE, 50), False),
        ((LATE, 60), (PRESENT, 60), True),
        ((LATE, 60), (EXCUSED, 0), False),
        ((PRESENT, 120), (ABSENT, 0), False),
        ((PRESENT, 120), (PRESENT, 120), False),
    ],
)
def test_a_granted_objection_sets_a_better_mark(
    enrollment: Enrollment,
    trainee: User,
    marked_as: tuple[AttendanceStatus, int],
    granted_as: tuple[AttendanceStatus, int],
    is_better: bool,
):
    record = marked(enrollment, as_=marked_as)
    objection = object_to_mark(record_id=record.pk, by=trainee, reason="ليست صحيحة")

    if is_better:
        granted(objection, *granted_as)
    else:
        with pytest.raises(MarkNotBetter):
            granted(objection, *granted_as)

    current = AttendanceRecord.objects.get(is_current=True)
    assert (current.status, current.minutes) == (granted_as if is_better else marked_as)
    objection.refresh_from_db()
    assert objection.is_granted is (True if is_better else None)


def test_an_objection_whose_mark_was_corrected_meanwhile_is_granted_with_that_mark_or_a_better_one(
    enrollment: Enrollment, trainee: User
):
    record = marked(enrollment)
    objection = object_to_mark(record_id=record.pk, by=trainee, reason="كنت هناك")
    corrected = amend_attendance(record_id=record.pk, status=LATE, minutes=90, by=UserFactory(), reason="خطأ")

    with pytest.raises(MarkNotBetter):
        granted(objection, LATE, 30)
    granted(objection, LATE, 90)

    assert AttendanceRecord.objects.get(is_current=True) == corrected


def test_who_answers_second_reads_who_answered_what_and_keeps_the_own_words(
    enrollment: Enrollment, trainee: User
):
    record = marked(enrollment, as_=(LATE, 90))
    objection = object_to_mark(record_id=record.pk, by=trainee, reason="كنت هناك")
    instructor = staff_member(RoleName.INSTRUCTOR, enrollment.cohort.center)
    enrollment.cohort.instructors.add(instructor)
    first = UserFactory()
    answer_mark_objection(objection_id=objection.pk, by=first, is_granted=False, answer="لا دليل")

    page = client_of(instructor).post(
        reverse("classsession:objections", args=[record.session_id]),
        {"objection": objection.pk, "decision": "refuse", "answer": "لا توقيع في الكشف"},
    )

    assert str(first) in page.text
    assert "رُفض، «لا دليل»" in page.text
    assert "لا توقيع في الكشف" in page.text
    assert "حضور مع تأخر، 90 دقيقة" in page.text


def test_one_objects_once_to_a_mark_for_seven_days_and_again_once_it_was_corrected(
    enrollment: Enrollment, trainee: User
):
    old, record = marked(enrollment, days_ago=9), marked(enrollment)
    first = object_to_mark(record_id=record.pk, by=trainee, reason="كنت هناك")

    with pytest.raises(MarkObjectionWaiting):
        object_to_mark(record_id=record.pk, by=trainee, reason="كنت هناك")
    with pytest.raises(MarkObjectionTermOver):
        object_to_mark(record_id=old.pk, by=trainee, reason="كنت هناك")
    answer_mark_objection(objection_id=first.pk, by=UserFactory(), is_granted=False, answer="لا دليل")
    with pytest.raises(MarkObjectionMade):
        object_to_mark(record_id=record.pk, by=trainee, reason="كنت هناك")
    for mark in (record, old):
        changed = amend_attendance(
            record_id=mark.pk, status=PRESENT, minutes=5, by=UserFactory(), reason="خطأ"
        )
        with pytest.raises(MarkReplaced):
            object_to_mark(record_id=mark.pk, by=trainee, reason="كنت هناك")
        object_to_mark(record_id=changed.pk, by=trainee, reason="كنت هناك ساعتين")


def test_no_one_objects_for_others_answers_the_own_objection_or_objects_here_to_a_live_class(
    enrollment: Enrollment, trainee: User
):
    record, live = marked(enrollment), marked(enrollment, days_ago=2, kind=SessionKind.LIVE)

    with pytest.raises(MarkNotYours):
        object_to_mark(record_id=record.pk, by=TraineeFactory(), reason="كنت هناك")
    with pytest.raises(MarkOfLiveClass):
        object_to_mark(record_id=live.pk, by=trainee, reason="كنت هناك")
    objection = object_to_mark(record_id=record.pk, by=trainee, reason="كنت هناك")
    with pytest.raises(MarkNotYours):
        answer_mark_objection(objection_id=objection.pk, by=trainee, is_granted=False, answer="لا")
