"""What the tests of skills passports share: a certificate, another of the same holder, the files and the page."""

from django.core.files.storage import storages
from django.test import Client
from django.urls import reverse

from accounts.enums import RoleName
from accounts.models import Center
from certificates.enums import KeyRole
from certificates.models import Credential, Passport, SigningKey
from certificates.queries.keys import active_key
from tests.factories.accounts import MembershipFactory, PersonFactory
from tests.factories.certificates import completed_enrollment, issued, issued_for
from tests.factories.courses import CohortFactory

SITE = "http://localhost:8000"
NAME = "عبد الرحمن محمد لؤي الأشموني"


def held_in(center: Center) -> Credential:
    person = PersonFactory(full_name_ar=NAME, full_name_en="Abdelrahman Mohamed Loay El-Ashmouni")
    return issued(CohortFactory(center=center), person=person)


def another_of(credential: Credential, center: Center) -> Credential:
    cohort = CohortFactory(center=center)
    completed_enrollment(cohort, person=credential.holder)
    return issued_for(cohort)


def officer_of(center: Center):
    return MembershipFactory(role=RoleName.CERTIFYING_OFFICER, center=center).user


def file_of(passport: Passport) -> bytes:
    with storages["private"].open(passport.path) as file:
        return file.read()


def shared_page(token: str) -> "tuple[int, str]":
    answer = Client().get(reverse("certificates:shared", args=[token]))
    return answer.status_code, answer.content.decode()


def published_key() -> SigningKey:
    key = active_key(KeyRole.CREDENTIAL)
    assert key is not None
    return key
