"""A result of an exam that is held keeps certificates back until it is decided, and who certifies reads why."""

import pytest
from django.urls import reverse

from accounts.enums import RoleName
from accounts.models import Center
from assessment.models import Attempt
from assessment.services.decisions import hold_result, release_result
from certificates.errors import NoLongerEligible, NothingToPropose
from certificates.models import Proposal
from tests.assessment.test_quiz_page import logged_in
from tests.factories.accounts import UserFactory, staff_member
from tests.factories.certificates import approved, proposed_for
from tests.factories.regrades import marked_attempt

pytestmark = pytest.mark.django_db
WHY = "ورقتان متطابقتان"


@pytest.fixture
def attempt(center: Center) -> Attempt:
    """Of somebody who completed the program by it."""
    attempt = marked_attempt(center)
    attempt.enrollment.refresh_from_db()
    return attempt


def page_for_officer(proposal: Proposal) -> str:
    officer = staff_member(RoleName.CERTIFYING_OFFICER, proposal.center)
    return str(logged_in(officer).get(reverse("proposals:inspect", args=[proposal.pk])).content.decode())


def test_who_has_a_held_result_is_not_eligible(attempt: Attempt, demo_keys: object):
    hold_result(attempt_id=attempt.pk, reason=WHY, by=UserFactory())

    with pytest.raises(NothingToPropose):
        proposed_for(attempt.enrollment.cohort)


def test_a_result_that_is_held_after_the_proposal_stops_the_approval_until_it_counts_again(
    attempt: Attempt, demo_keys: object
):
    proposal, supervisor = proposed_for(attempt.enrollment.cohort), UserFactory()
    hold_result(attempt_id=attempt.pk, reason=WHY, by=supervisor)

    page = page_for_officer(proposal)
    with pytest.raises(NoLongerEligible):
        approved(proposal)
    release_result(attempt_id=attempt.pk, reason="لا دليل", by=supervisor)

    assert WHY in page
    assert len(approved(proposal)) == 1
