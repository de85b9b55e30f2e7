"""The migrations of certificates run on a register that is in use: every paper is in it afterwards, as it was.

One test for all of it: each walk through the migrations commits, as on a server.
"""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone

from accounts.enums import RoleName
from certificates import errors
from certificates.enums import CredentialState, ProposalState, RowState
from certificates.models import Credential, NumberSeries, Proposal
from certificates.services.deciding import approve
from tests.factories.accounts import MembershipFactory
from tests.factories.courses import CohortFactory, EnrollmentFactory, ProgramPageFactory
from tests.migrating import migrate_fully, migrate_to
from tests.ownership import run_as_owner

pytestmark = pytest.mark.engines("replays the migrations of certificates")

APP = "certificates"
BEFORE = "0002_immutable_rows"


@pytest.fixture
def old(transactional_db: None) -> Iterator[Any]:
    """The models of `BEFORE`, on whose tables the test begins; afterwards the tables are today's again, and empty."""
    yield migrate_to(APP, BEFORE)
    run_as_owner("TRUNCATE certificates_certificatetemplate, certificates_credentialtype CASCADE")
    migrate_fully()


def test_papers_of_before_keep_their_facts_and_get_kind_holder_and_state(old: Any):
    cohort = CohortFactory(program=ProgramPageFactory())
    manager, officer = (
        MembershipFactory(role=role, center=cohort.center).user
        for role in (RoleName.CENTER_MANAGER, RoleName.CERTIFYING_OFFICER)
    )
    enrollments = [EnrollmentFactory(cohort=cohort) for _number in range(3)]
    template = old.get_model(APP, "CertificateTemplate").objects.create(name="t", live=True)
    eligibility = old.get_model("courses", "Eligibility").objects.create(
        enrollment_id=enrollments[0].pk,
        rule=old.get_model("courses", "CompletionRule").objects.create(
            program_id=cohort.program_id, version=1
        ),
        met=True,
        evidence={},
        evaluated_at=timezone.now(),
    )
    decided = {"state": "approved", "decided_by_id": officer.pk, "decided_at": timezone.now()}
    proposals = [
        old.get_model(APP, "Proposal").objects.create(
            cohort_id=cohort.pk,
            template=template,
            proposed_by_id=manager.pk,
            proposed_at=timezone.now(),
            **more,
        )
        for more in (decided, {})
    ]
    for proposal, enrollment in zip([proposals[0], proposals[0], proposals[1]], enrollments, strict=True):
        old.get_model(APP, "ProposalRow").objects.create(
            proposal=proposal, enrollment_id=enrollment.pk, eligibility=eligibility
        )
    for place, is_live in enumerate((True, False)):
        old.get_model(APP, "Credential").objects.create(
            number=f"X/2025/00000{place + 1}",
            code=f"CODE{place}",
            enrollment_id=enrollments[place].pk,
            center_id=cohort.center_id,
            proposal=proposals[0],
            facts={"name_ar": "أحمد"},
            design={},
            issued_on=dt.date(2025, 5, 1),
            proposed_by_id=manager.pk,
            approved_by_id=officer.pk,
            is_live=is_live,
        )
    old.get_model(APP, "NumberSeries").objects.create(center_id=cohort.center_id, year=2025, last=2)

    migrate_fully()

    live, revoked = Credential.objects.order_by("number")
    waiting = Proposal.objects.get(state=ProposalState.PROPOSED)
    assert (live.state, revoked.state) == (CredentialState.IN_FORCE, CredentialState.REVOKED)
    assert live.type.code == "completion"
    assert (live.facts, live.valid_from, live.valid_until) == ({"name_ar": "أحمد"}, dt.date(2025, 5, 1), None)
    assert [one.holder_id for one in (live, revoked)] == [one.person_id for one in enrollments[:2]]
    assert NumberSeries.objects.get().type == live.type
    assert waiting.center == cohort.center
    assert waiting.rows.get().state == RowState.ELIGIBLE
    with pytest.raises((errors.ChangedSinceProposal, errors.NoLongerEligible)):
        approve(proposal_id=waiting.pk, by=officer, confirmed_at=timezone.now())
