"""Work about certificates, their paper and their fees."""

import datetime as dt

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from accounts.enums import RoleName
from accounts.models import Center, User
from certificates.enums import (
    CredentialKind,
    CredentialState,
    DoubtCause,
    FeeFor,
    PaperState,
    Reason,
    Status,
)
from certificates.models import (
    Credential,
    CredentialType,
    Fee,
    LegacyPaper,
    Proceeding,
    Proposal,
    StatusEvent,
    Term,
)
from certificates.services.deciding import reject
from certificates.services.doubts import lift_doubt
from certificates.services.proceedings import propose_revocation
from certificates.services.proposing import propose_correction
from courses.enums import EnrollmentState
from courses.models import Eligibility, Enrollment
from courses.services.completion import confirm_completion
from courses.signals import cohort_facts_corrected
from jobs.enums import JobState
from tests.factories.accounts import staff_member
from tests.factories.certificate_fees import paid, proposed_with_fee
from tests.factories.certificates import (
    CertificateTemplateFactory,
    approved,
    completed_enrollment,
    credential_in,
    decided,
    delivery_of_the_ministry,
    differing_in,
    proposed,
)
from tests.factories.certificates_legacy import batch_in
from tests.factories.courses import CohortFactory
from tests.factories.jobs import put
from tests.factories.printed_certificates import collected, printed_in
from tests.factories.security_paper import sheets_in
from tests.lms.waiting_registry import Finish, days, waits


@waits("differing-papers", RoleName.CENTER_MANAGER)
def differing(center: Center, user: User) -> Finish:
    credential = differing_in(center)

    def correct() -> None:
        approved(
            propose_correction(
                credential_id=credential.pk,
                reason=Reason.FACTS_CORRECTED,
                template_id=CertificateTemplateFactory().pk,
                by=user,
            )
        )

    return correct


@waits("doubts", RoleName.CERTIFYING_OFFICER)
def doubtful(center: Center, user: User) -> Finish:
    enrollment = completed_enrollment(CohortFactory(center=center))
    met = enrollment.eligibilities.get()
    Eligibility.objects.create(
        enrollment=enrollment, rule=met.rule, met=False, evidence=met.evidence, evaluated_at=timezone.now()
    )
    return lambda: confirm_completion(enrollment_id=enrollment.pk, reason="صحيح", by=user)


@waits("doubted-certificates", RoleName.CERTIFYING_OFFICER)
def doubted_certificate(center: Center, user: User) -> Finish:
    credential = credential_in(center)
    cohort_facts_corrected.send(sender=None, cohort=credential.enrollment.cohort, changed=["hours"])
    about = credential.doubts.get().about
    return lambda: lift_doubt(
        credential_id=credential.pk, cause=DoubtCause.FACTS, about=about, reason="الورقة صحيحة", by=user
    )


@waits("revocations", RoleName.CERTIFYING_OFFICER)
def revocation_to_decide(center: Center, user: User) -> Finish:
    credential = credential_in(center)
    proposed_by = staff_member(RoleName.CERTIFYING_OFFICER, center)
    proceeding = propose_revocation(credential_id=credential.pk, reason=Reason.FRAUD, note="", by=proposed_by)
    Proceeding.objects.filter(pk=proceeding.pk).update(heard_until=timezone.localdate() - days(1))
    return lambda: decided(proceeding, by=user)


@waits("proposals", RoleName.CERTIFYING_OFFICER)
def proposal(center: Center, user: User) -> Finish:
    waiting = proposed(CohortFactory(center=center))
    return lambda: reject(proposal_id=waiting.pk, reason="الاسم", by=user)


@waits("returned-proposals", RoleName.CENTER_MANAGER)
def returned_proposal(center: Center, user: User) -> Finish:
    returned = proposed(CohortFactory(center=center))
    reject(proposal_id=returned.pk, reason="الاسم", by=staff_member(RoleName.CERTIFYING_OFFICER, center))
    facts = {
        "type": returned.type,
        "center": center,
        "cohort": returned.cohort,
        "template": returned.template,
    }
    return lambda: Proposal.objects.create(**facts, proposed_by=user, proposed_at=timezone.now())


@waits("paper-low", RoleName.MINISTRY_OFFICER, everywhere=True)
def center_short_of_paper(center: Center, user: User) -> Finish:
    last = sheets_in(center).last
    return lambda: sheets_in(center, last + 1, last + settings.SECURITY_PAPER_LOW)


