"""A mistyped national number is corrected or taken out, with a reason; then two records of one person can be merged."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry

from accounts.enums import RoleName
from accounts.errors import DomainError
from accounts.models import Center, IdentityDocument, PasswordRecovery, Person, User
from accounts.services.identity_documents import (
    DuplicateDocument,
    find_by_national_id,
    is_carried_by,
    register_national_id,
    register_passport,
)
from accounts.services.merging import merge_people
from accounts.services.mistyped_numbers import (
    NumberOutOfReach,
    NumberTellsTheNumber,
    PasswordIsAskedFor,
    SameNumber,
    correct_national_number,
    take_out_national_number,
)
from accounts.services.people import OwnRecord, correct_person
from certificates.services.mistyped_numbers import IsBeingCertified
from tests.accounts.people.numbers import national_number
from tests.factories.accounts import MembershipFactory, PersonFactory, TraineeFactory
from tests.factories.certificates import proposed
from tests.factories.courses import CohortFactory, EnrollmentFactory, use

pytestmark = pytest.mark.django_db
BORN = dt.date(1999, 4, 7)
RIGHT, WRONG = national_number(BORN), national_number(dt.date(1999, 4, 17))
REASON = "4 and 14 were confused"


@pytest.fixture
def zeinab(center: Center) -> Person:
    return PersonFactory(registered_at=center, birth_date=None)


@pytest.fixture
def card(zeinab: Person, manager: User) -> IdentityDocument:
    return register_national_id(person_id=zeinab.pk, number=WRONG, by=manager)


def take_out(card: IdentityDocument, *, by: User, reason: str = REASON) -> None:
    take_out_national_number(document_id=card.pk, reason=reason, by=by)


def correct(card: IdentityDocument, *, by: User, number: str = RIGHT, reason: str = REASON) -> None:
    correct_national_number(document_id=card.pk, number=number, reason=reason, by=by)


def test_a_corrected_number_is_found_and_what_was_read_off_the_wrong_one_follows(
    zeinab: Person, card: IdentityDocument, manager: User
):
    correct(card, by=manager)

    zeinab.refresh_from_db()
    assert find_by_national_id(RIGHT) == card
    assert find_by_national_id(WRONG) is None
    assert (is_carried_by(zeinab, RIGHT), is_carried_by(zeinab, WRONG)) == (True, False)
    assert zeinab.birth_date == BORN


def test_a_birth_date_that_was_not_read_off_the_number_stays(
    zeinab: Person, card: IdentityDocument, manager: User
):
    correct_person(person_id=zeinab.pk, birth_date=dt.date(1999, 5, 1), by=manager)

    correct(card, by=manager)

    zeinab.refresh_from_db()
    assert zeinab.birth_date == dt.date(1999, 5, 1)


def test_after_a_number_is_taken_out_the_records_are_merged_and_it_may_be_recorded_again(
    zeinab: Person, card: IdentityDocument, center: Center, manager: User
):
    twin = PersonFactory(registered_at=center)
    register_national_id(person_id=twin.pk, number=RIGHT, by=manager)

    take_out(card, by=manager)

    merge_people(keep_id=twin.pk, duplicate_id=zeinab.pk, reason="one card", by=manager)
    assert [is_carried_by(twin, number) for number in (RIGHT, WRONG)] == [True, False]
    assert register_national_id(person_id=PersonFactory().pk, number=WRONG, by=manager)


def test_who_did_it_and_why_is_in_the_trail_and_neither_number_is(card: IdentityDocument, manager: User):
    correct(card, by=manager)
    take_out(card, by=manager)

    entries = ModelLogEntry.objects.filter(action__startswith="accounts.identity_document.", user=manager)
    noted = {entry.action: entry.data.get("reason") for entry in entries}
    assert noted["accounts.identity_document.correct"] == REASON
    assert noted["accounts.identity_document.take_out"] == REASON
    written = str(list(ModelLogEntry.objects.values_list("label", "data")))
    assert not [number for number in (RIGHT, WRONG) if number[:10] in written]


def own_record(card: IdentityDocument, by: User) -> None:
    by.person = card.person
    by.save()


def learns_elsewhere(card: IdentityDocument, by: User) -> None:
    use(EnrollmentFactory(person=card.person, cohort=CohortFactory()))


def password_is_asked_for(card: IdentityDocument, by: User) -> None:
    PasswordRecovery.objects.create(
        user=TraineeFactory(person=card.person), center=card.person.registered_at, reason="x", asked_by=by
    )


def is_being_certified(card: IdentityDocument, by: User) -> None:
    row = proposed(CohortFactory(center=card.person.registered_at)).rows.first()
    IdentityDocument.objects.filter(pk=card.pk).update(person=row.person)
    Person.objects.filter(pk=row.person_id).update(registered_at=card.person.registered_at)


@pytest.mark.parametrize(
    ("prepare", "refusal"),
    [
        (own_record, OwnRecord),
        (learns_elsewhere, NumberOutOfReach),
        (password_is_asked_for, PasswordIsAskedFor),
        (is_being_certified, IsBeingCertified),
    ],
)
@pytest.mark.parametrize("act", [take_out, correct])
def test_it_is_refused(
    card: IdentityDocument,
    manager: User,
    prepare: Callable[[IdentityDocument, User], None],
    refusal: type[DomainError],
    act: Callable[..., None],
):
    prepare(card, manager)

    with pytest.raises(refusal):
        act(card, by=manager)

    assert find_by_national_id(WRONG) == card


def test_a_number_that_another_has_the_same_one_and_a_reason_that_tells_it_are_refused(
    card: IdentityDocument, manager: User
):
    register_national_id(person_id=PersonFactory().pk, number=RIGHT, by=manager)

    for refusal, typed in (
        (DuplicateDocument, {"number": RIGHT}),
        (SameNumber, {"number": WRONG}),
        (NumberTellsTheNumber, {"reason": f"not {RIGHT[:7]} {RIGHT[7:]}"}),
    ):
        with pytest.raises(refusal):
            correct(card, by=manager, **typed)

    assert find_by_national_id(WRONG) == card


def test_the_recorded_number_typed_off_the_card_again_stays(
    zeinab: Person, card: IdentityDocument, manager_client: Client
):
    IdentityDocument.objects.filter(pk=card.pk).update(is_suspect=True)
    address = reverse("person:correct_number", args=[zeinab.pk, card.pk])
    typed = {"step": "correct", "number": WRONG, "reason": REASON}

    page = manager_client.post(address, typed, follow=True).text
    again = manager_client.post(address, typed).context["form"].non_field_errors()

    card.refresh_from_db()
    assert "وبقي كما هو" in page
    assert not card.is_suspect
    assert find_by_national_id(WRONG) == card
    assert ModelLogEntry.objects.filter(action="accounts.identity_document.compare").count() == 1
    assert again == [str(SameNumber.message)]


def test_the_page_of_the_person_leads_to_it(
    zeinab: Person, card: IdentityDocument, manager: User, manager_client: Client
):
    passport = register_passport(person_id=zeinab.pk, number="A1234567", country="SD", by=manager)
    address = reverse("person:correct_number", args=[zeinab.pk, card.pk])
    assert address in manager_client.get(reverse("person:inspect", args=[zeinab.pk])).text

    form = manager_client.get(address).text
    missing = manager_client.post(address, {"step": "correct", "number": "", "reason": REASON})
    answer = manager_client.post(address, {"step": "take_out", "number": "", "reason": REASON})

    assert f"••••{WRONG[-4:]}" in form
    assert WRONG not in form
    assert "number" in missing.context["form"].errors
    assert answer.url == reverse("person:inspect", args=[zeinab.pk])
    assert list(zeinab.documents.all()) == [passport]
    other = reverse("person:correct_number", args=[zeinab.pk, passport.pk])
    assert manager_client.get(other).status_code == 404


def test_who_only_reads_people_gets_no_link_and_no_page(
    zeinab: Person, card: IdentityDocument, client: Client
):
    client.force_login(MembershipFactory(role=RoleName.INSTRUCTOR, center=zeinab.registered_at).user)
    address = reverse("person:correct_number", args=[zeinab.pk, card.pk])

    assert address not in client.get(reverse("person:inspect", args=[zeinab.pk])).text
    assert client.get(address).status_code in {302, 403, 404}
