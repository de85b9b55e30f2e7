"""Status changes of a certificate after its issue, and certificates based on others."""

import datetime as dt

import pytest
from django.db import DatabaseError, connection
from django.utils import timezone

from accounts.enums import MembershipScope, RoleName
from accounts.models import Center, User
from accounts.services.people import correct_person
from certificates import errors
from certificates.enums import BlockingReason, CredentialState, FeeFor, Reason, RowState, Status
from certificates.models import Copy, Credential, Fee, IssuingRule, Term
from certificates.services.deciding import approve
from certificates.services.issuing import end_of_term
from certificates.services.proposing import (
    propose,
    propose_correction,
    propose_on_prerequisite,
    propose_renewal,
)
from certificates.services.rules import set_issuing_rule
from certificates.services.statuses import issue_copy, reinstate, suspend
from certificates.services.verification import verification_of
from courses.clauses import Clauses, Score
from courses.enums import CohortState, EnrollmentState
from tests.factories.accounts import MembershipFactory, PersonFactory
from tests.factories.certificate_fees import copy_paid
from tests.factories.certificates import (
    CertificateTemplateFactory,
    approved,
    completed_enrollment,
    credential_type,
    issued,
    issued_for,
    proposed_for,
    revoke,
)
from tests.factories.courses import CohortFactory, EnrollmentFactory


@pytest.fixture
def credential(center: Center) -> Credential:
    return issued(CohortFactory(center=center))


@pytest.fixture
def officer(center: Center) -> User:
    return MembershipFactory(role=RoleName.CERTIFYING_OFFICER, center=center).user


def frozen(credential: Credential) -> dict[str, object]:
    """Everything a certificate says; its state may move."""
    return Credential.objects.values().get(pk=credential.pk) | {"state": None}


def test_a_suspended_certificate_is_not_valid_and_comes_back_in_force(credential: Credential, officer: User):
    before = frozen(credential)

    suspend(credential_id=credential.pk, reason=Reason.UNDER_INVESTIGATION, note="بلاغ", by=officer)
    credential.refresh_from_db()
    during = verification_of(credential).result
    reinstate(credential_id=credential.pk, note="حفظ البلاغ", by=officer)

    credential.refresh_from_db()
    assert (during, verification_of(credential).result) == ("suspended", "valid")
    assert frozen(credential) == before
    assert [event.status for event in credential.events.all()] == [
        Status.ISSUED,
        Status.SUSPENDED,
        Status.REINSTATED,
    ]


def test_what_does_not_fit_changes_nothing(credential: Credential, officer: User):
    with pytest.raises(errors.NotSuspended):
        reinstate(credential_id=credential.pk, note="", by=officer)
    with pytest.raises(errors.ReasonDoesNotFit):
        suspend(credential_id=credential.pk, reason=Reason.FRAUD, note="", by=officer)
    with pytest.raises(errors.ReasonDoesNotFit):
        revoke(credential_id=credential.pk, reason=Reason.LOST, note="", by=officer)
    with pytest.raises(errors.ReasonDoesNotFit):
        issue_copy(credential_id=credential.pk, reason=Reason.FRAUD, by=officer)

    credential.refresh_from_db()
    assert credential.state == CredentialState.IN_FORCE
    assert credential.events.count() == 1


def test_staff_cannot_end_their_own_certificate(credential: Credential, officer: User):
    officer.person = credential.holder
    officer.save()

    with pytest.raises(errors.OwnRecord):
        revoke(credential_id=credential.pk, reason=Reason.ISSUED_IN_ERROR, note="", by=officer)