@waits("ready", RoleName.CENTER_MANAGER)
def ready(center: Center, user: User) -> Finish:
    cohort = CohortFactory(center=center)
    completed = completed_enrollment(cohort)
    return lambda: Enrollment.objects.filter(pk=completed.pk).update(
        state=EnrollmentState.FAILED, completed_at=None
    )


@waits("fees", RoleName.REGISTRAR)
def fee_not_received(center: Center, user: User) -> Finish:
    waiting = proposed_with_fee(center)
    return lambda: paid(waiting, f"{waiting.pk}", by=user)


@waits("not-collected", RoleName.REGISTRAR)
def not_collected(center: Center, user: User) -> Finish:
    printout = printed_in(center)
    return lambda: collected(printout)


@waits("drawings", RoleName.CERTIFYING_OFFICER)
def failed_drawing(center: Center, user: User) -> Finish:
    jobs = credential_in(center).render_jobs
    put(jobs, JobState.FAILED)
    return lambda: put(jobs, JobState.WAITING)


def paper_in(center: Center) -> QuerySet[LegacyPaper]:
    """Of an index of its own each time."""
    batch = batch_in(center, {"number": f"{LegacyPaper.objects.count() + 1}/98"})
    return LegacyPaper.objects.filter(batch=batch)


@waits("papers", RoleName.CERTIFYING_OFFICER)
def paper_to_compare(center: Center, user: User) -> Finish:
    rows = paper_in(center)
    rows.update(faults=[])
    return lambda: rows.update(state=PaperState.CHECKED, checked_by=user)


@waits("faulty-papers", RoleName.CENTER_MANAGER)
def paper_to_correct(center: Center, user: User) -> Finish:
    rows = paper_in(center)
    rows.update(state=PaperState.RETURNED)
    return lambda: rows.update(state=PaperState.TYPED, faults=[])


@waits("suspensions", RoleName.CERTIFYING_OFFICER)
def long_suspension(center: Center, user: User) -> Finish:
    credential = credential_in(center)

    def move(status: Status, state: CredentialState, *, days_ago: int) -> None:
        StatusEvent.objects.create(
            credential=credential,
            status=status,
            reason=Reason.UNDER_INVESTIGATION,
            by=user,
            at=timezone.now() - days(days_ago),
        )
        Credential.objects.filter(pk=credential.pk).update(state=state)

    move(Status.SUSPENDED, CredentialState.SUSPENDED, days_ago=31)
    return lambda: move(Status.REINSTATED, CredentialState.IN_FORCE, days_ago=0)


@waits("terms-unset", RoleName.MINISTRY_OFFICER, everywhere=True)
def license_without_term(center: Center, user: User) -> Finish:
    type_ = new_type(CredentialKind.LICENSE)
    return lambda: Term.objects.create(type=type_, months=36, since=timezone.localdate())


@waits("fees-unset", RoleName.MINISTRY_OFFICER, everywhere=True)
def kind_without_fee(center: Center, user: User) -> Finish:
    type_ = new_type(CredentialKind.ATTENDANCE)
    return lambda: Fee.objects.create(type=type_, due_for=FeeFor.ISSUE, amount=0, since=timezone.localdate())


def new_type(kind: CredentialKind) -> CredentialType:
    """The only one of which anything is left to set."""
    for type_ in CredentialType.objects.exclude(code__startswith="kind-"):
        free = {"type": type_, "due_for": FeeFor.ISSUE, "amount": 0, "since": dt.date(2020, 1, 1)}
        Fee.objects.get_or_create(**free)
        Term.objects.get_or_create(type=type_, since=dt.date(2020, 1, 1), defaults={"months": 36})
    number = CredentialType.objects.count()
    return CredentialType.objects.create(
        code=f"kind-{number}",
        kind=kind,
        name_ar="نوع",
        name_en="Kind",
        number_prefix=f"{'X' * (number - 4)}-",
    )


@waits("webhooks", RoleName.MINISTRY_OFFICER, everywhere=True)
def failed_message(center: Center, user: User) -> Finish:
    delivery = delivery_of_the_ministry(center)
    rows = type(delivery).objects.filter(pk=delivery.pk)
    return lambda: put(rows, JobState.WAITING)
