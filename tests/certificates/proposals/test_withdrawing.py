"""A proposal is taken back by its center, as long as no one decided on it."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from accounts.enums import RoleName
from accounts.models import Center, User
from certificates.enums import ProposalState, RowState
from certificates.errors import (
    AlreadyProposed,
    DecidedMeanwhile,
    NotAllowedHere,
    ReasonMissing,
    TakenBackAlready,
)
from certificates.models import Credential, Proposal
from certificates.services.deciding import approve, reject
from certificates.services.proposing import propose
from certificates.services.withdrawing import withdraw_proposal
from certificates.work import ProposalsWaiting, ReadyToPropose
from tests.certificates.browsers import logged_in
from tests.factories.accounts import staff_member
from tests.factories.certificates import proposed
from tests.factories.courses import CohortFactory


@pytest.fixture
def proposal(center: Center) -> Proposal:
    return proposed(CohortFactory(center=center))


def test_a_proposal_that_is_taken_back_leaves_the_work_of_the_officer_and_its_people_are_proposed_again(
    proposal: Proposal, manager: User, officer: User
):
    waited = list(ProposalsWaiting().rows(officer))

    withdraw_proposal(proposal_id=proposal.pk, reason="قالب آخر", by=manager)

    proposal.refresh_from_db()
    (row,) = proposal.rows.all()
    assert waited == [proposal]
    assert list(ProposalsWaiting().rows(officer)) == []
    assert list(ReadyToPropose().rows(manager)) == [proposal.cohort]
    assert (proposal.state, proposal.decided_by) == (ProposalState.WITHDRAWN, manager)
    assert (row.state, row.note) == (RowState.WITHDRAWN, "قالب آخر")
    entry = ModelLogEntry.objects.get(action="certificates.withdraw")
    assert (entry.user, entry.data["reason"]) == (manager, "قالب آخر")
    again = propose(
        cohort_id=proposal.cohort_id,
        type_id=proposal.type_id,
        template_id=proposal.template_id,
        by=manager,
    )
    assert again.rows.get().state == RowState.ELIGIBLE


def test_what_was_decided_meanwhile_is_not_taken_back_and_what_was_taken_back_is_not_decided(
    center: Center, proposal: Proposal, manager: User, officer: User
):
    decided = proposed(CohortFactory(center=center))
    reject(proposal_id=decided.pk, reason="الاسم", by=officer)

    with pytest.raises(DecidedMeanwhile):
        withdraw_proposal(proposal_id=decided.pk, reason="قالب آخر", by=manager)
    with pytest.raises(ReasonMissing):
        withdraw_proposal(proposal_id=proposal.pk, reason=" ", by=manager)
    withdraw_proposal(proposal_id=proposal.pk, reason="قالب آخر", by=manager)
    with pytest.raises(TakenBackAlready):
        withdraw_proposal(proposal_id=proposal.pk, reason="قالب آخر", by=manager)
    with pytest.raises(TakenBackAlready):
        approve(proposal_id=proposal.pk, by=officer, confirmed_at=timezone.now())

    assert not Credential.objects.exists()


@pytest.mark.parametrize("role", [RoleName.REGISTRAR, RoleName.CERTIFYING_OFFICER])
def test_who_does_not_propose_at_the_center_takes_nothing_back(
    center: Center, other_center: Center, proposal: Proposal, role: RoleName
):
    for by in (staff_member(role, center), staff_member(RoleName.CENTER_MANAGER, other_center)):
        with pytest.raises(NotAllowedHere):
            withdraw_proposal(proposal_id=proposal.pk, reason="قالب آخر", by=by)


def test_the_page_of_the_proposal_has_the_button_until_somebody_decides(
    proposal: Proposal, manager: User, officer: User, client: Client
):
    client.force_login(manager)
    page, act = (reverse(f"proposals:{name}", args=[proposal.pk]) for name in ("inspect", "withdraw"))

    before = client.get(page).text
    of_officer = logged_in(officer).get(page).text
    after = client.post(act, {"reason": "قالب آخر"}, follow=True).text

    assert [f'action="{act}"' in text for text in (before, of_officer, after)] == [True, False, False]
    assert "قالب آخر" in after
    # Not «إعادة»: that is what the officer does.
    assert ">سحب الترشيح</button>" in before


def test_a_second_proposal_leads_to_the_one_that_waits_and_names_what_its_reader_may_do(
    proposal: Proposal, manager: User, client: Client
):
    client.force_login(manager)
    typed = {"cohort": proposal.cohort_id, "type": proposal.type_id, "template": proposal.template_id}

    page = client.post(reverse("proposals:add"), typed).text

    assert str(AlreadyProposed(cohort=proposal.cohort, proposal_id=proposal.pk)) in page
    assert reverse("proposals:inspect", args=[proposal.pk]) in page
    assert f'<option value="{proposal.type_id}" selected' in page
    assert Proposal.objects.count() == 1


def test_an_officer_on_an_old_page_reads_that_it_was_taken_back_before_a_password_is_asked_for(
    proposal: Proposal, manager: User, officer: User, client: Client
):
    page, approve_it = (reverse(f"proposals:{name}", args=[proposal.pk]) for name in ("inspect", "approve"))
    client.force_login(officer)
    proof = reverse("account_reauthenticate")

    open_page = client.get(page).text
    asked = [client.get(approve_it), client.post(approve_it)]
    withdraw_proposal(proposal_id=proposal.pk, reason="قالب آخر", by=manager)
    told = [client.get(approve_it, follow=True), client.post(approve_it, follow=True)]

    assert f'href="{approve_it}"' in open_page
    assert [proof in answer.url for answer in asked] == [True] * 2
    assert [answer.redirect_chain[0][0] for answer in told] == [page] * 2
    assert [str(TakenBackAlready(by=manager)) in answer.text for answer in told] == [True] * 2
