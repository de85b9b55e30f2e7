"""What trainees are told of marks of attendance that were corrected once they were final."""

import datetime as dt

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from accounts.enums import NoticeState
from accounts.models import SiteNotice
from courses.enums import AttendanceSource, AttendanceStatus
from courses.models import AttendanceNotice, AttendanceRecord, ClassSession, Enrollment, MarkObjection
from courses.services.attendance import amend_attendance, lock_attendance, record_attendance
from courses.services.attendance_notices import GATHERED_FOR, send_attendance_notices
from courses.services.mark_objections import answer_mark_objection, object_to_mark
from tests.factories.accounts import UserFactory
from tests.factories.courses import ClassSessionFactory, EnrollmentFactory, closed

PRESENT, LATE, ABSENT = AttendanceStatus.PRESENT, AttendanceStatus.LATE, AttendanceStatus.ABSENT
REASON = "خلط المدرب بين اسمين"


@pytest.fixture
def enrollment(db: None) -> Enrollment:
    enrollment = EnrollmentFactory()
    UserFactory(person=enrollment.person, email="salma@example.org")
    return enrollment


def absent(enrollment: Enrollment, days_ago: int = 1, *, is_locked: bool = True) -> AttendanceRecord:
    begun = timezone.now() - dt.timedelta(days=days_ago)
    session: ClassSession = ClassSessionFactory(
        cohort=enrollment.cohort,
        title=f"ورشة {days_ago}",
        starts_at=begun,
        ends_at=begun + dt.timedelta(hours=1),
    )
    record = record_attendance(
        session_id=session.pk,
        enrollment_id=enrollment.pk,
        status=ABSENT,
        minutes=0,
        source=AttendanceSource.INSTRUCTOR,
        by=UserFactory(),
    )
    if is_locked:
        lock_attendance(session_id=session.pk, by=UserFactory())
    return record


def correct(record: AttendanceRecord, status: AttendanceStatus, minutes: int) -> AttendanceRecord:
    return amend_attendance(
        record_id=record.pk, status=status, minutes=minutes, by=UserFactory(), reason=REASON
    )


def send_later() -> None:
    AttendanceNotice.objects.filter(state=NoticeState.WAITING).update(due_at=timezone.now())
    send_attendance_notices()


def test_one_letter_tells_of_all_corrected_marks_from_what_to_what_without_the_reason(enrollment: Enrollment):
    first, second = absent(enrollment, 2), absent(enrollment, 1)

    correct(second, PRESENT, 60)
    correct(first, LATE, 45)
    send_attendance_notices()
    assert mail.outbox == []
    send_later()

    (letter,) = mail.outbox
    lines = [line for line in letter.body.splitlines() if "ورشة" in line]
    assert [("ورشة 2" in line or "ورشة ٢" in line) for line in lines] == [True, False]
    assert all("غائب" in line or "غياب" in line for line in lines)
    assert "٤٥ دقيقة" in lines[0]
    assert reverse("courses:own_attendance", args=[enrollment.public_id]) in letter.body
    assert REASON not in letter.body
    assert SiteNotice.objects.filter(person=enrollment.person).count() == 2


def test_corrections_wait_for_each_other_at_most_half_an_hour(enrollment: Enrollment):
    first, second = absent(enrollment, 2), absent(enrollment, 1)

    correct(first, PRESENT, 60)
    AttendanceNotice.objects.update(due_at=timezone.now() + GATHERED_FOR / 2)
    correct(second, PRESENT, 60)

    assert len(set(AttendanceNotice.objects.values_list("due_at", flat=True))) == 1


def test_what_was_corrected_twice_is_told_once_and_what_was_corrected_back_is_not(enrollment: Enrollment):
    twice, back = absent(enrollment, 2), absent(enrollment, 1)

    correct(correct(twice, LATE, 30), PRESENT, 60)
    correct(correct(back, PRESENT, 60), ABSENT, 0)
    send_later()

    (notice,) = AttendanceNotice.objects.filter(state=NoticeState.SENT)
    assert (notice.before, notice.record.status) == (twice, PRESENT)
    assert len(mail.outbox) == 1


def objection_to(record: AttendanceRecord) -> MarkObjection:
    trainee = record.enrollment.person.user
    return object_to_mark(record_id=record.pk, by=trainee, reason="كنت هناك")


def test_a_granted_objection_is_told_at_once_with_its_answer_also_where_the_mark_is_as_it_was(
    enrollment: Enrollment,
):
    wrong = correct(correct(absent(enrollment), PRESENT, 60), ABSENT, 0)

    answer_mark_objection(
        objection_id=objection_to(wrong).pk,
        by=UserFactory(),
        is_granted=True,
        answer="توقيعك على\nالورقة",
        status=LATE,
        minutes=45,
    )
    correct(AttendanceRecord.objects.get(is_current=True), PRESENT, 60)
    send_attendance_notices()

    (letter,) = mail.outbox
    assert letter.subject == "قُبل اعتراضك على علامة حضور"
    assert "قُبل اعتراضك، وصارت العلامة «حضور مع تأخر، ٤٥ دقيقة». الرد: «توقيعك على الورقة»." in letter.body
    assert AttendanceNotice.objects.get(state=NoticeState.WAITING).before.status == LATE


def test_a_refused_objection_is_told_with_its_answer_and_the_mark_that_stays(enrollment: Enrollment):
    objection = objection_to(absent(enrollment))

    answer_mark_objection(objection_id=objection.pk, by=UserFactory(), is_granted=False, answer="لا دليل")
    send_attendance_notices()

    (letter,) = mail.outbox
    shown = SiteNotice.objects.get(person=enrollment.person)
    assert letter.subject == "رُفض اعتراضك على علامة حضور"
    for text in (letter.body, shown.body):
        assert "رُفض اعتراضك على العلامة «غياب». الرد: «لا دليل»." in text
    assert "هذه الصفحة" not in shown.body


def test_a_mark_is_told_of_only_once_it_is_final(enrollment: Enrollment):
    open_one = absent(enrollment, 2, is_locked=False)

    correct(open_one, PRESENT, 60)
    assert not AttendanceNotice.objects.exists()
    unlocked = absent(enrollment, 1, is_locked=False)
    closed(enrollment.cohort)
    correct(unlocked, PRESENT, 60)

    assert AttendanceNotice.objects.get().record.amends == unlocked