def test_the_database_refuses_a_certificate_of_the_approver(credential: Credential, officer: User):
    officer.person = PersonFactory()
    officer.save()
    columns = [field.column for field in Credential._meta.fields if not field.primary_key]
    changed = {
        "public_id": "gen_random_uuid()",
        "number": "'X'",
        "code": "'Y'",
        "holder_id": str(officer.person_id),
        "enrollment_id": "NULL",
        "approved_by_id": str(officer.pk),
    }
    values = ", ".join(changed.get(column, column) for column in columns)

    with pytest.raises(DatabaseError, match="own certificate"), connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO certificates_credential ({', '.join(columns)})"
            f" SELECT {values} FROM certificates_credential LIMIT 1"
        )


def test_copies_are_numbered_cost_their_fee_and_leave_the_original_as_it_was(
    credential: Credential, officer: User
):
    Fee.objects.create(
        type=credential.type,
        due_for=FeeFor.COPY,
        amount=75,
        since=timezone.localdate() - dt.timedelta(days=9),
    )
    before = frozen(credential)

    copies = []
    for number, reason in enumerate((Reason.LOST, Reason.DAMAGED), start=1):
        copy_paid(credential, f"{number}")
        copies.append(issue_copy(credential_id=credential.pk, reason=reason, by=officer))

    assert [(copy.number, copy.fee) for copy in copies] == [(1, 75), (2, 75)]
    assert frozen(credential) == before
    assert credential.render_jobs.filter(copy__in=copies).count() == 2
    with pytest.raises(DatabaseError, match="never changed"):
        Copy.objects.update(number=9)


def test_a_name_correction_changes_nothing_in_the_old_row_and_leads_to_the_new_one(
    credential: Credential, officer: User, manager: User
):
    before = frozen(credential)
    correct_person(
        person_id=credential.holder_id,
        full_name_ar="سعاد إبراهيم علي حسن",
        full_name_en="Soad Hassan",
        by=manager,
    )

    proposal = propose_correction(
        credential_id=credential.pk,
        reason=Reason.NAME_CORRECTED,
        template_id=CertificateTemplateFactory().pk,
        by=manager,
    )
    still = Credential.objects.get(pk=credential.pk).state
    (corrected,) = approved(proposal)

    credential.refresh_from_db()
    assert (still, credential.state) == (CredentialState.IN_FORCE, CredentialState.SUPERSEDED)
    assert frozen(credential) == before
    assert credential.superseded_by == corrected
    assert corrected.claims["name_ar"] == "سعاد إبراهيم علي حسن"
    assert (corrected.valid_from, corrected.valid_until) == (credential.valid_from, credential.valid_until)
    assert credential.events.get(status=Status.SUPERSEDED).reason == Reason.NAME_CORRECTED


def test_a_certificate_with_correct_claims_is_not_corrected(credential: Credential, manager: User):
    with pytest.raises(errors.NothingToCorrect):
        propose_correction(
            credential_id=credential.pk,
            reason=Reason.NAME_CORRECTED,
            template_id=CertificateTemplateFactory().pk,
            by=manager,
        )


def test_a_certificate_is_renewed_only_near_its_end_and_the_next_holds_at_once_and_longer(
    center: Center, manager: User
):
    type_ = credential_type("skill-level", identity_document=False)
    Term.objects.create(type=type_, months=2, renewable_days=90, since=dt.date(2020, 1, 1))
    cohort = CohortFactory(center=center)
    completed_enrollment(cohort)
    old = issued_for(cohort, type_code="skill-level")
    template = CertificateTemplateFactory().pk

    proposal = propose_renewal(credential_ids=[old.pk], template_id=template, by=manager)
    (renewed,) = approved(proposal)

    old.refresh_from_db()
    assert old.valid_until is not None
    assert old.state == CredentialState.RENEWED
    assert renewed.renews == old
    assert renewed.valid_from == timezone.localdate()
    assert renewed.valid_until == end_of_term(old.valid_until + dt.timedelta(days=1), 2)
    assert renewed.number.endswith("/SL-000002")
    Term.objects.create(type=type_, months=60, renewable_days=30, since=dt.date(2021, 1, 1))
    with pytest.raises(errors.NotRenewable):
        propose_renewal(credential_ids=[renewed.pk], template_id=template, by=manager)


