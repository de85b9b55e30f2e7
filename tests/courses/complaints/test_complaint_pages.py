"""What citizens and staff do with complaints on pages."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.enums import RoleName
from accounts.models import Center, User
from courses.enums import ComplaintChannel, ComplaintKind, ComplaintOutcome, ComplaintState
from courses.models import Complaint, Enrollment
from courses.queries.complaints import complaint_address
from courses.references import new_reference
from courses.services.complaints import answer_complaint, ask_citizen
from courses.services.question_moderation import mute_trainee
from tests.factories.accounts import TraineeFactory, staff_member
from tests.factories.complaints import PHONE, citizens_complaint, complaint_of
from tests.factories.courses import CohortFactory, EnrollmentFactory

FIND = "courses:find_complaint"


@pytest.fixture
def manager(center: Center) -> User:
    return staff_member(RoleName.CENTER_MANAGER, center)


@pytest.fixture
def enrollment(center: Center) -> Enrollment:
    return EnrollmentFactory(cohort__center=center, person__registered_at=center)


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def found_by(client: Client, reference: str, phone: str = PHONE) -> Any:
    return client.post(reverse(FIND), {"reference": reference, "phone": phone})


def test_a_visitor_complains_and_reads_it_in_this_browser_only(client: Client, center: Center):
    typed = {
        "kind": "center",
        "center": center.pk,
        "text": "الورشة مغلقة\u202e منذ أسبوع",
        "name": "سعاد محمود",
        "phone": "٠١٠٠١٢٣٤٥٦٧",
    }

    answer = client.post(reverse("courses:complain"), typed)

    complaint = Complaint.objects.get()
    assert answer.url == reverse("courses:complaint", args=[complaint.reference])
    assert (complaint.channel, complaint.phone, complaint.person) == (ComplaintChannel.PUBLIC, PHONE, None)
    assert complaint.text == "الورشة مغلقة منذ أسبوع"
    assert str(complaint) in client.get(answer.url).content.decode()
    assert Client().get(answer.url).status_code == 404


def test_a_trainee_complains_about_the_own_cohort_and_finds_it_again(enrollment: Enrollment):
    instructor = staff_member(RoleName.INSTRUCTOR, enrollment.cohort.center)
    client = logged_in(TraineeFactory(person=enrollment.person))
    typed = {
        "kind": ComplaintKind.STAFF,
        "cohort": enrollment.cohort_id,
        "staff": instructor.pk,
        "text": "تأخر كل يوم",
        "phone": "01001234567",
    }

    client.post(reverse("courses:complain"), typed)

    complaint = Complaint.objects.get()
    assert (complaint.person, complaint.staff, complaint.center) == (
        enrollment.person,
        instructor,
        enrollment.cohort.center,
    )
    assert str(complaint) in client.get(reverse("courses:complain")).content.decode()


def test_the_link_of_a_notice_chooses_what_it_is_about_and_the_own_cohort_only(enrollment: Enrollment):
    client = logged_in(TraineeFactory(person=enrollment.person))
    EnrollmentFactory(person=enrollment.person)

    own = client.get(complaint_address(enrollment.cohort, ComplaintKind.QUESTIONS)).context["form"]
    other = client.get(complaint_address(CohortFactory(), ComplaintKind.CLASS)).context["form"]
    wrong = client.get(f"{reverse('courses:complain')}?kind=x&cohort=x").context["form"]

    assert (own["kind"].value(), own["cohort"].value()) == (ComplaintKind.QUESTIONS, enrollment.cohort_id)
    assert (other["kind"].value(), other["cohort"].value()) == (ComplaintKind.CLASS, None)
    assert (wrong["kind"].value(), wrong["cohort"].value()) == (None, None)


def test_no_one_complains_about_a_cohort_of_others_or_without_a_place(enrollment: Enrollment):
    client = logged_in(TraineeFactory(person=enrollment.person))
    EnrollmentFactory(person=enrollment.person)
    typed = {"kind": ComplaintKind.CLASS, "text": "x", "phone": "01001234567"}

    fields = client.get(reverse("courses:complain")).context["form"].fields
    assert [name for name in fields if getattr(fields[name], "is_needed_with_others", False)] == [
        "cohort",
        "center",
    ]
    for place in ({}, {"cohort": CohortFactory().pk}, {"center": CohortFactory().center_id}):
        assert client.post(reverse("courses:complain"), typed | place).status_code == 200

    assert not Complaint.objects.exists()


def test_a_place_that_goes_without_saying_is_not_asked_for(enrollment: Enrollment):
    instructor = staff_member(RoleName.INSTRUCTOR, enrollment.cohort.center)
    trainee = TraineeFactory(person=enrollment.person, phone="+201001234567")
    client = logged_in(trainee)
    typed = {"kind": ComplaintKind.STAFF, "staff": instructor.pk, "text": "x"}
    proposed = client.get(reverse("courses:complain")).context["form"]["phone"].value()

    client.post(reverse("courses:complain"), {**typed, "phone": proposed, "staff": ""})
    EnrollmentFactory(person=enrollment.person)
    client.post(reverse("courses:complain"), {**typed, "phone": proposed})

    assert [one.center for one in Complaint.objects.all()] == [enrollment.cohort.center] * 2
    assert {one.phone for one in Complaint.objects.all()} == {"+201001234567"}


def test_above_the_ministry_there_is_no_page_to_hand_it_over(enrollment: Enrollment):
    officer = staff_member(RoleName.MINISTRY_OFFICER)
    complaint = complaint_of(enrollment)
    client = logged_in(officer)
    page = reverse("complaints:hand_over", args=[complaint.pk])
    opened = client.get(page).status_code

    client.post(page, {"level": "3", "reason": "x"})

    assert opened == 200
    assert [client.get(page).status_code, client.post(page).status_code] == [404, 404]


def test_a_wrong_try_tells_nothing(center: Center):
    complaint = citizens_complaint(center)
    unknown = found_by(Client(), new_reference())

    wrong = found_by(Client(), complaint.reference, "01112345678")

    assert wrong.status_code == unknown.status_code == 200
    assert complaint.name not in wrong.content.decode()
    assert str(wrong.context["form"].errors) == str(unknown.context["form"].errors)


def test_the_right_number_opens_it_and_guessing_is_stopped(client: Client, center: Center):
    complaint = citizens_complaint(center)

    opened = [found_by(client, str(complaint)).status_code for _try in range(7)]
    wrong = [found_by(Client(), str(complaint), f"0111234567{end}").status_code for end in range(7)]

    assert opened == [302] * 7
    assert wrong == [200] * 5 + [429] * 2


def test_one_number_complains_a_few_times_a_day(client: Client, center: Center):
    typed = {"kind": "center", "center": center.pk, "text": "x", "name": "سعاد", "phone": PHONE}

    answers = [client.post(reverse("courses:complain"), typed).status_code for _try in range(7)]

    assert answers == [302] * 6 + [429]
    assert Complaint.objects.count() == 6


def test_the_citizen_answers_withdraws_and_reopens(client: Client, center: Center, manager: User):
    complaint = citizens_complaint(center)
    ask_citizen(complaint_id=complaint.pk, text="أي درس؟", by=manager)
    found_by(client, complaint.reference)
    page = reverse("courses:complaint", args=[complaint.reference])

    states = []
    for act in ("reply", "withdraw", "reopen", "no such act"):
        answer = client.post(page, {"act": act, "text": "الثالث"})
        complaint.refresh_from_db()
        states.append((answer.status_code, complaint.state))

    assert states == [
        (302, ComplaintState.TAKEN),
        (302, ComplaintState.CLOSED),
        (302, ComplaintState.NEW),
        (404, ComplaintState.NEW),
    ]


def test_a_reopened_one_says_who_has_it_now(client: Client, center: Center, manager: User):
    staff_member(RoleName.MINISTRY_OFFICER)
    complaint = citizens_complaint(center)
    found_by(client, complaint.reference)
    page = reverse("courses:complaint", args=[complaint.reference])

    first = client.get(page).content.decode()
    answer_complaint(complaint_id=complaint.pk, outcome=ComplaintOutcome.NOT_UPHELD, text="لا", by=manager)
    client.post(page, {"act": "reopen", "text": "غير صحيح"})
    again = client.get(page).content.decode()

    assert "لدى المركز" in first
    assert "لدى الوزارة" in again
    assert "أشخاص غير" in again


def test_staff_enter_one_at_the_desk_and_see_no_more_of_it(enrollment: Enrollment):
    registrar = staff_member(RoleName.REGISTRAR, enrollment.cohort.center)
    client = logged_in(registrar)
    desk = f"{reverse('complaint_desk')}?person={enrollment.person_id}"
    typed = {
        "kind": "class",
        "cohort": enrollment.cohort_id,
        "text": "x",
        "phone": "01001234567",
        "language": "ar",
    }

    slip = client.post(desk, typed)

    complaint = Complaint.objects.get()
    assert (complaint.person, complaint.filed_by) == (enrollment.person, registrar)
    assert str(complaint) in slip.content.decode()
    assert client.get(reverse("complaints:inspect", args=[complaint.pk])).status_code == 404


def test_a_manager_takes_it_asks_and_answers(enrollment: Enrollment, manager: User):
    complaint = complaint_of(enrollment)
    client = logged_in(manager)

    for act, typed in (
        ("take", {}),
        ("ask", {"text": "في أي يوم؟"}),
        ("reply", {"text": "يوم الأحد"}),
        ("note", {"text": "سألت المدرب"}),
        ("answer", {"outcome": "upheld", "text": "لكم الحق"}),
    ):
        client.post(reverse(f"complaints:{act}", args=[complaint.pk]), typed)

    kinds = list(complaint.events.values_list("kind", flat=True))
    assert kinds == ["filed", "taken", "asked", "replied", "noted", "closed"]
    page = client.get(reverse("complaints:inspect", args=[complaint.pk])).content.decode()
    assert "لكم الحق" in page


def test_who_answers_a_complaint_of_a_muted_trainee_reads_the_reason_the_end_and_who_decided(
    enrollment: Enrollment, manager: User
):
    instructor = staff_member(RoleName.INSTRUCTOR, enrollment.cohort.center)
    enrollment.cohort.instructors.add(instructor)
    until = timezone.localdate() + dt.timedelta(days=3)
    mute_trainee(
        cohort_id=enrollment.cohort_id,
        person_id=enrollment.person_id,
        until=until,
        reason="كلام جارح",
        by=instructor,
    )
    about_it, other = (
        complaint_of(enrollment, kind) for kind in (ComplaintKind.QUESTIONS, ComplaintKind.CLASS)
    )
    client = logged_in(manager)

    page, of_another = (
        client.get(reverse("complaints:inspect", args=[one.pk])).text for one in (about_it, other)
    )

    assert all(word in page for word in ("كلام جارح", str(instructor), enrollment.cohort.code))
    assert "كلام جارح" not in of_another


def test_the_list_begins_with_what_is_due_first(center: Center, manager: User):
    late = citizens_complaint(center, ComplaintKind.CERTIFICATE)
    later = citizens_complaint(center, ComplaintKind.COURSE)
    client = logged_in(manager)

    shown = client.get(reverse("complaints:index")).context["object_list"]
    only = client.get(reverse("complaints:index"), {"kind": "course"}).context["object_list"]

    assert list(shown) == [late, later]
    assert list(only) == [later]


def test_a_page_with_more_events_asks_no_more(enrollment: Enrollment, manager: User):
    complaint = complaint_of(enrollment)
    client = logged_in(manager)
    page = reverse("complaints:inspect", args=[complaint.pk])

    def statements() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(page)
        return len(asked)

    client.post(reverse("complaints:note", args=[complaint.pk]), {"text": "1"})
    statements()
    before = statements()
    for text in "23":
        client.post(reverse("complaints:note", args=[complaint.pk]), {"text": text})

    statements()
    assert statements() == before
