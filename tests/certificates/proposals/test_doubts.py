"""Doubt travels: to licenses, renewals, supplements, copies and passports, and to every reader of them."""

from decimal import Decimal
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.enums import RoleName
from accounts.models import Center, User
from certificates.enums import BlockingReason, CredentialState, DoubtCause, LookupResult, Reason, RowState
from certificates.errors import (
    InDoubt,
    NotAllowedHere,
    NotDoubted,
    NothingToPropose,
    OwnDecision,
    OwnRecord,
    RestsOnDoubt,
)
from certificates.models import Credential, CredentialDoubt, CredentialType, Proposal
from certificates.queries.doubts import credentials_in_doubt, doubts_of
from certificates.queries.wallet import for_passport
from certificates.services.deciding import approve
from certificates.services.doubts import lift_doubt
from certificates.services.proposing import propose, propose_correction, propose_on_prerequisite
from certificates.services.statuses import issue_copy, reinstate
from certificates.services.verification import read_register
from certificates.services.verification_responses import verification_response
from certificates.work import DoubtedCertificates
from courses.models import Cohort, Enrollment
from courses.services.completion import complete_if_eligible, confirm_completion
from courses.services.marks import correct_score
from courses.services.progress import record_score
from courses.signals import cohort_facts_corrected
from tests.database_owner import trigger_disabled
from tests.factories.accounts import MembershipFactory, TraineeFactory, staff_member
from tests.factories.certificates import (
    CertificateTemplateFactory,
    approved,
    built_in_template,
    corrected,
    credential_in,
    credential_type,
    issued_for,
    registrar_of,
    revoke,
)
from tests.factories.courses import EnrollmentFactory, corrected_facts, taught_cohort

pytestmark = pytest.mark.django_db


@pytest.fixture
def license_type() -> CredentialType:
    skill = credential_type("skill-level", identity_document=False)
    return credential_type("licence", completed=False, prerequisite=skill)


def examined(center: Center, score: int = 100) -> Enrollment:
    """Somebody who completed a program by one test."""
    cohort = taught_cohort(lessons=1, score=60, center=center)
    enrollment = EnrollmentFactory(cohort=cohort)
    (unit,) = cohort.content_version.units
    record_score(enrollment_id=enrollment.pk, unit_key=UUID(unit["unit"]), score=Decimal(score), passed=True)
    complete_if_eligible(enrollment_id=enrollment.pk)
    return enrollment


@pytest.fixture
def skill(center: Center, license_type: CredentialType) -> Credential:
    return issued_for(examined(center).cohort, type_code="skill-level")


@pytest.fixture
def completion(center: Center) -> Credential:
    credential_type("completion")
    return issued_for(examined(center).cohort)


def correct(credential: Credential, score: int) -> User:
    by = staff_member(RoleName.ASSESSOR, credential.center)
    correct_score(
        enrollment_id=credential.enrollment_id,
        unit_key=credential.enrollment.progress.get().unit_key,
        score=Decimal(score),
        passed=score >= 60,
        reason="ورقة شخص آخر",
        by=by,
    )
    return by


def license_proposed(skill: Credential, *, by: User) -> Proposal:
    return propose_on_prerequisite(
        type_id=CredentialType.objects.get(code="licence").pk,
        prerequisite_ids=[skill.pk],
        template_id=CertificateTemplateFactory().pk,
        by=by,
    )


@pytest.fixture
def license_(skill: Credential, manager: User) -> Credential:
    return approved(license_proposed(skill, by=manager))[0]


def causes(credential: Credential) -> list[tuple[str, str]]:
    credential.refresh_from_db()
    found = doubts_of([credential]).get(credential.pk, [])
    return [(doubt.cause, doubt.credential.number) for doubt in found]


def result(credential: Credential) -> str:
    return read_register([credential.code])[0].result