def test_a_license_is_based_on_a_skill_level_certificate_in_force(
    center: Center, manager: User, officer: User
):
    skill = credential_type("skill-level", identity_document=False)
    license_ = credential_type("licence", completed=False, prerequisite=skill)
    cohort = CohortFactory(center=center)
    for _number in range(2):
        completed_enrollment(cohort)
    kept, suspended = approved(proposed_for(cohort, type_code="skill-level"))
    suspend(credential_id=suspended.pk, reason=Reason.COURT_ORDER, note="", by=officer)

    proposal = propose_on_prerequisite(
        type_id=license_.pk,
        prerequisite_ids=[kept.pk, suspended.pk],
        template_id=CertificateTemplateFactory().pk,
        by=manager,
    )
    (issued_licence,) = approved(proposal)

    assert issued_licence.holder == kept.holder
    assert issued_licence.enrollment is None
    assert issued_licence.claims["basis"] == kept.number
    blocked = proposal.rows.get(state=RowState.BLOCKED)
    assert [block["code"] for block in blocked.blocking_reasons] == [BlockingReason.NO_PREREQUISITE]


def test_every_person_of_a_cohort_gets_a_row_with_the_blocking_reasons(center: Center):
    credential_type("completion", latin_name=True, identity_document=True, asks=Clauses(score=Score(85)))
    cohort = CohortFactory(center=center)
    able = completed_enrollment(cohort, score="90.00")
    able.person.documents.create(kind="national_id", number_encrypted=b"x", number_hmac="h", last4="1234")
    nameless = completed_enrollment(cohort, person=PersonFactory(full_name_en=""))
    absent = EnrollmentFactory(cohort=cohort)
    EnrollmentFactory(cohort=cohort, state=EnrollmentState.WITHDRAWN)

    proposal = proposed_for(cohort)

    blocking_reasons = {
        row.enrollment_id: [block["code"] for block in row.blocking_reasons] for row in proposal.rows.all()
    }
    assert blocking_reasons == {
        able.pk: [],
        nameless.pk: [BlockingReason.SCORE, BlockingReason.NO_LATIN_NAME, BlockingReason.NO_IDENTITY],
        absent.pk: [BlockingReason.NOT_COMPLETED, BlockingReason.SCORE, BlockingReason.NO_IDENTITY],
    }
    assert proposal.rows.get(enrollment=able).claims["identity"] == {"kind": "national_id", "last4": "1234"}


def test_a_proof_of_attendance_needs_no_completion(center: Center):
    cohort = CohortFactory(center=center, state=CohortState.CLOSED)
    enrollment = EnrollmentFactory(cohort=cohort)
    credential_type("attendance", completed=False, asks=Clauses(attendance=75))
    done = completed_enrollment(cohort)
    snapshot = done.eligibilities.get()
    enrollment.eligibilities.create(
        rule=snapshot.rule,
        met=False,
        evidence={"attendance": {"percent": 74, "required": 75}},
        evaluated_at=timezone.now(),
    )

    proposal = proposed_for(cohort, type_code="attendance")

    assert proposal.rows.get(enrollment=enrollment).blocking_reasons == [
        {"code": BlockingReason.ATTENDANCE, "detail": "74 / 75 %"}
    ]
    assert proposal.rows.get(enrollment=done).state == RowState.ELIGIBLE


def test_an_officer_who_confirmed_long_ago_is_asked_again(center: Center, officer: User):
    cohort = CohortFactory(center=center)
    completed_enrollment(cohort)
    proposal = proposed_for(cohort)

    for moment in (None, timezone.now() - dt.timedelta(minutes=6)):
        with pytest.raises(errors.ConfirmationNeeded):
            approve(proposal_id=proposal.pk, by=officer, confirmed_at=moment)

    assert not Credential.objects.exists()


