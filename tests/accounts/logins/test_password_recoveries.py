"""Recovering a password at the center takes the whole identity number and two members of staff."""

import datetime as dt
from decimal import Decimal
from uuid import UUID

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from accounts.enums import RecoveryState, RoleName
from accounts.models import Center, LoginNotice, PasswordRecovery, User
from accounts.services.formatting import localize_digits
from accounts.services.identity_documents import register_national_id, register_passport
from accounts.services.login_notices import deliver_login_notices
from accounts.services.number_misses import TooManyMisses, note_miss
from accounts.services.recoveries import (
    AlreadyAsked,
    AskedByYourself,
    NoLongerOpen,
    NotYourTrainee,
    TraineeNotHere,
    ask_for_password,
    give_password,
    refuse_password,
)
from courses.enums import EnrollmentState
from courses.services.enrollments import enroll, withdraw
from courses.services.progress import open_unit, record_score
from tests.accounts.shown_passwords import passwords_in
from tests.factories.accounts import MembershipFactory, TraineeFactory
from tests.factories.courses import CohortFactory, EnrollmentFactory, taught_cohort

NUMBER = "29501010101234"


@pytest.fixture
def registrar(center: Center) -> User:
    return MembershipFactory(role=RoleName.REGISTRAR, center=center).user


@pytest.fixture
def trainee(center: Center, manager: User) -> User:
    trainee = TraineeFactory(email="mona@example.org", password="lost", person__registered_at=center)
    register_national_id(person_id=trainee.person.pk, number=NUMBER, by=manager)
    EnrollmentFactory(person=trainee.person, cohort=CohortFactory(center=center))
    return trainee


def ask(center: Center, by: User, number: str = NUMBER, **more: str) -> PasswordRecovery:
    return ask_for_password(number=number, center=center, reason="forgot it", by=by, **more)


def test_two_members_of_staff_help_a_trainee_back_in(
    trainee: User, center: Center, registrar: User, manager: User
):
    recovery = ask(center, registrar, "٢٩٥٠١٠١٠١٠١٢٣٤")

    password = give_password(recovery_id=recovery.pk, by=manager)

    trainee.refresh_from_db()
    recovery.refresh_from_db()
    assert trainee.check_password(password)
    assert (recovery.state, recovery.decided_by) == (RecoveryState.GIVEN, manager)
    told = ModelLogEntry.objects.for_instance(trainee).get(action="accounts.recovery.give")
    assert (told.user, told.data["asked_by"]) == (manager, registrar.pk)


def test_the_holder_is_notified(trainee: User, center: Center, registrar: User, manager: User):
    give_password(recovery_id=ask(center, registrar).pk, by=manager)

    assert deliver_login_notices() == 1
    assert mail.outbox[0].to == ["mona@example.org"]
    assert localize_digits(center) in mail.outbox[0].body


def test_sessions_end_with_the_new_password(
    client: Client, trainee: User, center: Center, registrar: User, manager: User
):
    client.force_login(trainee)
    assert client.get(reverse("courses:my_learning")).status_code == 200

    give_password(recovery_id=ask(center, registrar).pk, by=manager)

    assert client.get(reverse("courses:my_learning")).status_code == 302


def test_one_member_of_staff_cannot_do_both_steps(trainee: User, center: Center, registrar: User):
    recovery = ask(center, registrar)

    with pytest.raises(AskedByYourself):
        give_password(recovery_id=recovery.pk, by=registrar)
    with pytest.raises(IntegrityError), transaction.atomic():
        PasswordRecovery.objects.update(decided_by=registrar)

    trainee.refresh_from_db()
    assert trainee.check_password("lost")


def test_a_passport_is_asked_for_with_its_country(center: Center, registrar: User, manager: User):
    trainee = TraineeFactory(person__registered_at=center)
    register_passport(person_id=trainee.person.pk, number="P0123456", country="SD", by=manager)
    EnrollmentFactory(person=trainee.person, cohort=CohortFactory(center=center))

    with pytest.raises(TraineeNotHere):
        ask(center, registrar, "p 0123456", country="SS")
    assert ask(center, registrar, "p 0123456", country="sd").user == trainee


@pytest.mark.parametrize("case", ["elsewhere", "finished", "staff", "closed", "nobody"])
def test_everybody_else_is_helped_by_the_ministry(
    case: str, trainee: User, center: Center, other_center: Center, registrar: User
):
    enrollment = trainee.person.enrollments.get()
    number = NUMBER
    match case:
        case "elsewhere":
            enrollment.cohort = CohortFactory(center=other_center)
            enrollment.save()
        case "finished":
            enrollment.state, enrollment.completed_at = EnrollmentState.COMPLETED, timezone.now()
            enrollment.save()
        case "staff":
            MembershipFactory(user=trainee, role=RoleName.INSTRUCTOR, center=center)
        case "closed":
            trainee.is_active = False
            trainee.save()
        case "nobody":
            number = "29501010101242"

    with pytest.raises(TraineeNotHere):
        ask(center, registrar, number)

    assert not PasswordRecovery.objects.exists()