def test_no_license_is_proposed_on_a_skill_level_whose_test_was_corrected_below_the_rule(
    skill: Credential, manager: User
):
    correct(skill, 40)

    with pytest.raises(NothingToPropose):
        license_proposed(skill, by=manager)


def test_the_blocked_row_names_the_certificate_in_doubt(skill: Credential, manager: User, center: Center):
    other = issued_for(examined(center).cohort, type_code="skill-level")
    correct(skill, 40)

    proposal = propose_on_prerequisite(
        type_id=CredentialType.objects.get(code="licence").pk,
        prerequisite_ids=[skill.pk, other.pk],
        template_id=CertificateTemplateFactory().pk,
        by=manager,
    )

    blocked = proposal.rows.get(state=RowState.BLOCKED)
    assert blocked.blocking_reasons == [{"code": BlockingReason.BASIS_IN_DOUBT, "detail": skill.number}]
    assert blocked.person == skill.holder


def test_what_came_into_doubt_after_the_proposal_is_not_approved(skill: Credential, manager: User):
    proposal = license_proposed(skill, by=manager)
    correct(skill, 40)

    officer = registrar_of(skill)
    with pytest.raises(RestsOnDoubt, match=skill.number):
        approve(proposal_id=proposal.pk, by=officer, confirmed_at=timezone.now())

    assert not Credential.objects.filter(type__code="licence").exists()


def test_a_license_is_in_doubt_with_the_skill_level_it_is_based_on_for_every_reader(
    client: Client, skill: Credential, license_: Credential
):
    before = (result(license_), verification_response(read_register([license_.code])[0])["result"])
    correct(skill, 40)

    officer = registrar_of(license_)
    client.force_login(officer)
    page = client.get(reverse("credentials:inspect", args=[license_.pk]))
    listed = client.get(reverse("credentials:index")).text
    public = Client().get(reverse("certificates:verify", args=[license_.code])).text
    assert before == ("valid", "valid")
    assert (DoubtCause.COMPLETION, skill.number) in causes(license_)
    assert result(license_) == LookupResult.IN_DOUBT
    assert verification_response(read_register([license_.code])[0])["result"] == "in_doubt"
    assert "الوزارة تتحقق منها" in public
    assert skill.number in page.text
    assert reverse("enrollment:confirm", args=[skill.enrollment_id]) in page.text
    assert listed.count("موضع شك") == 2
    assert [row.number for row in DoubtedCertificates().rows(officer)] == [skill.number, license_.number]
    assert not for_passport(license_.holder).exists()
    with pytest.raises(InDoubt):
        issue_copy(credential_id=license_.pk, reason=Reason.LOST, by=officer)


def test_confirming_the_completion_lifts_that_doubt_alone(skill: Credential, license_: Credential):
    correct(skill, 40)
    officer = registrar_of(skill)

    confirm_completion(enrollment_id=skill.enrollment_id, reason="الورقة الأصلية عندي", by=officer)

    # The rule of the skill level asks for 60.
    assert causes(license_) == [(DoubtCause.RULE, skill.number)]
    assert result(license_) == LookupResult.IN_DOUBT
    (doubt,) = doubts_of([skill])[skill.pk]
    lift_doubt(
        credential_id=skill.pk, cause=doubt.cause, about=doubt.about, reason="أعيد الاختبار", by=officer
    )
    assert causes(license_) == []
    assert result(license_) == LookupResult.VALID


def test_a_correction_back_lifts_the_doubt_by_itself(skill: Credential, license_: Credential):
    correct(skill, 40)
    correct(skill, 90)

    assert (causes(skill), result(license_)) == ([], LookupResult.VALID)


def test_a_later_correction_doubts_what_was_lifted_again(skill: Credential):
    correct(skill, 40)
    officer = registrar_of(skill)
    confirm_completion(enrollment_id=skill.enrollment_id, reason="x", by=officer)
    (doubt,) = doubts_of([skill])[skill.pk]
    lift_doubt(credential_id=skill.pk, cause=doubt.cause, about=doubt.about, reason="x", by=officer)

    correct(skill, 30)

    assert causes(skill) == [(DoubtCause.COMPLETION, skill.number), (DoubtCause.RULE, skill.number)]


