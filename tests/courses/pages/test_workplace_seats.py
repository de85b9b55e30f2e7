"""Kept seats, waiting lists and transfers in the workplace, for the center's own cohorts only."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.enums import RoleName
from accounts.models import Center
from courses.enums import CohortState, EnrollmentState, HoldState, WaitingState
from courses.models import Cohort, SeatHold, WaitingEntry
from courses.services.enrollments import enroll, give_seat_back
from tests.factories.accounts import CenterFactory, PersonFactory, TraineeFactory, UserFactory, staff_member
from tests.factories.courses import CohortFactory, taught_cohort


@pytest.fixture
def center(db: None) -> Center:
    return CenterFactory()


@pytest.fixture
def registrar(client: Client, center: Center) -> Client:
    client.force_login(staff_member(RoleName.REGISTRAR, center))
    return client


def sibling(cohort: Cohort, **facts: object) -> Cohort:
    return CohortFactory(
        program=cohort.program,
        content_version=cohort.content_version,
        completion_rule=cohort.completion_rule,
        **facts,
    )


def in_an_hour() -> str:
    return f"{timezone.localtime() + dt.timedelta(hours=1):%Y-%m-%dT%H:%M}"


def test_a_registrar_keeps_a_seat_and_releases_it(registrar: Client, center: Center):
    cohort = CohortFactory(center=center, seats=1)
    person = PersonFactory(registered_at=center)
    facts = {"person": person.pk, "cohort": cohort.pk, "until": in_an_hour(), "note": "ينتظر أوراقه"}

    registrar.post(reverse("seathold:add"), facts)
    hold = SeatHold.objects.get()
    kept = (hold.state, hold.person, hold.note)
    registrar.post(reverse("seathold:edit", args=[hold.pk]), {"reason": "لن يأتي"})

    hold.refresh_from_db()
    cohort.refresh_from_db()
    assert kept == (HoldState.HELD, person, "ينتظر أوراقه")
    assert (hold.state, cohort.seats_held) == (HoldState.RELEASED, 0)


def test_what_the_service_refuses_is_said_in_the_form(registrar: Client, center: Center):
    cohort = CohortFactory(center=center, seats=1, seats_taken=1)
    person = PersonFactory(registered_at=center)
    facts = {"person": person.pk, "cohort": cohort.pk, "until": in_an_hour(), "note": ""}

    answer = registrar.post(reverse("seathold:add"), facts)

    assert answer.status_code == 200
    assert answer.context["form"].non_field_errors()
    assert not SeatHold.objects.exists()


def test_a_registrar_puts_a_person_on_the_list_and_takes_them_off(registrar: Client, center: Center):
    cohort = CohortFactory(center=center, seats=1, seats_taken=1)
    person = PersonFactory(registered_at=center)

    registrar.post(reverse("waitingentry:add"), {"person": person.pk, "cohort": cohort.pk})
    entry = WaitingEntry.objects.get()
    listed = registrar.get(f"{reverse('waitingentry:index')}?cohort={cohort.pk}").content.decode()
    registrar.post(reverse("waitingentry:edit", args=[entry.pk]), {"reason": "طلب ذلك"})

    entry.refresh_from_db()
    assert person.full_name_ar in listed
    assert entry.state == WaitingState.LEFT


def test_a_transfer_has_a_page_that_says_what_follows(registrar: Client, center: Center):
    before = taught_cohort(center=center)
    after = sibling(before, center=center)
    enrollment = enroll(
        person_id=PersonFactory(registered_at=center).pk, cohort_id=before.pk, by=UserFactory()
    )
    address = reverse("enrollment:transfer", args=[enrollment.pk])

    inspected = registrar.get(reverse("enrollment:inspect", args=[enrollment.pk])).content.decode()
    form = registrar.get(address).content.decode()
    registrar.post(address, {"cohort": after.pk, "reason": "يناسبه المساء"})
    trail = registrar.get(reverse("enrollment:inspect", args=[enrollment.pk])).content.decode()

    enrollment.refresh_from_db()
    assert address in inspected
    assert after.code in form
    assert enrollment.cohort == after
    assert before.code in trail
    assert "يناسبه المساء" in trail


def test_a_cohort_of_another_center_is_no_choice_for_a_transfer(registrar: Client, center: Center):
    before = taught_cohort(center=center)
    foreign = sibling(before, center=CenterFactory())
    enrollment = enroll(
        person_id=PersonFactory(registered_at=center).pk, cohort_id=before.pk, by=UserFactory()
    )

    answer = registrar.post(
        reverse("enrollment:transfer", args=[enrollment.pk]), {"cohort": foreign.pk, "reason": "x"}
    )

    enrollment.refresh_from_db()
    assert answer.status_code == 200
    assert (enrollment.cohort, enrollment.state) == (before, EnrollmentState.ACTIVE)


@pytest.mark.parametrize("page", ["transfer", "edit"])
def test_what_another_center_has_is_missing(registrar: Client, page: str):
    enrollment = enroll(person_id=PersonFactory().pk, cohort_id=taught_cohort().pk, by=UserFactory())

    assert registrar.get(reverse(f"enrollment:{page}", args=[enrollment.pk])).status_code == 404


@pytest.mark.parametrize("end", ["noted", "filled", "over"])
def test_a_seat_given_back_leaves_the_home_page_when_it_is_filled_or_nothing_is_to_do(
    registrar: Client, center: Center, end: str
):
    trainee = TraineeFactory(person__registered_at=center)
    cohort = CohortFactory(center=center, seats=1)
    enrollment = enroll(person_id=trainee.person.pk, cohort_id=cohort.pk, by=UserFactory())
    give_seat_back(enrollment_id=enrollment.pk, withdrawn_for="work", reason="", by=trainee)
    page = reverse("enrollment:inspect", args=[enrollment.pk])
    settle = reverse("enrollment:settle_given_back", args=[enrollment.pk])

    before = page in registrar.get(reverse("wagtailadmin_home")).content.decode()
    if end == "noted":
        offered = settle in registrar.get(page).content.decode()
        registrar.post(settle)
        assert offered
        assert settle not in registrar.get(page).content.decode()
    elif end == "filled":
        enroll(person_id=PersonFactory(registered_at=center).pk, cohort_id=cohort.pk, by=UserFactory())
    else:
        Cohort.objects.filter(pk=cohort.pk).update(state=CohortState.RUNNING)

    assert before
    assert page not in registrar.get(reverse("wagtailadmin_home")).content.decode()