def test_a_seat_that_another_center_gave_recovers_no_password_until_it_is_used(
    trainee: User, other_center: Center, center: Center, registrar: User
):
    """A dishonest manager gives a foreign trainee a seat, and marks what staff mark: the login stays out of reach."""
    stranger = MembershipFactory(role=RoleName.CENTER_MANAGER, center=other_center).user
    colleague = MembershipFactory(role=RoleName.REGISTRAR, center=other_center).user
    cohort = taught_cohort(center=other_center)
    seat = enroll(person_id=trainee.person_id, cohort_id=cohort.pk, by=stranger)
    unit = UUID(cohort.content_version.units[0]["unit"])
    record_score(enrollment_id=seat.pk, unit_key=unit, score=Decimal(90), passed=True)

    with pytest.raises(TraineeNotHere):
        ask(other_center, stranger)

    open_unit(enrollment_id=seat.pk, unit_key=UUID(cohort.content_version.units[1]["unit"]))
    recovery = ask(other_center, stranger)
    withdraw(enrollment_id=seat.pk, reason="left", by=stranger)
    with pytest.raises(TraineeNotHere):
        give_password(recovery_id=recovery.pk, by=colleague)
    assert ask_again_at_home(recovery, center, registrar).user == trainee


def ask_again_at_home(recovery: PasswordRecovery, center: Center, by: User) -> PasswordRecovery:
    PasswordRecovery.objects.filter(pk=recovery.pk).update(state=RecoveryState.LAPSED)
    return ask(center, by)


def test_what_changed_between_asking_and_giving_is_asked_again(
    trainee: User, center: Center, registrar: User, manager: User
):
    recovery = ask(center, registrar)
    MembershipFactory(user=trainee, role=RoleName.CENTER_MANAGER, center=center)

    with pytest.raises(TraineeNotHere):
        give_password(recovery_id=recovery.pk, by=manager)

    trainee.refresh_from_db()
    assert trainee.check_password("lost")
    assert not LoginNotice.objects.exists()


def test_staff_of_another_center_cannot_recover_a_password(
    trainee: User, center: Center, other_center: Center, registrar: User
):
    stranger = MembershipFactory(role=RoleName.CENTER_MANAGER, center=other_center).user
    instructor = MembershipFactory(center=center).user
    recovery = ask(center, registrar)

    for by in (stranger, instructor):
        with pytest.raises(NotYourTrainee):
            ask(center, by)
        with pytest.raises(NotYourTrainee):
            give_password(recovery_id=recovery.pk, by=by)
        with pytest.raises(NotYourTrainee):
            refuse_password(recovery_id=recovery.pk, by=by)


def test_a_request_is_decided_once_and_within_a_day(
    trainee: User, center: Center, registrar: User, manager: User
):
    recovery = ask(center, registrar)
    with pytest.raises(AlreadyAsked):
        ask(center, manager)
    refuse_password(recovery_id=recovery.pk, by=manager)
    with pytest.raises(NoLongerOpen):
        give_password(recovery_id=recovery.pk, by=manager)

    late = ask(center, registrar)
    PasswordRecovery.objects.filter(pk=late.pk).update(asked_at=timezone.now() - dt.timedelta(days=1))
    with pytest.raises(NoLongerOpen):
        give_password(recovery_id=late.pk, by=manager)

    assert ask(center, registrar).pk != late.pk


def test_the_user_who_asked_may_cancel_the_request(
    trainee: User, center: Center, registrar: User, manager: User
):
    recovery = ask(center, registrar)

    refuse_password(recovery_id=recovery.pk, by=registrar)

    assert ask(center, manager).asked_by == manager


def test_numbers_are_not_tried_out(trainee: User, center: Center, registrar: User, manager: User):
    for place in range(5):
        note_miss(center=center, by=registrar, fingerprint=f"n{place}")

    with pytest.raises(TooManyMisses):
        ask(center, registrar)
    assert ask(center, manager)


def test_both_do_it_on_their_pages(
    client: Client, trainee: User, center: Center, registrar: User, manager: User
):
    client.force_login(registrar)
    miss = client.post(
        reverse("lost_passwords:add"), {"number": "29501010101242", "center": center.pk, "reason": "forgot"}
    )
    client.post(reverse("lost_passwords:add"), {"number": NUMBER, "center": center.pk, "reason": "forgot"})
    recovery = PasswordRecovery.objects.get()
    own = client.get(reverse("lost_passwords:inspect", args=[recovery.pk]))

    client.force_login(manager)
    page = client.get(reverse("lost_passwords:inspect", args=[recovery.pk]))
    answer = client.post(reverse("lost_passwords:give", args=[recovery.pk]), follow=True)

    assert miss.context["form"].non_field_errors()
    assert ModelLogEntry.objects.get(action="accounts.recovery.miss").user == registrar
    give = reverse("lost_passwords:give", args=[recovery.pk])
    assert (give in own.content.decode(), give in page.content.decode()) == (False, True)
    trainee.refresh_from_db()
    told = passwords_in(answer.context["messages"])
    assert [trainee.check_password(password) for password in told] == [True]