def test_who_corrected_the_marks_lifts_no_doubt_and_what_is_not_doubted_is_not_lifted(skill: Credential):
    by = correct(skill, 40)
    MembershipFactory(user=by, role=RoleName.CERTIFYING_OFFICER, center=skill.center)
    (doubt,) = (one for one in doubts_of([skill])[skill.pk] if one.cause == DoubtCause.RULE)

    with pytest.raises(OwnDecision):
        lift_doubt(credential_id=skill.pk, cause=doubt.cause, about=doubt.about, reason="x", by=by)
    with pytest.raises(NotDoubted):
        lift_doubt(
            credential_id=skill.pk, cause=DoubtCause.FACTS, about="", reason="x", by=registrar_of(skill)
        )


def renamed(credential: Credential) -> None:
    credential.holder.full_name_ar = "سعاد منصور رزق"
    credential.holder.save()


def test_a_license_under_the_name_before_a_correction_asks_for_its_own_correction(
    skill: Credential, license_: Credential, manager: User
):
    renamed(skill)
    newer = corrected(skill, by=manager)
    before = causes(license_)
    license_.holder.refresh_from_db()

    proposal = propose_correction(
        credential_id=license_.pk,
        reason=Reason.NAME_CORRECTED,
        template_id=CertificateTemplateFactory().pk,
        by=manager,
    )
    (replacing,) = approved(proposal)

    assert before == [(DoubtCause.PREREQUISITE_CORRECTED, license_.number)]
    assert replacing.claims["name_ar"] == newer.claims["name_ar"] == "سعاد منصور رزق"
    assert (causes(replacing), result(replacing)) == ([], LookupResult.VALID)


def test_a_corrected_name_answers_no_doubt_about_corrected_facts(
    skill: Credential, license_: Credential, manager: User
):
    cohort_facts_corrected.send(sender=None, cohort=skill.enrollment.cohort, changed=["hours"])
    before = (causes(skill), causes(license_))
    renamed(skill)

    newer = corrected(skill, by=manager)

    assert before == ([(DoubtCause.FACTS, skill.number)], [(DoubtCause.FACTS, skill.number)])
    assert causes(newer) == [(DoubtCause.FACTS, newer.number)]
    assert causes(license_) == [
        (DoubtCause.PREREQUISITE_CORRECTED, license_.number),
        (DoubtCause.FACTS, newer.number),
    ]


def test_a_correction_of_the_facts_answers_the_doubt_about_them(completion: Credential, manager: User):
    hours = completion.claims["hours"] + 10
    corrected_facts(completion.enrollment.cohort, hours=hours)
    before = causes(completion)

    proposal = propose_correction(
        credential_id=completion.pk,
        reason=Reason.FACTS_CORRECTED,
        template_id=CertificateTemplateFactory().pk,
        by=manager,
    )
    (right,) = approved(proposal)

    assert before == [(DoubtCause.FACTS, completion.number)]
    assert (right.claims["hours"], causes(right)) == (hours, [])


def test_the_list_of_doubts_agrees_with_the_page_of_each(
    skill: Credential, license_: Credential, manager: User
):
    renamed(skill)
    newer = corrected(skill, by=manager)
    correct(newer, 40)

    everything = Credential.objects.all()

    listed = credentials_in_doubt(everything)
    assert listed == doubts_of(everything)
    assert set(listed) == {newer.pk, license_.pk}


# --- Supplements -------------------------------------------------------------------------------------------------


