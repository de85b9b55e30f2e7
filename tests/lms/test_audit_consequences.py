"""The audit of consequences lists what the code of before left wrong, exactly that, and changes nothing."""

import datetime as dt
import io
import json
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from wagtail.log_actions import log

from accounts.enums import DocumentKind, RoleName
from accounts.models import AuditEntry, Center, IdentityDocument, User
from accounts.scoping.work import kind_of_work
from accounts.services.identity_documents import encrypt_number
from accounts.services.mistyped_numbers import correct_national_number
from certificates.models import Credential
from certificates.services.proposing import propose_on_prerequisite
from courses.enums import FactsSource
from courses.models import Enrollment, UnitProgress
from courses.services.completion import complete_if_eligible
from courses.services.marks import correct_score
from courses.services.progress import record_score
from tests.database_owner import trigger_disabled
from tests.factories.accounts import PersonFactory, UserFactory, card_compared, staff_member
from tests.factories.certificates import (
    CertificateTemplateFactory,
    approved,
    credential_type,
    differing_in,
    issued,
    issued_for,
)
from tests.factories.courses import CohortFactory, EnrollmentFactory, corrected_facts, taught_cohort
from tests.factories.late import unit_left_failed_in

pytestmark = pytest.mark.django_db


def audited() -> tuple[list[str], dict[str, int]]:
    output = io.StringIO()
    call_command("audit_consequences", stdout=output)
    *lines, last = output.getvalue().splitlines()
    return lines, json.loads(last)


def doubted_license(center: Center) -> tuple[Credential, Credential]:
    """A license that was issued on a skill level whose test was corrected, as nothing refused before."""
    skill_type = credential_type("skill-level", identity_document=False)
    license_type = credential_type("licence", completed=False, prerequisite=skill_type)
    cohort = taught_cohort(lessons=1, score=60, center=center)
    enrollment = EnrollmentFactory(cohort=cohort)
    (unit,) = cohort.content_version.units
    record_score(enrollment_id=enrollment.pk, unit_key=UUID(unit["unit"]), score=Decimal(100), passed=True)
    complete_if_eligible(enrollment_id=enrollment.pk)
    skill = issued_for(cohort, type_code="skill-level")
    proposal = propose_on_prerequisite(
        type_id=license_type.pk,
        prerequisite_ids=[skill.pk],
        template_id=CertificateTemplateFactory().pk,
        by=staff_member(RoleName.CENTER_MANAGER, center),
    )
    (license_,) = approved(proposal)
    correct_score(
        enrollment_id=enrollment.pk,
        unit_key=UUID(unit["unit"]),
        score=Decimal(40),
        passed=False,
        reason="ورقة شخص آخر",
        by=staff_member(RoleName.ASSESSOR, center),
    )
    return skill, license_


def document_with_unfit_digit(center: Center) -> IdentityDocument:
    """As the desk kept it, and as the migration marked it by the trail."""
    number = "29001010100111"
    return IdentityDocument.objects.create(
        person=PersonFactory(registered_at=center),
        kind=DocumentKind.NATIONAL_ID,
        number_encrypted=encrypt_number(number),
        number_hmac="0" * 64,
        last4=number[-4:],
        is_suspect=True,
    )


def minor_without_guardian(center: Center) -> Enrollment:
    born = timezone.localdate() - dt.timedelta(days=16 * 365)
    enrollment: Enrollment = EnrollmentFactory(
        person=PersonFactory(birth_date=born, registered_at=center), cohort=CohortFactory(center=center)
    )
    return enrollment


def login_of_one_hand(center: Center) -> User:
    """No one compared the card: the code of before asked no one to."""
    by, login = UserFactory(), staff_member(RoleName.REGISTRAR, center)
    login.hands.all().delete()
    log(login, "accounts.login.create", user=by)
    role = login.memberships.get()
    log(role, "accounts.membership.give", user=by, data={"login": login.pk, "role": str(role.role)})
    return login


@dataclass(frozen=True)
class Planted:
    skill: Credential
    license: Credential
    differing: Credential
    document: IdentityDocument
    minor: Enrollment
    login: User
    progress: UnitProgress


def one_of_each(center: Center) -> Planted:
    return Planted(
        *doubted_license(center),
        differing_in(center),
        document_with_unfit_digit(center),
        minor_without_guardian(center),
        login_of_one_hand(center),
        unit_left_failed_in(center),
    )


