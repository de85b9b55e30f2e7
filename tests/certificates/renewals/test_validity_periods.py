"""Validity periods: with an early renewal, a certificate is valid on every day and no time is lost."""

import datetime as dt

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from accounts.models import Center, User
from certificates.enums import LookupResult
from certificates.models import Credential, Term
from certificates.services.issuing import end_of_term
from certificates.services.proposing import propose_renewal
from certificates.services.verification import verification_of
from tests.database_owner import trigger_disabled
from tests.factories.certificates import (
    CertificateTemplateFactory,
    approved,
    completed_enrollment,
    credential_type,
    issued,
    issued_for,
)
from tests.factories.courses import CohortFactory

MONTHS = 2


@pytest.fixture
def old(center: Center) -> Credential:
    """One that holds for two months and may be renewed all the while."""
    type_ = credential_type("skill-level", identity_document=False)
    Term.objects.create(type=type_, months=MONTHS, renewable_days=90, since=dt.date(2020, 1, 1))
    cohort = CohortFactory(center=center)
    completed_enrollment(cohort)
    return issued_for(cohort, type_code="skill-level")


def moved(credential: Credential, **dates: dt.date) -> None:
    """Change the dates of the row, with its trigger disabled."""
    with trigger_disabled("certificates_credential", "credential_only_ends"):
        Credential.objects.filter(pk=credential.pk).update(**dates)


def renewed(old: Credential, *, by: User) -> Credential:
    template = CertificateTemplateFactory().pk
    [new] = approved(propose_renewal(credential_ids=[old.pk], template_id=template, by=by))
    return new


def test_an_early_renewal_is_valid_today_and_adds_its_term_to_what_was_left(old: Credential, manager: User):
    new = renewed(old, by=manager)

    old.refresh_from_db()
    today = timezone.localdate()
    assert old.valid_until is not None
    assert (verification_of(old).result, verification_of(new).result) == (
        LookupResult.REPLACED,
        LookupResult.VALID,
    )
    assert new in Credential.objects.valid_on(today)
    assert new.valid_from == today
    assert new.valid_until == end_of_term(old.valid_until + dt.timedelta(days=1), MONTHS)


def test_a_late_renewal_counts_from_today(old: Credential, manager: User):
    today = timezone.localdate()
    moved(old, valid_from=today - dt.timedelta(days=70), valid_until=today - dt.timedelta(days=10))

    new = renewed(old, by=manager)

    assert (new.valid_from, new.valid_until) == (today, end_of_term(today, MONTHS))


def test_the_database_refuses_a_certificate_that_begins_after_its_issue(center: Center):
    credential = issued(CohortFactory(center=center))

    with pytest.raises(DatabaseError, match="credential_holds_from_its_issue"), transaction.atomic():
        moved(credential, valid_from=credential.issued_on + dt.timedelta(days=1))
