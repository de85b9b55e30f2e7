"""Work about people, their logins and their roles."""

import datetime as dt
from typing import Any

from django.utils import timezone

from accounts.enums import ContactKind, DocumentKind, RoleName
from accounts.models import Center, Consent, Contact, IdentityDocument, Person, RoleOffer, RoleRequest, User
from accounts.services.consents import GUARDIAN
from accounts.services.data_requests import decide_data_request
from accounts.services.identity_documents import encrypt_number
from accounts.services.mistyped_numbers import correct_national_number
from accounts.services.offers import decline_offer
from accounts.services.recoveries import refuse_password
from accounts.services.role_requests import refuse_role
from tests.factories.accounts import (
    CenterFactory,
    MembershipFactory,
    PasswordRecoveryFactory,
    PersonFactory,
    UserFactory,
    card_compared,
    data_request_in,
    role_request_in,
    staff_member,
)
from tests.factories.courses import CohortFactory, EnrollmentFactory
from tests.lms.waiting_registry import Finish, days, waits


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


@waits("role-requests", RoleName.CENTER_MANAGER)
def role_request(center: Center, user: User) -> Finish:
    request = role_request_in(center)
    RoleRequest.objects.create(
        user=UserFactory(), role=RoleName.CENTER_MANAGER, center=center, reason="b", asked_by=user
    )
    return lambda: refuse_role(request_id=request.pk, by=user)


@waits("cards", RoleName.CENTER_MANAGER)
def card_to_compare(center: Center, user: User) -> Finish:
    colleague = staff_member(RoleName.REGISTRAR, center)
    colleague.hands.all().delete()
    return lambda: card_compared(colleague)


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


@waits("unfit-digits", RoleName.REGISTRAR)
def unfit_digit(center: Center, user: User) -> Finish:
    document = has_card(PersonFactory(registered_at=center))
    number = f"290010101{document.pk:05}"
    IdentityDocument.objects.filter(pk=document.pk).update(
        is_suspect=True, number_encrypted=encrypt_number(number)
    )
    return lambda: correct_national_number(document_id=document.pk, number=number, reason="b", by=user)


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


@waits("numbers-taken", RoleName.REGISTRAR)
def number_taken(center: Center, user: User) -> Finish:
    person = PersonFactory(registered_at=center)
    now = timezone.now()
    Contact.objects.create(
        person=person, kind=ContactKind.PHONE, value="+201012345678", until=now, is_taken=True
    )
    return lambda: has_phone(person)


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
