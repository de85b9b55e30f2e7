"""The page on which a trainee says by the code of the room: I am here, and the page that shows the code."""

import datetime as dt
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.enums import RoleName
from accounts.models import Center, User
from courses.enums import AttendanceSource
from courses.models import AttendanceCode, AttendanceRecord, ClassSession, Cohort
from courses.queries.attendance_codes import shown_code
from courses.services.attendance_codes import open_code_page
from courses.services.transfers import transfer
from tests.factories.accounts import MembershipFactory, TraineeFactory
from tests.factories.courses import ClassSessionFactory, CohortFactory, EnrollmentFactory


@pytest.fixture
def session(center: Center) -> ClassSession:
    now = timezone.now()
    return ClassSessionFactory(
        cohort=CohortFactory(center=center),
        starts_at=now - dt.timedelta(minutes=5),
        ends_at=now + dt.timedelta(hours=3),
    )


@pytest.fixture
def instructor(center: Center) -> User:
    user: User = MembershipFactory(role=RoleName.INSTRUCTOR, center=center).user
    return user


@pytest.fixture
def trainee(session: ClassSession) -> User:
    user: User = TraineeFactory()
    EnrollmentFactory(cohort=session.cohort, person=user.person)
    return user


@pytest.fixture
def code(session: ClassSession, instructor: User) -> AttendanceCode:
    return open_code_page(session_id=session.pk, by=instructor)


def page_of(session: ClassSession) -> str:
    return reverse("courses:check_in", args=[session.public_id])


def digits_of(code: AttendanceCode) -> str:
    return shown_code(code, code.session, timezone.now()).digits


def test_a_scanned_code_survives_the_login_and_marks_when_it_is_confirmed(
    client: Client, session: ClassSession, trainee: User, code: AttendanceCode
):
    scanned = client.get(page_of(session), {"code": digits_of(code)})
    asked = client.get(scanned.url)
    client.force_login(trainee)
    page = client.get(page_of(session)).content.decode()
    marked_by_looking = AttendanceRecord.objects.exists()
    client.post(page_of(session))

    assert asked.url.endswith(f"/login/?next={page_of(session)}")
    assert str(trainee.person) in page
    assert not marked_by_looking
    record = AttendanceRecord.objects.get()
    assert (record.enrollment.person, record.source) == (trainee.person, AttendanceSource.QR)
    assert "سُجّل حضورك" in client.get(page_of(session)).content.decode()


def test_a_scan_counts_by_the_time_of_the_scan_and_not_of_an_old_one(
    client: Client, session: ClassSession, trainee: User, code: AttendanceCode
):
    AttendanceCode.objects.update(opened_at=session.starts_at)
    earlier = shown_code(code, session, timezone.now() - dt.timedelta(minutes=2)).digits
    client.force_login(trainee)

    client.get(page_of(session), {"code": earlier})
    page = client.post(page_of(session)).content.decode()

    assert not AttendanceRecord.objects.exists()
    assert "لم يُسجَّل حضورك بعد" in page


def test_the_address_of_the_qr_code_leads_to_the_page_in_the_language_of_the_phone(
    client: Client, session: ClassSession, trainee: User, code: AttendanceCode
):
    client.force_login(trainee)
    scanned = urlsplit(shown_code(code, session, timezone.now()).address)

    page = client.get(f"{scanned.path}?{scanned.query}", headers={"Accept-Language": "en"}, follow=True)

    assert page.redirect_chain[-1][0] == f"/en/learning/attend/{session.public_id}/"
    assert page.context["scan"].code == digits_of(code)


def test_digits_are_typed_in_arabic_too(
    client: Client, session: ClassSession, trainee: User, code: AttendanceCode
):
    client.force_login(trainee)
    typed = digits_of(code).translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))

    client.post(page_of(session), {"digits": f"{typed[:3]} {typed[3:]}"})

    assert AttendanceRecord.objects.count() == 1


