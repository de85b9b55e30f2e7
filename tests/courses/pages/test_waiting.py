"""Waiting for a seat, from the program's page on."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from courses.enums import EnrollmentState, Entry, WaitingState
from courses.models import Cohort, Enrollment, WaitingEntry
from courses.services.enrollments import enroll, withdraw
from courses.services.seats import join_waiting_list
from tests.courses.pages.conftest import School
from tests.factories.accounts import TraineeFactory, UserFactory

PROGRAM = "/ar/electricity/"


@pytest.fixture
def trainee(db: None) -> User:
    return TraineeFactory()


@pytest.fixture
def trainee_client(client: Client, trainee: User) -> Client:
    client.force_login(trainee)
    return client


@pytest.fixture
def full(school: School) -> Cohort:
    cohort = school.cohort
    for _seat in range(cohort.seats):
        enroll(person_id=TraineeFactory().person_id, cohort_id=cohort.pk, by=UserFactory())
    return cohort


def wait_url(cohort: Cohort) -> str:
    return reverse("courses:wait", args=[cohort.public_id])


def text_of(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def free_a_seat(cohort: Cohort) -> None:
    seat = cohort.enrollments.filter(state=EnrollmentState.ACTIVE).first()
    assert seat is not None
    withdraw(enrollment_id=seat.pk, reason="سافر", by=UserFactory())


def test_a_full_cohort_leads_to_its_waiting_list(trainee_client: Client, full: Cohort):
    on_the_program = text_of(trainee_client, PROGRAM)
    refused = text_of(trainee_client, reverse("courses:enroll", args=[full.public_id]))

    assert wait_url(full) in on_the_program
    assert wait_url(full) in refused


def test_a_visitor_logs_in_to_wait(client: Client, full: Cohort):
    assert wait_url(full) in text_of(client, PROGRAM)
    assert client.get(wait_url(full)).url.endswith(f"next={wait_url(full)}")


def test_who_waits_sees_their_place_and_leaves(trainee_client: Client, trainee: User, full: Cohort):
    other = TraineeFactory()
    join_waiting_list(person_id=other.person_id, cohort_id=full.pk, by=other)

    trainee_client.post(wait_url(full))
    place = text_of(trainee_client, reverse("courses:my_learning"))
    entry = WaitingEntry.objects.get(person=trainee.person)
    trainee_client.post(reverse("courses:leave_list", args=[entry.public_id]))

    assert "ترتيبك في قائمة الانتظار: ٢" in place
    entry.refresh_from_db()
    assert entry.state == WaitingState.LEFT
    assert "قائمة الانتظار" not in text_of(trainee_client, reverse("courses:my_learning")).split("<main")[1]


def test_an_offered_seat_is_shown_and_taken_with_one_button(
    trainee_client: Client, trainee: User, full: Cohort
):
    trainee_client.post(wait_url(full))
    free_a_seat(full)

    offered = text_of(trainee_client, reverse("courses:my_learning"))
    trainee_client.post(reverse("courses:enroll", args=[full.public_id]))

    assert "نحتفظ لك بمقعد حتى" in offered
    seat = Enrollment.objects.get(person=trainee.person)
    assert (seat.cohort, seat.state) == (full, EnrollmentState.ACTIVE)


def test_an_offer_is_declined_by_its_person_only(
    client: Client, trainee_client: Client, trainee: User, full: Cohort
):
    trainee_client.post(wait_url(full))
    free_a_seat(full)
    entry = WaitingEntry.objects.get(person=trainee.person)
    address = reverse("courses:leave_list", args=[entry.public_id])
    client.force_login(TraineeFactory())

    assert client.get(address).status_code == 404
    assert client.post(address).status_code == 404
    entry.refresh_from_db()
    assert entry.state == WaitingState.OFFERED


def test_waiting_where_a_seat_is_free_leads_to_it(trainee_client: Client, school: School):
    answer = trainee_client.get(wait_url(school.cohort))

    assert answer.url == reverse("courses:enroll", args=[school.cohort.public_id])


def test_a_login_without_a_person_does_not_wait(client: Client, full: Cohort):
    client.force_login(UserFactory())

    assert client.get(wait_url(full)).status_code == 404
    assert client.post(wait_url(full)).status_code == 404


def test_where_the_center_gives_the_seats_the_page_says_so(trainee_client: Client, school: School):
    Cohort.objects.filter(pk=school.cohort.pk).update(entry=Entry.STAFF)

    page = text_of(trainee_client, PROGRAM)

    assert reverse("courses:enroll", args=[school.cohort.public_id]) not in page
    assert "اسأل المركز عن مقعد" in page


def test_the_program_and_the_full_cohort_show_the_readers_own_place(
    trainee_client: Client, trainee: User, full: Cohort
):
    trainee_client.post(wait_url(full))
    waits = text_of(trainee_client, PROGRAM)
    refused = text_of(trainee_client, reverse("courses:enroll", args=[full.public_id]))
    free_a_seat(full)
    offered = text_of(trainee_client, PROGRAM)

    assert "ترتيبك في قائمة الانتظار: ١" in waits
    assert "ترتيبك في قائمة الانتظار: ١" in refused
    assert "نحتفظ لك بمقعد حتى" in offered


def test_a_declined_offer_is_called_one(trainee_client: Client, trainee: User, full: Cohort):
    trainee_client.post(wait_url(full))
    free_a_seat(full)
    entry = WaitingEntry.objects.get(person=trainee.person)

    page = text_of(trainee_client, reverse("courses:leave_list", args=[entry.public_id]))

    assert "هل تتنازل عن المقعد المحجوز لك؟" in page