def test_a_person_renamed_after_the_proposal_is_not_issued_the_old_name(center: Center, officer: User):
    cohort = CohortFactory(center=center)
    person = completed_enrollment(cohort).person
    proposal = proposed_for(cohort)
    person.full_name_ar = "اسم جديد"
    person.save()

    with pytest.raises(errors.ChangedSinceProposal):
        approve(proposal_id=proposal.pk, by=officer, confirmed_at=timezone.now())

    assert not Credential.objects.exists()


def test_a_rule_that_was_used_never_changes_and_a_new_version_follows(credential: Credential, db: None):
    ministry = MembershipFactory(
        role=RoleName.MINISTRY_OFFICER, scope=MembershipScope.MINISTRY, center=None
    ).user
    used = credential.proposal.rule

    newer = set_issuing_rule(type_id=credential.type_id, by=ministry, latin_name=True)

    assert newer.version == used.version + 1
    with pytest.raises(DatabaseError, match="never changed"):
        IssuingRule.objects.filter(pk=used.pk).update(completed=False)


def test_an_expired_certificate_says_so(credential: Credential):
    credential.valid_until = timezone.localdate() - dt.timedelta(days=1)

    assert verification_of(credential).result == "expired"


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (dt.date(2026, 11, 26), 36, dt.date(2029, 11, 25)),
        (dt.date(2024, 2, 29), 12, dt.date(2025, 2, 27)),
        (dt.date(2026, 8, 31), 6, dt.date(2027, 2, 27)),
        (dt.date(2026, 1, 1), 12, dt.date(2026, 12, 31)),
    ],
)
def test_a_term_ends_the_day_before_its_anniversary(start: dt.date, months: int, end: dt.date):
    assert end_of_term(start, months) == end


def test_a_license_with_correct_claims_is_not_corrected(center: Center, manager: User):
    skill = credential_type("skill-level", identity_document=False)
    license_ = credential_type("licence", completed=False, prerequisite=skill)
    cohort = CohortFactory(center=center)
    completed_enrollment(cohort)
    held = issued_for(cohort, type_code="skill-level")
    template = CertificateTemplateFactory().pk
    (issued_licence,) = approved(
        propose_on_prerequisite(
            type_id=license_.pk, prerequisite_ids=[held.pk], template_id=template, by=manager
        )
    )

    with pytest.raises(errors.NothingToCorrect):
        propose_correction(
            credential_id=issued_licence.pk, reason=Reason.FACTS_CORRECTED, template_id=template, by=manager
        )


def test_a_trainer_of_the_cohort_proposes_nothing(center: Center, manager: User):
    cohort = CohortFactory(center=center)
    completed_enrollment(cohort)
    cohort.instructors.add(manager)

    with pytest.raises(errors.InstructorOfTheCohort):
        propose(
            cohort_id=cohort.pk,
            type_id=credential_type().pk,
            template_id=CertificateTemplateFactory().pk,
            by=manager,
        )


def test_a_proposal_whose_proposer_teaches_the_cohort_now_is_not_issued(center: Center, officer: User):
    cohort = CohortFactory(center=center)
    completed_enrollment(cohort)
    proposal = proposed_for(cohort)
    cohort.instructors.add(proposal.proposed_by)

    with pytest.raises(errors.ProposedByInstructor):
        approve(proposal_id=proposal.pk, by=officer, confirmed_at=timezone.now())

    assert not Credential.objects.exists()


def test_staff_cannot_propose_their_own_certificate(center: Center, manager: User):
    cohort = CohortFactory(center=center)
    manager.person = completed_enrollment(cohort).person
    manager.save()

    with pytest.raises(errors.OwnRecord):
        propose(
            cohort_id=cohort.pk,
            type_id=credential_type().pk,
            template_id=CertificateTemplateFactory().pk,
            by=manager,
        )