def test_it_lists_one_of_each_and_nothing_else(center: Center):
    clean = audited()
    planted = one_of_each(center)
    trail = AuditEntry.objects.count()

    lines, totals = audited()

    assert clean[0] == []
    assert lines == [
        f"differing_paper: {planted.differing.number} (hours)",
        f"paper_in_doubt: {planted.skill.number} (completion {planted.skill.number}, rule {planted.skill.number})",
        f"paper_in_doubt: {planted.license.number} (completion {planted.skill.number}, rule {planted.skill.number})",
        f"unfit_check_digit: document {planted.document.pk} of person {planted.document.person_id}",
        f"minor_without_guardian: person {planted.minor.person_id}",
        f"login_of_one_hand: login {planted.login.pk}",
        f"unit_left_failed: unit {planted.progress.unit_key} of enrollment {planted.progress.enrollment_id}",
    ]
    assert totals == {
        "differing_paper": 1,
        "paper_in_doubt": 2,
        "unfit_check_digit": 1,
        "minor_without_guardian": 1,
        "login_of_one_hand": 1,
        "unit_left_failed": 1,
    }
    assert AuditEntry.objects.count() == trail


@pytest.mark.parametrize("since", [False, True])
def test_a_paper_is_compared_with_the_facts_of_its_day(center: Center, since: bool):
    """Facts corrected afterwards put it in doubt, and it differs from nothing; before, it is what they were corrected from."""
    paper = differing_in(center) if since else issued(CohortFactory(center=center))
    corrected_facts(paper.enrollment.cohort, hours=170 if since else 900)

    lines, _totals = audited()

    assert [line.split(":")[0] for line in lines] == ["differing_paper"] * since + ["paper_in_doubt"]


def test_facts_of_the_day_of_the_upgrade_say_nothing_about_a_paper_of_before(center: Center):
    paper = differing_in(center)
    with trigger_disabled("courses_cohortfacts"):
        paper.enrollment.cohort.facts.update(source=FactsSource.UPGRADE)

    assert audited()[0] == []


def waiting(center: Center, role: RoleName, kind: str) -> list[str]:
    """The addresses of what waits of one kind for somebody with a role at the center."""
    user = User.objects.get(pk=staff_member(role, center).pk)
    work = kind_of_work(kind, user)
    assert work is not None
    return [line.url for line in work.lines(list(work.rows(user)), user)]


def test_a_certificate_that_differs_waits_at_its_center_and_at_the_officers(center: Center):
    paper = differing_in(center)

    for role in (RoleName.CENTER_MANAGER, RoleName.CERTIFYING_OFFICER):
        assert waiting(center, role, "differing-papers") == [reverse("credentials:inspect", args=[paper.pk])]


def test_certificates_in_doubt_wait_at_the_officers(center: Center):
    papers = doubted_license(center)

    assert waiting(center, RoleName.CERTIFYING_OFFICER, "doubted-certificates") == [
        reverse("credentials:inspect", args=[paper.pk]) for paper in papers
    ]


def test_what_is_about_people_waits_at_the_desk(center: Center):
    document = document_with_unfit_digit(center)
    minor_without_guardian(center)

    number = reverse("person:correct_number", args=[document.person_id, document.pk])
    assert waiting(center, RoleName.REGISTRAR, "unfit-digits") == [number]
    assert waiting(center, RoleName.REGISTRAR, "without-guardian") == [reverse("desk")]


def test_a_login_of_one_hand_waits_at_who_compares_its_card(center: Center):
    login = login_of_one_hand(center)

    address = reverse("user:confirm_card", args=[login.pk])
    assert address in waiting(center, RoleName.CENTER_MANAGER, "cards")
    assert address in waiting(center, RoleName.MINISTRY_OFFICER, "cards")


def test_a_unit_left_failed_waits_at_the_assessors(center: Center):
    progress = unit_left_failed_in(center)

    correct = reverse("enrollment:correct", args=[progress.enrollment_id, progress.unit_key])
    assert waiting(center, RoleName.ASSESSOR, "units-left-failed") == [correct]


def test_a_login_whose_card_somebody_compared_is_not_listed(center: Center):
    login = login_of_one_hand(center)
    before = audited()[0]

    card_compared(login)

    assert (before, audited()[0]) == ([f"login_of_one_hand: login {login.pk}"], [])


def test_a_number_that_was_compared_with_the_card_is_not_listed(center: Center):
    document = document_with_unfit_digit(center)
    before = audited()[0]

    correct_national_number(
        document_id=document.pk,
        number="29001010100111",
        reason="البطاقة هنا",
        by=staff_member(RoleName.REGISTRAR, center),
    )

    assert (len(before), audited()[0]) == (1, [])
    assert waiting(center, RoleName.REGISTRAR, "unfit-digits") == []
