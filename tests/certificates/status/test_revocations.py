"""Two people revoke a certificate: one proposes it, its holder is heard, another one decides. A suspension by one lapses."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.enums import RoleName
from accounts.models import Center, Person, SiteNotice, User
from certificates.enums import CredentialState, LookupResult, NoticeKind, ProceedingState, Reason, Status
from certificates.errors import (
    AlreadyEnded,
    BeingExamined,
    NoLongerEligible,
    NotAllowedHere,
    NotExamined,
    NotInForce,
    NotSuspended,
    OwnDecision,
    ReasonMissing,
    StillBeingHeard,
)
from certificates.models import Credential, Notice, Proceeding, StatusEvent
from certificates.services.notices import deliver_notices
from certificates.services.proceedings import decide_revocation, drop_revocation, propose_revocation
from certificates.services.proposing import propose_correction
from certificates.services.statuses import confirm_suspension, lapse_suspensions, reinstate, suspend
from certificates.services.verification import read_register
from certificates.work import ChangedCertificates, RevocationsToDecide
from courses.enums import ComplaintKind
from tests.certificates.browsers import confirmed
from tests.database_owner import trigger_disabled
from tests.factories.accounts import staff_member
from tests.factories.certificates import (
    CertificateTemplateFactory,
    approved,
    corrected,
    credential_in,
    decided,
    registrar_of,
    revoke,
)
from tests.factories.complaints import complaint_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def credential(center: Center) -> Credential:
    return credential_in(center)


@pytest.fixture
def second(credential: Credential) -> User:
    return registrar_of(credential)


def examined(credential: Credential, by: User) -> Proceeding:
    return propose_revocation(credential_id=credential.pk, reason=Reason.FRAUD, note="محضر ١٢", by=by)


def state_of(credential: Credential) -> str:
    credential.refresh_from_db()
    return credential.state


def kinds_told(credential: Credential) -> list[str]:
    return list(Notice.objects.filter(credential=credential).order_by("pk").values_list("kind", flat=True))


def suspended_until(credential: Credential, day: dt.date) -> None:
    with trigger_disabled("certificates_statusevent", "status_event_append_only"):
        StatusEvent.objects.filter(credential=credential, status=Status.SUSPENDED).update(until=day)


def test_one_officer_alone_revokes_nothing_and_the_public_page_stays_neutral(
    client: Client, credential: Credential, officer: User
):
    examined(credential, officer)
    Proceeding.objects.update(heard_until=timezone.localdate() - dt.timedelta(days=1))

    with pytest.raises(OwnDecision):
        decide_revocation(credential_id=credential.pk, note="", by=officer)

    page = client.get(reverse("certificates:verify", args=[credential.code])).text
    assert state_of(credential) == CredentialState.IN_FORCE
    assert read_register([credential.code])[0].result == LookupResult.IN_DOUBT
    assert str(Reason.FRAUD.label) not in page
    assert "محضر" not in page


def test_the_database_refuses_one_person_as_both(credential: Credential, officer: User):
    examined(credential, officer)

    with pytest.raises(IntegrityError), transaction.atomic():
        Proceeding.objects.update(
            state=ProceedingState.REVOKED, decided_by=officer, decided_at=timezone.now()
        )


def test_the_holder_is_heard_before_the_decision_of_a_second_officer(
    credential: Credential, officer: User, second: User
):
    proceeding = examined(credential, officer)
    with pytest.raises(StillBeingHeard):
        decide_revocation(credential_id=credential.pk, note="", by=second)
    early = list(RevocationsToDecide().rows(second))

    Proceeding.objects.update(heard_until=timezone.localdate() - dt.timedelta(days=1))
    waiting = [list(RevocationsToDecide().rows(user)) for user in (second, officer)]
    change = decide_revocation(credential_id=credential.pk, note="", by=second)

    proceeding.refresh_from_db()
    assert early == []
    assert waiting == [[credential], []]
    assert (proceeding.state, change.credential) == (ProceedingState.REVOKED, credential)
    assert state_of(credential) == CredentialState.REVOKED
    assert not RevocationsToDecide().rows(second).exists()
    with pytest.raises(NotExamined):
        decide_revocation(credential_id=credential.pk, note="", by=second)


def test_a_dropped_proposal_leaves_the_certificate_in_force_and_its_holder_is_told(
    credential: Credential, officer: User, second: User
):
    examined(credential, officer)
    with pytest.raises(BeingExamined):
        examined(credential, second)
    with pytest.raises(ReasonMissing):
        drop_revocation(credential_id=credential.pk, note=" ", by=second)

    drop_revocation(credential_id=credential.pk, note="البلاغ غير صحيح", by=second)

    assert read_register([credential.code])[0].result == LookupResult.VALID
    assert kinds_told(credential)[-2:] == [NoticeKind.EXAMINED, NoticeKind.DROPPED]


def test_what_has_ended_is_not_proposed_for_revocation_and_no_one_is_told(
    credential: Credential, officer: User
):
    revoke(credential_id=credential.pk, reason=Reason.FRAUD, note="", by=officer)
    told = kinds_told(credential)

    with pytest.raises(AlreadyEnded):
        examined(credential, officer)

    assert kinds_told(credential) == told


def test_what_is_examined_is_not_corrected_meanwhile(credential: Credential, officer: User, manager: User):
    examined(credential, officer)

    with pytest.raises(BeingExamined):
        propose_correction(
            credential_id=credential.pk,
            reason=Reason.NAME_CORRECTED,
            template_id=CertificateTemplateFactory().pk,
            by=manager,
        )


def test_a_correction_is_not_approved_once_what_it_corrects_has_ended(
    credential: Credential, officer: User, manager: User
):
    Person.objects.filter(pk=credential.enrollment.person_id).update(full_name_en="Mona Corrected")
    proposal = propose_correction(
        credential_id=credential.pk,
        reason=Reason.NAME_CORRECTED,
        template_id=CertificateTemplateFactory().pk,
        by=manager,
    )
    revoke(credential_id=credential.pk, reason=Reason.FRAUD, note="", by=officer)

    with pytest.raises(NoLongerEligible):
        approved(proposal)

    assert not Credential.objects.live().exists()


def test_a_suspension_by_one_lapses_unless_another_confirms_it(
    center: Center, credential: Credential, officer: User, second: User
):
    other = credential_in(center)
    for one in (credential, other):
        suspend(credential_id=one.pk, reason=Reason.UNDER_INVESTIGATION, note="بلاغ", by=officer)
    with pytest.raises(OwnDecision):
        confirm_suspension(credential_id=other.pk, note="x", by=officer)
    waiting = set(RevocationsToDecide().rows(second))
    early = lapse_suspensions()
    confirm_suspension(credential_id=other.pk, note="ثبت البلاغ", by=second)
    suspended_until(credential, timezone.localdate() - dt.timedelta(days=1))

    lapsed = [lapse_suspensions(), lapse_suspensions()]

    assert waiting == {credential, other}
    assert (early, lapsed) == (0, [1, 0])
    assert (state_of(credential), state_of(other)) == (CredentialState.IN_FORCE, CredentialState.SUSPENDED)
    assert credential.events.last().by is None
    with pytest.raises(NotSuspended):
        confirm_suspension(credential_id=other.pk, note="x", by=second)


def test_the_holder_and_the_center_are_told_of_each_change(
    credential: Credential, officer: User, manager: User
):
    suspend(credential_id=credential.pk, reason=Reason.UNDER_INVESTIGATION, note="", by=officer)
    reinstate(credential_id=credential.pk, note="حُفظ البلاغ", by=officer)
    credential.holder.full_name_ar = "سعاد منصور رزق"
    credential.holder.save()
    newer = corrected(credential, by=manager)
    decided(examined(newer, registrar_of(newer)), by=officer)

    deliver_notices()

    changed = [NoticeKind.SUSPENDED, NoticeKind.REINSTATED, NoticeKind.REPLACED]
    assert kinds_told(credential)[-3:] == changed
    assert kinds_told(newer)[-2:] == [NoticeKind.EXAMINED, NoticeKind.REVOKED]
    told = [row.status for row in ChangedCertificates().rows(manager)]
    assert told == [Status.REVOKED, Status.SUPERSEDED, Status.REINSTATED, Status.SUSPENDED]
    read = str(list(SiteNotice.objects.filter(person=credential.holder).values()))
    for words in ("موقوفة منذ", "سارية من جديد", "استُبدلت في", "طُلب إلغاء", "أُلغيت في"):
        assert words in read
    assert f"kind={ComplaintKind.DECISION}" in read


def test_a_certificate_that_is_suspended_twice_is_told_twice(credential: Credential, officer: User):
    for _time in range(2):
        suspend(credential_id=credential.pk, reason=Reason.UNDER_INVESTIGATION, note="", by=officer)
        reinstate(credential_id=credential.pk, note="x", by=officer)

    assert kinds_told(credential).count(NoticeKind.SUSPENDED) == 2


def test_a_complaint_about_the_decision_is_hidden_from_those_who_decided(
    credential: Credential, officer: User, second: User
):
    decided(examined(credential, second), by=officer)

    complaint = complaint_of(credential.enrollment, ComplaintKind.DECISION)
    other = complaint_of(credential.enrollment, ComplaintKind.CLASS)

    hidden = [set(one.hidden_from.values_list("user", flat=True)) for one in (complaint, other)]
    assert {officer.pk, second.pk} <= hidden[0]
    assert not {officer.pk, second.pk} & hidden[1]


def test_the_page_leads_the_second_officer_to_the_decision(
    credential: Credential, officer: User, second: User
):
    examined(credential, officer)
    Proceeding.objects.update(heard_until=timezone.localdate() - dt.timedelta(days=1))
    page = reverse("credentials:inspect", args=[credential.pk])
    client = confirmed(second)

    before = client.get(page).text
    client.post(reverse("credentials:decide_revocation", args=[credential.pk]), {"note": "ثبت التزوير"})

    assert reverse("credentials:decide_revocation", args=[credential.pk]) in before
    assert reverse("credentials:drop_revocation", args=[credential.pk]) in before
    assert state_of(credential) == CredentialState.REVOKED
    assert credential.events.last().note == "ثبت التزوير"


def test_a_manager_of_the_center_neither_proposes_nor_decides(credential: Credential, officer: User):
    examined(credential, officer)
    client = confirmed(staff_member(RoleName.CENTER_MANAGER, credential.center))

    answers = [
        client.post(reverse(f"credentials:{act}", args=[credential.pk]), {"note": "x", "reason": "fraud"})
        for act in ("revoke", "decide_revocation", "drop_revocation", "confirm_suspension", "lift_doubt")
    ]

    assert {answer.status_code for answer in answers} == {404}


def test_an_officer_of_another_center_changes_no_status(
    credential: Credential, officer: User, other_center: Center
):
    outsider = staff_member(RoleName.CERTIFYING_OFFICER, other_center)

    with pytest.raises(NotAllowedHere):
        suspend(credential_id=credential.pk, reason=Reason.UNDER_INVESTIGATION, note="x", by=outsider)
    with pytest.raises(NotAllowedHere):
        examined(credential, outsider)
    examined(credential, officer)
    with pytest.raises(NotAllowedHere):
        decide_revocation(credential_id=credential.pk, note="", by=outsider)

    assert state_of(credential) == CredentialState.IN_FORCE


def test_what_is_not_in_force_is_neither_suspended_nor_corrected(
    credential: Credential, officer: User, manager: User
):
    revoke(credential_id=credential.pk, reason=Reason.FRAUD, note="", by=officer)

    with pytest.raises(NotInForce):
        suspend(credential_id=credential.pk, reason=Reason.UNDER_INVESTIGATION, note="x", by=officer)
    with pytest.raises(NotInForce):
        propose_correction(
            credential_id=credential.pk,
            reason=Reason.NAME_CORRECTED,
            template_id=CertificateTemplateFactory().pk,
            by=manager,
        )


def test_a_revocation_by_two_ends_the_certificate_for_ever(credential: Credential, officer: User):
    revoke(credential_id=credential.pk, reason=Reason.ISSUED_IN_ERROR, note="", by=officer)

    assert read_register([credential.code])[0].result == LookupResult.REVOKED