def supplement_proposed(cohort: Cohort) -> Proposal:
    manager = MembershipFactory(role=RoleName.CENTER_MANAGER, center=cohort.center).user
    return propose(
        cohort_id=cohort.pk,
        type_id=credential_type("supplement").pk,
        template_id=built_in_template("supplement").pk,
        by=manager,
    )


def supplement_of(credential: Credential) -> Credential:
    return approved(supplement_proposed(credential.enrollment.cohort))[0]


def unnamed(supplement: Credential) -> Credential:
    """As supplements were issued before they named their certificate."""
    with trigger_disabled("certificates_credential", "credential_only_ends"):
        claims = {name: fact for name, fact in supplement.claims.items() if name != "basis"}
        Credential.objects.filter(pk=supplement.pk).update(claims=claims)
    supplement.refresh_from_db()
    return supplement


def test_a_supplement_belongs_to_its_certificate_and_ends_with_it(completion: Credential, officer: User):
    supplement = supplement_of(completion)

    revoke(credential_id=completion.pk, reason=Reason.FRAUD, note="", by=officer)

    supplement.refresh_from_db()
    assert supplement.claims["basis"] == completion.number
    assert supplement.state == CredentialState.REVOKED


def test_a_supplement_from_before_it_named_its_certificate_ends_with_it_too(
    completion: Credential, officer: User
):
    supplement = supplement_of(completion)
    unnamed(supplement)

    revoke(credential_id=completion.pk, reason=Reason.FRAUD, note="", by=officer)

    supplement.refresh_from_db()
    assert supplement.state == CredentialState.REVOKED


def test_no_supplement_without_a_certificate_or_after_its_revocation(
    completion: Credential, officer: User, center: Center
):
    revoke(credential_id=completion.pk, reason=Reason.FRAUD, note="", by=officer)

    for cohort in (completion.enrollment.cohort, examined(center).cohort):
        with pytest.raises(NothingToPropose):
            supplement_proposed(cohort)


def test_no_supplement_while_its_certificate_is_in_doubt(completion: Credential):
    cohort_facts_corrected.send(sender=None, cohort=completion.enrollment.cohort, changed=["hours"])

    with pytest.raises(NothingToPropose):
        supplement_proposed(completion.enrollment.cohort)


def test_a_supplement_that_outlived_its_certificate_is_in_doubt(completion: Credential, officer: User):
    supplement = unnamed(supplement_of(completion))
    revoke(credential_id=completion.pk, reason=Reason.FRAUD, note="", by=officer, cascade=False)
    reinstate(credential_id=supplement.pk, note="", by=officer)
    kept = causes(supplement)
    CredentialDoubt.objects.all().delete()

    # Who puts it in force again looked at it.
    assert kept == []
    assert causes(supplement) == [(DoubtCause.PREREQUISITE_WITHDRAWN, supplement.number)]


def test_a_doubt_is_lifted_by_who_approves_in_that_center_and_never_by_the_holder(
    center: Center, other_center: Center
):
    credential = credential_in(center)
    outsider = staff_member(RoleName.CERTIFYING_OFFICER, other_center)
    holder = TraineeFactory(person=credential.enrollment.person)
    MembershipFactory(user=holder, role=RoleName.CERTIFYING_OFFICER, center=center)

    for by, refusal in ((outsider, NotAllowedHere), (holder, OwnRecord)):
        with pytest.raises(refusal):
            lift_doubt(credential_id=credential.pk, cause="facts", about="", reason="I looked", by=by)


def test_who_marked_puts_nothing_in_force_again_in_spite_of_its_basis(completion: Credential, officer: User):
    supplement = unnamed(supplement_of(completion))
    by = correct(completion, 90)
    MembershipFactory(user=by, role=RoleName.CERTIFYING_OFFICER, center=completion.center)
    revoke(credential_id=completion.pk, reason=Reason.FRAUD, note="", by=officer, cascade=False)
    with pytest.raises(OwnDecision):
        reinstate(credential_id=supplement.pk, note="", by=by)