def test_my_learning_leads_to_the_page_while_the_code_is_open(
    client: Client, session: ClassSession, trainee: User, instructor: User
):
    client.force_login(trainee)
    before = page_of(session) in client.get("/ar/learning/").content.decode()
    open_code_page(session_id=session.pk, by=instructor)

    assert not before
    assert page_of(session) in client.get("/ar/learning/").content.decode()


def test_an_open_code_is_the_first_thing_on_my_learning_until_the_trainee_is_marked(
    client: Client, session: ClassSession, trainee: User, code: AttendanceCode
):
    later = EnrollmentFactory(person=trainee.person)
    client.force_login(trainee)

    before = client.get("/ar/learning/").content.decode()
    client.post(page_of(session), {"digits": digits_of(code)})
    after = client.get("/ar/learning/").content.decode()

    assert 0 < before.index(page_of(session)) < before.index(later.cohort.code)
    assert "data-check-in" in before
    assert "data-check-in" not in after


def test_the_code_page_reloads_itself_without_a_script_and_counts(
    client: Client, session: ClassSession, trainee: User, instructor: User
):
    client.force_login(instructor)
    address = reverse("classsession:code", args=[session.pk])
    client.post(address, {"late_after": "15"})
    code = AttendanceCode.objects.get()

    page = client.get(address)

    assert 1 <= int(page["Refresh"]) <= 10
    assert digits_of(code)[:3] in page.content.decode()
    assert (page.context["there"], page.context["expected"]) == (0, 1)
    assert "no-store" in page["Cache-Control"]


def test_the_sheet_says_what_came_by_code_and_closing_ends_it(
    client: Client, session: ClassSession, trainee: User, instructor: User, code: AttendanceCode
):
    phone = Client()
    phone.force_login(trainee)
    phone.post(page_of(session), {"digits": digits_of(code)})
    client.force_login(instructor)
    client.post(reverse("classsession:code", args=[session.pk]), {"close": "1"})

    assert "بالرمز" in client.get(reverse("classsession:attendance", args=[session.pk])).content.decode()
    assert AttendanceCode.objects.get().closed_at


@pytest.mark.parametrize(("trainees", "statements"), [(1, 11), (3, 11)])
def test_the_code_page_takes_as_many_statements_for_a_full_room(
    client: Client,
    session: ClassSession,
    instructor: User,
    code: AttendanceCode,
    trainees: int,
    statements: int,
    django_assert_num_queries,
):
    for _ in range(trainees):
        EnrollmentFactory(cohort=session.cohort)
    client.force_login(instructor)
    client.get(reverse("classsession:code", args=[session.pk]))

    with django_assert_num_queries(statements):
        client.get(reverse("classsession:code", args=[session.pk]))


def test_a_trainee_who_was_moved_to_another_cohort_is_told_so_and_an_outsider_nothing(
    client: Client, session: ClassSession, trainee: User, center: Center
):
    moved = trainee.person.enrollments.get()
    Cohort.objects.filter(pk=session.cohort_id).update(seats_taken=1)
    joined = CohortFactory(program=session.cohort.program, center=center)
    manager = MembershipFactory(role=RoleName.CENTER_MANAGER, center=center).user
    transfer(enrollment_id=moved.pk, to_cohort_id=joined.pk, reason="قرب السكن", by=manager)
    ClassSession.objects.filter(pk=session.pk).update(starts_at=timezone.now())
    neighbor, outsider = TraineeFactory(), TraineeFactory()
    EnrollmentFactory(cohort__center=center, person=neighbor.person)
    EnrollmentFactory(person=outsider.person)
    pages = {}
    for user in (trainee, neighbor, outsider):
        client.force_login(user)
        pages[user] = client.get(page_of(session))

    assert joined.code in pages[trainee].content.decode()
    assert "نُقلت إلى مجموعة أخرى" in pages[trainee].content.decode()
    assert "مقعدك في مجموعة أخرى" in pages[neighbor].content.decode()
    assert session.title not in pages[neighbor].content.decode()
    assert pages[outsider].status_code == 404
