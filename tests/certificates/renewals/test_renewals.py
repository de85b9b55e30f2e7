"""Proposals of many renewals, and of many certificates based on others."""

import datetime as dt

import pytest
from django.utils import timezone

from accounts.models import Center, User
from certificates import errors
from certificates.enums import BlockingReason, Reason, RowState
from certificates.models import Credential, CredentialType, Proposal, Term
from certificates.queries.terms import renewable
from certificates.services.proposing import propose_correction, propose_on_prerequisite, propose_renewal
from courses.models import SkillLevel
from tests.certificates.prerequisites import held
from tests.factories.accounts import PersonFactory
from tests.factories.certificates import (
    CertificateTemplateFactory,
    approved,
    credential_type,
    moved,
)


@pytest.fixture
def template() -> int:
    return CertificateTemplateFactory().pk


def test_a_renewal_that_waits_already_blocks_its_row_and_no_other(
    center: Center, manager: User, skill: CredentialType, template: int
):
    waiting, free = held(center, people=2)
    propose_renewal(credential_ids=[waiting.pk], template_id=template, by=manager)

    proposal = propose_renewal(credential_ids=[waiting.pk, free.pk], template_id=template, by=manager)

    assert proposal.rows.get(state=RowState.ELIGIBLE).renews == free
    blocked = proposal.rows.get(state=RowState.BLOCKED)
    assert (blocked.renews, [block["code"] for block in blocked.blocking_reasons]) == (
        waiting,
        [BlockingReason.WAITING],
    )


def test_a_license_with_a_pending_renewal_is_not_proposed_again(
    center: Center, manager: User, license_: CredentialType, template: int
):
    Term.objects.create(type=license_, months=2, renewable_days=90, since=dt.date(2020, 1, 1))
    (prerequisite,) = held(center)
    (old,) = approved(
        propose_on_prerequisite(
            type_id=license_.pk, prerequisite_ids=[prerequisite.pk], template_id=template, by=manager
        )
    )
    propose_renewal(credential_ids=[old.pk], template_id=template, by=manager)

    with pytest.raises(errors.WaitsAlready):
        propose_renewal(credential_ids=[old.pk], template_id=template, by=manager)


def test_a_certificate_whose_renewal_waits_is_not_corrected(
    center: Center, manager: User, skill: CredentialType, template: int
):
    (old,) = held(center)
    propose_renewal(credential_ids=[old.pk], template_id=template, by=manager)
    old.holder.full_name_ar = "سعاد إبراهيم علي حسن"
    old.holder.save()

    with pytest.raises(errors.WaitsAlready):
        propose_correction(
            credential_id=old.pk, reason=Reason.NAME_CORRECTED, template_id=template, by=manager
        )


def test_a_proposal_names_each_person_once(
    center: Center, manager: User, license_: CredentialType, template: int
):
    person = PersonFactory()
    (first,), (second,) = held(center, person=person), held(center, person=person)
    before = Proposal.objects.count()

    with pytest.raises(errors.PersonTwice, match=person.full_name_ar):
        propose_renewal(credential_ids=[first.pk, second.pk], template_id=template, by=manager)
    with pytest.raises(errors.PersonTwice, match=person.full_name_ar):
        propose_on_prerequisite(
            type_id=license_.pk, prerequisite_ids=[first.pk, second.pk], template_id=template, by=manager
        )

    assert Proposal.objects.count() == before


def test_dependent_certificates_are_of_one_center_and_of_a_kind_with_a_prerequisite(
    center: Center, other_center: Center, manager: User, license_: CredentialType, template: int
):
    (own,), (foreign,) = held(center), held(other_center)

    with pytest.raises(errors.SeveralCenters):
        propose_on_prerequisite(
            type_id=license_.pk, prerequisite_ids=[own.pk, foreign.pk], template_id=template, by=manager
        )
    with pytest.raises(errors.NoPrerequisite):
        propose_on_prerequisite(
            type_id=own.type_id, prerequisite_ids=[own.pk], template_id=template, by=manager
        )
    with pytest.raises(errors.NothingChosen):
        propose_on_prerequisite(type_id=license_.pk, prerequisite_ids=[], template_id=template, by=manager)


def test_a_certificate_that_ended_is_renewed_from_the_day_of_the_next_one_s_issue(
    center: Center, manager: User, skill: CredentialType, template: int
):
    today = timezone.localdate()
    (old,) = held(center)
    moved(old, today - dt.timedelta(days=40))

    (renewed,) = approved(propose_renewal(credential_ids=[old.pk], template_id=template, by=manager))

    assert (renewed.renews, renewed.valid_from) == (old, today)


@pytest.mark.parametrize(
    ("level", "since", "days", "is_open"),
    [
        (None, dt.date(2021, 1, 1), 90, True),
        ("own", dt.date(2020, 1, 1), 90, True),
        (None, dt.date(2021, 1, 1), 0, False),
        ("own", dt.date(2020, 1, 1), 5, False),
        ("other", dt.date(2021, 1, 1), 90, False),
        (None, dt.date(2019, 1, 1), 90, False),
        ("own", dt.date(9999, 1, 1), 90, False),
    ],
)
def test_the_term_of_the_level_says_from_when_a_certificate_is_renewed_and_the_newest_for_all_otherwise(
    center: Center, level: str | None, since: dt.date, days: int, *, is_open: bool
):
    type_ = credential_type("skill-level", identity_document=False)
    Term.objects.create(type=type_, months=2, renewable_days=5, since=dt.date(2020, 1, 1))
    (credential,) = held(center)
    own = SkillLevel.objects.get(pk=credential.claims["level"])
    other = SkillLevel.objects.create(code="of_another_trade", order=99, name_ar="آخر", name_en="Another")
    Term.objects.create(
        type=type_,
        months=2,
        renewable_days=days,
        level={"own": own, "other": other, None: None}[level],
        since=since,
    )

    found = renewable(Credential.objects.all(), day=timezone.localdate())

    assert found.exists() == is_open
