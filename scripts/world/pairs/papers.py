"""Pairs about certificates."""

from decimal import Decimal
from uuid import UUID

from django.utils import timezone

from accounts.enums import RoleName
from certificates.enums import SUSPENSION_REASONS
from certificates.models import Credential, Proposal
from certificates.queries.doubts import doubts_of
from certificates.services.deciding import approve
from certificates.services.doubts import lift_doubt
from certificates.services.proposing import propose_on_prerequisite
from certificates.services.statuses import suspend
from courses.models import Cohort, Enrollment
from courses.queries.content import units_of
from courses.services.completion import complete_if_eligible
from courses.services.facts import ask_for_correction, decide_correction
from courses.services.marks import correct_score
from courses.services.progress import record_score
from scripts.world.acts.seats import WHY
from scripts.world.pairs.registry import Act, again, pair
from tests.factories.accounts import staff_member
from tests.factories.certificates import (
    CertificateTemplateFactory,
    credential_type,
    issued_for,
    proposed,
    proposed_for,
    registrar_of,
)
from tests.factories.courses import CohortFactory, EnrollmentFactory, taught_cohort


@pair("two officers approve one proposal")
def approved_twice() -> tuple[Act, Act]:
    proposal = proposed(CohortFactory())
    return _approving(proposal), _approving(proposal)


@pair("a certificate is approved, and the score behind it corrected")
def approved_and_score_corrected() -> tuple[Act, Act]:
    enrollment = _examined()
    proposal = proposed_for(enrollment.cohort, type_code="skill-level")
    return _approving(proposal), _correcting(enrollment, 40)


@pair("a certificate is approved, and the facts of its cohort corrected")
def approved_and_facts_corrected() -> tuple[Act, Act]:
    cohort = CohortFactory()
    proposal = proposed(cohort)
    one, other = (staff_member(RoleName.MINISTRY_OFFICER) for _hand in range(2))
    asked = ask_for_correction(cohort_id=cohort.pk, facts={"hours": 90}, reason=WHY, by=one)
    return (
        _approving(proposal),
        lambda: decide_correction(facts_id=asked.pk, is_accepted=True, by=again(other)),
    )


@pair("a license is approved, and the certificate it is based on suspended")
def approved_and_basis_suspended() -> tuple[Act, Act]:
    skill = _skill()
    credential_type("licence", completed=False, prerequisite=skill.type)
    proposal = propose_on_prerequisite(
        type_id=credential_type("licence").pk,
        prerequisite_ids=[skill.pk],
        template_id=CertificateTemplateFactory().pk,
        by=staff_member(RoleName.CENTER_MANAGER, skill.center),
    )
    officer = registrar_of(skill)
    return (
        _approving(proposal),
        lambda: suspend(credential_id=skill.pk, reason=SUSPENSION_REASONS[0], note=WHY, by=again(officer)),
    )


@pair("a doubt is lifted, and the score corrected again")
def lifted_and_doubted() -> tuple[Act, Act]:
    skill = _skill()
    enrollment = Enrollment.objects.get(credentials=skill)
    _correcting(enrollment, 40)()
    doubt = doubts_of([skill])[skill.pk][-1]
    officer = registrar_of(skill)
    return (
        lambda: lift_doubt(
            credential_id=skill.pk, cause=doubt.cause, about=doubt.about, reason=WHY, by=again(officer)
        ),
        _correcting(enrollment, 30),
    )


def _approving(proposal: Proposal) -> Act:
    officer = staff_member(RoleName.CERTIFYING_OFFICER, proposal.center)
    return lambda: approve(proposal_id=proposal.pk, by=again(officer), confirmed_at=timezone.now())


def _correcting(enrollment: Enrollment, score: int) -> Act:
    assessor = staff_member(RoleName.ASSESSOR, enrollment.cohort.center)
    return lambda: correct_score(
        enrollment_id=enrollment.pk,
        unit_key=enrollment.progress.get().unit_key,
        score=Decimal(score),
        passed=score >= 60,
        reason=WHY,
        by=again(assessor),
    )


def _examined() -> Enrollment:
    """Somebody who completed a program by one test."""
    credential_type("skill-level", identity_document=False)
    cohort: Cohort = taught_cohort(lessons=1, score=60)
    enrollment = EnrollmentFactory(cohort=cohort)
    (unit,) = units_of(cohort)
    record_score(enrollment_id=enrollment.pk, unit_key=UUID(unit["unit"]), score=Decimal(80), passed=True)
    return complete_if_eligible(enrollment_id=enrollment.pk)


def _skill() -> Credential:
    return issued_for(_examined().cohort, type_code="skill-level")
